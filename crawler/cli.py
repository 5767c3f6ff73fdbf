"""The command ``warcite``: the crawler's own verbs, with those of the pipelines and the archive mounted beside them.

Scrapy, trafilatura and boto3 are imported inside commands, so that ``--help`` answers at once.
"""

from __future__ import annotations

import errno
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import archive.bundle.cli
import archive.cli
import archive.report.cli
import archive.search.cli
import crawler.pull.cli
import crawler.schedule.cli
import pipelines.cli
import pipelines.history.cli
import pipelines.imports.cli
import pipelines.survey.cli
import pipelines.trace.cli
from archive.console import emit, emit_json, flush_streams, open_streams, report_failure, say
from archive.errors import InputError, LimitReached, WarciteError

if TYPE_CHECKING:
    from archive.index.targets import Selection
    from crawler.inputs import Kind

HELP = {"help_option_names": ["-h", "--help"]}
EXIT_CODES = (
    "Exit codes: 0 ok, 1 unforeseen, 2 usage or bad input, 3 partial, 4 nothing captured, 5 damaged, 6 store, 7 not found,"
    " 8 limit, 9 locked, 130/143 interrupted."
)

app = typer.Typer(
    name="warcite", no_args_is_help=True, context_settings=HELP, pretty_exceptions_enable=False, add_completion=True, epilog=EXIT_CODES
)
app.add_typer(pipelines.cli.app)
app.add_typer(pipelines.survey.cli.app)
app.add_typer(pipelines.history.cli.app)
app.add_typer(pipelines.trace.cli.app)
app.add_typer(pipelines.imports.cli.app)
app.add_typer(archive.cli.app)
app.add_typer(archive.bundle.cli.app)
app.add_typer(archive.report.cli.app)
app.add_typer(archive.search.cli.app)
app.add_typer(crawler.pull.cli.app)
app.add_typer(crawler.schedule.cli.app)
config_app = typer.Typer(no_args_is_help=True, context_settings=HELP, help="Show or check the settings in force.")
app.add_typer(config_app, name="config")

Store = Annotated[str | None, typer.Option("--store", metavar="URI", help="file:///dir, ./dir or s3://bucket/prefix")]
SpoolDir = Annotated[str | None, typer.Option("--spool", metavar="DIR", help="where uncommitted captures wait")]
ConfigFile = Annotated[Path | None, typer.Option("--config", metavar="FILE", help="configuration file (default: ./warcite.toml)")]
ConnectTo = Annotated[list[str] | None, typer.Option("--connect-to", metavar="HOST:PORT:ADDR:PORT", help="as curl's; empty means any")]
Delay = Annotated[str | None, typer.Option("--delay", metavar="S", help="seconds between requests to one host")]
Concurrency = Annotated[int | None, typer.Option("--concurrency", metavar="N", help="requests under way, over all hosts")]
Timeout = Annotated[str | None, typer.Option("--timeout", metavar="S", help="seconds for one exchange")]
Retries = Annotated[int | None, typer.Option("--retries", metavar="N", help="further attempts after a passing failure")]
MaxBytes = Annotated[str | None, typer.Option("--max-bytes", metavar="SIZE", help="of one response, like 16MB; what came is kept")]
Contact = Annotated[str | None, typer.Option("--contact", metavar="MAIL", help="who is asking, for the User-Agent")]
AllowPrivate = Annotated[
    list[str] | None, typer.Option("--allow-private", metavar="HOST[:PORT]", help="a host that may have a non-public address")
]
Robots = Annotated[str | None, typer.Option("--robots", metavar="obey|ignore", help="robots.txt (RFC 9309)")]
Jobs = Annotated[int | None, typer.Option("--jobs", metavar="N", help="extraction processes (default: one a core)")]
Rescue = Annotated[bool | None, typer.Option("--rescue/--no-rescue", help="look for dead sources in web archives, in a second pass")]
RescueThreshold = Annotated[
    float | None, typer.Option("--rescue-threshold", metavar="X", min=0.0, max=1.0, help="score from which an archived copy is taken")
]
CdxRate = Annotated[
    float | None, typer.Option("--cdx-rate", metavar="N", help="look-ups a minute in one archive, of all crawls on this machine")
]
AsJson = Annotated[bool, typer.Option("--json", help="one JSON document on standard output, nothing else")]
Days = Annotated[int | None, typer.Option("--days", metavar="N", help="days of an address with a day in it, back from today (default: 3)")]
Since = Annotated[str | None, typer.Option("--since", metavar="DAY", help="the first of these days, like 2016-05-21")]
Until = Annotated[str | None, typer.Option("--until", metavar="DAY", help="the last of these days (default: today, UTC)")]
DryRun = Annotated[bool, typer.Option("--dry-run", "-n", help="say what would be fetched; write nothing")]
NoProgress = Annotated[bool, typer.Option("--no-progress", help="no progress on standard error")]
PartialOk = Annotated[bool, typer.Option("--ok-if-partial", help="exit 0 when some sources could not be captured")]
Verbose = Annotated[int, typer.Option("--verbose", "-v", count=True, help="log more (-vv: everything)")]


