"""Sources that are dead live and kept by an archive: what is rescued, what is not, and how archives are asked."""

from __future__ import annotations

import gzip
import json
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.support.dead_web import DATA, INDEX, MOMENT, WARC, WAYBACK, DeadWeb, page, record
from tests.support.gazette import title
from tests.support.shared import ROOT
from tests.support.waiting import until
from tests.support.warcite import Done, environment, start, warcite

pytestmark = pytest.mark.timeout(300)

ANY = ["--rescue", "--rescue-threshold", "0", "--cdx-rate", "6000"]


@pytest.fixture
def web() -> Iterator[DeadWeb]:
    with DeadWeb() as web:
        yield web


def digest(directory: Path, urls: Sequence[str], name: str = "digest.md", archived: str = "") -> Path:
    """A digest page that cites the addresses; with ``archived`` through that archive's links."""
    text = (
        f"### [2016-05-21](/news/2016/05/21/index.md)\n\n#  {title('/' + urls[0].split('/', 3)[3])} \n\nWhat happened.\n\n### Source:\n\n"
    )
    links = [f"http://{archived}/web/{MOMENT}/{url}" if archived else url for url in urls]
    file = directory / name
    file.write_text(text + "".join(f"{n}. [Gazette]({link})\n" for n, link in enumerate(links, 1)), encoding="utf-8")
    return file


def crawl(directory: Path, web: DeadWeb, *args: str | Path) -> Done:
    (directory / "warcite.toml").write_text(web.config, encoding="utf-8")
    return warcite(*args, *web.options, cwd=directory, XDG_STATE_HOME=str(directory / "state"))


def targets(directory: Path) -> dict[str, dict[str, Any]]:
    done = warcite("status", "--targets", "--json", cwd=directory)
    assert done.code == 0, done.err
    return {row["url"]: row for row in done.json["targets"]}


def documents(directory: Path) -> dict[str, dict[str, Any]]:
    files = (directory / "warcite-archive" / "documents").glob("*.jsonl.gz")
    rows = [json.loads(line) for file in files for line in gzip.decompress(file.read_bytes()).splitlines()]
    return {row["url"]: row for row in rows}


def is_whole(directory: Path) -> None:
    verified = warcite("verify", "--json", cwd=directory)
    assert (verified.code, verified.json["damages"]) == (0, [])
    rebuilt = warcite("rebuild", "--all", "--dry-run", "--json", cwd=directory)
    assert (rebuilt.code, rebuilt.json["lost"]) == (0, []), rebuilt.out


def test_every_ending(web: DeadWeb, tmp_path: Path) -> None:
    host = "http://paper.example"
    crawled = f"{host}/2016/crawl"
    web.members = {crawled: record(crawled), f"{host}/other": record(f"{host}/other")}
    expected = {
        f"{host}/alive/good": ("captured", "live"),
        f"{host}/2016/good": ("rescued", "archive"),
        f"{host}/soft/good": ("rescued", "archive"),
        f"{host}/refused/good": ("rescued", "archive"),
        f"{host}/2016/moved": ("rescued", "archive"),
        f"{host}/2016/second": ("rescued", "archive"),
        f"{host}/2016/zipped": ("rescued", "archive"),
        f"{host}/2016/limit": ("rescued", "archive"),
        crawled: ("rescued", "warc-copy"),
        f"{host}/2016/none": ("gone", "live"),
        f"{host}/2016/blocked": ("gone", "live"),
        f"{host}/2016/far": ("gone", "live"),
        f"{host}/2016/missing": ("gone", "live"),
        f"{host}/2016/softly": ("gone", "live"),
        f"{host}/2016/front": ("gone", "live"),
        f"{host}/2016/down": ("gone", "live"),
        f"{host}/challenge/good": ("blocked", "live"),
        f"{host}/private/good": ("skipped", "live"),
    }
    done = crawl(tmp_path, web, "crawl", digest(tmp_path, list(expected)), *ANY, "--retries", "1")
    assert (done.code, done.json["state"]) == (3, "partial"), done.err
    rows = targets(tmp_path)
    assert {url: (row["outcome"], row["via"]) for url, row in rows.items()} == expected
    assert sum(done.json["outcomes"].values()) == len(expected)
    is_whole(tmp_path)

    again = warcite("extract", "--diff", "--json", cwd=tmp_path)
    assert again.code == 0, again.err
    assert {document["status"] for document in again.json["documents"]} == {"same"}

    made = documents(tmp_path)
    good = made[f"{host}/2016/good"]
    assert good["title"] == title("/2016/good")
    assert good["final_url"] == f"{host}/2016/good"
    assert good["rescue"] == good["rescue"] | {"archive": WAYBACK, "memento": f"http://{WAYBACK}/web/{MOMENT}id_/{host}/2016/good"}
    assert good["rescue"]["why"]
    assert made[f"{host}/2016/zipped"]["text"]
    assert made[crawled]["rescue"]["memento"].startswith(f"http://{DATA}/{WARC}#bytes=")
    assert made[crawled]["title"] == title("/2016/crawl")
    assert made[f"{host}/alive/good"]["rescue"] is None
    assert set(made) == {url for url, (outcome, _) in expected.items() if outcome in {"captured", "rescued", "blocked"}}

    why = {url.rpartition("/")[2]: row["detail"] for url, row in rows.items() if row["outcome"] == "gone"}
    assert "no copy" in why["none"]
    assert "does not show" in why["blocked"]
    assert "days from the copy asked for" in why["far"]
    assert "status 404" in why["missing"]
    assert "soft-404" in why["softly"]
    assert "front page" in why["front"]
    assert "503" in why["down"]
    assert rows[f"{host}/2016/down"]["http_status"] == 404


