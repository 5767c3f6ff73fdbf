"""What a job remembers, what counts as missed, and who holds its lock; the clock stands still."""

from __future__ import annotations

import json
import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from archive.errors import InputError, Locked
from archive.options import CrawlOptions
from archive.times import iso
from crawler.schedule.clock import parse_every
from crawler.schedule.jobs import Job, load_jobs
from crawler.schedule.listing import listed, shown
from crawler.schedule.locks import schedule_lock
from crawler.schedule.run import is_missed, run_job, spool_of
from crawler.schedule.state import JobFolder, JobState, missed

NIGHTLY = parse_every("17 3 * * *", "UTC")
NOON = datetime.fromisoformat("2026-05-21T12:00:00Z")
DAY = timedelta(days=1)


def report(**changes: Any) -> dict[str, Any]:
    return {"exit_code": 0, "state": "complete", "run": "r", "sources": 2, "outcomes": {"captured": 2}} | changes


def ended(at: datetime, **changes: Any) -> JobState:
    return JobState(iso(at - DAY)).begin(at - timedelta(minutes=1)).end(at, report(**changes))


@pytest.mark.parametrize(
    ("state", "since"),
    [
        (None, None),  # nobody has looked at the job yet: its first time is to come
        (JobState(iso(NOON)), None),
        (JobState(iso(NOON - DAY)), "2026-05-21T03:17:00Z"),
        (ended(NOON - 3 * DAY), "2026-05-21T03:17:00Z"),  # three times passed: the last of them, once
        (ended(NOON - timedelta(hours=1)), None),
        (ended(NOON - timedelta(hours=1), exit_code=3, state="partial"), None),
        (ended(NOON - timedelta(hours=1), exit_code=8, state="limit"), None),
        (ended(NOON - timedelta(hours=1), exit_code=143, state="interrupted"), "2026-05-21T10:59:00Z"),
        (ended(NOON - timedelta(hours=1), exit_code=130, state="interrupted"), "2026-05-21T10:59:00Z"),
        (JobState(iso(NOON - DAY)).begin(NOON - timedelta(hours=1)), "2026-05-21T11:00:00Z"),  # killed: it has no end
        (JobState(iso(NOON - DAY)).begin(NOON - DAY).end(NOON - timedelta(hours=2), report()), None),  # it ran over its next time
        (JobState(iso(NOON - DAY)).begin(NOON - timedelta(hours=1)).refused(NOON, 9, "the spool is in use"), None),
    ],
)
def test_what_counts_as_missed(state: JobState | None, since: str | None) -> None:
    assert missed(NIGHTLY, state, NOON) == (datetime.fromisoformat(since) if since else None)


def test_the_state_is_read_as_it_was_written(tmp_path: Path) -> None:
    folder = JobFolder(tmp_path / "spool")
    assert folder.read("a") is None
    first = folder.known("a", NOON)
    assert folder.known("a", NOON + DAY) == first == JobState(iso(NOON))
    state = first.begin(NOON).end(NOON + DAY, report(error="x"))
    folder.write("a", state)
    assert folder.read("a") == state
    assert (state.known_since, state.process, state.exit_code, state.run) == (iso(NOON), os.getpid(), 0, "r")
    assert [path.name for path in folder.path.iterdir()] == ["a.json"]


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "3", "null", '{"known_since": 3}', '{"known_since": "x"}', '{"known_since": "2026-01-01T00:00:00"}', "\udcff"],
)
def test_a_damaged_state_counts_as_none(tmp_path: Path, text: str) -> None:
    folder = JobFolder(tmp_path)
    folder.path.mkdir()
    (folder.path / "a.json").write_text(text, encoding="utf-8", errors="surrogateescape")
    assert folder.read("a") is None
    assert folder.known("a", NOON) == JobState(iso(NOON))


def test_a_later_version_may_add_to_the_state(tmp_path: Path) -> None:
    folder = JobFolder(tmp_path)
    folder.write("a", JobState(iso(NOON)))
    path = folder.path / "a.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"mood": "fine"}))
    assert folder.read("a") == JobState(iso(NOON))


def test_a_lock_is_told_and_let_go(tmp_path: Path) -> None:
    folder = JobFolder(tmp_path)
    assert not folder.is_running("a")
    folder.write("a", JobState(iso(NOON)).begin(NOON))
    with folder.lock("a"):
        assert folder.is_running("a")
        assert not folder.is_running("b")
        with pytest.raises(Locked, match=f"job a is running already since 2026-05-21T12:00:00.000000Z, process {os.getpid()} on "):
            folder.lock("a")
        with folder.lock("b"):
            pass
    assert not folder.is_running("a")
    with schedule_lock(tmp_path), pytest.raises(Locked, match="another schedule run keeps the jobs"):
        schedule_lock(tmp_path)


