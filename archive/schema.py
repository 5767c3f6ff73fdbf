"""JSON Schemas of what is published, made from `archive.model`: ``python -m archive.schema DIR`` writes them."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from archive.model import Document

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def document_schema() -> dict[str, Any]:
    """The schema of a ``warcite.document/1`` row: every key required, none besides."""
    schema = TypeAdapter(Document).json_schema(mode="serialization")
    for part in (schema, *schema.get("$defs", {}).values()):
        _close(part)
    schema["properties"]["schema"] = {"const": "warcite.document/1", "type": "string"}
    return {"$schema": _DIALECT, "$id": "warcite.document/1", **schema}


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
    path = directory / "document.schema.json"
    path.write_text(json.dumps(document_schema(), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return [path]


if __name__ == "__main__":
    write_schemas(Path(sys.argv[1]))
