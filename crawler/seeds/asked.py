"""What a run was asked for: names of local inputs, and addresses of inputs to fetch."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from archive.errors import InputError
from archive.model import Problem
from archive.spool.ledger import Ledger
from archive.spool.seeds import Input, fingerprint, is_settled
from archive.urls import surt
from crawler.seeds.days import MOVES_DAYS, Window, expand, is_dated
from pipelines.inputs.addresses import fetchable
from pipelines.inputs.further import Further

_ADDRESS = re.compile(r"https?://", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Seed:
    """An input page that the user named; ``day`` is set when its address was made from a pattern."""

    name: str
    url: str
    day: date | None = None

    @property
    def page(self) -> Input:
        return Input(self.name, self.url, surt(self.url))


@dataclass(frozen=True, slots=True)
class Asked:
    """The names of one command, told apart."""

    local: tuple[str, ...]
    seeds: tuple[Seed, ...]
    problems: tuple[Problem, ...]  # addresses that no client can fetch
    what: str  # the same for the same command, whatever the day


def asked_for(names: Iterable[str], kind: str, window: Window, today: date) -> Asked:
    """Addresses with a day in them stand for one page a day. Raises `InputError` for a range of days with nothing to apply it to."""
    names = list(names)
    addresses = [name for name in names if _ADDRESS.match(name)]
    if window.is_given and not any(map(is_dated, addresses)):
        raise InputError("--days, --since and --until are for addresses with a day in them, like https://host/news/%Y/%m/%-d/index.md")
    seeds: dict[str, Seed] = {}
    problems: list[Problem] = []
    for name in addresses:
        try:
            for seed in _seeds(name, window, today):
                seeds.setdefault(surt(seed.url), seed)
        except InputError as error:
            problems.append(Problem(name, 0, str(error)))
    first, last = (str(day or "") for day in (window.since, window.until))
    what = fingerprint(kind, [*names, f"days {window.days} {first} {last}"])
    return Asked(tuple(n for n in names if not _ADDRESS.match(n)), tuple(seeds.values()), tuple(problems), what)


def _seeds(name: str, window: Window, today: date) -> Iterator[Seed]:
    if not is_dated(name):
        yield Seed(name, fetchable(name))
        return
    for day, address in expand(name, *window.range(today)):
        yield Seed(address, fetchable(address), day)


def pages_to_read(ledger: Ledger, seeds: Iterable[Seed], further: Iterable[Further], at: datetime) -> Iterator[Input]:
    """The input pages of a run: a page of a day is read until it no longer moves, all others every time.

    A day in the future has no page yet.
    """
    for seed in seeds:
        if seed.day is None or not (seed.day > at.date() or is_settled(ledger, seed.url, _still(seed.day))):
            yield seed.page
    for index in further:
        yield Input(index.url, index.url, surt(index.url), depth=1)


def _still(day: date) -> datetime:
    """From when on the page of a day no longer moves."""
    return datetime.combine(day + timedelta(days=MOVES_DAYS), time(), UTC)
