"""JSON as an archive may hold it: UTF-8, no duplicate keys, no NaN, no lone surrogates, no NUL."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from typing import Any, NoReturn

_UNFIT = re.compile("[\x00\ud800-\udfff]")


def loads(data: bytes) -> Any:
    """Parse one document; raises `ValueError` saying what is wrong."""
    text = data.decode("utf-8")
    try:
        value = json.loads(text, object_pairs_hook=_pairs, parse_constant=_constant)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if "\\u" in text or "\x00" in text:
        _check_text(value)
    return value


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("a key occurs twice")
    return result


def _constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _check_text(value: Any) -> None:
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str) and _UNFIT.search(item):
            raise ValueError("a NUL or a lone surrogate")
        if isinstance(item, dict):
            waiting += [*item, *item.values()]
        elif isinstance(item, list):
            waiting += item


def clean(value: Any) -> Any:
    """The same value with what may not be stored percent-escaped: hostile addresses and server messages reach outcomes."""
    if isinstance(value, str):
        return _UNFIT.sub(lambda m: "".join(f"%{b:02X}" for b in m.group().encode("utf-8", "surrogatepass")), value)
    if isinstance(value, dict):
        return {clean(k): clean(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [clean(v) for v in value]
    return value


def dumps(value: Any) -> bytes:
    """Canonical: keys sorted, no blanks, UTF-8, one line with its end. Same value, same bytes."""
    text = _canonical(value)
    if "\\u0000" not in text:
        with suppress(UnicodeEncodeError):  # which only lone surrogates raise: to search for them costs more than all the rest
            return text.encode("utf-8") + b"\n"
    return _canonical(clean(value)).encode("utf-8") + b"\n"


def _canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
