"""Real child processes on real WARC members."""

from __future__ import annotations

import gzip
import json
import os
import pickle
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from archive.model import DocumentContext, OutcomeWord, Reason
from pipelines.extract import document_json, extract
from pipelines.workers import Extracted, ExtractionTask, WorkerPool
from tests.support.shared import ROOT
from tests.support.waiting import until

ARTICLE = (ROOT / "tests" / "fixtures" / "pages" / "article.html").read_bytes()
LONG = b"<html><body><div " + b" ".join(b"a%06d" % n for n in range(100_000)) + b"><p>text</p></div></body></html>"
"""An 889 kB tag with 100,000 attributes: libxml2 compares each with all before it."""


class Segment:
    """A WARC under construction; each page becomes a task."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def task(self, body: bytes, name: str = "a", reason: Reason = Reason.OK, outcome: OutcomeWord = OutcomeWord.CAPTURED) -> ExtractionTask:
        block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)
        record = b"WARC/1.1\r\nWARC-Type: response\r\nContent-Length: %d\r\n\r\n%b\r\n\r\n" % (len(block), block)
        member = gzip.compress(record, 1, mtime=0)
        offset = self.path.stat().st_size if self.path.exists() else 0
        with self.path.open("ab") as file:
            file.write(member)
        url = f"http://example.com/{name}"
        where = (f"<urn:uuid:{name}>", "sha1:A", offset, len(member))
        return ExtractionTask(DocumentContext(url, url, "2016-05-24T12:00:00Z", outcome, 200, *where, "run"), self.path, reason)


@pytest.fixture
def segment(tmp_path: Path) -> Segment:
    return Segment(tmp_path / "segment.open")


def children(of: int) -> list[int]:
    """Living extraction processes of a process (zombies have no command line)."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                if parent == of and b"pipelines.worker" in (entry / "cmdline").read_bytes():
                    found.append(int(entry.name))
            except (OSError, ValueError, IndexError):
                continue
    return found


def document(extracted: Extracted) -> dict[str, object]:
    row: dict[str, object] = json.loads(extracted.line)
    assert tuple(row["flags"]) == extracted.flags  # type: ignore[arg-type]
    return row


def test_children_make_the_same_documents(segment: Segment) -> None:
    tasks = [segment.task(ARTICLE, name=str(n)) for n in range(40)]
    with WorkerPool(jobs=2) as pool:
        results = [f.result(300) for f in [pool.submit(t) for t in tasks]]
        assert pool.pending == 0
        assert 1 <= len(children(os.getpid())) <= 2
    assert children(os.getpid()) == []
    for task, result in zip(tasks, results, strict=True):
        assert result.line == document_json(extract(ARTICLE, "text/html; charset=utf-8", task.context))
        assert (result.outcome, result.reason, result.text_outcome, result.flags) == ("captured", "ok", "ok", ())
        assert 0 < result.cpu_s < 10


def test_the_page_may_change_the_outcome_and_the_fetchs_reason_stands_otherwise(segment: Segment) -> None:
    with WorkerPool(jobs=1) as pool:
        gone = pool.submit(segment.task(b"<title>Page not found</title><h1>Page not found</h1>")).result(300)
        cut = pool.submit(segment.task(ARTICLE, reason=Reason.TRUNCATED, outcome=OutcomeWord.ERROR)).result(300)
    assert (gone.outcome, gone.reason, gone.flags) == ("gone", "soft-404", ("soft404",))
    assert (cut.outcome, cut.reason, cut.text_outcome) == ("error", "truncated", "ok")


def test_a_page_past_its_deadline_costs_itself_only(segment: Segment) -> None:
    tasks = [segment.task(LONG if n == 3 else ARTICLE, name=str(n)) for n in range(8)]
    with WorkerPool(jobs=1, deadline=6.0) as pool:
        results = [f.result(300) for f in [pool.submit(t) for t in tasks]]
    assert [r.flags for r in results] == [("extraction-failed", "deadline") if n == 3 else () for n in range(8)]
    assert document(results[3])["text_outcome"] == "none"
    assert results[3].outcome == OutcomeWord.CAPTURED


def test_a_page_past_the_memory_cap_costs_itself_only(segment: Segment) -> None:
    greedy = b"<html><body>" + b"<p>word <b>and</b> word</p>" * 400_000
    tasks = [segment.task(greedy if n == 1 else ARTICLE, name=str(n)) for n in range(4)]
    with WorkerPool(jobs=1, deadline=200, memory=96 << 20) as pool:
        results = [f.result(300) for f in [pool.submit(t) for t in tasks]]
    assert results[1].flags[0] == "extraction-failed"
    assert results[1].flags[1] in ("memory", "crashed")
    assert [r.flags for n, r in enumerate(results) if n != 1] == [(), (), ()]


