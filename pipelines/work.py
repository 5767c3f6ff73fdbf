"""What every kind of extraction from the command line shares: its workers, its count, and whom it tells of problems."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from archive.errors import DamageError
from pipelines.profiles import ChosenProfiles
from pipelines.tasks import Extracted, ExtractionTask, Mode
from pipelines.workers import WorkerPool


@dataclass(slots=True)
class Tally:
    """``made``: documents of pages that could be extracted. ``failed``: pages that could not be read, or not in time or memory."""

    made: int = 0
    failed: int = 0
    damaged: bool = False  # something stored is missing, or not what it should be
    cpu_s: float = 0.0  # of the children

    def count(self, extracted: Extracted | None) -> None:
        """``None`` is a page that never came to a task."""
        failed = extracted is None or bool(extracted.unread) or "extraction-failed" in extracted.flags
        self.failed += failed
        self.made += not failed
        self.cpu_s += extracted.cpu_s if extracted else 0.0

    @property
    def exit_code(self) -> int:
        """0 all made · 3 some failed · 4 all failed · 5 something stored is damaged."""
        if self.damaged:
            return DamageError.exit_code
        return 0 if not self.failed else 3 if self.made else 4

    def shown(self) -> str:
        return f"{self.made + self.failed} pages: {self.made} documents, {self.failed} failed; {self.cpu_s:.2f} s CPU"


@dataclass(frozen=True, slots=True)
class Work:
    pool: WorkerPool
    tally: Tally
    tell: Callable[[str], None]
    mode: Mode = "full"
    profiles: ChosenProfiles | None = None

    def prepared(self, task: ExtractionTask) -> ExtractionTask:
        """The task as it is to be done: in which mode, and with the profile of its host. One that is lost is told, and done without."""
        site = None
        try:
            site = self.profiles.of(task.context.final_url) if self.profiles else None
        except DamageError as error:
            self.damaged(str(error))
        return replace(task, mode=self.mode, site=site)

    def damaged(self, why: str) -> None:
        self.tally.damaged = True
        self.tell(why)
