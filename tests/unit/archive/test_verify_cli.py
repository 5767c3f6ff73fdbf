"""``warcite verify`` as a user meets it: exit codes, progress, Ctrl-C."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.store.local import LocalStore
from tests.support.small_archive import SmallArchive, make_archive
from tests.support.waiting import until
from tests.support.warcite import command, environment, warcite


@pytest.fixture
def small(tmp_path: Path) -> SmallArchive:
    return make_archive(LocalStore(tmp_path / "warcite-archive"))


@pytest.mark.parametrize(
    ("arguments", "mode"), [([], "full"), (["--full"], "full"), (["--quick"], "quick"), (["--sample", "10%"], "sample")]
)
def test_a_whole_archive(small: SmallArchive, tmp_path: Path, arguments: list[str], mode: str) -> None:
    done = warcite("verify", *arguments, "--json", cwd=tmp_path)
    assert (done.code, done.json["mode"], done.json["damages"]) == (0, mode, []), done.err
    shown = warcite("verify", *arguments, "--no-progress", cwd=tmp_path)
    assert shown.out.endswith("0 damages\n")
    assert (shown.err, "--seed" in shown.out) == ("", mode == "sample")


def test_damage_is_exit_code_5_and_a_line_that_names_it(small: SmallArchive, tmp_path: Path) -> None:
    path = tmp_path / "warcite-archive" / small.first.key("warc")
    path.write_bytes(path.read_bytes()[:-8])
    for arguments in ([], ["--quick"], ["--sample=100%", "--seed=1"]):
        done = warcite("verify", *arguments, cwd=tmp_path)
        assert done.code == 5, done.err
        assert f"object-changed  {small.first.key('warc')}" in done.out


@pytest.mark.parametrize("arguments", [["--quick", "--full"], ["--sample", "5", "--quick"], ["--sample", "a lot"], ["--jobs", "0x"]])
def test_options_that_cannot_be_meant(tmp_path: Path, arguments: list[str]) -> None:
    assert warcite("verify", *arguments, cwd=tmp_path).code == 2


def test_a_ledger_elsewhere(small: SmallArchive, tmp_path: Path) -> None:
    spool = tmp_path / "elsewhere"
    spool.mkdir()
    (spool / "ledger.sqlite").write_bytes(b"not a database at all" * 300)
    assert warcite("verify", "--quick", cwd=tmp_path).code == 0
    done = warcite("verify", "--quick", "--spool", spool, "--json", cwd=tmp_path)
    assert (done.code, [d["kind"] for d in done.json["damages"]]) == (5, ["ledger"])


# A WARC that is a named pipe stops the verification where it opens it: no test depends on how fast this machine is.


@pytest.fixture
def stuck(small: SmallArchive, tmp_path: Path) -> Path:
    path = tmp_path / "warcite-archive" / small.first.key("warc")
    path.unlink()
    os.mkfifo(path)
    with (path.parent / f"{'0' * 64}.warc.gz").open("wb") as large:
        large.truncate(64 << 20)  # enough for several processes to be started
    return tmp_path


def ended(process: subprocess.Popen[str]) -> Callable[[], bool]:
    def gone() -> bool:
        try:
            os.killpg(process.pid, 0)
        except ProcessLookupError:
            return True
        return False

    return gone


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGKILL])
def test_heartbeats_then_an_end_that_leaves_no_process(stuck: Path, jobs: int, stop: signal.Signals) -> None:
    running = subprocess.Popen(
        command("verify", "--jobs", str(jobs)),
        cwd=stuck,
        env=environment(WARCITE_PROGRESS_SECONDS="0.1"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert running.stderr is not None
    line = running.stderr.readline()
    assert " verify 0.0/67.1 MB " in line
    running.send_signal(stop)
    out, err = running.communicate(timeout=60)
    assert running.returncode == (130 if stop == signal.SIGINT else -signal.SIGKILL)
    assert (out, "Traceback" in err) == ("", False)
    until(ended(running), seconds=60)


def test_ctrl_c_that_all_processes_get_is_answered_by_one(stuck: Path) -> None:
    running = subprocess.Popen(
        command("verify", "--jobs", "2"),
        cwd=stuck,
        env=environment(WARCITE_PROGRESS_SECONDS="0.1"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert running.stderr is not None
    running.stderr.readline()
    os.killpg(running.pid, signal.SIGINT)
    out, err = running.communicate(timeout=60)
    said = [line for line in err.splitlines() if " verify 0.0/67.1 MB " not in line]
    assert (running.returncode, out) == (130, "")
    assert [line for line in said if "Traceback" in line or "died" in line] == []
    until(ended(running), seconds=60)


def test_a_bar_on_a_terminal(stuck: Path) -> None:
    master, terminal = pty.openpty()
    running = subprocess.Popen(
        command("verify"), cwd=stuck, env=environment(TERM="xterm", COLUMNS="120"), stdout=subprocess.DEVNULL, stderr=terminal
    )
    os.close(terminal)
    shown = b""
    while b"0%" not in shown:
        shown += os.read(master, 4096)
    assert b"verify" in shown
    running.send_signal(signal.SIGINT)
    assert running.wait(60) == 130
    os.close(master)
