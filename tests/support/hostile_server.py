"""The hostile server of the shared corpus, in a process of its own on loopback."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.neighbours import free_port
from tests.support.shared import SHARED

SCRIPT = SHARED / "tools" / "hostile_server.py"


@dataclass(frozen=True)
class HostileServer:
    port: int

    @property
    def ports(self) -> tuple[int, int, int]:
        """HTTP, TLS, and TLS that is never answered; those of the canary are not among them."""
        return self.port, self.port + 43, self.port + 44

    def cases(self) -> list[dict[str, Any]]:
        return list(json.loads(self._ask("/__manifest"))["cases"])

    def log(self) -> dict[str, Any]:
        """``canary`` and ``leaks`` must be empty; ``hits`` counts requests by path."""
        found: dict[str, Any] = json.loads(self._ask("/__log"))
        return found

    def _ask(self, path: str) -> bytes:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=60) as answer:
            return bytes(answer.read())


@contextmanager
def hostile_server(directory: Path, *options: str, port: int | None = None) -> Iterator[HostileServer]:
    """``options`` as its command line takes them; what it says of itself goes to a file in ``directory``."""
    port = port or free_port()
    ports = ["--port", str(port), "--canary-port", str(free_port()), "--canary-port2", str(free_port())]
    with (directory / "hostile-server.log").open("w") as log:
        process = subprocess.Popen([sys.executable, str(SCRIPT), *ports, *options], stdout=subprocess.PIPE, stderr=log, text=True)
    try:
        assert process.stdout is not None
        assert "hostile server on" in process.stdout.readline()
        yield HostileServer(port)
    finally:
        process.kill()
        process.communicate()
