"""A CronJob for each job, with the configuration in a ConfigMap and the spool on a volume (Kubernetes batch/v1)."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Sequence

from archive.errors import InputError
from archive.times import parse_iso
from crawler.schedule.clock import Times, shortest_gap
from crawler.schedule.cron import Cron
from crawler.schedule.export import Exported, Target, local_inputs, template
from crawler.schedule.jobs import Job

_DAY = 86400
_UNPRINTABLE = re.compile(r"[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_LONGEST_NAME = 52  # of a CronJob: its pods' names add eleven letters


def write_kubernetes(jobs: Sequence[tuple[Job, Times]], target: Target) -> Exported:
    """Raises `InputError` for a span that a CronJob cannot say, and for two jobs whose names become one."""
    config = target.config.read_text(encoding="utf-8")
    parts = [template("kubernetes.yaml").substitute(config=_block(config))]
    names: dict[str, str] = {}
    notes = []
    for job, times in jobs:
        unit = f"warcite-{job.name}".lower().replace("_", "-").rstrip("-")[:_LONGEST_NAME]
        if other := names.get(unit):
            raise InputError(f"{target.config}: the jobs {other} and {job.name} would both be {unit} in Kubernetes; rename one")
        names[unit] = job.name
        parts.append(
            template("cronjob.yaml").substitute(
                unit=unit,
                label=json.dumps(job.name.strip("-_")),
                name=json.dumps(job.name),
                schedule=json.dumps(str(_one(job, times, target))),
                zone=json.dumps("Etc/UTC" if times.zone == "UTC" else times.zone),
                deadline=_deadline(times),
                image=json.dumps(target.image),
            )
        )
        notes += [f"{job.name}: the input {name} must be in the container: mount it" for name in local_inputs(job)]
    return Exported({"warcite.yaml": "".join(parts)}, notes)


def _one(job: Job, times: Times, target: Target) -> Cron:
    crons = times.as_crons()
    if len(crons) != 1:
        raise InputError(
            f"{target.config}: [jobs.{job.name}]: a CronJob cannot say every = {job.every!r}; write an expression, or a span that"
            " divides a day into whole hours or an hour into minutes, like 6h or 15m"
        )
    return crons[0]


def _block(text: str) -> str:
    """A YAML literal below a key indented by two; one quoted line when it holds what YAML refuses or takes for a line break."""
    if _UNPRINTABLE.search(text):
        return json.dumps(text)
    return "|2\n" + textwrap.indent(text.rstrip("\n"), "    ")


def _deadline(times: Times) -> int:
    """Seconds a time may be late: a day, but not so long that a hundred times fall into it; under ten none would be started."""
    return int(min(_DAY, 50 * shortest_gap(times, parse_iso("2025-01-01T00:00:00+00:00"))))
