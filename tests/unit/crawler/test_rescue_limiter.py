"""The rate that all processes of a machine keep together, and the answers they share."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from archive.errors import StoreError
from crawler.rescue.answers import Answers
from crawler.rescue.limiter import LONGEST_PAUSE, Limiter
from crawler.rescue.source import Answer, Question
from tests.support.shared import ROOT


class Clock:
    """Time passes when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


def limiter(directory: Path, clock: Clock, per_minute: float = 24, host: str = "a.example") -> Limiter:
    return Limiter(directory, host, per_minute, clock, clock.sleep)


def test_turns_are_as_far_apart_as_the_rate_says(tmp_path: Path, clock: Clock) -> None:
    times = []
    for number in range(50):
        asyncio.run(limiter(tmp_path, clock, host="a.example" if number % 2 else "A.example".lower()).turn())
        times.append(clock.now)
    assert all(later - earlier >= 2.499 for earlier, later in pairwise(times))
    assert times[-1] - times[0] == pytest.approx(49 * 2.5, abs=0.01)


def test_hosts_have_rates_of_their_own(tmp_path: Path, clock: Clock) -> None:
    begun = clock.now
    asyncio.run(limiter(tmp_path, clock).turn())
    asyncio.run(limiter(tmp_path, clock, host="b.example").turn())
    assert clock.now == begun


def test_a_stop_holds_for_everybody(tmp_path: Path, clock: Clock) -> None:
    begun = clock.now
    limiter(tmp_path, clock).stop_for(60)
    limiter(tmp_path, clock).stop_for(5)
    asyncio.run(limiter(tmp_path, clock).open())
    assert clock.now - begun == pytest.approx(60, abs=0.01)
    asyncio.run(limiter(tmp_path, clock).turn())
    assert clock.now - begun == pytest.approx(60, abs=0.01)
    limiter(tmp_path, clock).stop_for(10**9)
    begun = clock.now
    asyncio.run(limiter(tmp_path, clock).turn())
    assert clock.now - begun <= LONGEST_PAUSE + 1


@pytest.mark.parametrize(
    "text", ["", "x", "[]", '{"next": "x"}', '{"next": NaN, "stopped_until": 0}', '{"next": 1e99, "stopped_until": 0}']
)
def test_a_file_that_says_nothing_or_was_written_in_the_future(tmp_path: Path, clock: Clock, text: str) -> None:
    asyncio.run(limiter(tmp_path, clock).turn())
    (file,) = tmp_path.iterdir()
    file.write_text(text)
    begun = clock.now
    asyncio.run(limiter(tmp_path, clock).turn())
    assert clock.now == begun


def test_a_folder_that_cannot_be_used(tmp_path: Path, clock: Clock) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError):
        asyncio.run(limiter(tmp_path / "file" / "below", clock).turn())


def test_across_processes(tmp_path: Path) -> None:
    """Three processes at once, each taking eight turns at 1200 a minute."""
    code = (
        "import asyncio, json, sys, time, pathlib\n"
        "from crawler.rescue.limiter import Limiter\n"
        "looked, times = [0.0], []\n"
        "def clock():\n"
        "    looked[0] = time.time()\n"
        "    return looked[0]\n"
        "limiter = Limiter(pathlib.Path(sys.argv[1]), 'a.example', 1200, clock)\n"
        "for _ in range(8):\n"
        "    asyncio.run(limiter.turn())\n"
        "    times.append(looked[0])\n"
        "print(json.dumps(times))\n"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    running = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    times = sorted(at for process in running for at in json.loads(process.communicate(timeout=100)[0]))
    assert len(times) == 24
    assert all(later - earlier >= 0.0499 for earlier, later in pairwise(times))


def test_answers_are_believed_for_a_while(tmp_path: Path, clock: Clock) -> None:
    file = tmp_path / "state" / "answers.sqlite"
    question, dated = Question("http://a/cdx?url=x"), Question("http://a/cdx?url=x", (("Accept-Datetime", "then"),))
    answers = Answers(file, 100, clock)
    assert answers.get(question) is None
    answers.put(question, Answer(question.url, 404, {"content-type": "text/plain", "set-cookie": "a=1"}, b"nothing"))
    assert answers.get(dated) is None
    answers.close()
    clock.now += 99
    again = Answers(file, 100, clock)
    assert again.get(question) == Answer(question.url, 404, {"content-type": "text/plain"}, b"nothing")
    clock.now += 2
    assert again.get(question) is None
    again.close()


def test_a_cache_that_cannot_be_read_says_so(tmp_path: Path, clock: Clock) -> None:
    file = tmp_path / "answers.sqlite"
    file.write_bytes(b"no database at all, but long enough to look at" * 100)
    with pytest.raises(StoreError, match="may be deleted"):
        Answers(file, 100, clock)