def _version(show: bool) -> None:
    if show:
        from importlib.metadata import version

        typer.echo(" ".join(f"{name} {version(name)}" for name in ("warcite", "scrapy", "trafilatura", "warcio")))
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="versions of warcite and what it stands on")
    ] = False,
) -> None:
    """Keep what the news cites: fetch the sources of news digests, keep the bytes as WARC and clean text as JSON."""


@app.command()
def crawl(
    ctx: typer.Context,
    inputs: Annotated[list[str], typer.Argument(metavar="INPUT...", help="files, folders, globs, addresses, or - for standard input")],
    days: Days = None,
    since: Since = None,
    until: Until = None,
    store: Store = None,
    spool: SpoolDir = None,
    config: ConfigFile = None,
    connect_to: ConnectTo = None,
    delay: Delay = None,
    concurrency: Concurrency = None,
    timeout: Timeout = None,
    retries: Retries = None,
    max_bytes: MaxBytes = None,
    contact: Contact = None,
    allow_private: AllowPrivate = None,
    robots: Robots = None,
    jobs: Jobs = None,
    rescue: Rescue = None,
    rescue_threshold: RescueThreshold = None,
    cdx_rate: CdxRate = None,
    dry_run: DryRun = False,
    ok_if_partial: PartialOk = False,
    no_progress: NoProgress = False,
    verbose: Verbose = 0,
    as_json: AsJson = False,
) -> None:
    """Fetch every source that digests cite, once. The same command again continues, or finds nothing to do.

    warcite crawl digests/2016/05/         # every digest below a folder

    warcite crawl --dry-run page.md        # what would be fetched

    warcite crawl https://www.example.com/feed.xml 'https://digest.example.org/news/%Y/%m/%-d/index.md'

    An address is fetched again each time; one with a day in it (%Y %m %-m %d %-d %b %B %j) stands for a page a day.
    """
    _fetch(ctx, inputs, "crawl")


