"""From an odd server's socket to the WARC in the store: byte for byte, requests too."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.warc.reader import iterate_records
from tests.support.odd_replies import CASES
from tests.support.odd_server import OddServer, wire_bytes
from tests.support.warcite import warcite

FINITE = {f"/{name}": case for name, case in CASES.items() if not case.endless and name != "surplus"}


@pytest.mark.timeout(600)
def test_the_archive_holds_what_was_on_the_wire(tmp_path: Path) -> None:
    with OddServer({"/elsewhere": CASES["empty"].reply} | {path: case.reply for path, case in FINITE.items()}) as server:
        base = f"http://127.0.0.1:{server.port}"
        urls = "".join(f"{base}{path}\n" for path in FINITE)
        options = ["--allow-private", f"127.0.0.1:{server.port}", "--robots", "ignore", "--delay", "0", "--retries", "0", "--timeout", "5"]
        done = warcite("recrawl", "-", *options, "--no-progress", "--json", cwd=tmp_path, stdin=urls, timeout=200)
        assert done.code == 3, done.err
        asked = {seen.path: seen.raw for seen in server.log}
    assert sum(done.json["outcomes"].values()) == len(FINITE)
    (warc,) = (tmp_path / "warcite-archive" / "warc").iterdir()
    records = list(iterate_records(warc))
    responses = {r.target_uri: r for r in records if r.type == "response"}
    requests = {r.target_uri: r.block for r in records if r.type == "request"}
    for path, case in FINITE.items():
        uri = base + path
        assert requests[uri] == asked[path], path
        if sent := wire_bytes(case.reply):
            assert responses[uri].block == sent[: len(responses[uri].block)], path
            if case.truncated != "length":
                assert responses[uri].block == sent, path
            assert responses[uri].header("WARC-Truncated") == case.truncated, path
    assert warcite("verify", cwd=tmp_path).code == 0
