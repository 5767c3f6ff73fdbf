"""The stand-in web of the shared corpus, in a process of its own on loopback."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.neighbours import free_port
from tests.support.shared import shared


@dataclass(frozen=True)
class Standin:
    port: int
    tls_port: int
    ca: Path

    @property
    def options(self) -> list[str]:
        rules = [f":80:127.0.0.1:{self.port}", f":443:127.0.0.1:{self.tls_port}"]
        return [x for rule in rules for x in ("--connect-to", rule)]

    @property
    def environment(self) -> dict[str, str]:
        return {"SSL_CERT_FILE": str(self.ca)}

    def truth(self, url: str) -> dict[str, Any]:
        return json.loads(self._get("/__truth?url=" + urllib.parse.quote(url, safe="")))

    def stats(self) -> dict[str, Any]:
        return json.loads(self._get("/__stats"))

    def log(self) -> str:
        """The requests seen, as JSON lines."""
        return self._get("/__log").decode()

    def _get(self, path: str) -> bytes:
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers={"Host": "standin.invalid"})
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.read()


@contextmanager
def standin(directory: Path, *options: str) -> Iterator[Standin]:
    ca = directory / "ca.pem"
    port, tls_port = free_port(), free_port()
    script, pages = shared("tools/standin_web.py"), shared("corpus/pages")
    process = subprocess.Popen(
        [
            sys.executable,
            str(script),
            "--pages",
            str(pages),
            "--port",
            str(port),
            "--tls-port",
            str(tls_port),
            "--ca-out",
            str(ca),
            *options,
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert "standin web" in process.stdout.readline()
        yield Standin(port, tls_port, ca)
    finally:
        process.kill()
        process.communicate()
