"""Servers of others that tests start beside them, on free ports of loopback: they end with the test run, however that ends."""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import pytest

_PR_SET_PDEATHSIG = 1


def free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


def free_port() -> int:
    return free_ports(1)[0]


def launch(command: Sequence[str | Path], folder: Path, log: Path, **environment: str) -> subprocess.Popen[bytes]:
    """Starts a server at home in ``folder``; what it says is added to ``log``."""
    own = {"PATH": os.environ["PATH"], "HOME": str(folder), "TMPDIR": str(folder), **environment}
    with log.open("ab") as said:
        return subprocess.Popen(
            command,
            cwd=folder,
            env=own,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            preexec_fn=_die_with_parent,  # noqa: PLW1509 - no thread holds a lock this early
        )


def program(name: str, package: str) -> str:
    """The path of a program that a package brings. Skips the test where it is `absent`."""
    found = shutil.which(name, path=str(Path(sys.executable).parent)) or shutil.which(name)
    return found or absent(f"{name} is absent; the package {package} has it")


def absent(reason: str) -> NoReturn:
    """Skips the test for want of a program; in CI that is a failure."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def _die_with_parent() -> None:
    # A test run ended by its own time-out never reaches the fixture's last lines.
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
