"""One reading of several inputs, counted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import BinaryIO

from archive.model import Event, Problem
from pipelines.inputs.further import Further
from pipelines.inputs.kinds import Kind
from pipelines.inputs.read import InputReader


class Reading:
    """Events of all inputs as a stream; on the way it gathers the problems and what could not be read at all."""

    def __init__(self, names: Iterable[str], stdin: BinaryIO | None = None, only: Kind | None = None, *, follows: bool = False) -> None:
        """``follows``: the caller fetches what `further` names and hands it to `add`."""
        self._reader = InputReader(stdin, only, follows=follows)
        self._names = names
        self.problems: list[Problem] = []
        self.events = self.citations = 0
        self.unread = 0  # names given of which nothing could be read

    @property
    def further(self) -> tuple[Further, ...]:
        """The sitemaps that indexes read so far name, in order."""
        return tuple(self._reader.further)

    def __iter__(self) -> Iterator[Event]:
        for name in self._names:
            yield from self._counted(self._reader.read(name))

    def add(self, name: str, stream: BinaryIO) -> Iterator[Event]:
        """The events of bytes that the caller has, such as a capture; ``name`` is what citations and problems are told by."""
        yield from self._counted(self._reader.read_stream(name, stream))

    def _counted(self, items: Iterable[Event | Problem]) -> Iterator[Event]:
        events, known = self.events, len(self.problems)
        for found in items:
            if isinstance(found, Problem):
                self.problems.append(found)
            else:
                self.events += 1
                self.citations += len(found.citations)
                yield found
        if self.events == events and any(problem.line == 0 for problem in self.problems[known:]):
            self.unread += 1
