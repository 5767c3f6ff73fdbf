"""The [jobs.NAME] tables: what they may say, where their options stand, and what is said about a wrong one."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.errors import InputError, NotFound
from archive.index.targets import Selection
from crawler.schedule.clock import CronTimes, SpanTimes
from crawler.schedule.jobs import Job, find_job, load_jobs


def jobs_of(folder: Path, text: str, environ: dict[str, str] | None = None) -> dict[str, Job]:
    file = folder / "warcite.toml"
    file.write_text(text, encoding="utf-8")
    return load_jobs(file, environ or {})


def test_jobs_as_they_are_written(tmp_path: Path) -> None:
    jobs = jobs_of(
        tmp_path,
        """
        [jobs.nightly]
        inputs = ["https://news.example/%Y/%m/%d.md", "digests/"]
        days = 5
        every = "17 3 * * *"
        timezone = "Europe/London"
        jitter = "20m"
        [jobs.rot]
        failed = true
        older_than = "30d"
        host = "*.example.com"
        every = "6h"
        rescue = true
        [jobs.list]
        inputs = "urls.txt"
        kind = "recrawl"
        """,
    )
    assert list(jobs) == ["nightly", "rot", "list"]
    nightly, rot, by_hand = jobs.values()
    assert (nightly.kind, nightly.inputs, nightly.jitter) == ("crawl", ("https://news.example/%Y/%m/%d.md", "digests/"), 1200)
    assert (nightly.window.days, rot.window.days) == (5, None)
    assert isinstance(nightly.times, CronTimes)
    assert nightly.times.zone == "Europe/London"
    assert (rot.kind, rot.selection) == ("recrawl", Selection(host="*.example.com", failed=True, older_than=30 * 86400.0))
    assert rot.times == SpanTimes(6 * 3600)
    assert rot.options({}, {}).rescue is True
    assert (by_hand.kind, by_hand.inputs, by_hand.times, bool(by_hand.selection)) == ("recrawl", ("urls.txt",), None, False)


def test_a_jobs_options_stand_between_the_environment_and_the_file(tmp_path: Path) -> None:
    text = 'store = "./file"\n[crawl]\ndelay = 3\nretries = 7\n[jobs.a]\ninputs = "x"\nstore = "./job"\ndelay = "1m"\n'
    job = jobs_of(tmp_path, text)["a"]
    plain = job.options({}, {})
    assert (plain.store, plain.delay, plain.retries) == ("./job", 60, 7)
    assert job.options({}, {"WARCITE_STORE": "./environment"}).store == "./environment"
    assert job.options({"store": "./given"}, {"WARCITE_STORE": "./environment"}).store == "./given"
    assert job.options({}, {"WARCITE_STORE": ""}).store == "./job", "an empty variable is none"


@pytest.mark.parametrize(
    ("table", "complaint"),
    [
        ('input = "x"', r"\[jobs.a\]: unknown key 'input'; did you mean 'inputs'"),
        ('inputs = "x"\ndealy = 3', "did you mean 'delay'"),
        ('inputs = "x"\ndelay = "soon"', r"\[jobs.a\]: delay: cannot read 'soon'"),
        ('inputs = "x"\nretries = -1', r"\[jobs.a\]: retries: must not be negative"),
        ('inputs = "x"\nrobots = "maybe"', r"\[jobs.a\]: robots"),
        ("inputs = 3", r"\[jobs.a\]: inputs: "),
        ("inputs = []", "either inputs or what of the archive"),
        ('every = "6h"', "either inputs or what of the archive"),
        ('inputs = "x"\nfailed = true', "either inputs or what of the archive"),
        ('failed = true\nkind = "crawl"', "that is kind = 'recrawl'"),
        ('inputs = ["-"]', "standard input"),
        ('inputs = "x"\nkind = "creep"', r"\[jobs.a\]: kind"),
        ('inputs = "x"\nevery = "sometimes"', r"\[jobs.a\]: 'sometimes' is no cron expression"),
        ('inputs = "x"\nevery = 6', r"\[jobs.a\]: every"),
        ('inputs = "x"\nevery = "6h"\njitter = "6h"', "jitter: must be less than every = '6h'"),
        ('inputs = "x"\njitter = "later"', "jitter: span: cannot read 'later'"),
        ('inputs = "x"\nevery = "daily"\ntimezone = "Mars/Olympus"', "timezone: 'Mars/Olympus' is not known"),
        ('inputs = "https://a.example/x"\ndays = 3', "days: no input is an address with the day in it"),
        ('inputs = "https://a.example/%Y"\ndays = 0', "days: must be between 1"),
        ('older_than = "a while"', "older_than: span: cannot read 'a while'"),
        ("failed = 'perhaps'", r"\[jobs.a\]: failed"),
    ],
)
def test_a_wrong_table_names_itself_and_the_key(tmp_path: Path, table: str, complaint: str) -> None:
    with pytest.raises(InputError, match=complaint) as caught:
        jobs_of(tmp_path, f"[jobs.a]\n{table}\n")
    assert str(tmp_path / "warcite.toml") in str(caught.value)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("jobs = 3", "jobs must be tables"),
        ("[jobs]\nnightly = 3", "'nightly' in .jobs. is not the table of a job"),
        ('[jobs."../up"]\ninputs = "x"', "a job's name has letters"),
        (f'[jobs.{"n" * 41}]\ninputs = "x"', "40 at most"),
        ('[job.a]\ninputs = "x"', "unknown key 'job'; did you mean 'jobs'"),
    ],
)
def test_a_wrong_file_says_so(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(InputError, match=complaint):
        jobs_of(tmp_path, text)


def test_a_name_that_is_no_job_names_the_nearest(tmp_path: Path) -> None:
    jobs_of(tmp_path, '[jobs.nightly]\ninputs = "x"')
    with pytest.raises(NotFound, match="did you mean 'nightly'"):
        find_job("nightyl", tmp_path / "warcite.toml")
    jobs_of(tmp_path, "")
    with pytest.raises(NotFound, match="it has none"):
        find_job("nightly", tmp_path / "warcite.toml")


def test_without_a_file_there_are_no_jobs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert load_jobs(None, {"XDG_CONFIG_HOME": str(tmp_path)}) == {}
