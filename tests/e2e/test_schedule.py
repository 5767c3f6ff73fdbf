"""Jobs and their schedule as a user runs them: the real commands, killed, stopped and started again.

What must be under way while a test acts asks a site behind a closed gate; nothing here depends on how fast the machine is.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import re
import signal
import sqlite3
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from archive.spool.directory import Spool
from archive.times import iso, now, parse_iso
from crawler.demo.press import DIGESTS
from crawler.demo.routes import EXPECTED
from crawler.demo.site import DemoSite
from crawler.schedule.locks import schedule_lock
from crawler.schedule.state import JobFolder, JobState
from tests.support.waiting import until
from tests.support.warcite import Done, command, environment, start, warcite
from tests.torture.small_site import SmallSite

PAGES = 4
YEARLY = 'every = "0 0 1 1 *"'
pytestmark = pytest.mark.timeout(1200)


@dataclass
class Home:
    """A folder with a configuration file; its jobs crawl the demo's press, or the pages that wait at a gate."""

    path: Path
    rules: list[str]
    gated: SmallSite
    keepers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def configure(self, *jobs: str) -> None:
        rules = json.dumps([self.gated.connect_to("site-0.example"), *self.rules])
        head = f'store = "./archive"\n[crawl]\ndelay = 0.02\ntimeout = 1200\nconnect_to = {rules}\n'
        (self.path / "warcite.toml").write_text(head + "".join(f"[jobs.{job}\n" for job in jobs), encoding="utf-8")
        self.gated.list_in(self.path)

    def run(self, *args: str, **env: str) -> Done:
        return warcite(*args, cwd=self.path, **env)

    @property
    def folder(self) -> JobFolder:
        return JobFolder(self.path / "archive.spool")

    def state(self, name: str = "a") -> JobState:
        found = self.folder.read(name)
        assert found
        return found

    def runs(self) -> list[tuple[str, str | None]]:
        """Start and end of every crawl that the ledger knows, in order."""
        ledger = self.path / "archive.spool" / "ledger.sqlite"
        if not ledger.exists():
            return []
        with contextlib.closing(sqlite3.connect(f"file:{ledger}?mode=ro", uri=True, timeout=60)) as sql:
            if not sql.execute("SELECT 1 FROM sqlite_master WHERE name = 'runs'").fetchone():
                return []
            return sql.execute("SELECT started, finished FROM runs ORDER BY number").fetchall()

    def keep(self) -> Log:
        """`schedule run`, in a process of its own."""
        log = self.path / f"schedule-{len(self.keepers)}.log"
        with log.open("wb") as out:
            keeper = subprocess.Popen(command("schedule", "run"), cwd=self.path, env=environment(), stdout=out, stderr=out)
        self.keepers.append(keeper)
        return Log(log, keeper)

    def forget(self, name: str, years: int) -> None:
        """As if the machine had been off for ``years``."""
        gone = timedelta(days=366 * years)
        state = self.state(name)
        assert state.finished
        old = JobState(iso(parse_iso(state.known_since) - gone)).begin(parse_iso(state.finished) - gone)
        report = {"exit_code": 0, "state": "complete", "run": state.run, "sources": 1, "outcomes": {}}
        self.folder.write(name, old.end(parse_iso(state.finished) - gone, report))


@dataclass
class Log:
    path: Path
    keeper: subprocess.Popen[bytes]

    def says(self, *parts: str) -> int:
        return sum(all(part in line for part in parts) for line in self.path.read_text().splitlines())

    def wait(self, *parts: str, times: int = 1) -> None:
        until(lambda: self.says(*parts) >= times or self.keeper.poll() is not None)
        assert self.says(*parts) >= times, self.path.read_text()

    def stop(self, number: signal.Signals) -> int:
        self.keeper.send_signal(number)
        return self.keeper.wait(600)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    with DemoSite() as site, SmallSite(PAGES, hosts=1, kinds=["page"]) as gated:
        home = Home(tmp_path, list(site.connect_to_rules()), gated)
        home.configure(press("a"))
        yield home
        gated.gate.set()
        for keeper in home.keepers:
            keeper.kill()
            keeper.wait()
        for path in (tmp_path / "archive.spool" / "jobs").glob("*.json"):
            name = path.stem
            if home.folder.is_running(name) and (process := home.state(name).process):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)


