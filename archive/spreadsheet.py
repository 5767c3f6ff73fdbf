"""Words of strangers in CSV: what a spreadsheet would take for a formula gets an apostrophe before it, which no spreadsheet shows."""

from __future__ import annotations

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def inert(text: str) -> str:
    """For one cell (OWASP, "CSV Injection")."""
    return f"'{text}" if text.startswith(_FORMULA) else text
