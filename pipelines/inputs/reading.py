"""One reading of several inputs, counted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import BinaryIO

from archive.model import Event, Problem
from pipelines.inputs.kinds import Kind
from pipelines.inputs.read import InputReader


class Reading:
    """Events of all inputs as a stream; on the way it gathers the problems and what could not be read at all."""

    def __init__(self, names: Iterable[str], stdin: BinaryIO | None = None, only: Kind | None = None) -> None:
        self._reader = InputReader(stdin, only)
        self._names = names
        self.problems: list[Problem] = []
        self.events = self.citations = 0
        self.unread = 0  # names given of which nothing could be read

    def __iter__(self) -> Iterator[Event]:
        for name in self._names:
            events, known = self.events, len(self.problems)
            for found in self._reader.read(name):
                if isinstance(found, Problem):
                    self.problems.append(found)
                else:
                    self.events += 1
                    self.citations += len(found.citations)
                    yield found
            if self.events == events and any(problem.line == 0 for problem in self.problems[known:]):
                self.unread += 1
