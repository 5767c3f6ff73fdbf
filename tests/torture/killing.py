"""The command line, killed at one step: ``python -m tests.torture.killing POINT NTH [VARIANT] -- crawl ...``.

POINT is a name of `points`, or ``-`` for none; VARIANT one of `broken`.
"""

from __future__ import annotations

import sys

from tests.torture.broken import SPOILERS
from tests.torture.points import POINTS


def main(arguments: list[str]) -> None:
    split = arguments.index("--")
    point, nth, *variants = arguments[:split]
    for variant in variants:
        SPOILERS[variant]()
    if point != "-":
        POINTS[point].arm(int(nth))
    sys.argv = ["warcite", *arguments[split + 1 :]]
    from crawler.cli import main as warcite

    warcite()


if __name__ == "__main__":
    main(sys.argv[1:])
