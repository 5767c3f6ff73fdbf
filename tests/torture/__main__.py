"""Every row of the test matrix, at the size of a change or of a release, as one table.

python -m tests.torture [--size ci|release] [--only M5,M6] [--json FILE] [--work DIR]
"""

from __future__ import annotations

import argparse
import importlib
import json
import logging
import os
import sys
import tempfile
import time
import traceback
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.torture.result import Result, Size

ROWS = {
    "M1": "hostile",
    "M2": "raw_answers",
    "M3": "odd_documents",
    "M4": "addresses",
    "M5": "kill_points",
    "M6": "store_faults",
    "M7": "full_disk",
    "M8": "two_crawlers",
    "M9": "fsync_order",
    "M10": "soak",
    "M13": "damage",
    "M14": "rebuild",
    "M15": "pulls",
    "peers": "peers",
    "readers": "peers_readers",
}
"""Each row's module, imported when it is its turn."""


def run_row(name: str, size: Size, work: Path) -> list[Result]:
    """Run one row. What it needs and does not find is a failure here: a table without it would look complete."""
    found: Result | Iterable[Result]
    started = time.monotonic()
    try:
        found = importlib.import_module(f"tests.torture.{ROWS[name]}").run(size, work)
    except pytest.skip.Exception as skipped:
        found = Result(name, ROWS[name], failures=[f"not run: {skipped}"])
    except (Exception, pytest.fail.Exception):
        found = Result(name, ROWS[name], failures=[traceback.format_exc()])
    results = [found] if isinstance(found, Result) else list(found)
    for result in results:
        result.seconds = result.seconds or round(time.monotonic() - started, 1)
    return results


def table(results: Iterable[Result]) -> str:
    """Markdown: what was done to the crawler in each row, and what broke."""
    lines = ["| row | what | counts | broken promises | seconds |", "|---|---|---|---|---|"]
    for r in results:
        counts = " · ".join(f"{what}: {count:,}" for what, count in r.counts.items())
        lines.append(f"| {r.row} | {r.name} | {counts} | {len(r.failures)} | {r.seconds:.0f} |")
    return "\n".join(lines) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.torture", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--size", choices=["ci", "release"], default="ci")
    parser.add_argument("--only", metavar="ROWS", help=f"some of {','.join(ROWS)}")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the results there too")
    parser.add_argument("--work", type=Path, metavar="DIR", help="an empty folder to work in, kept (default: a temporary one)")
    given = parser.parse_args()
    wanted = given.only.split(",") if given.only else [name for name, module in ROWS.items() if find_spec(f"tests.torture.{module}")]
    if unknown := [name for name in wanted if name not in ROWS]:
        parser.error(f"no such row: {', '.join(unknown)}")
    results = run_rows(wanted, given.size, given.work)
    sys.stdout.write(table(results))
    if given.json:
        given.json.write_text(json.dumps({"size": given.size, "rows": [r.as_json() for r in results]}, indent=1) + "\n", encoding="utf-8")
    return 1 if any(r.failures for r in results) else 0


def run_rows(names: Iterable[str], size: Size, work: Path | None) -> list[Result]:
    """Rows in turn, saying on standard error how far they are."""
    results = []
    with tempfile.TemporaryDirectory(prefix="torture-") as temporary:
        for name in names:
            folder = (work or Path(temporary)) / name
            folder.mkdir(parents=True)
            _say(f"{name}: {ROWS[name]}, size {size}")
            for result in run_row(name, size, folder):
                results.append(result)
                _say(f"{result.row}: {len(result.failures)} broken promises, {dict(result.counts)}, {result.seconds:.0f} s")
                for failure in result.failures:
                    _say(f"{result.row}: BROKEN: {failure}")
    return results


def _say(line: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {line}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    # As for pytest: nobody's credentials and proxies, and no question to a cloud's metadata address.
    for variable in [v for v in os.environ if v.startswith(("AWS_", "WARCITE_")) or v.lower().endswith("_proxy")]:
        del os.environ[variable]
    os.environ |= {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull, "AWS_EC2_METADATA_DISABLED": "true"}
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    logging.getLogger("tests.torture").setLevel(logging.INFO)
    sys.exit(main())
