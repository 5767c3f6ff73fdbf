"""Where settings come from: command line > environment > configuration file > defaults, each value with its origin.

The file is ``./warcite.toml``, else ``$XDG_CONFIG_HOME/warcite/config.toml``; ``WARCITE_CONFIG`` or ``--config`` name another.
Unknown keys are errors that name the nearest known one. Credentials are never read from here: they come by the AWS ways.
"""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from archive.errors import InputError
from archive.options import Archive, CrawlOptions

SECTION = "crawl"
RESCUE = "rescue"
JOBS = "jobs"
OPTION_NAMES = tuple(f.name for f in fields(CrawlOptions))
_TOP = ("store", "spool", "contact")  # also WARCITE_STORE and so on, without the section
_RESCUE_NAMES = {
    "archives": "archives",
    "cdx_rate": "cdx_rate",
    "blocked": "rescue_blocked",
    "threshold": "rescue_threshold",
    "window": "rescue_window",
    "remember": "rescue_remember",
    "state": "rescue_state",
}
"""Keys of ``[rescue]``, as options."""

_SIZES = {"": 1, "B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "KIB": 1 << 10, "MIB": 1 << 20, "GIB": 1 << 30}
_TIMES = {"": 1.0, "S": 1.0, "M": 60.0, "H": 3600.0, "D": 86400.0}
_BYTES = frozenset({"max_bytes", "segment_bytes", "extract_memory"})
_SECONDS = frozenset({"delay", "timeout", "segment_seconds", "extract_deadline", "rescue_window", "rescue_remember"})


@dataclass(frozen=True, slots=True)
class Setting:
    value: Any
    origin: str  # "default", "--store", "WARCITE_STORE", or the file


def load(
    given: Mapping[str, Any],
    environ: Mapping[str, str] | None = None,
    file: Path | None = None,
    job: Mapping[str, Setting] | None = None,
) -> dict[str, Setting]:
    """Every setting with its value and origin; those of a ``job`` go before the file's own and after the environment.

    Raises `InputError` naming the source of a bad one.
    """
    environ = os.environ if environ is None else environ
    found = {f.name: Setting(_plain(f.default), "default") for f in fields(CrawlOptions)}
    path = file or config_file(environ)
    if path:
        found |= {name: Setting(value, str(path)) for name, value in _from_file(path).items()}
    found |= job or {}
    for name in OPTION_NAMES:
        for variable in (f"WARCITE_{SECTION.upper()}_{name.upper()}", *((f"WARCITE_{name.upper()}",) if name in _TOP else ())):
            if environ.get(variable):  # an empty one counts as none: so a container can take back what its image sets
                found[name] = Setting(_from_text(name, environ[variable]), variable)
    found |= {name: Setting(value, f"--{name.replace('_', '-')}") for name, value in given.items() if value not in (None, (), [])}
    return {name: Setting(_parsed(name, setting), setting.origin) for name, setting in found.items()}


def options_of(settings: Mapping[str, Setting]) -> CrawlOptions:
    """The typed options. Raises `InputError` that names the setting, where it came from, and what is wrong."""
    try:
        options = TypeAdapter(CrawlOptions).validate_python({name: s.value for name, s in settings.items()})
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0])
        raise InputError(f"{settings[name].origin}: {name}: {first['msg']}") from error
    for name in ("delay", "retries", "jobs"):
        if getattr(options, name) < 0:
            raise InputError(f"{settings[name].origin}: {name}: must not be negative")
    for name in ("concurrency", "timeout", "max_bytes", "segment_captures", "segment_bytes", "cdx_rate"):
        if getattr(options, name) <= 0:
            raise InputError(f"{settings[name].origin}: {name}: must be more than 0")
    if not 0 <= (options.rescue_threshold or 0) <= 1:
        raise InputError(f"{settings['rescue_threshold'].origin}: rescue_threshold: must be from 0 to 1")
    return options