def press(name: str, more: str = "") -> str:
    return f'{name}]\ninputs = ["{DIGESTS}"]\n{more}'


def gated(name: str, more: str = "") -> str:
    return f'{name}]\ninputs = "urls.txt"\nrobots = "ignore"\n{more}'


class TestRun:
    def test_it_answers_as_crawl_does_and_remembers(self, home: Home) -> None:
        done = home.run("run", "a", "--no-progress", "--json")
        report = done.json
        assert (done.code, report["schema"], report["state"]) == (3, "warcite.run/1", "partial"), done.err
        assert sum(report["outcomes"].values()) == report["sources"] == len(EXPECTED)
        assert home.state().run == report["run"]
        told = home.run("report", "last", "--quick", "--json").json["provenance"]
        assert told["command"] == ["warcite", "run", "a", "--no-progress", "--json"]
        again = home.run("run", "a", "--no-progress")
        assert (again.code, home.state().state) == (0, "nothing-to-do"), again.err
        listed = home.run("schedule", "list", "--json").json
        assert listed["schema"] == "warcite.schedule/1"
        (row,) = listed["jobs"]
        assert (row["name"], row["every"], row["next"], row["running"], row["missed"]) == ("a", None, None, False, None)
        assert (row["last"]["exit_code"], row["last"]["sources"]) == (0, len(EXPECTED))

    def test_partial_may_be_fine(self, home: Home) -> None:
        home.configure(press("a", "ok_if_partial = true"))
        done = home.run("run", "a", "--no-progress")
        assert (done.code, home.state().exit_code) == (0, 3), done.err

    def test_a_selection_that_chooses_none_today_is_no_failure(self, home: Home) -> None:
        home.configure(gated("a"), "b]\nfailed = true\n", "c]\nolder_than = 0\nhost = 'site-0.*'\n")
        assert home.run("run", "a", "--no-progress").code == 0
        none = home.run("run", "b", "--no-progress", "--json")
        assert (none.code, none.json["state"], none.json["sources"], home.state("b").state) == (0, "nothing-to-do", 0, "nothing-to-do")
        again = home.run("run", "c", "--no-progress", "--json")
        assert (again.code, again.json["sources"], again.json["outcomes"]["unchanged"]) == (0, PAGES, PAGES), again.err

    def test_what_cannot_be_run(self, home: Home) -> None:
        assert home.run("run", "b").code == 7
        home.configure(press("a", "dealy = 3"))
        wrong = home.run("config", "check")
        assert wrong.code == 2
        assert "did you mean 'delay'" in wrong.err
        home.configure('a]\ninputs = ["nowhere.md"]')
        gone = home.run("run", "a", "--json")
        assert (gone.code, gone.json["schema"], home.state().state) == (2, "warcite.error/1", "refused")
        assert "nowhere.md" in (home.state().error or "")
        assert home.run("schedule", "run").code == 2, "no job has a time"

    def test_it_does_not_overlap_itself_and_stops_resumably(self, home: Home) -> None:
        home.configure(gated("a"))
        home.gated.gate.clear()
        with start("run", "a", "--no-progress", "--json", cwd=home.path) as first:
            until(lambda: len(home.gated.asked) == 1, first)
            second = home.run("run", "a", "--json")
            assert (second.code, second.json["error"]) == (9, "Locked")
            assert f"process {first.pid}" in second.err
            first.send_signal(signal.SIGINT)
            home.gated.gate.set()
            out, err = first.communicate(timeout=600)
        assert (first.returncode, json.loads(out)["state"]) == (130, "interrupted"), err
        assert (home.state().exit_code, home.state().state) == (130, "interrupted")
        third = home.run("run", "a", "--no-progress", "--json")
        assert (third.json["state"], third.json["outcomes"]["captured"]) == ("complete", PAGES), third.err
        assert sorted(home.gated.asked) == sorted(home.gated.expected), "nothing is fetched twice"

    def test_a_spool_in_use_ends_it_or_is_waited_for(self, home: Home) -> None:
        with Spool(home.path / "archive.spool"):
            refused = home.run("run", "a")
            assert (refused.code, home.state().exit_code) == (9, 9)
            with start("run", "a", "--no-progress", "--wait", "1d", cwd=home.path) as waiting:
                until(lambda: home.state().finished is None, waiting)
                assert waiting.poll() is None
                waiting.send_signal(signal.SIGTERM)
                waiting.communicate(timeout=600)
            assert (waiting.returncode, home.state().exit_code, home.state().state) == (143, 143, "interrupted")
            last = start("run", "a", "--no-progress", "--wait", "1d", cwd=home.path)
            until(lambda: home.state().finished is None, last)
        out, err = last.communicate(timeout=600)
        assert (last.returncode, home.state().state) == (3, "partial"), out + err

    def test_only_if_missed(self, home: Home) -> None:
        home.configure(press("a", YEARLY))
        assert home.run("run", "a", "--if-missed").code == 0
        assert home.runs() == []
        assert home.run("run", "a", "--no-progress").code == 3
        home.forget("a", 2)
        assert home.run("run", "a", "--if-missed", "--no-progress").code == 0
        assert (len(home.runs()), home.state().state) == (2, "nothing-to-do")


