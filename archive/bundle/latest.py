"""``bundles/latest.json``: which bundle of a store is the newest, and what to fetch for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archive import strict_json

if TYPE_CHECKING:
    from archive.bundle.build import Made

NAME = "latest.json"
SCHEMA = "warcite.latest/1"


def latest_json(made: Made) -> bytes:
    """``warcite.latest/1``: ``name`` is what to pull, a bundle or the manifest of several; ``parts`` are the bundles."""
    main = made.main
    document: dict[str, Any] = {
        "schema": SCHEMA,
        "name": main.name,
        "bytes": main.size,
        "sha256": main.sha256,
        "title": made.title,
        "created": made.created,
        "parts": [{"name": b.name, "bytes": b.size, "sha256": b.sha256} for b in made.bundles],
    }
    return strict_json.dumps(document)
