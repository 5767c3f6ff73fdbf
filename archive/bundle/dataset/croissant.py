"""``croissant.json`` (MLCommons Croissant 1.0): which files, with their SHA-256, and which columns."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from archive.bundle.dataset.about import About
from archive.bundle.dataset.columns import Column
from archive.bundle.dataset.table import Table

FILE = "croissant.json"
MEDIA_TYPE = "application/ld+json"

_CONTEXT: Mapping[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
_TYPES = {
    "text": "sc:Text",
    "int": "sc:Integer",
    "number": "sc:Float",
    "bool": "sc:Boolean",
    "time": "sc:DateTime",
    "day": "sc:Date",
    "texts": "sc:Text",
}
_KEYS = {"documents": "id", "events": "id"}


@dataclass(frozen=True, slots=True)
class FileFacts:
    """A file beside ``croissant.json``."""

    name: str
    media_type: str
    size: int  # bytes
    sha256: str


def croissant_json(about: About, tables: Iterable[Table], files: Iterable[FileFacts]) -> bytes:
    """The same for the same dataset, byte by byte."""
    described: dict[str, Any] = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": about.name,
        "description": f"{about.title}. {about.description}",
        "url": f"urn:warcite:{about.name}",
        "version": about.version,
        "datePublished": about.created,
        "license": about.rights,
        "citeAs": about.cite_as,
        "creator": {"@type": "sc:Organization", "name": about.contact or "operator of a warcite archive"},
        "distribution": [_file(file) for file in files],
        "recordSet": [_record_set(table) for table in tables if table.columns],
    }
    return json.dumps(described, ensure_ascii=False, indent=1).encode("utf-8", "replace") + b"\n"


def _file(file: FileFacts) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": file.name,
        "name": file.name,
        "contentUrl": file.name,
        "contentSize": f"{file.size} B",
        "encodingFormat": file.media_type,
        "sha256": file.sha256,
    }


def _record_set(table: Table) -> dict[str, Any]:
    key = {"key": {"@id": f"{table.name}/{_KEYS[table.name]}"}} if table.name in _KEYS else {}
    fields = [_field(table, table.name, column) for column in table.columns]
    return {"@type": "cr:RecordSet", "@id": table.name, "name": table.name, **key, "field": fields}


def _field(table: Table, parent: str, column: Column) -> dict[str, Any]:
    own: dict[str, Any] = {"@type": "cr:Field", "@id": f"{parent}/{column.name}", "name": column.name}
    if column.inner:
        own |= {"repeated": True} if column.kind == "records" else {}
        return own | {"subField": [_inner(table, str(own["@id"]), column.name, inner) for inner in column.inner]}
    source: dict[str, Any] = {"fileObject": {"@id": table.file}, "extract": {"column": column.name}}
    if column.kind == "texts":
        own["repeated"] = True
        if table.media_type == "text/csv":
            source["transform"] = {"separator": table.list_separator}
    return own | {"dataType": _TYPES[column.kind], "source": source}


def _inner(table: Table, parent: str, outer: str, column: Column) -> dict[str, Any]:
    """A key of the objects in a column."""
    source = {"fileObject": {"@id": table.file}, "extract": {"column": outer}, "transform": {"jsonPath": column.name}}
    repeated = {"repeated": True} if column.kind == "texts" else {}
    return {
        "@type": "cr:Field",
        "@id": f"{parent}/{column.name}",
        "name": column.name,
        **repeated,
        "dataType": _TYPES.get(column.kind, "sc:Text"),
        "source": source,
    }
