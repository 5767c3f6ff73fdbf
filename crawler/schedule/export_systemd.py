"""A hardened service and a timer for each job (systemd.service(5), systemd.timer(5), systemd.time(7))."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import unquote

from archive.errors import InputError
from crawler.schedule.clock import CronTimes, SpanTimes, Times
from crawler.schedule.cron import DAYS, HOURS, MINUTES, MONTHS, WEEKDAYS, Cron, ranges
from crawler.schedule.export import Exported, Target, local_inputs, template
from crawler.schedule.jobs import Job

_FOLDER = Path("/etc/systemd/system")
_STATE = Path("/var/lib/warcite")
_HOMES = (Path("/home"), Path("/root"), Path("/run/user"))
_DAY_NAMES = ("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat")
_PLAIN = re.compile(r"[A-Za-z0-9_@+=:,./-]+")


def write_systemd(jobs: Sequence[tuple[Job, Times]], target: Target) -> Exported:
    found = {"warcite.sysusers": f'# /etc/sysusers.d/warcite.conf\nu warcite - "warcite" {_STATE}\n'}
    notes = [
        f"copy {target.config} to /etc/warcite/warcite.toml, the units to {_FOLDER}, warcite.sysusers to /etc/sysusers.d/warcite.conf",
        "then: systemd-sysusers && systemctl daemon-reload && systemctl enable --now "
        + " ".join(f"warcite-{job.name}.timer" for job, _ in jobs),
    ]
    for job, times in jobs:
        unit = f"warcite-{job.name}"
        writable = _outside(job)
        common = {"folder": _FOLDER, "unit": unit, "name": job.name}
        found[f"{unit}.service"] = template("job.service").substitute(
            common, command=_command(target.command), writable="".join(f"ReadWritePaths={_quoted(str(path))}\n" for path in writable)
        )
        found[f"{unit}.service"] = found[f"{unit}.service"].rstrip("\n") + "\n"
        found[f"{unit}.timer"] = template("job.timer").substitute(
            common, every=job.every, times="\n".join(_elapses(times)), jitter=f"{job.jitter:g}s"
        )
        notes += _notes(job, writable)
    return Exported(found, notes)


def calendars(cron: Cron, zone: str) -> list[str]:
    """The calendar events (systemd.time(7)) that together mean ``cron``: two where a day of month or a weekday is enough."""
    time = f"{_component(cron.hours, HOURS)}:{_component(cron.minutes, MINUTES)}:00 {zone}"
    days = ",".join(_DAY_NAMES[first] if first == last else f"{_DAY_NAMES[first]}..{_DAY_NAMES[last]}" for first, last in _week(cron))
    month, date = _component(cron.months, MONTHS), _component(cron.days, DAYS)
    if cron.either:
        return [f"*-{month}-{date} {time}", f"{days} *-{month}-* {time}"]
    return [f"{days} *-{month}-{date} {time}".lstrip()]


def _week(cron: Cron) -> list[tuple[int, int]]:
    return [] if cron.weekdays == frozenset(WEEKDAYS) else _split_at_sunday(ranges(cron.weekdays))


def _split_at_sunday(found: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """systemd's week begins on Monday and its ranges must not go backwards: Sunday stands alone."""
    first, last = found[0]
    return [(0, 0), (1, last), *found[1:]] if first == 0 and last > 0 else found


def _component(values: frozenset[int], every: range) -> str:
    if values == frozenset(every):
        return "*"
    return ",".join(f"{first:02}" if first == last else f"{first:02}..{last:02}" for first, last in ranges(values))


def _elapses(times: Times) -> Iterator[str]:
    zone = times.zone if isinstance(times, CronTimes) else "UTC"
    events = [event for cron in times.as_crons() for event in calendars(cron, zone)]
    yield from (f"OnCalendar={event}" for event in events)
    if events:
        yield "Persistent=true"
    elif isinstance(times, SpanTimes):
        # A span that does not divide the day is no calendar event. The first line makes up for what the machine slept through.
        yield "OnBootSec=1min"
        yield f"OnUnitActiveSec={times.seconds:g}s"


def _command(command: str) -> str:
    """The program of an Exec line, which takes %% but, unlike its arguments, neither quotes nor $$. Raises `InputError`."""
    if set(command) & set("\"'\\"):
        raise InputError(f"systemd starts no program with quotes or a backslash in its path: {command}; name another by --command")
    return _quoted(command) if command.startswith("/") else f"/usr/bin/env {_quoted(command).replace('$', '$$')}"


def _quoted(word: str) -> str:
    if _PLAIN.fullmatch(word):
        return word
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'"{escaped}"'


def _outside(job: Job) -> list[Path]:
    """Absolute folders the job writes to besides its state directory: the rest of the file system is read-only for it."""
    options = job.options({}, {})
    store = None if "://" in options.store and not options.store.startswith("file://") else unquote(options.store.removeprefix("file://"))
    spool = options.spool or (f"{store.rstrip('/')}.spool" if store else None)
    return [
        Path(path)
        for path in (store, spool, options.rescue_state)
        if path and path.startswith("/") and not Path(path).is_relative_to(_STATE)
    ]


def _notes(job: Job, writable: list[Path]) -> Iterator[str]:
    for path in writable:
        yield f"{job.name}: make {path} and give it to the user warcite"
    for name in local_inputs(job):
        path = Path(name)
        if not path.is_absolute():
            yield f"{job.name}: the input {name} is looked for below {_STATE}"
        elif any(home in path.parents for home in _HOMES):
            yield f"{job.name}: the input {name} is below a home folder, which the unit does not see (ProtectHome=)"
