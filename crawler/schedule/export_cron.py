"""Lines for a user's crontab (crontab(5)), with what cron itself lacks done by ``warcite run``: jitter, and catching up."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from archive.errors import InputError
from crawler.schedule.clock import Times
from crawler.schedule.export import Exported, Target, template
from crawler.schedule.jobs import Job


def write_cron(jobs: Sequence[tuple[Job, Times]], target: Target) -> Exported:
    """Raises `InputError` for a span that cron cannot say."""
    lines = [template("warcite.crontab").substitute()]
    for job, times in jobs:
        crons = times.as_crons()
        if not crons:
            raise InputError(
                f"{target.config}: [jobs.{job.name}]: cron cannot say every = {job.every!r}; write an expression, or a span that divides"
                " a day, like 6h"
            )
        lines.append(f"\n# {job.name}, {job.every}\nCRON_TZ={times.zone}\n")
        lines += [f"{cron} {_command(job, target, '--jitter')}\n" for cron in crons]
        lines.append(f"@reboot {_command(job, target, '--if-missed')}\n")
    return Exported({"warcite.crontab": "".join(lines)}, [])


def _command(job: Job, target: Target, option: str) -> str:
    """A shell line; cron takes a bare % for the end of it."""
    warcite = [target.command, "run", job.name, "--config", str(target.config), "--no-progress", option, "--wait", "1d"]
    line = f"cd {shlex.quote(str(target.folder))} && {shlex.join(warcite)} 2>&1 | logger -t warcite-{job.name}"
    return line.replace("%", "\\%")
