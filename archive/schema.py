"""JSON Schemas of what is published, made from `archive.model`: ``python -m archive.schema DIR`` writes them."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from archive.model import Document, SiteProfile

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def document_schema() -> dict[str, Any]:
    """The schema of a ``warcite.document/1`` row: every key required, none besides."""
    return published_schema(Document, "warcite.document/1")


def profile_schema() -> dict[str, Any]:
    """The schema of a ``warcite.profile/1`` object."""
    return published_schema(SiteProfile, "warcite.profile/1")


def published_schema(kind: type, name: str) -> dict[str, Any]:
    """Of what is written from a dataclass: every key required, none besides."""
    schema = TypeAdapter(kind).json_schema(mode="serialization")
    for part in (schema, *schema.get("$defs", {}).values()):
        _close(part)
    schema["properties"]["schema"] = {"const": name, "type": "string"}
    return {"$schema": _DIALECT, "$id": name, **schema}


def _close(part: dict[str, Any]) -> None:
    """Without defaults and titles, which describe the Python class and not the row."""
    part.pop("title", None)
    if "properties" not in part:
        return
    for field in part["properties"].values():
        field.pop("title", None)
        field.pop("default", None)
    part["required"] = list(part["properties"])
    part["additionalProperties"] = False


def write_schemas(directory: Path) -> list[Path]:
    """Write each schema as ``<name>.schema.json``; raises `OSError`."""
    directory.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, schema in (("document", document_schema()), ("profile", profile_schema())):
        path = directory / f"{name}.schema.json"
        path.write_text(json.dumps(schema, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        paths.append(path)
    return paths


if __name__ == "__main__":
    write_schemas(Path(sys.argv[1]))
