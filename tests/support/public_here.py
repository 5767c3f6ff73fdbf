"""In a network namespace: a service of this machine at one of its public addresses, and a crawl that is sent there.

``python -m tests.support.public_here DIRECTORY`` prints what became of it as JSON.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from tests.support.namespace import add_address
from tests.support.odd_server import CLOSE, OddServer
from tests.support.warcite import elsewhere

PUBLIC = "93.184.215.14"
_PAGE = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def _recrawl(directory: Path, port: int, *options: str) -> dict[str, Any]:
    directory.mkdir()
    (directory / "urls.txt").write_text(f"http://{PUBLIC}:{port}/literal\nhttp://public.example:{port}/name\n", encoding="utf-8")
    crawl = ["recrawl", "urls.txt", "--retries", "0", "--delay", "0", "--robots", "ignore", "--no-progress", "--json", *options]
    report: dict[str, Any] = elsewhere({"names": {"public.example": [PUBLIC]}}, *crawl, cwd=directory).json
    return {"outcomes": report["outcomes"], "problems": report["problems"]}


def main(directory: Path) -> None:
    add_address(PUBLIC)
    with OddServer({}, host=PUBLIC, otherwise=(_PAGE, CLOSE)) as server:
        refused = _recrawl(directory / "refused", server.port)
        reached = server.connections
        allowed = _recrawl(directory / "allowed", server.port, "--allow-private", PUBLIC, "--allow-private", "public.example")
    print(json.dumps({"refused": refused, "connections": reached, "allowed": allowed}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