class TestSchedule:
    def test_what_was_missed_is_caught_up_once(self, home: Home) -> None:
        """Two jobs of one archive, and three times of each passed: one run of each, one after the other."""
        home.configure(press("a", YEARLY), press("b", YEARLY))
        for name in ("a", "b"):
            home.run("run", name, "--no-progress")
            home.forget(name, 3)
        log = home.keep()
        for name in ("a", "b"):
            log.wait(f" {name}: missed ", "catching up, once")
            log.wait(f" {name}: ended, status 0, nothing-to-do")
        assert home.run("schedule", "run").code == 9
        assert log.stop(signal.SIGTERM) == 143
        assert (len(home.runs()), log.says(": started, "), log.says(": missed ")) == (4, 2, 2)
        first, second = home.runs()[2:]
        assert first[1] is not None
        assert second[0] >= first[1]

        again = home.keep()
        for name in ("a", "b"):
            again.wait(f" {name}: next ")
        assert again.stop(signal.SIGINT) == 130
        assert (len(home.runs()), again.says(": started, "), again.says(": missed ")) == (4, 0, 0)

    def test_killed_and_started_again_it_goes_on_once(self, home: Home) -> None:
        home.configure(gated("a", 'every = "1s"'))
        home.gated.gate.clear()
        log = home.keep()
        until(lambda: len(home.gated.asked) == 1, log.keeper)
        log.wait(" a: is still running; ", "is skipped", times=2)
        process = home.state().process
        assert process
        log.keeper.kill()
        log.keeper.wait()
        assert home.folder.is_running("a"), "the job outlives the one who keeps the time"
        os.kill(process, signal.SIGKILL)
        until(lambda: not home.folder.is_running("a"))
        home.gated.gate.set()
        home.configure(gated("a", YEARLY))
        (row,) = home.run("schedule", "list", "--json").json["jobs"]
        assert (row["last"]["finished"], row["missed"]) == (None, row["last"]["started"])

        log = home.keep()
        log.wait(" a: was cut short ", "catching up, once")
        log.wait(" a: ended, status 0, complete")
        assert log.stop(signal.SIGTERM) == 143
        assert (len(home.runs()), log.says(": started, ")) == (2, 1)
        assert (home.state().outcomes or {})["captured"] == PAGES

    def test_a_job_that_outlived_its_keeper_is_not_started_beside_itself(self, home: Home) -> None:
        home.configure(gated("a", 'every = "1s"'))
        home.gated.gate.clear()
        log = home.keep()
        until(lambda: len(home.gated.asked) == 1, log.keeper)
        log.keeper.kill()
        log.keeper.wait()
        log = home.keep()
        log.wait(" a: is running already, process ")
        log.wait(" a: ended, status 9")
        assert len(home.runs()) == 1
        home.gated.gate.set()
        log.wait(" a: ended, status 0, ")
        assert log.stop(signal.SIGTERM) == 143

    def test_every_second_and_never_beside_itself(self, home: Home) -> None:
        home.configure(gated("a", 'kind = "recrawl"\nevery = "1s"\njitter = 0.2'))
        log = home.keep()
        log.wait(" a: ended, status 0, complete", times=3)
        assert log.stop(signal.SIGTERM) == 143
        runs = home.runs()
        assert len(runs) >= 3
        for (_, finished), (started, _) in itertools.pairwise(runs):
            assert finished is not None
            assert started >= finished
        assert not re.search(r"Traceback|Error", log.path.read_text())

    def test_stopped_it_stops_its_jobs_resumably(self, home: Home) -> None:
        home.configure(gated("a", 'every = "1s"'))
        home.gated.gate.clear()
        log = home.keep()
        until(lambda: len(home.gated.asked) == 1, log.keeper)
        log.keeper.send_signal(signal.SIGTERM)
        log.wait("schedule: stopping on SIGTERM; a asked to stop, and will go on next time")
        home.gated.gate.set()
        assert log.keeper.wait(600) == 143
        assert not home.folder.is_running("a")
        assert (home.state().exit_code, home.state().state) == (143, "interrupted")
        home.configure(gated("a", YEARLY))
        log = home.keep()
        log.wait(" a: was cut short ")
        log.wait(" a: ended, status 0, complete")
        assert log.stop(signal.SIGINT) == 130
        assert sorted(home.gated.asked) == sorted(home.gated.expected)

    def test_a_job_that_fails_does_not_stop_the_others(self, home: Home) -> None:
        home.configure(press("a", 'every = "1s"'), 'b]\ninputs = ["nowhere.md"]\nevery = "1s"\nstore = "./elsewhere"')
        log = home.keep()
        log.wait(" b: ended, status 2, refused: ", times=2)
        log.wait(" a: ended, status ", times=2)
        assert log.stop(signal.SIGINT) == 130

    def test_one_schedule_at_a_time(self, home: Home) -> None:
        home.configure(press("a", YEARLY))
        with schedule_lock(home.path / "archive.spool"):
            assert home.run("schedule", "run").code == 9


def test_export_by_the_command_line(home: Home) -> None:
    home.configure(press("a", YEARLY))
    done = home.run("schedule", "export", "--as", "systemd", "--out", "units")
    assert done.code == 0, done.err
    listed = sorted(str(path.relative_to(home.path)) for path in (home.path / "units").iterdir())
    assert sorted(done.out.split()) == listed == ["units/warcite-a.service", "units/warcite-a.timer", "units/warcite.sysusers"]
    answer: dict[str, Any] = home.run("schedule", "export", "--as", "kubernetes", "--json").json
    assert (answer["schema"], answer["as"], [f["path"] for f in answer["files"]]) == ("warcite.export/1", "kubernetes", ["warcite.yaml"])
    assert home.run("schedule", "export", "--as", "compose").out.startswith("# Written by: warcite schedule export")
    assert now() < parse_iso(home.run("schedule", "list", "--json").json["jobs"][0]["next"])
