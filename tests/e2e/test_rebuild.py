"""M14 at CI size, and what `rebuild` says when it cannot."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.warcite import warcite
from tests.torture import rebuild
from tests.torture.small_site import SmallSite


@pytest.mark.timeout(600)
def test_all_that_is_derived_comes_back_byte_for_byte(tmp_path: Path) -> None:
    result = rebuild.run("ci", tmp_path)
    assert result.failures == []
    assert result.counts["cases"] == 6
    assert result.counts["objects"] > 4


def test_what_cannot_be_made_again_is_named_and_left_alone(tmp_path: Path) -> None:
    with SmallSite(targets=8) as site:
        warcite("crawl", site.list_in(tmp_path), *site.options, cwd=tmp_path)
    archive = tmp_path / "warcite-archive"
    for path in [*archive.glob("warc/*"), *archive.glob("cdxj/*")]:
        path.unlink()
    planned = warcite("rebuild", "--dry-run", "--json", cwd=tmp_path)
    done = warcite("rebuild", "--json", cwd=tmp_path)
    assert (planned.code, done.code) == (5, 5)
    assert [lost["object"].split("/")[0] for lost in done.json["lost"]] == ["cdxj"]
    assert done.json["restored"] == []
