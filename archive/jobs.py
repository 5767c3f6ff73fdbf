"""Names of runs and jobs, and what the targets of a job are: sources that are cited, or the inputs that cite them."""

from __future__ import annotations

import secrets
from datetime import datetime

INPUTS = "inputs-"
"""How the job of input pages begins; their captures are in the archive, but they are no sources and have no documents."""


def is_inputs(job: str) -> bool:
    """Whether the targets of a job (of a manifest, a segment, a ledger row) are input pages."""
    return job.startswith(INPUTS)


def new_run(at: datetime) -> str:
    """The name of a run that begins then, in UTC; two that begin in one second have different ones."""
    return f"{at:%Y%m%dT%H%M%SZ}-{secrets.token_hex(2)}"
