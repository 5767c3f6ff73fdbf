"""The catalog's file on this machine: where it lies, how it is opened, and who may write it."""

from __future__ import annotations

import fcntl
import hashlib
import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from archive.errors import StoreError

_SCHEMA, _EVENTS = (Path(__file__).with_name(name) for name in ("schema.sql", "events.sql"))
_FORMAT = 2  # of the tables and of what stands in them
_BUSY_SECONDS = 60.0


def catalog_path(store_uri: str, environ: Mapping[str, str]) -> Path:
    """``$XDG_CACHE_HOME/warcite/catalog/<hash of the store's address>.sqlite``, or under ``~/.cache``. Raises `StoreError`."""
    given = environ.get("XDG_CACHE_HOME") or ""
    try:
        cache = Path(given) if given.startswith("/") else Path.home() / ".cache"  # a relative one is to be ignored (XDG, section 2)
    except RuntimeError as error:
        raise StoreError("there is no home directory to keep the catalog in; set XDG_CACHE_HOME to a folder") from error
    return cache / "warcite" / "catalog" / f"{hashlib.sha256(store_uri.encode()).hexdigest()[:16]}.sqlite"


def open_catalog(path: Path) -> sqlite3.Connection:
    """A file of another version, or one that is damaged, is made again. Raises `StoreError`."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with suppress(sqlite3.DatabaseError):
            return _opened(path)
        with only_writer(path):
            with suppress(sqlite3.DatabaseError):
                return _opened(path)  # another process has just made it
            return _made(path)
    except OSError as error:
        raise StoreError(f"cannot use {path}: {error.strerror}; set XDG_CACHE_HOME to a folder that can be written") from error
    except sqlite3.Error as error:
        raise explained(path, error) from error


def explained(path: Path, error: sqlite3.Error) -> StoreError:
    return StoreError(f"cannot use {path}: {error}; it is only a cache: delete it, or free some space")


@contextmanager
def only_writer(path: Path, waiting: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Wait until no other process writes the catalog; a dead one's lock is freed by the kernel. Raises `OSError`."""
    handle = os.open(path.with_name(path.name + ".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            waiting()
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def make_tables(sql: sqlite3.Connection) -> None:
    """Make them anew, within one transaction: who reads meanwhile sees the old ones."""
    old = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'texts_%' AND name NOT LIKE 'sqlite_%'"
    dropped = "".join(f"DROP TABLE {name};" for (name,) in sql.execute(old).fetchall())
    made = _SCHEMA.read_text(encoding="utf-8") + _EVENTS.read_text(encoding="utf-8")
    sql.executescript(f"BEGIN IMMEDIATE; {dropped} {made}; PRAGMA user_version={_FORMAT}; COMMIT;")


def make_event_tables(sql: sqlite3.Connection) -> None:
    """Those alone, in an empty database."""
    sql.executescript(_EVENTS.read_text(encoding="utf-8"))


def _opened(path: Path) -> sqlite3.Connection:
    """Raises `sqlite3.DatabaseError` when there is no catalog that can be used."""
    sql = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None)
    try:
        if sql.execute("PRAGMA user_version").fetchone()[0] != _FORMAT:
            raise sqlite3.DatabaseError("of another version")
        sql.executescript("PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536;")
    except BaseException:
        sql.close()
        raise
    return sql


def _made(path: Path) -> sqlite3.Connection:
    for part in ("", "-wal", "-shm"):
        path.with_name(path.name + part).unlink(missing_ok=True)
    sql = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None)
    try:
        sql.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536;")
        make_tables(sql)
    except BaseException:
        sql.close()
        raise
    return sql