@app.command()
def recrawl(
    ctx: typer.Context,
    inputs: Annotated[
        list[str] | None, typer.Argument(metavar="[INPUT...]", help="lists of URLs, their addresses, or - for standard input")
    ] = None,
    days: Days = None,
    since: Since = None,
    until: Until = None,
    run: Annotated[str | None, typer.Option("--run", metavar="RUN", help="targets of a run, by id, or last")] = None,
    event: Annotated[str | None, typer.Option("--event", metavar="ID", help="the sources of an event")] = None,
    host: Annotated[str | None, typer.Option("--host", metavar="HOST", help="targets of a host, or of hosts like '*.example.com'")] = None,
    failed: Annotated[bool, typer.Option("--failed", help="whose latest outcome is gone, blocked, error or skipped")] = False,
    older_than: Annotated[str | None, typer.Option("--older-than", metavar="SPAN", help="last asked for before that, like 30d")] = None,
    changed_only: Annotated[bool, typer.Option("--changed-only", help="that had changed when they were last fetched again")] = False,
    store: Store = None,
    spool: SpoolDir = None,
    config: ConfigFile = None,
    connect_to: ConnectTo = None,
    delay: Delay = None,
    concurrency: Concurrency = None,
    timeout: Timeout = None,
    retries: Retries = None,
    max_bytes: MaxBytes = None,
    contact: Contact = None,
    allow_private: AllowPrivate = None,
    robots: Robots = None,
    jobs: Jobs = None,
    rescue: Rescue = None,
    rescue_threshold: RescueThreshold = None,
    cdx_rate: CdxRate = None,
    dry_run: DryRun = False,
    ok_if_partial: PartialOk = False,
    no_progress: NoProgress = False,
    verbose: Verbose = 0,
    as_json: AsJson = False,
) -> None:
    """Fetch again a list of URLs (text, CSV, TSV, JSON lines), or the archive's own targets, chosen by options that must all hold.

    A page that has not changed is not kept twice: servers are asked with the ETag and Last-Modified of the last capture, and what comes
    out the same becomes a revisit record. Each recrawl is a job of its own; an interrupted one continues.

    warcite recrawl urls.txt

    cut -f3 sources.tsv | warcite recrawl -

    warcite recrawl --older-than 30d --host '*.example.com'

    warcite recrawl --run last --failed
    """
    from archive.config import seconds
    from archive.index.targets import Selection

    span = None if older_than is None else seconds(older_than, "--older-than")
    selection = Selection(run, event, host, failed, span, changed_only)
    if bool(inputs) == bool(selection):
        raise InputError("say what to fetch again: lists of URLs, or targets of the archive by --run, --event, --host and so on, not both")
    _fetch(ctx, inputs or [], "recrawl", selection)


@app.command()
def rescue(
    ctx: typer.Context,
    run: Annotated[str | None, typer.Option("--run", metavar="RUN", help="only what this run left dead, by id, or last")] = None,
    blocked: Annotated[bool, typer.Option("--blocked", help="sources that refuse us too")] = False,
    store: Store = None,
    spool: SpoolDir = None,
    config: ConfigFile = None,
    connect_to: ConnectTo = None,
    delay: Delay = None,
    timeout: Timeout = None,
    retries: Retries = None,
    max_bytes: MaxBytes = None,
    contact: Contact = None,
    allow_private: AllowPrivate = None,
    jobs: Jobs = None,
    rescue_threshold: RescueThreshold = None,
    cdx_rate: CdxRate = None,
    ok_if_partial: PartialOk = False,
    no_progress: NoProgress = False,
    verbose: Verbose = 0,
    as_json: AsJson = False,
) -> None:
    """Look for an archive's dead sources (gone, or in error) in web archives. What is found supersedes the outcome they had.

    A copy is taken when its score says that it is the cited page; else the source stays dead, and its detail lists the copies. An
    interrupted rescue is continued first.

    warcite rescue

    warcite rescue --run last --blocked
    """
    from archive.config import OPTION_NAMES, load, options_of
    from crawler import fetch

    given = {**ctx.params, "rescue_blocked": blocked or None}
    options = options_of(load({name: given[name] for name in OPTION_NAMES if name in given}, file=config))
    report = fetch.run_rescue(run, options, fetch.Call(tuple(sys.argv[1:]), not no_progress, verbose))
    fetch.tell_report(report, as_json)
    raise typer.Exit(0 if ok_if_partial and report["exit_code"] == 3 else report["exit_code"])


