"""Expected failures, and the exit code each ends a command with.

    WarciteError
    ├── InputError          2  bad option, bad configuration, unreadable input
    ├── DamageError         5  stored bytes are not what they should be
    ├── StoreError          6  object storage not reachable, or it refused
    │   ├── KeyMissing      7  no such object
    │   ├── KeyExists       6  create-only PUT of a key that is there already
    │   └── CommitConflict  6  a manifest of this name with other bytes is committed
    ├── NotFound            7  no such run, event, URL, bundle
    ├── LimitReached        8  stopped by a limit (disk, time, size); resumable
    └── Locked              9  another live process holds the spool

Libraries raise these; only the ``cli`` modules print them and exit.
"""

from __future__ import annotations


class WarciteError(Exception):
    """A failure the user can act on: ``str(error)`` says what happened, on what, and what to do."""

    exit_code = 1


class InputError(WarciteError):
    exit_code = 2


class DamageError(WarciteError):
    exit_code = 5


class StoreError(WarciteError):
    exit_code = 6


class KeyMissing(StoreError):
    exit_code = 7


class KeyExists(StoreError):
    pass


class CommitConflict(StoreError):
    pass


class NotFound(WarciteError):
    exit_code = 7


class LimitReached(WarciteError):
    exit_code = 8


class Locked(WarciteError):
    exit_code = 9
