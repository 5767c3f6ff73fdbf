"""What commands say: safe for a terminal, and whatever becomes of the streams."""

from __future__ import annotations

import subprocess
import sys

import pytest

from archive.console import plain
from tests.support.hostile_samples import STRINGS
from tests.support.shared import ROOT


@pytest.mark.parametrize("text", STRINGS)
def test_nothing_that_a_terminal_obeys_is_left(text: str) -> None:
    shown = plain(text)
    assert not set(shown) & set("\x00\x07\x1b\r\x7f\x9b\u202e\u2066\u2028\ud800")
    assert len(shown) == len(text)


SCRIPT = """
import os, sys
from archive.console import emit, flush_streams, open_streams, say
open_streams()
number = os.open("{file}", os.O_CREAT | os.O_WRONLY)
print(number > 2, file=sys.stderr)
emit("f\\u00e4hre")
say("f\\u00e4hre")
sys.exit(flush_streams())
"""


@pytest.mark.parametrize(
    ("shell", "code"), [("", 0), (">&-", 0), ("<&- >&-", 0), ("2>&-", 0), ("> /dev/full", 1), ("| true; exit ${PIPESTATUS[0]}", None)]
)
def test_streams_that_are_not_there(shell: str, code: int | None, tmp_path: object) -> None:
    file = f"{tmp_path}/file"
    line = f"{sys.executable} -c '{SCRIPT.format(file=file)}' {shell}"
    env = {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "ascii:strict", "PATH": "/usr/bin:/bin"}
    done = subprocess.run(["bash", "-c", line], cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == code if code is not None else done.returncode in {0, 141}, done.stderr
    assert "Traceback" not in done.stderr
    if not shell.startswith("2>"):
        assert done.stderr == "True\nf\\xe4hre\n"
    with open(file, encoding="utf-8") as written:  # noqa: PTH123
        assert written.read() == ""
