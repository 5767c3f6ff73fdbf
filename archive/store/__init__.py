"""Object stores: ``file://`` directories and ``s3://`` buckets behind the same seven verbs, and two for housekeeping."""

from __future__ import annotations

from archive.store.base import ObjectStat, Store
from archive.store.open import open_store

__all__ = ["ObjectStat", "Store", "open_store"]
