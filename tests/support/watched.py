"""A crawl that is watched from outside: its memory, the sockets it opens, and everything it says."""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.support.warcite import command, environment

_ESCAPES = re.compile(r"[\x00-\x08\x0b-\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_LISTENING = "0A"  # TCP_LISTEN


@dataclass
class Watched:
    code: int = 0
    out: str = ""
    err: str = ""
    seconds: float = 0.0
    peak: int = 0  # bytes, of the crawler's own process
    extraction_peak: int = 0  # bytes, of the largest child
    peers: set[tuple[str, int]] = field(default_factory=set)  # the other ends of its connections, as far as they were seen
    listening: set[str] = field(default_factory=set)
    processes: int = 0  # at most, itself included

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    def unsafe(self) -> list[str]:
        """Lines that hold what a terminal would obey, or what reorders them."""
        return [repr(line)[:200] for line in (self.out + self.err).splitlines() if _ESCAPES.search(line)]


def watch(*arguments: str | Path, cwd: Path, timeout: float, env: Mapping[str, str] | None = None) -> Watched:
    """Run the command line to its end. Raises `subprocess.TimeoutExpired` after having killed it."""
    seen, started = Watched(), time.monotonic()
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        process = subprocess.Popen(
            command(*arguments), cwd=cwd, env=environment(**(env or {})), stdin=subprocess.DEVNULL, stdout=out, stderr=err
        )
        try:
            while process.poll() is None:
                _look(process.pid, seen)
                if time.monotonic() - started > timeout:
                    raise subprocess.TimeoutExpired(process.args, timeout, stderr=_read(err)[-3000:])
                time.sleep(0.05)
        finally:
            process.kill()
            process.wait()
        seen.code, seen.out, seen.err = process.returncode, _read(out), _read(err)
    seen.seconds = time.monotonic() - started
    return seen


def _read(file: Any) -> str:
    file.seek(0)
    return str(file.read().decode("utf-8", "surrogateescape"))


def _look(pid: int, seen: Watched) -> None:
    children = _children(pid)
    seen.processes = max(seen.processes, 1 + len(children))
    seen.peak = max(seen.peak, _peak(pid))
    for child in children:
        seen.extraction_peak = max(seen.extraction_peak, _peak(child))
    for one in (pid, *children):
        _sockets(one, seen)


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += [int(child) for child in task.read_text().split()]
        except OSError:
            continue
    return found


def _peak(pid: int) -> int:
    try:
        found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    except OSError:
        return 0
    return int(found[1]) * 1024 if found else 0


def _sockets(pid: int, seen: Watched) -> None:
    """What ``/proc`` tells of the TCP sockets that a process holds."""
    try:
        held = {target[8:-1] for fd in Path(f"/proc/{pid}/fd").iterdir() if (target := _target(fd)).startswith("socket:")}
        rows = [*Path(f"/proc/{pid}/net/tcp").read_text().splitlines()[1:], *Path(f"/proc/{pid}/net/tcp6").read_text().splitlines()[1:]]
    except OSError:
        return
    for row in (line.split() for line in rows):
        if row[9] in held:
            if row[3] == _LISTENING:
                seen.listening.add(row[1])
            elif (peer := _address(row[2])) != ("0.0.0.0", 0):
                seen.peers.add(peer)


def _target(link: Path) -> str:
    try:
        return str(link.readlink())
    except OSError:
        return ""


def _address(written: str) -> tuple[str, int]:
    """``0100007F:1F90`` as address and port; of IPv6 only that it is one."""
    host, _, port = written.partition(":")
    octets = bytes.fromhex(host)[::-1] if len(host) == 8 else b""
    return ".".join(map(str, octets)) or host, int(port, 16)
