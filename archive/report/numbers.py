"""Numbers as reports write them."""

from __future__ import annotations

_NARROW = "\N{NARROW NO-BREAK SPACE}"
_UNITS = ("B", "KB", "MB", "GB", "TB", "PB")


def number(value: int | None) -> str:
    """With a narrow blank between thousands; a dash for what is not known."""
    return "–" if value is None else f"{value:,}".replace(",", _NARROW)


def percent(part: int, whole: int) -> str:
    return "–" if not whole else f"{100 * part / whole:.1f}{_NARROW}%"


def size(value: int | None) -> str:
    """Bytes, with a thousand to the next unit."""
    if value is None:
        return "–"
    amount, unit = float(value), 0
    while amount >= 999.5 and unit < len(_UNITS) - 1:
        amount, unit = amount / 1000, unit + 1
    return f"{amount:.3g}{_NARROW}{_UNITS[unit]}" if unit else f"{value}{_NARROW}B"


def duration(seconds: float | None) -> str:
    if seconds is None:
        return "–"
    if seconds < 60:
        return f"{seconds:.3g}{_NARROW}s"
    whole = round(seconds)
    days, hours, minutes = whole // 86400, whole // 3600 % 24, whole // 60 % 60
    parts = [(days, "d"), (hours, "h"), (minutes, "min"), (whole % 60, "s")]
    first = next(n for n, (value, _) in enumerate(parts) if value)
    return " ".join(f"{value}{_NARROW}{unit}" for value, unit in parts[first : first + 2] if value)


def milliseconds(value: int | None) -> str:
    if value is None:
        return "–"
    return f"{number(value)}{_NARROW}ms" if value < 10_000 else duration(value / 1000)


def rate(per_minute: float) -> str:
    return f"{f'{per_minute:.3g}' if per_minute < 999.5 else number(round(per_minute))} a minute"


def moment(at: str | None) -> str:
    """To the second, UTC."""
    return "–" if at is None else f"{at[:10]} {at[11:19]}Z" if len(at) >= 19 else at
