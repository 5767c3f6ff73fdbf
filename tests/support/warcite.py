"""Run the real command line as a user does, in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.shared import ROOT


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def command(*args: str | Path) -> list[str]:
    return [sys.executable, "-m", "crawler.cli", *map(str, args)]


def environment(**extra: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), **extra}


def ran(line: Sequence[str], cwd: Path, env: Mapping[str, str], timeout: float = 400, stdin: str = "") -> Done:
    done = subprocess.run(line, cwd=cwd, env=environment(**env), input=stdin, capture_output=True, text=True, timeout=timeout, check=False)
    return Done(done.returncode, done.stdout, done.stderr)


def warcite(*args: str | Path, cwd: Path, timeout: float = 400, stdin: str = "", **env: str) -> Done:
    return ran(command(*args), cwd, env, timeout, stdin)


def elsewhere(world: Mapping[str, object], *args: str | Path, cwd: Path, stdin: str = "", **env: str) -> Done:
    """As `warcite`, in the world that `tests.support.elsewhere` makes."""
    return ran([sys.executable, "-m", "tests.support.elsewhere", json.dumps(world), "--", *map(str, args)], cwd, env, stdin=stdin)


def start(*args: str | Path, cwd: Path, **env: str) -> subprocess.Popen[str]:
    return subprocess.Popen(command(*args), cwd=cwd, env=environment(**env), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
