"""Every key in the store, as functions. Keys are constants and hashes: never a URL, a title or a header."""

from __future__ import annotations

ARCHIVE = "archive.json"
MANIFESTS = "manifests/"
PROFILES = "profiles/"
TOMBSTONES = "tombstones/"

_SUFFIX = {"warc": ".warc.gz", "cdxj": ".cdxj.gz", "documents": ".jsonl.gz", "events": ".jsonl.gz"}


def manifest(segment: str) -> str:
    return f"{MANIFESTS}{segment}.json"


def data(kind: str, sha256: str) -> str:
    """Key of a data object, named by its content: ``warc/<sha256>.warc.gz`` and so on."""
    return f"{kind}/{sha256}{_SUFFIX[kind]}"


def profile(host: str, version: str) -> str:
    return f"{PROFILES}{host}/{version}.json"


def run(run_id: str, name: str) -> str:
    return f"runs/{run_id}/{name}"


def tombstone(tombstone_id: str) -> str:
    return f"{TOMBSTONES}{tombstone_id}.json"
