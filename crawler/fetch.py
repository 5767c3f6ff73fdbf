"""`crawl` and `recrawl` from input names to exit code: what the user sees before and after Scrapy runs."""

from __future__ import annotations

from typing import Any

from archive.console import emit, emit_json, say
from archive.model import Problem
from archive.options import CrawlOptions
from crawler.inputs import Kind, dry_run, open_for
from crawler.run import run_session
from pipelines.inputs.published import problem_record

_SHOWN = 10  # problems listed for people; --json lists all


def plan_inputs(names: list[str], kind: Kind, options: CrawlOptions, as_json: bool) -> None:
    plan, reading = dry_run(names, kind, options)
    plan["input_problems"] = [problem_record(p) for p in reading.problems]
    if as_json:
        emit_json(plan)
        return
    _say_problems(reading.problems)
    emit(f"would fetch {plan['to_fetch']} of {plan['sources']} sources on {plan['hosts']} hosts into {plan['store']}")
    if plan["busiest_host"]:
        emit(f"at least {plan['at_least_seconds']:.0f} s, because of {plan['busiest_host']} at one request every {options.delay:g} s")


def fetch_inputs(names: list[str], kind: Kind, options: CrawlOptions, *, as_json: bool, progress: bool, verbose: int) -> int:
    """Crawl; returns the exit code."""
    session, reading = open_for(names, kind, options)
    with session:
        if session.store.create_only is False:
            say(f"warning: {session.store.uri}: {session.store.probe()}")
        _say_problems(reading.problems)
        say(f"{kind} {session.run}: {session.entered.targets} sources of {session.entered.events} events, {session.to_fetch} to fetch")
        report = run_session(session, {"WARCITE_PROGRESS": progress, "LOG_LEVEL": ("WARNING", "INFO", "DEBUG")[min(verbose, 2)]})
    report["input_problems"] = [problem_record(p) for p in reading.problems]
    if report["exit_code"] == 0 and reading.unread:
        report |= {"exit_code": 3, "state": "partial"}
    if as_json:
        emit_json(report)
    else:
        show_report(report)
    return int(report["exit_code"])


def show_report(report: dict[str, Any]) -> None:
    """The outcome table, what failed, and the next command."""
    total = report["sources"]
    for word, count in report["outcomes"].items():
        if count:
            emit(f"{word:<10} {count:>7}  {100 * count / total:5.1f} %")
    emit(f"{'sources':<10} {total:>7}")
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
