"""Read what the documentation says in its marked places: ``<!-- MARK -->`` before a table or a fenced block."""

from __future__ import annotations

import re


def table_after(text: str, mark: str) -> list[list[str]]:
    """Rows of the table after the mark, without its head. Raises `ValueError` when the mark is missing."""
    lines = iter(text[text.index(f"<!-- {mark} -->") :].splitlines()[1:])
    rows: list[list[str]] = []
    for line in lines:
        if line.startswith("|"):
            rows.append([cell.strip() for cell in line.strip("|").split("|")])
        elif rows:
            break
    return rows[2:]


def code(cell: str) -> list[str]:
    """Everything in backquotes."""
    return re.findall(r"`([^`]+)`", cell)


def blocks(text: str, language: str) -> list[str]:
    """Fenced blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
