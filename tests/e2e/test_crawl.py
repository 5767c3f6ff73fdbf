"""The commands on the demo's own press: what a user sees from the first crawl to a damaged archive."""

from __future__ import annotations

import json
import signal
import time
from functools import partial
from pathlib import Path

import pytest

from archive.model import OutcomeWord
from crawler.demo.press import DIGESTS
from crawler.demo.routes import EXPECTED
from crawler.demo.site import DemoSite
from tests.support.demo import demo_options
from tests.support.waiting import until
from tests.support.warcite import start, warcite


@pytest.fixture
def site():
    with DemoSite() as site:
        yield site


def test_demo(tmp_path: Path) -> None:
    done = warcite("demo", "--json", cwd=tmp_path)
    assert (done.code, done.json["surprises"]) == (0, []), done.err
    assert list(tmp_path.iterdir()) == []


def test_crawl_status_show_verify(site: DemoSite, tmp_path: Path) -> None:
    done = warcite("crawl", DIGESTS, *demo_options(site), cwd=tmp_path)
    report = done.json
    assert (done.code, report["state"]) == (3, "partial"), done.err
    assert set(report["outcomes"]) == {w.value for w in OutcomeWord}
    assert sum(report["outcomes"].values()) == report["sources"] == len(EXPECTED)

    status = warcite("status", "--targets", "--json", cwd=tmp_path).json
    assert {r["url"]: r["outcome"] for r in status["targets"]} == EXPECTED
    assert sum(status["outcomes"].values()) == status["sources"] == len(status["targets"])
    assert set(status["targets"][0]) >= {"url", "outcome", "reason", "attempts", "http_status", "captured_at", "text_outcome", "via"}

    url = next(u for u, o in EXPECTED.items() if o == "captured")
    shown = warcite("show", url, "--json", cwd=tmp_path).json
    assert shown["documents"][0]["text"] + "\n" == warcite("show", url, "--text", cwd=tmp_path).out
    assert warcite("show", url, "--warc", cwd=tmp_path).out.startswith("HTTP/1.1 200")
    event = shown["documents"][0]["citations"][0]["event_id"]
    assert warcite("show", event, "--json", cwd=tmp_path).json["events"][0]["id"] == event
    assert warcite("show", "http://nowhere.example/", cwd=tmp_path).code == 7

    assert warcite("verify", "--json", cwd=tmp_path).json["damages"] == []


def test_the_second_run_finds_nothing_to_do(site: DemoSite, tmp_path: Path) -> None:
    first = warcite("crawl", DIGESTS, *demo_options(site), cwd=tmp_path).json
    second = warcite("crawl", DIGESTS, *demo_options(site), cwd=tmp_path)
    assert (second.code, second.json["state"], second.json["bytes"]["fetched"]) == (0, "nothing-to-do", 0)
    assert second.json["outcomes"] == first["outcomes"]


def test_a_lost_ledger_is_learned_from_the_manifests(site: DemoSite, tmp_path: Path) -> None:
    warcite("crawl", DIGESTS, *demo_options(site), cwd=tmp_path)
    for file in (tmp_path / "warcite-archive.spool").iterdir():
        file.unlink()
    again = warcite("crawl", DIGESTS, *demo_options(site), cwd=tmp_path)
    assert (again.code, again.json["bytes"]["fetched"]) == (0, 0)


def test_a_deleted_archive_is_crawled_again(site: DemoSite, tmp_path: Path) -> None:
    import shutil

    first = warcite("crawl", DIGESTS, *demo_options(site), cwd=tmp_path).json
    shutil.rmtree(tmp_path / "warcite-archive")
    again = warcite("crawl", DIGESTS, *demo_options(site), cwd=tmp_path).json
    assert again["outcomes"] == first["outcomes"]
    assert again["bytes"]["fetched"] > 0


def test_many_small_segments_end_every_target_once(site: DemoSite, tmp_path: Path) -> None:
    done = warcite("crawl", DIGESTS, *demo_options(site), cwd=tmp_path, WARCITE_CRAWL_SEGMENT_CAPTURES="4")
    assert (done.code, done.json["pending"]) == (3, 0), done.err
    status = warcite("status", "--targets", "--json", cwd=tmp_path).json
    assert status["segments"] >= 2
    assert {r["url"]: r["outcome"] for r in status["targets"]} == EXPECTED
    verified = warcite("verify", "--json", cwd=tmp_path).json
    assert verified["damages"] == []
    assert verified["checked"]["outcomes"] == len(EXPECTED)


def test_sigterm_is_told_from_ctrl_c(site: DemoSite, tmp_path: Path) -> None:
    slow = start("crawl", DIGESTS, *demo_options(site, delay=1), cwd=tmp_path)
    until(partial(_asked, site, 10), slow)
    slow.terminate()
    slow.communicate(timeout=300)
    assert slow.returncode == 143


