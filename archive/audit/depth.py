"""How much of an archive a verification reads."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from archive.errors import InputError

Mode = Literal["full", "sample", "quick"]


@dataclass(frozen=True, slots=True)
class Depth:
    """``quick``: the manifests, and what objects there are, with their sizes. ``sample``: the indexes and a part of each WARC besides,
    which ``seed`` chooses.
    """

    mode: Mode = "full"
    share: float = 1.0  # of the stretches from one capture to the next, for a sample
    seed: int = 0


FULL = Depth()


def depth_of(*, full: bool, quick: bool, sample: str | None, seed: int) -> Depth:
    """What the options of ``verify`` ask for; ``sample`` is a share like ``5%`` or ``0.05``. Raises `InputError`."""
    if full + quick + (sample is not None) > 1:
        raise InputError("--full, --quick and --sample exclude each other")
    if quick:
        return Depth("quick")
    return FULL if sample is None else Depth("sample", _share(sample), seed)


def _share(text: str) -> float:
    found = re.fullmatch(r"\s*([0-9]{1,3}(?:\.[0-9]{1,6})?)\s*(%?)\s*", text)
    share = float(found[1]) / (100 if found[2] else 1) if found else 0.0
    if not 0 < share <= 1:
        raise InputError(f"--sample: cannot read {text!r}; write a share like 5% or 0.05")
    return share