def test_bytes_are_kept_under_the_archives_address(web: DeadWeb, tmp_path: Path) -> None:
    url = "http://paper.example/2016/good"
    crawl(tmp_path, web, "crawl", digest(tmp_path, [url]), *ANY)
    shown = warcite("show", url, "--json", cwd=tmp_path).json
    warc = tmp_path / "warcite-archive" / shown["documents"][0]["warc_file"]
    records = gzip.decompress(warc.read_bytes())
    assert f"WARC-Target-URI: http://{WAYBACK}/web/{MOMENT}id_/{url}\r\n".encode() in records
    assert page(url) in records
    assert b"capturedFrom: archive\r\n" in records
    assert b"mementoDatetime: 2016-05-22T10:15:00.000000Z\r\n" in records
    assert records.count(f"WARC-Type: response\r\nWARC-Record-ID: {shown['documents'][0]['warc_record_id']}".encode()) == 1
    assert b"rescueOf: " + url.encode() in records
    assert b"liveOutcome: gone not-found\r\n" in records


def test_nothing_is_asked_for_what_lives_and_nothing_twice(web: DeadWeb, tmp_path: Path) -> None:
    urls = [f"http://paper.example/{place}" for place in ("alive/good", "2016/good", "2016/none", "challenge/good")]
    file = digest(tmp_path, urls)
    crawl(tmp_path, web, "crawl", file, *ANY)
    assert web.looked_up() == {urls[1]: 1, urls[2]: 1}
    again = crawl(tmp_path, web, "crawl", file, *ANY)
    assert again.json["state"] == "nothing-to-do"
    elsewhere = tmp_path / "other"
    elsewhere.mkdir()
    (elsewhere / "warcite.toml").write_text(web.config, encoding="utf-8")
    options = [*ANY, *web.options]
    other = warcite("crawl", file, *options, cwd=elsewhere, XDG_STATE_HOME=str(tmp_path / "state"))
    assert other.json["outcomes"]["rescued"] == 1
    assert web.looked_up() == {urls[1]: 1, urls[2]: 1}, (
        "what an archive said is known to the next crawl of this machine, also that it has nothing"
    )


def test_a_citation_of_an_archived_copy_goes_there_first(web: DeadWeb, tmp_path: Path) -> None:
    url = "http://paper.example/2016/good"
    done = crawl(tmp_path, web, "crawl", digest(tmp_path, [url], archived=WAYBACK), *ANY)
    assert done.json["outcomes"]["rescued"] == 1
    assert web.looked_up() == {}
    assert documents(tmp_path)[url]["rescue"]["memento"] == f"http://{WAYBACK}/web/{MOMENT}id_/{url}"


