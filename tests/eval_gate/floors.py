"""Raise the floors of the eval gate to what is measured now: ``python -m tests.eval_gate.floors [--lower REASON]``.

Every figure of ``floors.json`` is a hair worse than the one measured when it was written. Without ``--lower`` a floor only rises; with it
floors fall to what is measured, and the file keeps the reason. Takes a minute or two.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, get_args

from pipelines.tasks import Mode
from tests.eval_gate.annotated import corpus_pages, edition, own_pages
from tests.eval_gate.measures import ARTICLES, CEILINGS, Figures, measure
from tests.support.shared import SHARED

FILE = Path(__file__).with_name("floors.json")
CORPUS = SHARED / "corpus" / "pages"
HAIR = 0.003
MODES: tuple[Mode, ...] = get_args(Mode)

Floors = dict[str, Figures]
"""By group, then by name of the figure."""


def read_floors(path: Path = FILE) -> dict[str, Any]:
    """``{"own full": Floors, "own light": ..., "corpus full": ..., "corpus light": ..., "edition": str, "lowered": [...]}``"""
    read: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return read


def measure_own(mode: Mode) -> Floors:
    return {group: found for group, found in measure(own_pages(), mode).items() if group != ARTICLES}


def measure_corpus(mode: Mode, folder: Path = CORPUS) -> Floors:
    return measure(corpus_pages(folder), mode)


def is_worse(name: str, figure: float, floor: float) -> bool:
    return figure > floor + 1e-9 if name in CEILINGS else figure < floor - 1e-9


def breaches(floors: Mapping[str, Figures], found: Mapping[str, Figures]) -> list[str]:
    """Every figure that is below its floor or was not measured, and every one that has no floor."""
    lines = [
        f"{group}: {name} is {found.get(group, {}).get(name)}, its floor {floor}"
        for group, figures in floors.items()
        for name, floor in figures.items()
        if (figure := found.get(group, {}).get(name)) is None or is_worse(name, figure, floor)
    ]
    return lines + [f"{group}: has no floors" for group in found if group not in floors]


def raised(floors: Mapping[str, Figures], found: Mapping[str, Figures], *, lower: bool) -> Floors:
    """The floors as they are to be. With ``lower`` they are those of what was found; else the better of the two, and old ones stay."""
    new: Floors = {} if lower else {group: dict(figures) for group, figures in floors.items()}
    for group, figures in found.items():
        kept = new.setdefault(group, {})
        for name, figure in figures.items():
            floor = _hair_below(name, figure)
            old = floors.get(group, {}).get(name)
            breached = old is not None and is_worse(name, figure, old)
            if name not in kept or is_worse(name, kept[name], floor):
                kept[name] = floor if old is None or breached or is_worse(name, old, floor) else old
    return new


def _hair_below(name: str, figure: float) -> float:
    if name == "pages":
        return figure
    return round(min(1.0, figure + HAIR) if name in CEILINGS else max(0.0, figure - HAIR), 4)


def update(floors: Mapping[str, Any], found: Mapping[str, Floors], reason: str | None) -> dict[str, Any]:
    new = dict(floors)
    fallen: list[str] = []
    for part, figures in found.items():
        old = floors.get(part, {})
        new[part] = raised(old, figures, lower=reason is not None)
        fallen += [f"{part}, {line}" for line in breaches(old, figures) if not line.endswith("no floors")]
    new["lowered"] = [*floors.get("lowered", ()), *([{"reason": reason, "floors": fallen}] if reason and fallen else ())]
    return new


def _write(floors: Mapping[str, Any]) -> None:
    FILE.write_text(json.dumps(floors, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _say(found: Mapping[str, Floors]) -> Iterable[str]:
    for part, groups in found.items():
        for group, figures in groups.items():
            yield f"{part:13} {group:22} " + "  ".join(f"{name} {figure:g}" for name, figure in figures.items())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lower", metavar="REASON", help="let floors fall to what is measured, and say why in the file")
    reason = parser.parse_args().lower
    found = {f"own {mode}": measure_own(mode) for mode in MODES}
    floors = read_floors()
    if CORPUS.exists():
        found |= {f"corpus {mode}": measure_corpus(mode) for mode in MODES}
        if floors.get("edition", edition(CORPUS)) != edition(CORPUS) and not reason:
            parser.error("the corpus is another one than the floors were measured on: give --lower REASON")
        floors["edition"] = edition(CORPUS)
    print("\n".join(_say(found)))
    below = [line for part, groups in found.items() for line in breaches(floors.get(part, {}), groups) if not line.endswith("no floors")]
    _write(update(floors, found, reason))
    if below and not reason:
        print("below their floors, which stay:", *below, sep="\n  ")
        raise SystemExit(1)


if __name__ == "__main__":
    main()
