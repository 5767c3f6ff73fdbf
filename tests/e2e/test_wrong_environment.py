"""What is wrong with a machine and not with the web: one clear line, an exit code of its own, nothing lost, and the next run goes on."""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.demo.press import DIGESTS
from crawler.demo.routes import EXPECTED
from crawler.demo.site import DemoSite
from tests.support import namespace
from tests.support.demo import demo_options
from tests.support.neighbours import free_port
from tests.support.odd_server import CLOSE, OddServer, Reply
from tests.support.proxy import ForwardProxy
from tests.support.seaweed import Seaweed
from tests.support.warcite import Done, command, elsewhere, ran, warcite

PAGE: Reply = (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 16\r\n\r\n<p>some text</p>", CLOSE)


@pytest.fixture
def site() -> Iterator[DemoSite]:
    with DemoSite() as site:
        yield site


def run(arguments: list[str | Path], cwd: Path, *, shell: str = "{}", **env: str) -> Done:
    """As `warcite`, by way of a shell line in which ``{}`` is the command."""
    return ran(["bash", "-c", shell.replace("{}", shlex.join(command(*arguments)))], cwd, env)


def one_line(done: Done, code: int, *words: str) -> None:
    """It ended with that code and said why in one line, the same in its JSON, without a traceback."""
    assert done.code == code, (done.code, done.out[-1000:], done.err[-2000:])
    assert "Traceback" not in done.err
    said = done.json.get("message") or done.json["error"]
    assert "\n" not in said
    assert all(word in said for word in words), said
    assert said in done.err


def goes_on(site: DemoSite, cwd: Path, *more: str | Path, **env: str) -> None:
    """The same command, now that the machine is in order, ends every target as it must."""
    done = warcite("crawl", DIGESTS, *demo_options(site, 0.02), *more, cwd=cwd, **env)
    assert (done.code, done.json["pending"]) == (3, 0), done.err
    stores = [x for x in more if x == "--store" or more[more.index(x) - 1] == "--store"]
    rows = warcite("status", "--targets", "--json", *stores, cwd=cwd, **env).json["targets"]
    assert {row["url"]: row["outcome"] for row in rows} == EXPECTED
    assert warcite("verify", "--json", *stores, cwd=cwd, **env).json["damages"] == []


# --- stores and disks -----------------------------------------------------------------------------------


def test_a_wrong_bucket(site: DemoSite, seaweed: Seaweed, s3_bucket: str, tmp_path: Path) -> None:
    env = {**seaweed.environment, "XDG_STATE_HOME": str(tmp_path / "state")}
    asked = len(site.requests)
    wrong = warcite("crawl", DIGESTS, *demo_options(site, 0.02), "--store", f"s3://{s3_bucket}-not-there/x", cwd=tmp_path, **env)
    one_line(wrong, 6, f"{s3_bucket}-not-there")
    assert len(site.requests) == asked
    goes_on(site, tmp_path, "--store", f"s3://{s3_bucket}/x", **env)


def test_a_file_where_the_store_or_the_spool_should_be(site: DemoSite, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    one_line(warcite("crawl", DIGESTS, *demo_options(site, 0.02), "--store", tmp_path / "file", cwd=tmp_path), 2, "file")
    one_line(warcite("crawl", DIGESTS, *demo_options(site, 0.02), "--spool", tmp_path / "file", cwd=tmp_path), 6, "file")
    assert (tmp_path / "file").read_text(encoding="utf-8") == "mine"
    goes_on(site, tmp_path)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    disk = tmp_path / "disk"
    disk.mkdir()
    if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", str(disk)], check=False).returncode:
        pytest.skip("needs the right to mount a tmpfs")
    yield disk
    subprocess.run(["umount", "--lazy", str(disk)], check=True)


@pytest.mark.parametrize("what", ["store", "spool"])
def test_a_read_only_disk(what: str, site: DemoSite, disk: Path, tmp_path: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    asked, words = len(site.requests), (str(disk), "ead-only" if what == "spool" else "read-only")
    there = ["--spool", tmp_path / "spool", "--store", tmp_path / "store", f"--{what}", disk / "it"]
    one_line(warcite("crawl", DIGESTS, *demo_options(site, 0.02), *there, cwd=tmp_path), 6, *words)
    assert len(site.requests) == asked
    subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)
    goes_on(site, tmp_path, *([] if what == "store" else ["--spool", disk / "it"]), *(["--store", disk / "it"] if what == "store" else []))


# --- the network ----------------------------------------------------------------------------------------

URLS = [f"http://site-{n % 7}.example/{n}" for n in range(20)]


def crawl_urls(world: dict[str, object], tmp_path: Path, *more: str, **env: str) -> Done:
    (tmp_path / "urls.txt").write_text("".join(f"{url}\n" for url in URLS), encoding="utf-8")
    limits = ["--delay", "0", "--timeout", "4", "--retries", "0", "--no-progress", "--json"]
    return elsewhere(world, "crawl", tmp_path / "urls.txt", *limits, *more, cwd=tmp_path, **env)


def nothing_ended(done: Done) -> bool:
    return bool(done.json["pending"] == done.json["sources"] == len(URLS) and sum(done.json["outcomes"].values()) == 0)


def all_captured(tmp_path: Path) -> None:
    with OddServer({}, otherwise=PAGE) as server:
        done = crawl_urls({}, tmp_path, "--connect-to", f"::127.0.0.1:{server.port}", "--robots", "ignore")
    assert (done.code, done.json["outcomes"]["captured"]) == (0, len(URLS)), done.err


@pytest.mark.parametrize("manner", ["again", "hang"])
def test_no_name_server(manner: str, tmp_path: Path) -> None:
    done = crawl_urls({"names": {"*": manner}}, tmp_path)
    one_line(done, 8, "no network", "no name server", "again")
    assert nothing_ended(done)
    all_captured(tmp_path)


def test_names_that_no_server_knows_are_not_the_networks_fault(tmp_path: Path) -> None:
    """``SERVFAIL`` looks the same for a domain whose servers are gone and for a network that is; top-level domains tell."""
    done = crawl_urls({"names": {"*": "again", "example.": "none"}}, tmp_path)
    assert (done.code, done.json["outcomes"]["error"]) == (4, len(URLS)), done.err
    assert {problem["reason"] for problem in done.json["problems"]} == {"dns"}


def test_one_name_that_hangs_holds_up_no_other(tmp_path: Path) -> None:
    with OddServer({}, otherwise=PAGE) as server:
        rules = [x for n in range(1, 7) for x in ("--connect-to", f"site-{n}.example:80:127.0.0.1:{server.port}")]
        done = crawl_urls({"names": {"site-0.example": "hang", "*": "none"}}, tmp_path, *rules)
    assert done.json["outcomes"]["captured"] == len([url for url in URLS if "site-0." not in url]), done.err
    assert {problem["reason"] for problem in done.json["problems"]} == {"dns"}


@pytest.mark.skipif(not namespace.available(), reason="needs the right to make a network namespace")
def test_no_network_at_all(tmp_path: Path) -> None:
    (tmp_path / "urls.txt").write_text("".join(f"{url}\n" for url in URLS) + "http://93.184.215.14/\n", encoding="utf-8")
    limits = ["--retries", "0", "--no-progress", "--json", "--store", str(tmp_path / "store")]
    ended = namespace.run("crawler.cli", "crawl", tmp_path / "urls.txt", *limits, timeout=400)
    done = Done(ended.returncode, ended.stdout, ended.stderr)
    one_line(done, 8, "no network")
    assert done.json["pending"] == len(URLS) + 1


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_is_not_there(scheme: str, tmp_path: Path) -> None:
    env = {f"{scheme}_proxy": f"{scheme.replace('https', 'http')}://me:SECRET@127.0.0.1:{free_port()}"}
    (tmp_path / "urls.txt").write_text("".join(f"{url}\n" for url in URLS).replace("http:", f"{scheme}:"), encoding="utf-8")
    done = elsewhere({"names": {}}, "crawl", tmp_path / "urls.txt", "--retries", "0", "--no-progress", "--json", cwd=tmp_path, **env)
    one_line(done, 8, "the proxy http://127.0.0.1:", "cannot be reached")
    assert nothing_ended(done)
    assert "SECRET" not in done.out + done.err


def test_a_proxy_that_wants_another_password(tmp_path: Path) -> None:
    refusal: Reply = (b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n", CLOSE)
    with OddServer({}, otherwise=refusal) as proxy:
        done = crawl_urls({"names": {}}, tmp_path, http_proxy=f"http://me:WRONG@127.0.0.1:{proxy.port}")
    one_line(done, 2, "407", "http_proxy")
    assert nothing_ended(done)
    all_captured(tmp_path)


def test_one_site_that_says_it_is_a_proxy_stops_nobody(tmp_path: Path) -> None:
    refusal: Reply = (b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n", CLOSE)
    with OddServer({}, otherwise=refusal) as bad, OddServer({}, otherwise=PAGE) as good:
        routes = {f"site-{n}.example:80": ("127.0.0.1", (good if n else bad).port) for n in range(7)}
        with ForwardProxy(routes) as proxy:
            done = crawl_urls({"names": {}}, tmp_path, http_proxy=f"http://127.0.0.1:{proxy.port}")
    assert (done.code, done.json["outcomes"]["captured"]) == (3, len([url for url in URLS if "site-0." not in url])), done.out + done.err
    assert {problem["reason"] for problem in done.json["problems"]} == {"unauthorized"}


# --- the process ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("limit", [20, 44])
def test_too_few_open_files(limit: int, tmp_path: Path) -> None:
    (tmp_path / "urls.txt").write_text("".join(f"http://site-{n}.example/\n" for n in range(60)), encoding="utf-8")
    slow: Reply = (PAGE[0][:-1], 2.0, PAGE[0][-1:])  # type: ignore[index]
    with OddServer({}, otherwise=slow) as server:
        limits = ["--connect-to", f"::127.0.0.1:{server.port}", "--robots", "ignore", "--delay", "0", "--no-progress", "--json"]
        crawl: list[str | Path] = ["crawl", tmp_path / "urls.txt", *limits, "--retries", "0"]
        few = run(crawl, tmp_path, shell=f"ulimit -n {limit}; {{}}")
        assert few.code == 8, few.err
        assert "too many open files" in few.err
        assert "Traceback" not in few.err
        done = warcite(*crawl, cwd=tmp_path)
    assert (done.code, done.json["outcomes"]["captured"]) == (0, 60), done.err


def test_without_a_home(site: DemoSite, tmp_path: Path) -> None:
    done = run(["crawl", DIGESTS, *demo_options(site, 0.02)], tmp_path, shell="unset HOME XDG_STATE_HOME XDG_CONFIG_HOME; {}")
    assert (done.code, done.json["pending"]) == (3, 0), done.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["warcite-archive", "warcite-archive.spool"]


def test_a_locale_without_utf_8(tmp_path: Path) -> None:
    title = "Fähre nach Łódź 渡船"
    page = f"<meta charset=utf-8><title>{title}</title><p>{title}</p>".encode()
    plain = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii:strict"}
    (tmp_path / "ü.txt").write_text("http://straße.example/ä\n", encoding="utf-8")
    with OddServer(
        {}, otherwise=(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(page) + page, CLOSE)
    ) as server:
        crawl = ["recrawl", "ü.txt", "--connect-to", f"::127.0.0.1:{server.port}", "--robots", "ignore", "--no-progress"]
        done = warcite(*crawl, cwd=tmp_path, **plain)
    assert done.code == 0, done.err
    for verb in (["show", "http://xn--strae-oqa.example/%C3%A4"], ["status", "--targets"], ["verify"]):
        said = warcite(*verb, cwd=tmp_path, **plain)
        assert (said.code, "Traceback" in said.err) == (0, False), (verb, said.err)
    assert title in warcite("show", "http://straße.example/ä", cwd=tmp_path).out


STREAMS = ["{} >&-", "{} <&- >&- 2>&-", "{} 2> /dev/full"]


@pytest.mark.parametrize("shell", STREAMS)
def test_closed_streams(shell: str, site: DemoSite, tmp_path: Path) -> None:
    """A closed stream's number goes to the next file that is opened: nothing that is said may end up in the spool."""
    done = run(["crawl", DIGESTS, *demo_options(site, 0.02), "-v"], tmp_path, shell=shell)
    assert done.code == 3, (done.out, done.err)
    assert warcite("verify", "--json", cwd=tmp_path).json["damages"] == []
    rows = warcite("status", "--targets", "--json", cwd=tmp_path).json["targets"]
    assert {row["url"]: row["outcome"] for row in rows} == EXPECTED


@pytest.mark.parametrize(("shell", "codes"), [("{} > /dev/full", {1}), ("{} | head -c 10; exit ${PIPESTATUS[0]}", {0, 1, 3, 141})])
def test_a_result_that_cannot_be_delivered_loses_nothing(shell: str, codes: set[int], site: DemoSite, tmp_path: Path) -> None:
    done = run(["crawl", DIGESTS, *demo_options(site, 0.02)], tmp_path, shell=shell)
    assert done.code in codes, done.err
    assert "Traceback" not in done.err
    again = warcite("crawl", DIGESTS, *demo_options(site, 0.02), cwd=tmp_path)
    assert (again.code, again.json["state"]) == (0, "nothing-to-do"), again.err


@pytest.mark.parametrize("clock", [[[0, -7200]], [[2.5, -86400]]])
def test_a_clock_that_jumps(clock: list[list[float]], site: DemoSite, tmp_path: Path) -> None:
    """Between runs (the first is in the present) and in the middle of one: deadlines, delays and names do not depend on it."""
    first = warcite("crawl", Path(DIGESTS) / "2016-05-21-vessmouth-dredging.md", *demo_options(site, 0.02), cwd=tmp_path)
    assert first.json["pending"] == 0, first.err
    done = elsewhere({"clock": clock}, "crawl", DIGESTS, *demo_options(site, 0.02), "--delay", "0.3", cwd=tmp_path)
    assert (done.code, done.json["pending"]) == (3, 0), done.err
    rows = warcite("status", "--targets", "--json", cwd=tmp_path).json["targets"]
    assert {row["url"]: row["outcome"] for row in rows} == EXPECTED
    assert warcite("verify", "--json", cwd=tmp_path).json["damages"] == []
    for verb in (["sweep", "--older-than", "0s"], ["status"]):
        assert elsewhere({"clock": clock}, *verb, cwd=tmp_path).code == 0