def test_a_dead_host_is_asked_for_at_once(web: DeadWeb, tmp_path: Path) -> None:
    urls = [f"http://dead.example/2016/{kind}-{n}" for n in range(6) for kind in ("good", "none")]
    done = crawl(tmp_path, web, "crawl", digest(tmp_path, urls), *ANY)
    assert (done.json["outcomes"]["rescued"], done.json["outcomes"]["gone"]) == (6, 6)
    assert web.looked_up() == {"dead.example": 1}


def test_the_rate_holds_for_all_crawls_of_a_machine(web: DeadWeb, tmp_path: Path) -> None:
    """Two at once, 600 look-ups a minute between them."""
    running = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "warcite.toml").write_text(web.config, encoding="utf-8")
        file = digest(tmp_path / name, [f"http://{name}{n}.example/2016/none" for n in range(15)])
        args = ["crawl", file, "--rescue", "--cdx-rate", "600", *web.options]
        running.append(start(*args, cwd=tmp_path / name, XDG_STATE_HOME=str(tmp_path / "state")))
    for process in running:
        out, err = process.communicate(timeout=200)
        assert json.loads(out)["outcomes"]["gone"] == 15, err
    times = sorted(seen.at for seen in web.asked(WAYBACK, "/cdx/"))
    assert len(times) == 30
    for first in range(0, len(times), 5):
        for last in range(first + 5, len(times)):
            assert last - first <= (times[last] - times[first]) * 10 + 1.5, "more look-ups than the rate allows"


def test_429_stops_all_lookups_of_that_archive(web: DeadWeb, tmp_path: Path) -> None:
    urls = [f"http://h{n}.example/2016/{kind}" for n in range(4) for kind in ("limit", "good")]
    done = crawl(tmp_path, web, "crawl", digest(tmp_path, urls), *ANY)
    assert done.json["outcomes"]["rescued"] == 8
    asked = web.asked(WAYBACK)
    refused = [n for n, seen in enumerate(asked) if "limit" in seen.target and seen.target.startswith("/cdx/")]
    first = asked[refused[0]]
    after = [seen for seen in asked if seen.at > first.at + 0.2]
    assert min(seen.at for seen in after) >= first.at + 0.95, "for as long as Retry-After says"


def test_the_default_threshold_abstains(web: DeadWeb, tmp_path: Path) -> None:
    """The event's title is the first page's; what was captured of the other is a recipe."""
    right, wrong = "http://paper.example/2016/good", "http://paper.example/2016/wrong"
    done = crawl(tmp_path, web, "crawl", digest(tmp_path, [right, wrong]), "--rescue", "--cdx-rate", "6000")
    rows = targets(tmp_path)
    assert (rows[right]["outcome"], rows[wrong]["outcome"]) == ("rescued", "gone")
    assert f"{WAYBACK}/web/{MOMENT}id_/{wrong}: score 0." in rows[wrong]["detail"]
    problem = next(p for p in done.json["problems"] if p["url"] == wrong)
    assert "score 0." in problem["detail"]
    assert wrong not in documents(tmp_path)
    is_whole(tmp_path)


def test_the_verb_rescues_what_an_archive_holds_for_dead(web: DeadWeb, tmp_path: Path) -> None:
    urls = {kind: f"http://paper.example/{kind}" for kind in ("alive/good", "2016/good", "soft/good", "2016/none", "challenge/good")}
    file = digest(tmp_path, list(urls.values()))
    first = crawl(tmp_path, web, "crawl", file)
    assert first.json["outcomes"]["rescued"] == 0
    assert web.asked(WAYBACK) == []
    done = crawl(tmp_path, web, "rescue", *ANY[1:])
    assert (done.code, done.json["sources"], done.json["outcomes"]["rescued"], done.json["outcomes"]["gone"]) == (3, 3, 2, 1), done.err
    rows = targets(tmp_path)
    came_to = {kind: rows[url]["outcome"] for kind, url in urls.items()}
    assert came_to == {
        "alive/good": "captured",
        "2016/good": "rescued",
        "soft/good": "rescued",
        "2016/none": "gone",
        "challenge/good": "blocked",
    }
    told = warcite("report", "last", "--quick", "--json", cwd=tmp_path).json
    assert (told["provenance"]["command"][:2], told["provenance"]["options"]["rescue"]) == (["warcite", "rescue"], True)
    assert told["vias"] == {"archive": 2, "live": 1}
    again = crawl(tmp_path, web, "rescue", "--blocked", *ANY[1:])
    assert (again.json["sources"], again.json["outcomes"]["rescued"]) == (2, 1)
    assert targets(tmp_path)[urls["challenge/good"]]["outcome"] == "rescued"
    assert crawl(tmp_path, web, "crawl", file).json["state"] == "nothing-to-do"
    assert warcite("rescue", "--run", "nobody", cwd=tmp_path).code == 7
    is_whole(tmp_path)


