"""The hostile server of the shared corpus: every start URL ends in a state its case accepts, and nobody is let in."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from archive.urls import surt
from pipelines.inputs.addresses import fetchable
from tests.support.shared import shared
from tests.support.standin import free_port
from tests.support.warcite import warcite

pytestmark = [pytest.mark.corpus, pytest.mark.timeout(500)]


@pytest.fixture
def hostile(tmp_path: Path):
    port = free_port()
    ports = ["--port", str(port), "--canary-port", str(free_port()), "--canary-port2", str(free_port())]
    command = [sys.executable, str(shared("tools/hostile_server.py")), *ports, "--tls"]
    with (tmp_path / "hostile.log").open("w") as log:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True)
    try:
        assert process.stdout is not None
        assert "hostile server on" in process.stdout.readline()
        yield port
    finally:
        process.kill()
        process.communicate()


def test_every_hostile_case_ends_well(hostile: int, tmp_path: Path) -> None:
    def ask(path: str) -> bytes:
        with urllib.request.urlopen(f"http://127.0.0.1:{hostile}{path}", timeout=20) as answer:
            return answer.read()

    cases: Any = json.loads(ask("/__manifest"))
    cases = cases.get("cases", cases) if isinstance(cases, dict) else cases
    cases = list(cases.values()) if isinstance(cases, dict) else cases
    (tmp_path / "urls.txt").write_bytes(ask("/__urls"))
    allowed = [x for port in (hostile, hostile + 43, hostile + 44) for x in ("--allow-private", f"127.0.0.1:{port}")]
    limits = ["--delay", "0", "--timeout", "5", "--retries", "0", "--max-bytes", "16MB", "--no-progress", "--json"]
    done = warcite("recrawl", tmp_path / "urls.txt", *allowed, *limits, cwd=tmp_path, timeout=400)
    report = done.json
    assert (done.code, report["pending"]) == (3, 0), done.err[-3000:]
    assert "\x1b" not in done.err
    assert "Traceback" not in done.err

    log = json.loads(ask("/__log"))
    assert (log["canary"], log["leaks"]) == ([], [])
    states = {surt(r["url"]): r["state"] for r in warcite("status", "--targets", "--json", cwd=tmp_path).json["targets"]}
    accepted: dict[str, set[str]] = {}
    for case in cases:  # spellings of one address are one target: it ends as one of their cases does
        if not case.get("helper") and " " not in case["url"]:  # in a text list, what follows a blank is no part of the address
            accepted.setdefault(surt(fetchable(case["url"])), set()).update(case["accept"])
    assert {key: states.get(key) for key, states_ok in accepted.items() if states.get(key) not in states_ok} == {}
    assert warcite("verify", "--json", cwd=tmp_path).json["damages"] == []
    judge = [sys.executable, str(shared("tools/check_archive.py")), str(tmp_path / "warcite-archive")]
    checked = subprocess.run(judge, capture_output=True, text=True, check=False, timeout=200)
    assert checked.returncode == 0, checked.stdout[-2000:]
    # A server may say a secret itself (its bytes are kept as they came); nothing that we write repeats the one of a cited address.
    ours = [p for p in (tmp_path / "warcite-archive").rglob("*") if p.is_file() and p.parent.name != "warc"]
    told = (
        done.out + done.err + "".join((gzip.decompress(d) if d[:2] == b"\x1f\x8b" else d).decode() for d in (p.read_bytes() for p in ours))
    )
    assert "s3cr3t-URLPASS" not in told
