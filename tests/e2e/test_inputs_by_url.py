"""Inputs given as addresses: fetched by the crawler, kept, read from what was kept, and followed."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from archive import manifests
from archive.jobs import is_inputs
from archive.rows import rows_of
from archive.store import open_store
from archive.verify import verify_archive
from tests.support.digest_site import DIGEST, PRESS, DigestSite, day_path, event_page
from tests.support.warcite import Done, warcite

DAY = "2016-05-21"
SITEMAPS = "http://www.sitemaps.org/schemas/sitemap/0.9"


@pytest.fixture
def site() -> Iterator[DigestSite]:
    with DigestSite() as site:
        yield site


def crawl(site: DigestSite, cwd: Path, *names: str, verb: str = "crawl") -> Done:
    return warcite(verb, *names, *site.options, cwd=cwd)


def rows(cwd: Path, kind: str) -> list[dict[str, Any]]:
    """Rows of events or documents in the order in which they were committed."""
    store = open_store(str(cwd / "warcite-archive"))
    committed = sorted((m for _, m in manifests.load_all(store)), key=lambda m: m.created_at)
    return [row for m in committed for row in rows_of(store, m, kind)]


def sound(cwd: Path) -> None:
    """Nothing is damaged."""
    ledger = cwd / "warcite-archive.spool" / "ledger.sqlite"
    assert verify_archive(open_store(str(cwd / "warcite-archive")), ledger=ledger).damages == []


def derivable(cwd: Path) -> None:
    """What is derived comes out again byte for byte."""
    rebuilt = warcite("rebuild", "--all", "--json", cwd=cwd)
    assert (rebuilt.code, rebuilt.json["lost"]) == (0, []), rebuilt.out + rebuilt.err


def test_a_day_index_leads_to_its_event_pages_and_they_to_their_sources(site: DigestSite, tmp_path: Path) -> None:
    index = site.put_day(DAY, {"bridge": ["a", "b"], "ferry": ["c"], "calm": []})
    done = crawl(site, tmp_path, index)
    assert (done.code, done.json["state"], done.json["input_problems"]) == (0, "complete", []), done.err
    assert (done.json["inputs"]["captured"], done.json["sources"], done.json["outcomes"]["captured"]) == (4, 3, 3)
    assert (done.json["events"], done.json["citations"], done.json["digests"]) == (3, 3, 3)

    events = {row["title"]: row for row in rows(tmp_path, "events")}
    assert set(events) == {"Event bridge", "Event ferry", "Event calm"}
    page = f"{DIGEST}{day_path(DAY)}/bridge.md"
    assert (events["Event bridge"]["digest_file"], events["Event bridge"]["date"]) == (page, DAY)
    assert events["Event bridge"]["url"] == f"{day_path(DAY)}/bridge.md"
    cited = {d["url"]: d["citations"] for d in rows(tmp_path, "documents")}
    assert set(cited) == {f"{PRESS}/{name}" for name in "abc"}
    assert [(c["event_title"], c["digest_file"], c["source_name"]) for c in cited[f"{PRESS}/b"]] == [("Event bridge", page, "b")]

    status = warcite("status", "--targets", "--json", cwd=tmp_path).json
    assert {row["url"] for row in status["targets"]} == set(cited)
    assert warcite("show", index, "--json", cwd=tmp_path).json["outcomes"][0]["outcome"] == "captured"
    sound(tmp_path)


def test_the_next_run_asks_again_on_conditions_and_fetches_only_what_is_new(site: DigestSite, tmp_path: Path) -> None:
    index = site.put_day(DAY, {"bridge": ["a", "b"], "ferry": ["c"]})
    crawl(site, tmp_path, index)
    asked = site.take_asked()
    again = crawl(site, tmp_path, index)
    assert (again.code, again.json["state"], again.json["inputs"]["unchanged"]) == (0, "nothing-to-do", 3), again.err
    assert site.not_modified == site.take_asked() == asked[:3]
    assert (again.json["sources"], again.json["events"]) == (3, 2)

    site.put_day(DAY, {"bridge": ["a", "b"], "ferry": ["c", "d"], "tunnel": ["e"]})
    more = crawl(site, tmp_path, index)
    assert (more.code, more.json["to_fetch"], more.json["sources"]) == (0, 2, 5), more.err
    assert {url for url in site.take_asked() if url.startswith(PRESS)} == {f"{PRESS}/d", f"{PRESS}/e"}
    sound(tmp_path)


def test_an_event_that_gains_a_source_takes_the_place_of_the_old_one(site: DigestSite, tmp_path: Path) -> None:
    index = site.put_day(DAY, {"ferry": ["c"], "bridge": ["a"]})
    crawl(site, tmp_path, index)
    site.put_day(DAY, {"ferry": ["b", "c"], "bridge": ["a"]})
    crawl(site, tmp_path, index)

    told = rows(tmp_path, "events")
    first, last = (next(r for r in rows_ if r["title"] == "Event ferry") for rows_ in (told, told[::-1]))
    old = [row for row in told if row["id"] == first["id"]]
    new = [row for row in told if row["title"] == "Event ferry" and len(row["citations"]) == 2]
    assert [row["replaced_by"] for row in old] == [None, new[0]["id"]]
    assert [row["revision"] for row in old] == [1, 2]
    assert last in (old[-1], new[0])
    assert sum(row["title"] == "Event bridge" for row in told) == 1
    # Each document cites the event as it was when its page was fetched; asked for either, one is shown both.
    cited = {d["url"]: [c["event_id"] for c in d["citations"]] for d in rows(tmp_path, "documents")}
    assert cited == {f"{PRESS}/a": cited[f"{PRESS}/a"], f"{PRESS}/c": [first["id"]], f"{PRESS}/b": [new[0]["id"]]}
    shown = warcite("show", first["id"], "--json", cwd=tmp_path).json
    assert [e["id"] for e in shown["events"]] == [first["id"], new[0]["id"]]
    assert {o["url"] for o in shown["outcomes"]} == {f"{PRESS}/b", f"{PRESS}/c"}
    sound(tmp_path)
    derivable(tmp_path)


def test_an_event_told_in_other_words_is_committed_anew_and_cited_as_it_was(site: DigestSite, tmp_path: Path) -> None:
    page = site.put("/ferry.md", event_page(DAY, "A ferry sinks", ("Post", f"{PRESS}/a"), ("Wire", f"{PRESS}/b")))
    crawl(site, tmp_path, page)
    site.put("/ferry.md", event_page(DAY, "A ferry sinks, all saved", ("Wire", f"{PRESS}/b"), ("Post", f"{PRESS}/a")))
    crawl(site, tmp_path, page)
    crawl(site, tmp_path, page)
    told = rows(tmp_path, "events")
    assert [(row["title"], row["revision"]) for row in told] == [("A ferry sinks", 1), ("A ferry sinks, all saved", 2)]
    assert len({row["id"] for row in told}) == 1
    urls = tmp_path / "urls.txt"
    urls.write_text(f"{PRESS}/a\n")
    site.put("/a", "<html><body><p>Other words altogether, about something else that happened.</p></body>", "text/html", host=PRESS)
    warcite("recrawl", urls, *site.options, cwd=tmp_path)
    newest = [d for d in rows(tmp_path, "documents") if d["url"] == f"{PRESS}/a"][-1]
    mine = [c for c in newest["citations"] if c["event_id"] == told[0]["id"]]
    assert [(c["event_title"], c["position"], c["source_name"]) for c in mine] == [("A ferry sinks", 1, "Post")]
    assert warcite("show", told[0]["id"], "--json", cwd=tmp_path).json["events"][0]["title"] == "A ferry sinks, all saved"
    for file in (tmp_path / "warcite-archive.spool").iterdir():
        file.unlink()
    learned = crawl(site, tmp_path, page)
    assert (learned.code, len(rows(tmp_path, "events"))) == (0, 3), "a lost ledger learns the newest words"  # two and that of the list
    sound(tmp_path)
    derivable(tmp_path)


def test_a_feed_and_an_index_of_sitemaps(site: DigestSite, tmp_path: Path) -> None:
    items = "".join(f"<item><title>Item {n}</title><link>{PRESS}/feed-{n}</link></item>" for n in "xy")
    feed = site.put("/feed.xml", f'<?xml version="1.0"?><rss version="2.0"><channel><title>N</title>{items}</channel></rss>', "text/xml")
    for n in (1, 2):
        entry = f"<url><loc>{PRESS}/map-{n}</loc></url>"
        site.put(f"/map-{n}.xml.gz", gzip.compress(f'<urlset xmlns="{SITEMAPS}">{entry}</urlset>'.encode()), "application/gzip")
    listed = "".join(f"<sitemap><loc>{DIGEST}/map-{n}.xml.gz</loc></sitemap>" for n in (1, 2))
    index = site.put("/sitemap.xml", f'<sitemapindex xmlns="{SITEMAPS}">{listed}</sitemapindex>', "application/xml")
    done = crawl(site, tmp_path, feed, index)
    assert (done.code, done.json["inputs"]["captured"], done.json["input_problems"]) == (0, 4, []), done.err
    assert {d["url"] for d in rows(tmp_path, "documents")} == {f"{PRESS}/{n}" for n in ("feed-x", "feed-y", "map-1", "map-2")}
    sound(tmp_path)


def test_a_local_index_of_sitemaps_leads_to_the_web(site: DigestSite, tmp_path: Path) -> None:
    site.put("/map.xml", f'<urlset xmlns="{SITEMAPS}"><url><loc>{PRESS}/a</loc></url></urlset>', "application/xml")
    (tmp_path / "index.xml").write_text(f'<sitemapindex xmlns="{SITEMAPS}"><sitemap><loc>{DIGEST}/map.xml</loc></sitemap></sitemapindex>')
    done = crawl(site, tmp_path, "index.xml")
    assert (done.code, done.json["outcomes"]["captured"], done.json["inputs"]["captured"]) == (0, 1, 1), done.out + done.err


def test_sitemaps_that_name_each_other_end(site: DigestSite, tmp_path: Path) -> None:
    for here, there in (("one", "two"), ("two", "one")):
        listed = f"<sitemap><loc>{DIGEST}/{there}.xml</loc></sitemap><sitemap><loc>{DIGEST}/leaf-{here}.xml</loc></sitemap>"
        site.put(f"/{here}.xml", f'<sitemapindex xmlns="{SITEMAPS}">{listed}</sitemapindex>', "application/xml")
        leaf = f"<url><loc>{PRESS}/{here}</loc></url>"
        site.put(f"/leaf-{here}.xml", f'<urlset xmlns="{SITEMAPS}">{leaf}</urlset>', "application/xml")
    done = crawl(site, tmp_path, f"{DIGEST}/one.xml")
    assert (done.code, done.json["inputs"]["captured"], done.json["sources"]) == (0, 4, 2), done.err


def test_a_chain_of_sitemaps_is_followed_so_far_and_no_further(site: DigestSite, tmp_path: Path) -> None:
    for n in range(6):
        listed = f"<sitemap><loc>{DIGEST}/{n + 1}.xml</loc></sitemap>"
        site.put(f"/{n}.xml", f'<sitemapindex xmlns="{SITEMAPS}">{listed}</sitemapindex>', "application/xml")
    done = crawl(site, tmp_path, f"{DIGEST}/0.xml")
    assert done.json["inputs"]["captured"] == 4
    assert [(p["file"], "3 steps" in p["problem"]) for p in done.json["input_problems"]] == [(f"{DIGEST}/3.xml", True)]


def test_an_address_with_the_day_in_it_is_read_for_three_days(site: DigestSite, tmp_path: Path) -> None:
    today = datetime.now(UTC).date()
    days = [str(today - timedelta(days=back)) for back in range(5)]
    for number, day in enumerate(days):
        site.put_day(day, {f"e{number}": [f"s{number}"]})
    pattern = f"{DIGEST}/news/%Y/%m/%-d/index.md"
    done = crawl(site, tmp_path, pattern)
    assert done.json["sources"] in {3, 2}, done.err  # 2 where midnight came between
    assert done.json["inputs"]["captured"] == 2 * done.json["sources"]
    more = crawl(site, tmp_path, pattern, "--days", "5")
    assert more.json["sources"] in {5, 4}
    site.take_asked()
    # The pages of days that no longer move were read: they are not asked for again, those that do are.
    again = crawl(site, tmp_path, pattern, "--since", days[4], "--until", days[0])
    asked = [url for url in site.take_asked() if url.endswith("index.md")]
    assert again.code == 0
    assert len(asked) in {3, 2}
    assert f"{DIGEST}{day_path(days[4])}/index.md" not in asked


def test_the_range_of_days_is_checked(site: DigestSite, tmp_path: Path) -> None:
    index = site.put_day(DAY, {"bridge": ["a"]})
    for options, said in (
        (["--days", "2"], "addresses with a day in them"),
        (["--days", "0"], "--days"),
        (["--since", "21.5.2016"], "--since"),
        (["--days", "3", "--since", DAY], "exclude each other"),
    ):
        done = crawl(site, tmp_path, index, *options)
        assert (done.code, said in done.json["message"]) == (2, True), done.out
    pattern = f"{DIGEST}/news/%Y/%m/%-d/index.md"
    assert crawl(site, tmp_path, pattern, "--since", "2016-05-22", "--until", DAY).code == 2
    assert site.take_asked() == []
    done = crawl(site, tmp_path, pattern, "--since", DAY, "--until", DAY)
    assert (done.code, done.json["sources"]) == (0, 1), done.err


def test_an_input_that_cannot_be_had_is_named(site: DigestSite, tmp_path: Path) -> None:
    index = site.put_day(DAY, {"bridge": ["a"], "lost": ["b"]})
    site.pages[f"{DIGEST}{day_path(DAY)}/lost.md"] = 404
    site.robots["forbidden.example"] = "User-agent: *\nDisallow: /\n"
    names = [index, "http://forbidden.example/index.md", f"{DIGEST}/missing.md", "http://[bad/"]
    done = crawl(site, tmp_path, *names)
    assert (done.code, done.json["state"], done.json["outcomes"]["captured"]) == (3, "partial", 1), done.err
    problems = {p["file"]: p["problem"] for p in done.json["input_problems"]}
    assert set(problems) == {*names[1:], f"{DIGEST}{day_path(DAY)}/lost.md"}
    assert "robots" in problems[names[1]]
    assert "404" in problems[names[2]]
    assert names[2] in done.err
    inputs = done.json["inputs"]
    assert (inputs["captured"], inputs["gone"], inputs["skipped"]) == (2, 2, 1)
    sound(tmp_path)


def test_when_no_input_can_be_had_the_error_says_why(site: DigestSite, tmp_path: Path) -> None:
    done = crawl(site, tmp_path, f"{DIGEST}/missing.md", f"{DIGEST}/too.md")
    assert (done.code, done.json["error"]) == (2, "InputError")
    assert "missing.md: not read: gone (not-found, HTTP status 404)" in done.json["message"]
    page = site.put("/story", "<html><title>T</title><body><p>No list of anything.</p></body></html>", "text/html")
    done = crawl(site, tmp_path, page, verb="recrawl")
    assert (done.code, done.json["error"]) == (2, "InputError")
    assert page in done.json["message"]
    assert "echo URL | warcite recrawl -" in done.json["message"]
    kept = [m for _, m in manifests.load_all(open_store(str(tmp_path / "warcite-archive"))) if m.outcomes]
    assert all(is_inputs(m.job) for m in kept)
    assert sum(len(m.outcomes) for m in kept) == 3


def test_a_redirected_page_is_known_by_the_name_given(site: DigestSite, tmp_path: Path) -> None:
    index = site.put_day(DAY, {"bridge": ["a"]})
    site.redirects[f"{DIGEST}/today"] = index
    done = crawl(site, tmp_path, f"{DIGEST}/today")
    assert (done.code, done.json["sources"], done.json["inputs"]["captured"]) == (0, 1, 2), done.err


def test_beside_files_and_as_a_list(site: DigestSite, tmp_path: Path) -> None:
    index = site.put_day(DAY, {"bridge": ["a"]})
    (tmp_path / "urls.txt").write_text(f"{PRESS}/mine\n")
    done = crawl(site, tmp_path, "urls.txt", index)
    assert (done.code, done.json["sources"], done.json["inputs"]["captured"]) == (0, 2, 2), done.err
    listed = site.put("/list.txt", f"{PRESS}/a\n{PRESS}/mine\n")
    again = crawl(site, tmp_path, listed, verb="recrawl")
    assert (again.code, again.json["outcomes"]["unchanged"], again.json["sources"]) == (0, 2, 2), again.err
    assert again.json["job"].startswith("recrawl-")
    third = crawl(site, tmp_path, listed, verb="recrawl")
    assert (third.json["outcomes"]["unchanged"], third.json["inputs"]["unchanged"]) == (2, 1)
    assert third.json["job"] != again.json["job"]
    sound(tmp_path)


def test_dry_run_names_the_inputs_and_fetches_nothing(site: DigestSite, tmp_path: Path) -> None:
    index = site.put_day(DAY, {"bridge": ["a"]})
    (tmp_path / "urls.txt").write_text(f"{PRESS}/mine\n")
    done = crawl(site, tmp_path, "urls.txt", index, "--dry-run")
    assert (done.code, done.json["inputs"], done.json["to_fetch"]) == (0, [index], 1), done.err
    assert site.take_asked() == []
    said = warcite("crawl", index, "--dry-run", cwd=tmp_path)
    assert index in said.out
    assert sorted(path.name for path in tmp_path.iterdir()) == ["urls.txt"]


def test_a_hostile_page_costs_a_line(site: DigestSite, tmp_path: Path) -> None:
    deep = site.put("/deep.xml", "<rss><channel>" + "<item>" * 200_000, "text/xml")
    bomb = site.put("/bomb.gz", gzip.compress(b" " * (300 << 20), 9), "application/gzip")
    fine = site.put_day(DAY, {"bridge": ["a"]})
    done = crawl(site, tmp_path, deep, bomb, fine)
    assert (done.code, done.json["outcomes"]["captured"]) == (3, 1), done.err
    assert {p["file"] for p in done.json["input_problems"]} == {deep, bomb}
    assert "Traceback" not in done.err


def test_the_page_is_kept_as_it_came(site: DigestSite, tmp_path: Path) -> None:
    index = site.put_day(DAY, {"bridge": ["a"]})
    crawl(site, tmp_path, index)
    store = open_store(str(tmp_path / "warcite-archive"))
    (manifest,) = [m for _, m in manifests.load_all(store) if is_inputs(m.job)]
    assert [o.kind for o in manifest.objects if o.kind in {"documents", "warc"}] == ["warc"]
    (warc,) = [o.key for o in manifest.objects if o.kind == "warc"]
    assert site.pages[index] in gzip.decompress(store.get(warc))  # type: ignore[operator]
    assert json.loads(manifests.encode(manifest))["outcomes"][0]["url"] == index
