"""The reader shown in the how-to works as printed."""

from __future__ import annotations

import re
import textwrap
from typing import Any

from archive.errors import InputError
from archive.model import Event, Problem
from pipelines.inputs.days import day_in_path
from pipelines.inputs.draft import Draft, Origin, make_event, make_source
from pipelines.inputs.wording import one_line
from tests.support.markdown import blocks
from tests.support.shared import ROOT


def test_recipe() -> None:
    page = (ROOT / "docs" / "how-to" / "add-an-input.md").read_text(encoding="utf-8")
    (code,) = blocks(textwrap.dedent(page.replace("\n   ", "\n")), "python")
    names: dict[str, Any] = {
        "re": re, "Iterator": object, "InputError": InputError, "Event": Event, "Problem": Problem, "Draft": Draft, "Origin": Origin,
        "make_event": make_event, "make_source": make_source, "day_in_path": day_in_path, "one_line": one_line,
    }  # fmt: skip
    exec(compile("from __future__ import annotations\n" + code, "add-an-input.md", "exec"), names)
    problem, event = names["read_minutes"]("A vote <http://a.example/> <mailto:x@a.example>", Origin("2031/02/03.txt", "0" * 64))
    assert (problem.line, event.date, event.title) == (1, "2031-02-03", "A vote")
    assert [citation.url for citation in event.citations] == ["http://a.example/"]
