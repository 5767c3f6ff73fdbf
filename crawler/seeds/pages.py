"""What a run knows of its inputs that are addresses."""

from __future__ import annotations

from dataclasses import dataclass, field

from archive.model import Problem


@dataclass(slots=True)
class InputPages:
    """The inputs of a run that are addresses: their job, and what reading them told."""

    job: str = ""  # empty when there are none
    problems: list[Problem] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)  # names of pages that came and hold nothing that can be read
    continued: str | None = None  # the interrupted run whose inputs these are
