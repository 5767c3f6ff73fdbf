"""What the targets of a job are: sources that are cited, or the inputs that cite them."""

from __future__ import annotations

INPUTS = "inputs-"
"""How the job of input pages begins; their captures are in the archive, but they are no sources and have no documents."""


def is_inputs(job: str) -> bool:
    """Whether the targets of a job (of a manifest, a segment, a ledger row) are input pages."""
    return job.startswith(INPUTS)
