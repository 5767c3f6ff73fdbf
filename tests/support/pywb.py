"""A real pywb, the replay oracle, in a virtual environment of its own: its ``brotlipy`` hides the ``brotli`` that Scrapy needs.

``WARCITE_PYWB_VENV`` names that environment (``python3 -m venv DIR; DIR/bin/pip install pywb==2.10.0``).
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.support.neighbours import absent, free_port, launch

VENV = os.environ.get("WARCITE_PYWB_VENV")  # read here: tests start without variables of ours
_START_SECONDS = 60.0


def wayback_program() -> Path:
    """pywb's server. Skips the test where it is absent; in CI that is a failure."""
    program = Path(VENV or "/nonexistent") / "bin" / "wayback"
    if not program.exists():
        absent("pywb is absent: WARCITE_PYWB_VENV names no virtual environment with it")
    return program


@contextlib.contextmanager
def replaying(folder: Path, warcs: dict[str, bytes], index: bytes) -> Iterator[str]:
    """pywb with one collection of these WARCs (by file name) and this CDXJ (unpacked, sorted). Gives the collection's address."""
    program = wayback_program()
    collection = folder / "collections" / "kept"
    (collection / "archive").mkdir(parents=True)
    (collection / "indexes").mkdir()
    for name, data in warcs.items():
        (collection / "archive" / name).write_bytes(data)
    (collection / "indexes" / "index.cdxj").write_bytes(index)
    with _serving(program, folder) as address:
        yield f"{address}/kept"


@contextlib.contextmanager
def replaying_bundles(folder: Path, bundles: Sequence[Path]) -> Iterator[str]:
    """pywb with a collection for each WACZ, named as the file, unpacked by pywb itself with the index in it. Gives pywb's address."""
    program = wayback_program()
    manager, environment = program.with_name("wb-manager"), {"PATH": os.environ["PATH"], "HOME": str(folder), "TMPDIR": str(folder)}
    for bundle in bundles:
        for action in (["init", bundle.stem], ["add", bundle.stem, "--unpack-wacz", bundle]):
            subprocess.run([manager, *action], cwd=folder, env=environment, capture_output=True, check=True, timeout=100)
    with _serving(program, folder) as address:
        yield address


@contextlib.contextmanager
def _serving(program: Path, folder: Path) -> Iterator[str]:
    port = free_port()
    process = launch([program, "-b", "127.0.0.1", "-p", str(port), "-d", str(folder)], folder, folder / "log")
    try:
        _wait(process, port, folder / "log")
        yield f"http://127.0.0.1:{port}"
        assert process.poll() is None, "pywb ended before the test did"
    finally:
        process.kill()
        process.wait(timeout=10)
        shutil.rmtree(folder / "collections", ignore_errors=True)


def fetch(url: str) -> tuple[int, dict[str, str], bytes]:
    """Status, headers (names in lower case) and body as sent; nothing is followed or decoded."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect())
    try:
        with opener.open(url, timeout=20) as answer:
            return answer.status, {k.lower(): v for k, v in answer.headers.items()}, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, {k.lower(): v for k, v in error.headers.items()}, error.read()


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    pytest.fail("pywb did not start:\n" + log.read_text(errors="replace")[-3000:])