def _fetch(ctx: typer.Context, inputs: list[str], kind: Kind, selection: Selection | None = None) -> None:
    """What `crawl` and `recrawl` share: the options of their command line by name, and the exit code."""
    from archive.config import OPTION_NAMES, load, options_of
    from crawler import fetch
    from crawler.seeds.days import window

    given = ctx.params
    days = window(given["days"], given["since"], given["until"])
    if selection and days.is_given:
        raise InputError("--days, --since and --until are for inputs, not for targets of the archive")
    options = options_of(load({name: given[name] for name in OPTION_NAMES if name in given}, file=given["config"]))
    if given["dry_run"]:
        if selection:
            fetch.plan_selected(selection, options, given["as_json"])
        else:
            fetch.plan_inputs(inputs, kind, options, given["as_json"], days)
        return
    call = fetch.Call(tuple(sys.argv[1:]), not given["no_progress"], given["verbose"])
    report = fetch.run_selected(selection, options, call) if selection else fetch.run_inputs(inputs, kind, options, call, days)
    fetch.tell_report(report, given["as_json"])
    raise typer.Exit(0 if given["ok_if_partial"] and report["exit_code"] == 3 else report["exit_code"])


@app.command()
def demo(
    store: Store = None,
    as_json: AsJson = False,
) -> None:
    """The main job in a minute, offline: a small news site on loopback, digests that cite it, crawl, clean text, archive, verify."""
    from crawler.demo.tour import run_demo

    raise typer.Exit(run_demo(store, as_json))


@app.command()
def doctor(store: Store = None, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Whether this machine can crawl: store reachable, create-only writes honoured, spool writable, extractor in place."""
    from archive.config import load, options_of
    from crawler.doctor import examine

    checks = list(examine(options_of(load({"store": store}, file=config))))
    if as_json:
        emit_json({"schema": "warcite.doctor/1", "checks": [c.as_json() for c in checks]})
    else:
        for check in checks:
            emit(f"{'ok  ' if check.ok else 'FAIL'}  {check.name:<18} {check.detail}")
    raise typer.Exit(max((c.exit_code for c in checks if not c.ok), default=0))


@config_app.command("show")
def config_show(
    config: ConfigFile = None,
    origin: Annotated[bool, typer.Option("--origin", help="say where each value comes from")] = False,
    as_json: AsJson = False,
) -> None:
    """The settings in force. Credentials are no settings: they come by the AWS ways and are never shown."""
    from archive.config import load, options_of

    settings = load({}, file=config)
    options_of(settings)
    if as_json:
        values = {n: {"value": s.value, "origin": s.origin} for n, s in settings.items()}
        emit_json({"schema": "warcite.config/1", "settings": values})
        return
    for name, setting in settings.items():
        emit(f"{name} = {setting.value!r}" + (f"  # {setting.origin}" if origin else ""))


@config_app.command("check")
def config_check(config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Whether the configuration can be used; exit status 2 says what is wrong with it."""
    from archive.config import config_file, load, options_of
    from crawler.schedule.jobs import load_jobs

    options_of(load({}, file=config))
    path = config or config_file()
    jobs = list(load_jobs(config))
    if as_json:
        emit_json({"schema": "warcite.config-check/1", "file": str(path) if path else None, "ok": True, "jobs": jobs})
    else:
        emit(f"{path or 'no configuration file; defaults and environment'}: ok" + (f", jobs: {', '.join(jobs)}" if jobs else ""))


def main() -> None:
    """Entry point: the one place where an expected failure becomes a line on standard error and an exit code."""
    open_streams()
    code = _run()
    sys.exit(flush_streams() or code)


def _run() -> int:
    try:
        app()
    except WarciteError as error:
        return report_failure(error, "--json" in sys.argv)
    except KeyboardInterrupt:
        say("warcite: interrupted; run the same command again to continue")
        return 130
    except BrokenPipeError:
        return 141
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0 if end.code is None else 1
    except OSError as error:
        if error.errno in {errno.EMFILE, errno.ENFILE}:
            return report_failure(LimitReached("too many open files: raise the limit (ulimit -n) and run the same command again"), False)
        raise
    return 0


if __name__ == "__main__":
    main()