def test_dry_run_writes_nothing(tmp_path: Path) -> None:
    done = warcite("crawl", DIGESTS, "--dry-run", "--json", cwd=tmp_path)
    assert (done.code, done.json["sources"], done.json["to_fetch"]) == (0, len(EXPECTED), len(EXPECTED))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("times", [1, 2])
def test_ctrl_c_finishes_cleanly_and_the_next_run_goes_on(site: DemoSite, tmp_path: Path, times: int) -> None:
    slow = start("crawl", DIGESTS, *demo_options(site, delay=1), cwd=tmp_path)
    until(partial(_asked, site, 10), slow)
    for _ in range(times):
        slow.send_signal(signal.SIGINT)
        time.sleep(0.2)
    out, err = slow.communicate(timeout=300)
    if times == 1:
        assert slow.returncode == 130, err
        report = json.loads(out)
        assert report["state"] == "interrupted"
        assert report["pending"] + sum(report["outcomes"].values()) == report["sources"]
        assert "again" in report["resume"]
        assert warcite("verify", cwd=tmp_path).code == 0
    second = warcite("crawl", DIGESTS, *demo_options(site), cwd=tmp_path)
    assert (second.code, second.json["pending"]) == (3, 0), second.err
    assert {r["url"]: r["outcome"] for r in warcite("status", "--targets", "--json", cwd=tmp_path).json["targets"]} == EXPECTED
    assert warcite("verify", cwd=tmp_path).code == 0


def _asked(site: DemoSite, times: int) -> bool:
    return len(site.requests) >= times


def test_killed_now_and_then_every_target_ends_once(site: DemoSite, tmp_path: Path) -> None:
    for more in (1, 7, 11, 20):
        victim = start("crawl", DIGESTS, *demo_options(site, delay=0.5), cwd=tmp_path)
        until(partial(_asked, site, len(site.requests) + more), victim)
        victim.kill()
        victim.communicate()
    last = warcite("crawl", DIGESTS, *demo_options(site), cwd=tmp_path)
    assert last.json["pending"] == 0, last.err
    status = warcite("status", "--targets", "--json", cwd=tmp_path).json
    assert {r["url"]: r["outcome"] for r in status["targets"]} == EXPECTED
    assert warcite("verify", "--json", cwd=tmp_path).json["damages"] == []


def test_recrawl_fetches_a_list_again(site: DemoSite, tmp_path: Path) -> None:
    urls = [u for u, o in EXPECTED.items() if o == "captured"][:3]
    for outcome in ("captured", "unchanged"):
        done = warcite("recrawl", "-", *demo_options(site), cwd=tmp_path, stdin="\n".join(urls))
        assert (done.code, done.json["outcomes"][outcome]) == (0, 3), done.err
        assert done.json["bytes"]["fetched"] > 0
    assert warcite("verify", cwd=tmp_path).code == 0


def test_failures_speak_json_too(tmp_path: Path) -> None:
    missing = warcite("crawl", "no-such-file.md", "--json", cwd=tmp_path)
    assert (missing.code, missing.json["exit_code"], missing.json["error"]) == (2, 2, "InputError")
    bad = warcite("crawl", "x.md", "--store", "ftp://host/", "--json", cwd=tmp_path)
    assert (bad.code, bad.json["error"]) == (2, "InputError")
    option = warcite("crawl", "x.md", "--delay", "soon", cwd=tmp_path)
    assert (option.code, "--delay" in option.err) == (2, True)


def test_two_crawlers_never_share_a_spool(site: DemoSite, tmp_path: Path) -> None:
    first = start("crawl", DIGESTS, *demo_options(site, delay=1), cwd=tmp_path)
    until(partial(_asked, site, 1), first)
    second = warcite("crawl", DIGESTS, *demo_options(site), cwd=tmp_path)
    first.kill()
    first.communicate()
    assert (second.code, second.json["error"]) == (9, "Locked")


def test_config_and_doctor(tmp_path: Path) -> None:
    (tmp_path / "warcite.toml").write_text('store = "./mine"\n[crawl]\ndelay = "2s"\n')
    shown = warcite("config", "show", "--json", cwd=tmp_path).json["settings"]
    assert (shown["delay"]["value"], shown["delay"]["origin"]) == (2.0, "warcite.toml")
    assert warcite("config", "check", cwd=tmp_path).code == 0
    checks = warcite("doctor", "--json", cwd=tmp_path).json["checks"]
    assert all(c["ok"] for c in checks), checks
    (tmp_path / "warcite.toml").write_text("[crawl]\nspeed = 9\n")
    assert warcite("config", "check", cwd=tmp_path).code == 2
