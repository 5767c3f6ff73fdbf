"""Many pages through the workers, answers in the order of the questions, memory for a fixed number of them."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Generic, TypeVar

from pipelines.tasks import Extracted, ExtractionTask
from pipelines.workers import WorkerPool

_AT_ONCE = 64  # pages under way: one that takes its whole deadline holds back no more than these
_BYTES_AT_ONCE = 64 << 20

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class _Waiting(Generic[Item]):
    item: Item
    size: int
    future: Future[Extracted] | None

    @property
    def done(self) -> bool:
        return self.future is None or self.future.done()


def in_order(pool: WorkerPool, items: Iterable[tuple[Item, ExtractionTask | None]]) -> Iterator[tuple[Item, Extracted | None]]:
    """Each item with what became of its task; items without one pass through. ``items`` is read no further ahead than need be."""
    waiting: deque[_Waiting[Item]] = deque()
    size = 0
    for item, task in items:
        waiting.append(_Waiting(item, task.size if task else 0, pool.submit(task) if task else None))
        size += waiting[-1].size
        while waiting and (waiting[0].done or len(waiting) >= _AT_ONCE or size > _BYTES_AT_ONCE):
            size -= waiting[0].size
            yield _answer(waiting.popleft())
    while waiting:
        yield _answer(waiting.popleft())


def _answer(one: _Waiting[Item]) -> tuple[Item, Extracted | None]:
    return one.item, one.future.result() if one.future else None