def test_scrapys_own_command_line(web: DeadWeb, tmp_path: Path) -> None:
    url = "http://paper.example/2016/good"
    crawl(tmp_path, web, "crawl", digest(tmp_path, [url]))
    (tmp_path / "warcite.toml").write_text(web.config + "threshold = 0\ncdx_rate = 6000\n", encoding="utf-8")
    store, config = str(tmp_path / "warcite-archive"), str(tmp_path / "warcite.toml")
    command = [
        sys.executable,
        "-m",
        "scrapy",
        "crawl",
        "rescue",
        "-a",
        f"store={store}",
        "-s",
        f"WARCITE_CONNECT_TO={web.connect_to()}",
    ]
    env = environment(WARCITE_CONFIG=config, XDG_STATE_HOME=str(tmp_path / "state"))
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=200, check=False)
    assert done.returncode == 0, done.stderr
    assert targets(tmp_path)[url]["outcome"] == "rescued"


def test_killed_in_the_second_pass(web: DeadWeb, tmp_path: Path) -> None:
    urls = [f"http://h{n}.example/2016/good" for n in range(12)] + ["http://h.example/soft/good", "http://h.example/alive/good"]
    file = digest(tmp_path, urls)
    (tmp_path / "warcite.toml").write_text(web.config, encoding="utf-8")
    slow = ["crawl", file, "--rescue", "--rescue-threshold", "0", "--cdx-rate", "120", *web.options]
    killed = start(*slow, cwd=tmp_path, XDG_STATE_HOME=str(tmp_path / "state"))
    until(lambda: len(web.asked(WAYBACK, "/web/")) >= 3, killed)
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    looked_up = sum(web.looked_up().values())
    assert 3 <= looked_up < 13
    assert [row["state"] for row in targets(tmp_path).values()].count("awaiting") >= 1
    live = {seen.target for seen in web.log if seen.host.endswith(".example")}

    without = crawl(tmp_path, web, "crawl", file, *ANY)
    assert (without.code, without.json["outcomes"]["rescued"], without.json["outcomes"]["captured"]) == (0, 13, 1), without.err
    assert web.looked_up().total() <= 14
    assert [(s.host, s.target) for s in web.log].count(("h3.example", "/2016/good")) == 1, "what ended live is not fetched again"
    assert live
    is_whole(tmp_path)


def test_without_the_option_what_waits_ends_as_it_was(web: DeadWeb, tmp_path: Path) -> None:
    file = digest(tmp_path, [f"http://h{n}.example/2016/good" for n in range(6)])
    (tmp_path / "warcite.toml").write_text(web.config, encoding="utf-8")
    args = ["crawl", file, "--rescue", "--rescue-threshold", "0", "--cdx-rate", "12", *web.options]
    killed = start(*args, cwd=tmp_path, XDG_STATE_HOME=str(tmp_path / "state"))
    until(lambda: bool(web.looked_up()), killed)
    killed.send_signal(signal.SIGINT)
    out, err = killed.communicate(timeout=100)
    assert (killed.returncode, json.loads(out)["state"]) == (130, "interrupted"), err
    done = crawl(tmp_path, web, "crawl", file)
    outcomes = done.json["outcomes"]
    assert outcomes["rescued"] + outcomes["gone"] == 6
    assert outcomes["gone"] >= 5
    assert done.json["pending"] == 0
    is_whole(tmp_path)


def test_common_crawl_is_asked_only_when_the_first_archive_has_none(web: DeadWeb, tmp_path: Path) -> None:
    crawl(tmp_path, web, "crawl", digest(tmp_path, ["http://paper.example/2016/good"]), *ANY)
    assert web.asked(INDEX) == []