class TestRun:
    @pytest.fixture
    def job(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Job:
        monkeypatch.setattr("crawler.schedule.run._end_on_sigterm", lambda: None)  # it is pytest's process
        monkeypatch.setattr("crawler.schedule.run._POLL", 0.01)
        file = tmp_path / "warcite.toml"
        file.write_text(f'store = "{tmp_path}/archive"\n[jobs.a]\ninputs = "x"\nevery = "17 3 * * *"\njitter = "20m"\n')
        return load_jobs(file, {})["a"]

    def state(self, job: Job) -> JobState:
        found = JobFolder(spool_of(job.options({}, {}))).read(job.name)
        assert found
        return found

    def test_a_run_is_remembered(self, job: Job) -> None:
        clock = iter([NOON, NOON, NOON + timedelta(minutes=5)])
        seen: list[JobState] = []

        def crawl(job: Job, options: CrawlOptions) -> dict[str, Any]:
            seen.append(self.state(job))
            return report(exit_code=3, state="partial", error=None)

        run_job(job, job.options({}, {}), crawl, clock=lambda: next(clock))
        assert (seen[0].started, seen[0].finished) == (iso(NOON), None), "the start is kept before anything is fetched"
        state = self.state(job)
        assert (state.finished, state.exit_code, state.state, state.sources) == (iso(NOON + timedelta(minutes=5)), 3, "partial", 2)

    @pytest.mark.parametrize(
        ("error", "code", "state"),
        [
            (InputError("no such file"), 2, "refused"),
            (KeyboardInterrupt(), 130, "interrupted"),
            (SystemExit(143), 143, "interrupted"),
            (RuntimeError("bug"), 1, "refused"),
        ],
    )
    def test_an_end_by_an_error_is_remembered(self, job: Job, error: BaseException, code: int, state: str) -> None:
        def crawl(job: Job, options: CrawlOptions) -> dict[str, Any]:
            raise error

        with pytest.raises(type(error)):
            run_job(job, job.options({}, {}), crawl, clock=lambda: NOON)
        found = self.state(job)
        assert (found.exit_code, found.state, found.finished) == (code, state, iso(NOON))
        assert is_missed(job, job.options({}, {}), NOON) == (state == "interrupted")

    def test_a_spool_in_use_is_waited_for(self, job: Job) -> None:
        answers: list[dict[str, Any] | Locked] = [Locked("in use"), Locked("in use"), report()]

        def crawl(job: Job, options: CrawlOptions) -> dict[str, Any]:
            answer = answers.pop(0)
            if isinstance(answer, Locked):
                raise answer
            return answer

        assert run_job(job, job.options({}, {}), crawl, wait=3600)["state"] == "complete"
        answers[:] = [Locked("in use"), report()]
        with pytest.raises(Locked):
            run_job(job, job.options({}, {}), crawl)
        assert self.state(job).exit_code == 9

    def test_the_list(self, job: Job) -> None:
        def row(at: datetime) -> dict[str, Any]:
            found: dict[str, Any] = listed([job], at, {})["jobs"][0]
            return found

        never = row(NOON)
        assert (never["last"], never["next"], never["missed"], never["running"]) == (None, "2026-05-22T03:17:00.000000Z", None, False)
        folder = JobFolder(spool_of(job.options({}, {})))
        folder.write("a", ended(NOON - DAY))
        due = datetime.fromisoformat("2026-05-21T03:17:00Z")
        assert row(due + timedelta(minutes=20))["missed"] is None, "its jitter may still hold it back"
        late = row(due + timedelta(minutes=22))
        assert (late["missed"], late["last"]["state"]) == ("2026-05-21T03:17:00.000000Z", "complete")
        assert list(shown([late])) == [
            "JOB  EVERY           LAST                  RESULT                  NEXT",
            "a    17 3 * * * UTC  2026-05-20T11:59:00Z  0 complete, 2 captured  2026-05-22T03:17:00Z (missed 2026-05-21T03:17:00Z)",
        ]
        folder.write("a", JobState(iso(NOON)).begin(NOON))
        assert "killed" in list(shown([row(NOON)]))[1]
        with folder.lock("a"):
            assert f"running, process {os.getpid()}" in list(shown([row(NOON)]))[1]
            assert row(NOON + 2 * DAY)["missed"] is None
