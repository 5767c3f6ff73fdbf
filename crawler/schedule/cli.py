"""The verbs of jobs: ``run NAME`` and ``schedule list|run|export``."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from archive.console import emit, emit_json, say

if TYPE_CHECKING:
    from archive.options import CrawlOptions
    from crawler.schedule.jobs import Job

HELP = {"help_option_names": ["-h", "--help"]}
app = typer.Typer(no_args_is_help=True, context_settings=HELP)
schedule_app = typer.Typer(no_args_is_help=True, context_settings=HELP, help="Jobs of the configuration file, kept on time.")
app.add_typer(schedule_app, name="schedule")

ConfigFile = Annotated[Path | None, typer.Option("--config", metavar="FILE", help="configuration file (default: ./warcite.toml)")]
AsJson = Annotated[bool, typer.Option("--json", help="one JSON document on standard output, nothing else")]


class Kind(StrEnum):
    SYSTEMD = "systemd"
    CRON = "cron"
    KUBERNETES = "kubernetes"
    COMPOSE = "compose"


@app.command()
def run(
    name: Annotated[str, typer.Argument(metavar="NAME", help="a job: the table [jobs.NAME] of the configuration file")],
    config: ConfigFile = None,
    store: Annotated[str | None, typer.Option("--store", metavar="URI", help="file:///dir, ./dir or s3://bucket/prefix")] = None,
    spool: Annotated[str | None, typer.Option("--spool", metavar="DIR", help="where uncommitted captures wait")] = None,
    jitter: Annotated[bool, typer.Option("--jitter", help="first wait a while, up to the job's jitter: for cron and Kubernetes")] = False,
    if_missed: Annotated[bool, typer.Option("--if-missed", help="only when its last time passed without a run")] = False,
    wait: Annotated[
        str, typer.Option("--wait", metavar="SPAN", help="how long to wait for a spool that another crawl uses, like 30m")
    ] = "0",
    ok_if_partial: Annotated[bool, typer.Option("--ok-if-partial", help="exit 0 when some sources could not be captured")] = False,
    no_progress: Annotated[bool, typer.Option("--no-progress", help="no progress on standard error")] = False,
    verbose: Annotated[int, typer.Option("--verbose", "-v", count=True, help="log more (-vv: everything)")] = 0,
    as_json: AsJson = False,
) -> None:
    """Run one job now: its JSON and its exit codes are those of crawl; 9 when it runs already.

    warcite run nightly

    warcite run nightly --if-missed --wait 1h
    """
    import random

    from archive.config import seconds
    from archive.times import now
    from crawler.schedule.jobs import find_job
    from crawler.schedule.run import is_missed, run_job

    def crawl(job: Job, options: CrawlOptions) -> dict[str, Any]:
        from crawler.fetch import Call, run_inputs, run_selected

        call = Call(tuple(sys.argv[1:]), not no_progress, verbose)
        if job.selection:
            return run_selected(job.selection, options, call, may_be_none=True)
        return run_inputs(list(job.inputs), job.kind, options, call, job.window)

    job = find_job(name, config)
    options = job.options({"store": store, "spool": spool})
    if if_missed and not is_missed(job, options, now()):
        say(f"{name}: nothing missed")
        return
    delay = random.uniform(0, job.jitter) if jitter else 0.0  # noqa: S311  # spreads load, keeps no secret
    report = run_job(job, options, crawl, delay=delay, wait=seconds(wait, "--wait"))
    from crawler.fetch import tell_report

    tell_report(report, as_json)
    code = int(report["exit_code"])
    raise typer.Exit(0 if code == 3 and (ok_if_partial or job.ok_if_partial) else code)


@schedule_app.command("list")
def schedule_list(config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Each job: how its last run ended, when it runs next, whether it missed a time.

    warcite schedule list

    warcite schedule list --json
    """
    from archive.times import now
    from crawler.schedule.jobs import load_jobs
    from crawler.schedule.listing import listed, shown

    document = listed(load_jobs(config).values(), now())
    if as_json:
        emit_json(document)
        return
    if not document["jobs"]:
        say("no jobs: they are tables [jobs.NAME] in warcite.toml")
    for line in shown(document["jobs"]) if document["jobs"] else ():
        emit(line)


@schedule_app.command("run")
def schedule_run(config: ConfigFile = None) -> None:
    """Keep every job on time, in the foreground, until SIGINT or SIGTERM; what was missed meanwhile is caught up once, at the start.

    warcite schedule run
    """
    from crawler.schedule.jobs import load_jobs
    from crawler.schedule.keeper import keep_schedule

    raise typer.Exit(keep_schedule(list(load_jobs(config).values()), say))


@schedule_app.command("export")
def schedule_export(
    kind: Annotated[Kind, typer.Option("--as", metavar="KIND", help="systemd, cron, kubernetes or compose")],
    config: ConfigFile = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="write the files there (default: standard output)")] = None,
    command: Annotated[
        str | None, typer.Option("--command", metavar="PATH", help="the warcite to start (systemd, cron; default: this one)")
    ] = None,
    image: Annotated[str, typer.Option("--image", metavar="IMAGE", help="the container image (kubernetes, compose)")] = "warcite",
    as_json: AsJson = False,
) -> None:
    """Write the jobs for what keeps time already: systemd timers, cron, Kubernetes CronJobs, or a compose service.

    warcite schedule export --as systemd --out units/

    warcite schedule export --as kubernetes | kubectl apply -f -
    """
    from archive.config import config_file
    from archive.errors import InputError
    from crawler.schedule.export import Target, export_jobs, write_files
    from crawler.schedule.export_compose import write_compose
    from crawler.schedule.export_cron import write_cron
    from crawler.schedule.export_kubernetes import write_kubernetes
    from crawler.schedule.export_systemd import write_systemd
    from crawler.schedule.jobs import load_jobs

    writers = {
        Kind.SYSTEMD: write_systemd,
        Kind.CRON: write_cron,
        Kind.KUBERNETES: write_kubernetes,
        Kind.COMPOSE: write_compose,
    }
    file = config or config_file()
    if file is None:
        raise InputError("there is no configuration file; jobs are tables [jobs.NAME] in warcite.toml")
    target = Target(file.absolute(), command or _this_warcite(), image, Path.cwd())
    done = export_jobs(list(load_jobs(file).values()), writers[kind], target)
    for note in done.notes:
        say(note)
    if out is not None:
        write_files(done.files, out)
    if as_json:
        texts = [{"path": str(out / name) if out else name, "text": text} for name, text in done.files.items()]
        emit_json({"schema": "warcite.export/1", "as": kind.value, "files": texts, "notes": done.notes})
        return
    for name, text in done.files.items():
        emit(str(out / name) if out else text.rstrip("\n"))


def _this_warcite() -> str:
    """The command of this installation, or whatever the target finds by that name."""
    beside = Path(sys.executable).with_name("warcite")
    return str(beside) if beside.exists() else "warcite"
