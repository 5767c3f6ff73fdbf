"""What a finished run tells of its inputs: problems by name, and whether any of them could be read."""

from __future__ import annotations

from typing import Any

from archive.errors import InputError
from archive.model import OutcomeWord, Problem
from archive.spool.seeds import FailedInput, count_inputs, failed_inputs
from crawler.session import SOURCES_JOB, Session
from pipelines.inputs.reading import Reading

_ENDED = frozenset({"nothing-to-do", "complete", "partial", "none"})


def told_by_inputs(session: Session, reading: Reading, report: dict[str, Any]) -> tuple[list[Problem], int]:
    """Problems of all inputs, the local ones first, and how many inputs could not be read.

    Raises `InputError` when the run came to its end and not one of them could.
    """
    pages, ledger = session.input_pages, session.ledger
    failed = failed_inputs(ledger, session.run, pages.job)
    problems = [*reading.problems, *(_problem_of(page) for page in failed), *pages.problems]
    unread = reading.unread + len(failed) + len(pages.unread)
    counts = count_inputs(ledger, session.run, pages.job).outcomes
    read = counts.get(OutcomeWord.CAPTURED, 0) + counts.get(OutcomeWord.UNCHANGED, 0) - len(pages.unread)
    if unread and read <= 0 and session.entered.targets == 0 and reading.events == 0 and report["state"] in _ENDED:
        hint = "" if session.job == SOURCES_JOB else "; to fetch an address itself again, give it in a list: echo URL | warcite recrawl -"
        raise InputError("nothing to crawl: " + first_of(problems) + hint)
    return problems, unread


def first_of(problems: list[Problem]) -> str:
    """The first problems, for a message of one line."""
    if not problems:
        return "the inputs hold no event and no URL"
    shown = "; ".join(f"{p.file}{f':{p.line}' if p.line else ''}: {p.problem}" for p in problems[:3])
    return shown + (f" (and {len(problems) - 3} more)" if len(problems) > 3 else "")


def _problem_of(page: FailedInput) -> Problem:
    status = f", HTTP status {page.http_status}" if page.http_status else ""
    detail = f": {page.detail}" if page.detail else ""
    return Problem(page.name, 0, f"not read: {page.outcome} ({page.reason}{status}){detail}")
