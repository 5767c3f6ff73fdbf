"""`crawl` and `recrawl` from input names to exit code: what the user sees before and after Scrapy runs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from archive.console import emit, emit_json, say
from archive.index.recent import Progress
from archive.index.targets import Selection
from archive.model import Problem
from archive.options import CrawlOptions
from archive.progress import ByteProgress
from archive.spool.seeds import count_inputs
from archive.urls import escape
from crawler import selected
from crawler.inputs import Kind, dry_run, open_for
from crawler.report import changes_lines
from crawler.rescue.entry import open_rescue
from crawler.run import run_session
from crawler.seeds.days import LAST_DAYS, Window
from crawler.seeds.told import told_by_inputs
from pipelines.inputs.published import problem_record

_SHOWN = 10  # problems listed for people; --json lists all


def plan_inputs(names: list[str], kind: Kind, options: CrawlOptions, as_json: bool, window: Window = LAST_DAYS) -> None:
    plan, reading = dry_run(names, kind, options, window)
    plan["input_problems"] = [problem_record(p) for p in reading.problems]
    if as_json:
        emit_json(plan)
        return
    _say_problems(reading.problems)
    for url in plan["inputs"]:
        emit(escape(url))
    if plan["inputs"]:
        emit(f"would fetch {len(plan['inputs'])} input pages first; what they lead to is not counted here")
    _tell_plan(plan, options)


def _tell_plan(plan: dict[str, Any], options: CrawlOptions) -> None:
    emit(f"would fetch {plan['to_fetch']} of {plan['sources']} sources on {plan['hosts']} hosts into {plan['store']}")
    if plan["busiest_host"]:
        emit(f"at least {plan['at_least_seconds']:.0f} s, because of {plan['busiest_host']} at one request every {options.delay:g} s")


def plan_selected(selection: Selection, options: CrawlOptions, as_json: bool) -> None:
    plan = selected.plan_selected(selection, options)
    if as_json:
        emit_json(plan)
        return
    for url in plan["urls"]:
        emit(escape(url))
    _tell_plan(plan, options)


@dataclass(frozen=True, slots=True)
class Call:
    """How a command was called: with which arguments, for the record, and what it says meanwhile."""

    arguments: tuple[str, ...] = ()
    progress: bool = True
    verbose: int = 0

    @property
    def settings(self) -> dict[str, Any]:
        return {"WARCITE_PROGRESS": self.progress, "LOG_LEVEL": ("WARNING", "INFO", "DEBUG")[min(self.verbose, 2)]}


def run_selected(selection: Selection, options: CrawlOptions, call: Call, *, may_be_none: bool = False) -> dict[str, Any]:
    """Fetch targets of the archive again; returns ``warcite.run/1``. Raises `Locked`, and `NotFound` when the selection chooses none,
    unless there ``may_be_none``: then it is a run with nothing to do.
    """
    with _captures_told(call.progress) as told:
        session = selected.open_selected(selection, options, may_be_none=may_be_none, told=told)
    with session:
        say(f"recrawl {session.run}: {session.entered.targets} sources by {selection}, {session.to_fetch} to fetch")
        return run_session(session, call.settings, call.arguments) | {"input_problems": []}


def run_rescue(run: str | None, options: CrawlOptions, call: Call) -> dict[str, Any]:
    """Look for dead targets in web archives; returns ``warcite.run/1``. Raises `NotFound`, `Locked`, `InputError`."""
    with open_rescue(options, run) as session:
        say(f"rescue {session.run}: {session.to_fetch} dead sources to look for in {', '.join(a.name for a in options.archives)}")
        return run_session(session, call.settings, call.arguments) | {"input_problems": []}


@contextmanager
def _captures_told(progress: bool) -> Iterator[Progress]:
    """How far the cache of captures is, by bytes of manifests."""
    if not progress:
        yield lambda *_: None
        return
    with ByteProgress("captures") as told:
        yield told


def run_inputs(names: list[str], kind: Kind, options: CrawlOptions, call: Call, window: Window = LAST_DAYS) -> dict[str, Any]:
    """Crawl; returns ``warcite.run/1``. ``window`` holds the days of inputs that are addresses with the day in them.

    Raises `Locked` before it did anything when another process has the spool, `InputError` when no input could be read.
    """
    with _captures_told(call.progress) as told:
        session, reading = open_for(names, kind, options, window, told)
    with session:
        if session.store.create_only is False:
            say(f"warning: {session.store.uri}: {session.store.probe()}")
        _say_problems(reading.problems)
        pages = count_inputs(session.ledger, session.run, session.input_pages.job).pending
        first = f"{pages} input page{'s' * (pages != 1)} to fetch first; " if pages else ""
        known_now = f"{session.entered.targets} sources of {session.entered.events} events, {session.to_fetch} to fetch"
        say(f"{kind} {session.run}: {first}{known_now}")
        known = len(reading.problems)
        report = run_session(session, call.settings, call.arguments)
        problems, unread = told_by_inputs(session, reading, report)
    _say_problems(problems[known:])
    report["input_problems"] = [problem_record(p) for p in problems]
    if report["exit_code"] == 0 and unread:
        report |= {"exit_code": 3, "state": "partial"}
    return report


def tell_report(report: dict[str, Any], as_json: bool) -> None:
    if as_json:
        emit_json(report)
    else:
        show_report(report)


def show_report(report: dict[str, Any]) -> None:
    """The outcome table, what failed, and the next command."""
    total = report["sources"]
    for word, count in report["outcomes"].items():
        if count:
            emit(f"{word:<10} {count:>7}  {100 * count / total:5.1f} %")
    emit(f"{'sources':<10} {total:>7}")
    for line in changes_lines(report):
        emit(line)
    for problem in report["problems"][:_SHOWN]:
        status = f" {problem['status']}" if problem["status"] else ""
        emit(f"  {problem['outcome']:<8} {problem['reason']}{status}  {problem['url']}")
    if (more := len(report["problems"]) - _SHOWN) > 0:
        emit(f"  and {more} more: warcite status --targets --store {report['store']}")
    say(_last_line(report))


def _last_line(report: dict[str, Any]) -> str:
    match report["state"]:
        case "nothing-to-do":
            return f"nothing to do: every source has its outcome in {report['store']}"
        case "interrupted":
            return f"interrupted: {report['pending']} sources left; run the same command again to continue"
        case "failed":
            return f"stopped: {report['error']}"
        case state:
            return f"{state}: {report['sources']} sources in {report['seconds']:.1f} s, kept in {report['store']}"


def _say_problems(problems: list[Problem]) -> None:
    for problem in problems[:_SHOWN]:
        say(f"{problem.file}{f':{problem.line}' if problem.line else ''}: {problem.problem}")
    if (more := len(problems) - _SHOWN) > 0:
        say(f"and {more} more input problems: see warcite parse")
