"""The system calls of a crawl that change files, as strace (6.0 or newer) saw them."""

from __future__ import annotations

import codecs
import os
import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from tests.support.neighbours import program

_CALLS = (
    *("openat", "open", "creat", "write", "writev", "pwrite64", "pwritev", "pwritev2", "sendfile", "copy_file_range", "lseek"),
    *("ftruncate", "truncate", "fallocate", "fsync", "fdatasync", "rename", "renameat", "renameat2", "link", "linkat", "symlink"),
    *("symlinkat", "unlink", "unlinkat", "mkdir", "mkdirat", "rmdir"),
)
_UNFINISHED = " <unfinished ...>"
_RESUMED = re.compile(r"^(\d+) +<\.\.\. \w+ resumed>(.*)$")
_LINE = re.compile(r"^\d+ +(\w+)\((.*)\) += (?:(\d+)(?:<[^>]*>)?|\?.*)$")
_ARGUMENT = re.compile(
    r'(?:^|, )(?:(?P<fd>\d+)<(?P<path>[^>]*)>|AT_FDCWD<[^>]*>|"(?P<text>(?:[^"\\]|\\.)*)"|(?P<number>-?\d+)(?=,|$)|(?P<word>[^,"]+))'
)


@dataclass(frozen=True)
class Call:
    """One successful call. ``path`` is what its descriptor or first name leads to, ``other`` its second name."""

    name: str
    fd: int
    path: str
    other: str
    data: bytes
    numbers: tuple[int, ...]
    flags: str
    result: int  # -1: killed in the call

    @property
    def reads(self) -> bool:
        """It can have changed nothing."""
        return self.name == "lseek" or "O_RDONLY" in self.flags


def strace() -> str:
    """The program. Skips the test where it is absent (in CI that is a failure) or the system lets nobody trace."""
    found = program("strace", "strace")
    if reason := _refusal(found):
        pytest.skip(reason)
    return found


@cache
def _refusal(program: str) -> str:
    tried = subprocess.run([program, "-f", "--seccomp-bpf", "-z", "-o", os.devnull, "true"], capture_output=True, text=True, check=False)
    return f"strace may not trace here: {tried.stderr.strip()[-200:]}" if tried.returncode else ""


def trace(command: Sequence[str], cwd: Path, environment: Mapping[str, str], log: Path) -> subprocess.CompletedProcess[str]:
    """Run a command under strace; its calls go to ``log``, whole."""
    options = ["-f", "--seccomp-bpf", "-z", "-y", "-s", str(1 << 26), "-e", f"trace={','.join(_CALLS)}", "-e", "signal=none"]
    return subprocess.run(
        [strace(), *options, "-o", str(log), *command], cwd=cwd, env=dict(environment), capture_output=True, text=True, check=False
    )


def read_calls(log: Path, root: Path) -> Iterator[Call]:
    """The calls on files below ``root``, in order. Raises `ValueError` for what is not understood, and for a write whose end is unknown."""
    mark = f"{root}/"
    with log.open(encoding="latin-1") as lines:
        for line in _joined(lines):
            if str(root) not in line or not (call := _call(line)) or not f"{call.path}/".startswith(mark):
                continue
            if call.result >= 0:
                yield call
            elif not call.reads:
                raise ValueError(f"killed in a call: {line[:300]}")


def _joined(lines: Iterable[str]) -> Iterator[str]:
    """Calls that strace wrote in two lines, since another process ended in between, in one; where they ended."""
    begun: dict[str, str] = {}
    for line in (line.rstrip("\n") for line in lines):
        if line.endswith(_UNFINISHED):
            begun[line.split(" ", 1)[0]] = line.removesuffix(_UNFINISHED)
        elif resumed := _RESUMED.match(line):
            yield begun.pop(resumed[1], "") + resumed[2]
        else:
            yield line
    yield from (f"{line}) = ?" for line in begun.values())


def _call(line: str) -> Call | None:
    if line.endswith(("+++", "---")):
        return None
    found = _LINE.match(line)
    if found is None:
        raise ValueError(f"not understood: {line[:300]}")
    name, arguments, result = found.groups()
    fd, names, numbers, texts, words = -1, [], [], [], []
    for each in _ARGUMENT.finditer(arguments):
        if each["fd"] is not None:
            fd = int(each["fd"])
            names.append(each["path"].removesuffix(" (deleted)"))
        elif each["text"] is not None:
            texts.append(codecs.escape_decode(each["text"].encode("latin-1"))[0])
        elif each["number"] is not None:
            numbers.append(int(each["number"]))
        elif each["word"]:
            words.append(each["word"])
    by_name = fd < 0
    path, other = [*([text.decode() for text in texts] if by_name else names), "", ""][:2]
    data = b"" if by_name or not texts else texts[0]
    return Call(name, fd, path, other, data, tuple(numbers), " ".join(words), int(result or -1))
