"""The command line in another world: name service and clock as a test wants them.

``python -m tests.support.elsewhere WORLD -- crawl ...``, where WORLD is JSON:

    names   host -> addresses, or "none" (no such name), "again" (no name server answers), "hang"; "*" is for all others
    clock   [seconds after the start, seconds the wall clock then jumps], one pair after the other
"""

from __future__ import annotations

import datetime as dt
import json
import socket
import sys
import threading
import time
from collections.abc import Sequence
from typing import Any


def _resolve(names: dict[str, Any]) -> None:
    real = socket.getaddrinfo

    def getaddrinfo(host: Any, port: Any, *arguments: Any, **more: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if name is None or name.replace(".", "").isdigit() or ":" in name:
            return real(host, port, *arguments, **more)
        answer = names.get(name, names.get("*", "none"))
        if answer == "hang":
            threading.Event().wait()
        if answer == "again":
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
        if answer == "none":
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [found for address in answer for found in real(address, port, *arguments, **more)]

    socket.getaddrinfo = getaddrinfo


def _shift(jumps: Sequence[tuple[float, float]]) -> None:
    real_time, real_datetime, started = time.time, dt.datetime, time.monotonic()

    def shifted() -> float:
        passed = time.monotonic() - started
        return real_time() + sum(seconds for at, seconds in jumps if passed >= at)

    class Datetime(real_datetime):  # type: ignore[misc,valid-type]
        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> Any:
            return cls.fromtimestamp(shifted(), tz)

    time.time = shifted
    dt.datetime = Datetime  # type: ignore[misc]


def main(arguments: list[str]) -> None:
    split = arguments.index("--")
    world = json.loads(arguments[0])
    if "clock" in world:
        _shift(world["clock"])
    if "names" in world:
        _resolve(world["names"])
    sys.argv = ["warcite", *arguments[split + 1 :]]
    from crawler.cli import main as warcite

    warcite()


if __name__ == "__main__":
    main(sys.argv[1:])
