"""What a run was told, for the record: its command line and the options in force, without secrets.

They are fields of the ``warcinfo`` record that every segment begins with (WARC 1.1 section 6.2; wget writes its arguments there too), so
that they are committed with what the run brought, and are in every bundle of it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import unquote

from pydantic_core import from_json

COMMAND, OPTIONS = "command", "options"

_HIDDEN = "***"
_MOST, _LONGEST = 100, 500  # items of a list, characters of a value: a shell may put ten thousand names in the place of one *
_USER_INFO = re.compile(r"(://)(?:[^\s/?#@:]*:(?!\d{1,5}[/?#])[^\s@]*|[^\s/?#]*)@")  # some passwords have / ? # in them, unescaped
_PARAMETER = re.compile(r"([?&;#])([^\s=&;#?]+)=([^\s&;#]+)")
_SECRET = re.compile(
    r"signature|token|secret|passw|credential|access_?key|api_?key|session|(?:^|[-_.])(?:sig|key|auth|pass|pwd|jwt|sid|hmac|policy)$",
    re.IGNORECASE,
)


def masked(text: str) -> str:
    """Without what an address in it may hold of secrets: user name and password, keys, tokens, signatures of presigned addresses."""
    return _PARAMETER.sub(_parameter, _USER_INFO.sub(rf"\1{_HIDDEN}@", text))


def _parameter(found: re.Match[str]) -> str:
    return f"{found[1]}{found[2]}={_HIDDEN}" if _SECRET.search(unquote(found[2])) else found[0]


def told_fields(arguments: Sequence[str], options: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Fields of a ``warcinfo`` record, their values ASCII JSON. ``arguments`` are those after the name of the program; without any,
    nobody called it by a command.
    """
    command = [(COMMAND, json.dumps(_recorded(["warcite", *arguments])))] if arguments else []
    return [*command, (OPTIONS, json.dumps(_recorded(dict(options)), sort_keys=True))]


def _recorded(value: Any) -> Any:
    if isinstance(value, str):
        text = masked(value.encode("utf-8", "replace").decode())
        return text if len(text) <= _LONGEST else text[:_LONGEST] + "..."
    if isinstance(value, dict):
        return {name: _recorded(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        more = [f"... and {len(value) - _MOST} more"] if len(value) > _MOST else []
        return [_recorded(one) for one in value[:_MOST]] + more
    return value


def read_command(warcinfo: Mapping[str, str]) -> tuple[str, ...] | None:
    """The command line, with the name of the program; None where the record has none."""
    found = _read(warcinfo, COMMAND)
    return tuple(found) if isinstance(found, list) and all(isinstance(one, str) for one in found) else None


def read_options(warcinfo: Mapping[str, str]) -> dict[str, Any] | None:
    found = _read(warcinfo, OPTIONS)
    return found if isinstance(found, dict) else None


def _read(warcinfo: Mapping[str, str], name: str) -> Any:
    try:
        return from_json(warcinfo.get(name, ""))
    except ValueError:
        return None
