"""Recrawls on the real command line: what has not changed is asked for on conditions, kept as a revisit, and found again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive import manifests
from archive.store import open_store
from archive.warc.reader import Record, iterate_records
from tests.support.editions import DATE, Editions, stored_bytes, wrong_replays
from tests.support.warcite import Done, warcite
from tests.torture.nothing_lost import judged

KINDS = ("tagged", "dated", "plain", "chunked", "recoded", "gzip", "retagged", "moved", "liar", "missing")
SAME_PAYLOAD = {"plain", "chunked", "recoded", "gzip", "retagged"}


def address(kind: str, number: int = 0) -> str:
    return f"http://{kind}.example/{kind}/{number}"


@pytest.fixture
def site() -> Iterator[Editions]:
    with Editions() as site:
        yield site


def recrawl(site: Editions, cwd: Path, *args: str, **env: str) -> Done:
    return warcite("recrawl", *args, *site.options, cwd=cwd, **env)


def listed(cwd: Path, urls: list[str]) -> str:
    (cwd / "urls.txt").write_text("".join(f"{url}\n" for url in urls), encoding="utf-8")
    return "urls.txt"


def targets(cwd: Path, *args: str) -> dict[str, tuple[str, str, str | None]]:
    rows = warcite("status", *args, "--targets", "--json", cwd=cwd).json["targets"]
    return {row["url"]: (row["outcome"], row["reason"], row["text_outcome"]) for row in rows}


def records(cwd: Path) -> list[Record]:
    return [r for path in sorted((cwd / "warcite-archive/warc").iterdir()) for r in iterate_records(path)]


def test_what_has_not_changed_is_kept_once(site: Editions, tmp_path: Path) -> None:
    urls = [address(kind) for kind in KINDS]
    first = recrawl(site, tmp_path, listed(tmp_path, urls))
    assert (first.code, first.json["outcomes"]["captured"]) == (0, len(KINDS)), first.err
    assert {(a.tag, a.date) for a in site.take_asked()} == {(None, None)}

    site.edition = 2
    second = recrawl(site, tmp_path, "--run", "last")
    assert second.code == 3, second.err
    told = warcite("report", "last", "--quick", "--json", cwd=tmp_path).json["provenance"]
    assert told["command"][:4] == ["warcite", "recrawl", "--run", "last"]
    found = targets(tmp_path, "last")
    assert found == {
        **{address(kind): ("unchanged", "not-modified", "ok") for kind in ("tagged", "dated", "moved")},
        **{address(kind): ("unchanged", "same-payload", "ok") for kind in SAME_PAYLOAD},
        address("liar"): ("error", "http-error", None),
        address("missing"): ("gone", "not-found", None),
    }
    asked = {a.url: a for a in site.take_asked()}
    assert asked[address("dated")].date == DATE
    assert {url for url, a in asked.items() if a.tag or a.date} == {
        *(address(kind) for kind in ("tagged", "dated", "retagged")),
        "http://moved.example/tagged/0",
    }

    site.edition, site.changed = 3, {address("plain"): 3, address("tagged"): 3}
    third = recrawl(site, tmp_path, "urls.txt")
    assert third.code == 3, third.err
    found = {url: (word, reason) for url, (word, reason, _) in targets(tmp_path, "last").items()}
    changed = {address(kind) for kind in ("plain", "tagged", "missing")}
    assert {url for url, ending in found.items() if ending == ("captured", "ok")} == changed, "what was gone is back: kept anew"
    assert Counter(word for word, _ in found.values()) == {"captured": 3, "unchanged": 6, "error": 1}
    retagged = next(a.tag for a in site.take_asked() if a.url == address("retagged"))
    assert retagged.endswith('-2"'), "the tag is that of the last answer, a revisit"
    check_whole(tmp_path)
    check_records(tmp_path)
    check_texts(site, tmp_path)
    check_replay(site, tmp_path)


def check_whole(cwd: Path) -> None:
    assert warcite("verify", "--json", cwd=cwd).json["damages"] == []
    assert list(judged(str(cwd / "warcite-archive"))) == []
    rebuilt = warcite("rebuild", "--all", "--json", cwd=cwd).json
    assert (rebuilt["lost"], rebuilt["checked"] - rebuilt["identical"]) == ([], 0)
    store = open_store(str(cwd / "warcite-archive"))
    runs = [m for _, m in sorted(manifests.load_all(store), key=lambda x: x[1].created_at)]
    assert [len(m.depends_on) for m in runs] == [0, 1, 1]
    assert {m.depends_on[0] for m in runs[1:]} == {runs[0].segment}, "the third run refers to the first, not to the second's revisits"


def check_records(cwd: Path) -> None:
    found = records(cwd)
    by_id = {r.record_id: r for r in found}
    revisits = [r for r in found if r.type == "revisit"]
    assert len(revisits) == 8 + 6
    for revisit in revisits:
        original = by_id[revisit.header("WARC-Refers-To")]
        assert original.type == "response"
        assert revisit.header("WARC-Refers-To-Target-URI") == original.target_uri
        assert revisit.header("WARC-Refers-To-Date") == original.header("WARC-Date")
        assert revisit.header("WARC-Payload-Digest") == original.header("WARC-Payload-Digest")
        not_modified = (revisit.header("WARC-Profile") or "").endswith("server-not-modified")
        assert (
            revisit.block == b"" if not_modified or "recoded" in (revisit.target_uri or "") else revisit.block.startswith(b"HTTP/1.1 200")
        )


def check_texts(site: Editions, cwd: Path) -> None:
    for kind in ("dated", "moved", "gzip"):
        shown = warcite("show", address(kind), "--json", cwd=cwd).json
        assert [o["outcome"] for o in shown["outcomes"]] == ["captured", "unchanged", "unchanged"]
        assert len(shown["documents"]) == 1
        newest = shown["outcomes"][-1]["record_id"]
        assert warcite("show", newest, "--text", cwd=cwd).out == shown["documents"][0]["text"] + "\n"
    assert "Edition 3." in warcite("show", address("tagged"), "--text", cwd=cwd).out


def check_replay(site: Editions, cwd: Path) -> None:
    """pywb gives every revisit the body of its original."""
    site.changed = {}
    assert list(wrong_replays(cwd, site)) == []


def test_selections(site: Editions, tmp_path: Path) -> None:
    urls = [address("tagged"), address("plain"), address("missing")]
    (tmp_path / "2031-02-03.md").write_text(
        "### [2031-02-03](x)\n\n# A vote\n\n### Source:\n\n1. [Tagged](" + urls[0] + ")\n", encoding="utf-8"
    )
    assert warcite("crawl", "2031-02-03.md", *site.options, cwd=tmp_path).code == 0
    assert recrawl(site, tmp_path, listed(tmp_path, urls[1:])).code == 0
    event = warcite("parse", "2031-02-03.md", "--json", cwd=tmp_path).json["events"][0]["id"]
    site.edition, site.changed = 2, {urls[1]: 2}

    def planned(*args: str) -> list[str]:
        return sorted(recrawl(site, tmp_path, *args, "--dry-run").json["urls"])

    before = stored_bytes(tmp_path / "warcite-archive")
    assert planned("--event", event, "--older-than", "0s") == [urls[0]]
    assert planned("--run", "last", "--host", "m*") == [urls[2]]
    assert stored_bytes(tmp_path / "warcite-archive") == before
    site.take_asked()
    for nothing in (["--failed"], ["--event", "2031-02-03-000000000000"]):
        done = recrawl(site, tmp_path, *nothing)
        assert (done.code, done.json["error"]) == (7, "NotFound"), done.err
    assert site.take_asked() == []
    assert recrawl(site, tmp_path, "urls.txt", "--failed").code == 2

    report = recrawl(site, tmp_path, "--event", event).json
    assert (report["sources"], report["events"], report["citations"], report["outcomes"]["unchanged"]) == (1, 1, 1, 1)
    assert recrawl(site, tmp_path, "--host", "[mp]*").code == 3
    assert planned("--failed") == [urls[2]]
    assert planned("--changed-only") == [urls[1]]
    assert Counter(word for word, _, _ in targets(tmp_path).values()) == {"unchanged": 1, "captured": 1, "gone": 1}
    document = warcite("show", urls[0], "--json", cwd=tmp_path).json["documents"][-1]
    assert document["citations"][0]["event_id"] == event


def test_a_page_that_was_taken_down_is_kept_whole_again(site: Editions, tmp_path: Path) -> None:
    recrawl(site, tmp_path, listed(tmp_path, [address("tagged")]))
    assert warcite("takedown", address("tagged"), "--reason", "court order", cwd=tmp_path).code == 0
    site.take_asked()
    assert recrawl(site, tmp_path, "--run", "last").json["outcomes"]["captured"] == 1
    assert [a.tag for a in site.take_asked()] == [None]


def test_the_cache_may_vanish_and_an_original_may_be_damaged(site: Editions, tmp_path: Path) -> None:
    urls = [address("tagged"), address("dated")]
    recrawl(site, tmp_path, listed(tmp_path, urls))
    recrawl(site, tmp_path, "--run", "last")
    for part in (tmp_path / "warcite-archive.spool").glob("captures.sqlite*"):
        part.unlink()
    assert recrawl(site, tmp_path, "--run", "last").json["outcomes"]["unchanged"] == 2

    store = open_store(str(tmp_path / "warcite-archive"))
    first = min((m for _, m in manifests.load_all(store)), key=lambda m: m.created_at)
    warc = tmp_path / "warcite-archive" / next(o.key for o in first.objects if o.kind == "warc")
    shown = warcite("show", urls[0], "--json", cwd=tmp_path).json["documents"][0]
    data = bytearray(warc.read_bytes())
    data[shown["warc_offset"] + shown["warc_length"] // 2] ^= 0xFF
    warc.write_bytes(data)
    done = recrawl(site, tmp_path, "--run", "last")
    assert done.json["outcomes"] | {"captured": 1, "unchanged": 1} == done.json["outcomes"], "fetched whole, since nothing may refer to it"
    assert "is fetched whole" in done.err