def test_a_killed_child_is_replaced(segment: Segment) -> None:
    tasks = [segment.task(LONG if n == 0 else ARTICLE, name=str(n)) for n in range(8)]
    with WorkerPool(jobs=1, deadline=200) as pool:
        futures = [pool.submit(t) for t in tasks]
        until(futures[0].running)  # so the child is ready, and this page is its first
        (child,) = children(os.getpid())
        os.kill(child, signal.SIGKILL)
        results = [f.result(300) for f in futures]
        assert children(os.getpid()) != [child]
    assert results[0].flags == ("extraction-failed", "crashed")
    assert {r.flags for r in results[1:]} == {()}


def test_damaged_and_missing_captures_have_documents_too(segment: Segment, tmp_path: Path) -> None:
    whole, cut = segment.task(ARTICLE), segment.task(ARTICLE, name="b")
    segment.path.write_bytes(segment.path.read_bytes()[:-10])
    elsewhere = ExtractionTask(whole.context, tmp_path / "nowhere.warc.gz")
    with WorkerPool(jobs=1) as pool:
        flags = [pool.submit(t).result(300).flags for t in (whole, cut, elsewhere)]
    assert flags == [(), ("extraction-failed", "unreadable"), ("extraction-failed", "unreadable")]


def test_a_segment_sealed_meanwhile_is_found(segment: Segment) -> None:
    task = segment.task(ARTICLE)
    segment.path.rename(segment.path.with_suffix(".warc.gz"))
    with WorkerPool(jobs=1) as pool:
        assert pool.submit(task).result(300).flags == ()


def test_abandoning_cancels_what_waits(segment: Segment) -> None:
    futures = []
    tasks = [segment.task(ARTICLE, name=str(n)) for n in range(200)]
    pool = WorkerPool(jobs=1)
    with pytest.raises(KeyboardInterrupt):  # noqa: PT012, SIM117  # the pool's own leaving is what is tested
        with pool:
            futures = [pool.submit(t) for t in tasks]
            raise KeyboardInterrupt
    assert all(f.done() for f in futures)
    assert sum(f.cancelled() for f in futures) > 100
    with pytest.raises(RuntimeError):
        pool.submit(segment.task(ARTICLE))


def test_no_interpreter_no_hang(segment: Segment, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nonexistent/python")
    with WorkerPool(jobs=1) as pool:
        assert pool.submit(segment.task(ARTICLE)).result(300).flags == ("extraction-failed", "no-worker")


PARENT = """
    import pickle, sys, time
    from pathlib import Path
    from pipelines.workers import WorkerPool
    task = pickle.loads(Path(sys.argv[1]).read_bytes())
    pool = WorkerPool(jobs=2, deadline=200)
    for future in [pool.submit(task) for _ in range(4)]:
        assert future.result(300).flags == (), future.result()
    assert "trafilatura" not in sys.modules and "lxml" not in sys.modules
    try:
        print("ready", flush=True)  # from here on it may be interrupted
        time.sleep(600)
    except KeyboardInterrupt:
        assert pool.submit(task).result(300).flags == ()
        pool.close()
        print("closed", flush=True)
"""


def parent(segment: Segment, tmp_path: Path) -> subprocess.Popen[str]:
    """A script that works as a console script does: run by path, without a guard for ``__main__``, in another directory."""
    script, task = tmp_path / "console-script", tmp_path / "task"
    script.write_text(textwrap.dedent(PARENT))
    task.write_bytes(pickle.dumps(segment.task(ARTICLE)))
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen([sys.executable, str(script), str(task)], env=env, cwd=tmp_path, stdout=subprocess.PIPE, text=True)


@pytest.mark.skipif(sys.platform != "linux", reason="PR_SET_PDEATHSIG is Linux's")
def test_children_die_with_a_killed_parent(segment: Segment, tmp_path: Path) -> None:
    with parent(segment, tmp_path) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        alive = children(process.pid)
        assert alive
        process.kill()
        process.wait()
    until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in alive))


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_an_interrupt_is_for_the_parent_only(segment: Segment, tmp_path: Path) -> None:
    with parent(segment, tmp_path) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        alive = children(process.pid)
        for pid in alive:
            os.kill(pid, signal.SIGINT)
        process.send_signal(signal.SIGINT)
        assert process.stdout.readline() == "closed\n"
        assert process.wait(200) == 0
    assert alive
    assert not any(Path(f"/proc/{pid}").exists() for pid in alive)


def test_hash_seeds_do_not_show(segment: Segment, monkeypatch: pytest.MonkeyPatch) -> None:
    task, lines = segment.task(ARTICLE), set()
    for seed in ("1", "2", "3"):
        monkeypatch.setenv("PYTHONHASHSEED", seed)
        with WorkerPool(jobs=1) as pool:
            lines.add(pool.submit(task).result(300).line)
    assert len(lines) == 1
