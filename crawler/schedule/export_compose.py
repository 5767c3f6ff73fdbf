"""One container that runs ``warcite schedule run`` (the Compose specification)."""

from __future__ import annotations

import json
from collections.abc import Sequence

from crawler.schedule.clock import Times
from crawler.schedule.export import Exported, Target, local_inputs, template
from crawler.schedule.jobs import Job


def write_compose(jobs: Sequence[tuple[Job, Times]], target: Target) -> Exported:
    text = template("compose.yaml").substitute(
        jobs=", ".join(f"{job.name} ({job.every})" for job, _ in jobs), image=json.dumps(target.image.replace("$", "$$"))
    )
    notes = [f"put {target.config} beside compose.yaml, or name it in WARCITE_CONFIG_FILE; then: docker compose up -d"]
    notes += [f"{job.name}: the input {name} must be in the container: add it to volumes" for job, _ in jobs for name in local_inputs(job)]
    return Exported({"compose.yaml": text}, notes)
