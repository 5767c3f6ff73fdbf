"""The documentation of formats and settings names exactly what the code has."""

from __future__ import annotations

import json
import re
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest

from archive import model
from archive.config import load
from archive.layout import data
from pipelines.clean.reasons import Cut
from tests.support.markdown import code, table_after
from tests.support.shared import ROOT

FORMATS = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")
SETTINGS = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")

PUBLISHED = [
    *("Manifest", "StoredObject", "TargetOutcome", "Document", "Block", "RemovedBlock", "Comment", "DocumentCitation", "Rescue"),
    *("Event", "Citation", "Related", "Tombstone", "SiteProfile", "ProfileBlock"),
]


def test_each_table_is_of_a_published_type() -> None:
    assert re.findall(r"<!-- fields: (\w+) -->", FORMATS) == PUBLISHED


@pytest.mark.parametrize("name", PUBLISHED)
def test_keys(name: str) -> None:
    kind = getattr(model, name)
    assert is_dataclass(kind)
    documented = [code(row[0])[0] for row in table_after(FORMATS, f"fields: {name}")]
    assert documented == [f.name for f in fields(kind)]


@pytest.mark.parametrize("words", [model.OutcomeWord, model.TextOutcome])
def test_words(words: type[model.OutcomeWord]) -> None:
    listed = " ".join(f"`{word}`" for word in words)
    assert FORMATS.count(listed) >= 1


def test_keys_of_the_store() -> None:
    for kind in ("warc", "cdxj", "documents", "events"):
        assert f"| `{data(kind, '<sha256>')}` |" in FORMATS


def test_settings_and_their_defaults() -> None:
    documented = {code(row[0])[0]: json.loads(code(row[1])[0]) for row in table_after(SETTINGS, "settings")}
    real = {name: setting.value for name, setting in load({}, environ={}).items()}
    assert documented == {name: list(value) if isinstance(value, tuple) else value for name, value in real.items()}


@pytest.mark.parametrize("page", sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "bench").glob("*.md")]), ids=str)
def test_links_lead_somewhere(page: Path) -> None:
    for link in re.findall(r"\]\((?!https?://|#)([^)#]+)", page.read_text(encoding="utf-8")):
        assert (page.parent / link).exists(), link


def test_the_reasons_for_cuts_are_listed() -> None:
    assert sorted(code(row[0])[0] for row in table_after(FORMATS, "reasons")) == sorted(cut.value for cut in Cut)