def _plain(default: Any) -> Any:
    """A default as the configuration file would write it."""
    return tuple(asdict(v) if isinstance(v, Archive) else v for v in default) if isinstance(default, tuple) else default


def config_file(environ: Mapping[str, str] | None = None) -> Path | None:
    """The configuration file in force, if there is one. Raises `InputError` when the one that was named is missing."""
    environ = os.environ if environ is None else environ
    if named := environ.get("WARCITE_CONFIG"):
        if not Path(named).is_file():
            raise InputError(f"WARCITE_CONFIG: no such file: {named}")
        return Path(named)
    home = Path(environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    return next((p for p in (Path("warcite.toml"), home / "warcite" / "config.toml") if p.is_file()), None)


def job_tables(file: Path) -> dict[str, dict[str, Any]]:
    """The ``[jobs.NAME]`` tables of a configuration file as they are written. Raises `InputError` when one is no table."""
    jobs = _document(file).get(JOBS, {})
    if not isinstance(jobs, dict):
        raise InputError(f"{file}: {JOBS} must be tables like [{JOBS}.nightly]")
    for name, table in jobs.items():
        if not isinstance(table, dict):
            raise InputError(f"{file}: {name!r} in [{JOBS}] is not the table of a job; write [{JOBS}.{name}]")
    return jobs


def _document(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"{path}: cannot be read: {error}") from error


def _from_file(path: Path) -> dict[str, Any]:
    document = _document(path)
    document.pop(JOBS, None)
    section = _section(path, document, SECTION, OPTION_NAMES)
    rescue = _section(path, document, RESCUE, tuple(_RESCUE_NAMES))
    for name in document:
        if name not in _TOP:
            raise InputError(f"{path}: unknown key {name!r}{nearest(name, (*_TOP, SECTION, RESCUE, JOBS))}")
    return document | section | {_RESCUE_NAMES[name]: value for name, value in rescue.items()}


def _section(path: Path, document: dict[str, Any], title: str, known: tuple[str, ...]) -> dict[str, Any]:
    """A table of the file, taken out of it."""
    section = document.pop(title, {})
    if not isinstance(section, dict):
        raise InputError(f"{path}: [{title}] must be a table")
    for name in section:
        if name not in known:
            raise InputError(f"{path}: unknown key {name!r} in [{title}]{nearest(name, known)}")
    return section


def nearest(name: str, known: tuple[str, ...]) -> str:
    """How a message about an unknown name goes on: with the nearest known one, else with all of them."""
    close = difflib.get_close_matches(name, known, n=1)
    return f"; did you mean {close[0]!r}?" if close else f"; known are {', '.join(known)}"


def _from_text(name: str, text: str) -> Any:
    return tuple(text.split()) if name in {"connect_to", "allow_private"} else text


def _parsed(name: str, setting: Setting) -> Any:
    value = setting.value
    if isinstance(value, str) and name in _BYTES:
        return int(_quantity(value, _SIZES, setting.origin, name, "16MB"))
    if isinstance(value, str) and name in _SECONDS:
        return _quantity(value, _TIMES, setting.origin, name, "1.5 or 30s")
    return tuple(value) if isinstance(value, list) else value


def seconds(text: str, option: str) -> float:
    """A span like ``90``, ``30s``, ``24h`` or ``30d``, in seconds. Raises `InputError` naming ``option``."""
    return _quantity(text, _TIMES, option, "span", "24h or 30d")


def _quantity(text: str, units: Mapping[str, float], origin: str, name: str, example: str) -> float:
    match = re.fullmatch(r"\s*([0-9]+(?:\.[0-9]+)?)\s*([A-Za-z]*)\s*", text)
    if not match or match[2].upper() not in units:
        raise InputError(f"{origin}: {name}: cannot read {text!r}; write it like {example}")
    return float(match[1]) * units[match[2].upper()]
