"""M7: the disk fills at five places: an exit code of its own, nothing lost, and the next run goes on."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.torture import victims
from tests.torture.full_disk import PLACES, Place, try_place
from tests.torture.kill_points import crawl_of
from tests.torture.nothing_lost import broken_promises

pytestmark = pytest.mark.timeout(600)


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_a_full_disk_stops_the_crawl_and_more_room_finishes_it(place: Place, tmp_path: Path) -> None:
    assert try_place(place, place.limits[0], tmp_path) == []


def test_a_disk_that_fills_while_the_ledger_is_made_and_stays_full_leaves_one_that_can_be_used(tmp_path: Path) -> None:
    ledger = next(place for place in PLACES if place.name == "the ledger")
    assert try_place(ledger, 3, tmp_path, starts=2) == []


def test_no_room_before_the_first_request_ends_a_crawl_that_goes_on(tmp_path: Path) -> None:
    with crawl_of(tmp_path) as (crawl, site, watch):
        assert victims.killed(victims.run(crawl, "a segment is renamed, its folder not synced"))
        watch.death()
        full = victims.run(crawl, "-", 1, "no room for documents")
        assert (full.code, "no space left" in full.err, "Traceback" in full.err) == (8, True, False), full.err
        assert victims.run(crawl).code == 3
        assert [*watch.fetched_again(), *broken_promises(crawl, site.requests)] == []
