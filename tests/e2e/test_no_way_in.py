"""A stranger writes digests, answers, redirects, robots.txt and name service, and wants in; the canary is what only this machine sees."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.urls import MAX_URI
from crawler.demo.press import DIGESTS
from crawler.demo.site import DemoSite
from crawler.ports import BLOCKED
from tests.support import namespace
from tests.support.demo import demo_options
from tests.support.odd_server import CLOSE, OddServer, Reply
from tests.support.proxy import ForwardProxy
from tests.support.seaweed import Seaweed
from tests.support.warcite import Done, elsewhere, warcite
from tests.support.watched import watch
from tests.torture.corpus import answer

PAGE: Reply = (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 31\r\n\r\n<title>a</title><p>some text</p>", CLOSE)
NO_ROBOTS: Reply = (b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", CLOSE)
FAST = ["--delay", "0", "--retries", "0", "--timeout", "10", "--no-progress", "--json"]

SPELLINGS = [
    "127.0.0.1", "127.1", "2130706433", "0x7f.1", "0x7F000001", "017700000001", "0177.0.0.01", "127.0.0.1.", "0", "0.0.0.0",
    "%31%32%37.0.0.1",
    "000000000000000000000000000000000000000000177.0.0.1", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:0:0:1]",
    "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[::127.0.0.1]", "[::1%25lo]", "localhost", "LOCALHOST", "localhost.", "app.localhost",
    "x@127.0.0.1", "public.example@127.0.0.1", "127.0.0.1:80@127.0.0.1", "１２７.0.0.1", "127。0。0。1", "①②⑦.⓪.⓪.①", "127.0.0.\u00ad1",
]  # fmt: skip
NAMES = {
    "inside.example": ["127.0.0.1"],
    "six.example": ["::1"],
    "mapped.example": ["::ffff:127.0.0.1"],
    "mixed.example": ["10.1.2.3", "127.0.0.1"],
    "meta.example": ["169.254.169.254"],
    "*": "none",
}


def redirect(location: str, status: int = 302) -> Reply:
    return (
        f"HTTP/1.1 {status} Go\r\nLocation: ".encode() + location.encode("utf-8", "surrogatepass") + b"\r\nContent-Length: 0\r\n\r\n",
        CLOSE,
    )


def reasons(done: Done) -> set[str]:
    return {problem["reason"] for problem in done.json["problems"]}


@pytest.fixture
def canary() -> Iterator[OddServer]:
    with OddServer({}, otherwise=PAGE) as four, OddServer({}, otherwise=PAGE, host="::1", port=four.port):
        yield four


# --- addresses ------------------------------------------------------------------------------------------


def test_no_target_and_no_name_leads_inside(canary: OddServer, tmp_path: Path) -> None:
    hosts = [*SPELLINGS, *(name for name in NAMES if name != "*")]
    urls = "".join(f"http://{host}:{canary.port}/\n" for host in hosts)
    done = elsewhere({"names": NAMES}, "recrawl", "-", *FAST, cwd=tmp_path, stdin=urls)
    assert (done.code, done.json["outcomes"]["skipped"]) == (4, done.json["sources"]), done.out
    assert reasons(done) == {"private-address"}
    assert canary.connections == 0


def test_no_redirect_and_no_robots_leads_inside(canary: OddServer, tmp_path: Path) -> None:
    hosts = [*SPELLINGS, *(name for name in NAMES if name != "*")]
    inside = [f"http://{host}:{canary.port}/" for host in hosts]
    inside += [
        f"//127.0.0.1:{canary.port}/",
        f"///127.0.0.1:{canary.port}/",
        f"http:\\\\127.0.0.1:{canary.port}\\",
        f"\thttp://127.0.\t0.1:{canary.port}/",
    ]
    inside += [
        f"http://site-x.example\\@127.0.0.1:{canary.port}/",
        f"http://127.0.0.1:{canary.port}\\@site-x.example/",
        "file:///etc/hostname",
    ]
    inside += [
        "data:text/html,x",
        f"gopher://127.0.0.1:{canary.port}/",
        f"ftp://127.0.0.1:{canary.port}/",
        f"https://127.0.0.1:{canary.port}/",
    ]
    refresh = b"<meta http-equiv=refresh content='0;url=http://127.0.0.1:%d/'><p>text</p>" % canary.port
    replies: dict[str, Reply] = {f"/{n}": redirect(location, (301, 302, 303, 307, 308)[n % 5]) for n, location in enumerate(inside)}
    replies["/refresh"] = (answer(refresh, "text/html", b"Refresh: 0;url=http://127.0.0.1:%d/" % canary.port), CLOSE)
    with OddServer(replies, otherwise=NO_ROBOTS) as site, OddServer({"/robots.txt": redirect(inside[0])}, otherwise=PAGE) as second:
        sites = [(f"site-{n}.example", site.port, path) for n, path in enumerate(replies)] + [("robots.example", second.port, "/page")]
        rules = [x for host, port, _ in sites for x in ("--connect-to", f"{host}:80:127.0.0.1:{port}")]
        urls = "".join(f"http://{host}{path}\n" for host, _, path in sites)
        done = elsewhere({"names": NAMES}, "recrawl", "-", *rules, *FAST, cwd=tmp_path, stdin=urls)
        assert second.raw("/page") == []
    outcomes = done.json["outcomes"]
    assert (outcomes["captured"], outcomes["captured"] + outcomes["skipped"] + outcomes["error"]) == (1, len(sites)), (
        done.out
    )  # the refresh page
    assert "internal" not in reasons(done)
    assert canary.connections == 0
    assert warcite("verify", cwd=tmp_path).code == 0


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_no_proxy_is_sent_inside(scheme: str, canary: OddServer, tmp_path: Path) -> None:
    private = ["intranet", "printer.local", "metadata.google.internal", "nas.home.arpa", *(name for name in NAMES if name != "*")]
    hosts = [*SPELLINGS, *private]
    with OddServer({}, otherwise=NO_ROBOTS) as site, ForwardProxy({"outside.example:80": ("127.0.0.1", site.port)}) as proxy:
        env = {"http_proxy": f"http://127.0.0.1:{proxy.port}", "https_proxy": f"http://127.0.0.1:{proxy.port}"}
        urls = "".join(f"{scheme}://{host}:{canary.port}/\n" for host in hosts) + "http://outside.example/\n"
        done = elsewhere({"names": NAMES}, "recrawl", "-", *FAST, cwd=tmp_path, stdin=urls, **env)
        assert {head.split(b" ")[1] for head in proxy.log} == {b"http://outside.example/robots.txt", b"http://outside.example/"}
    assert done.json["outcomes"]["gone"] == 1, done.out
    assert done.json["outcomes"]["skipped"] == done.json["sources"] - 1
    assert canary.connections == 0


def test_a_proxy_is_the_way_out_where_no_name_server_answers(tmp_path: Path) -> None:
    hosts = [f"outside-{n}.example" for n in range(5)]
    with OddServer({}, otherwise=NO_ROBOTS) as site, ForwardProxy({f"{h}:80": ("127.0.0.1", site.port) for h in hosts}) as proxy:
        urls = "".join(f"http://{host}/\n" for host in hosts)
        env = {"http_proxy": f"http://127.0.0.1:{proxy.port}"}
        done = elsewhere({"names": {"*": "again"}}, "recrawl", "-", *FAST, cwd=tmp_path, stdin=urls, **env)
    assert done.json["outcomes"]["gone"] == 5, done.out + done.err


def test_ports_of_other_services_are_not_asked(tmp_path: Path) -> None:
    urls = "".join(f"http://127.0.0.1:{port}/\n" for port in sorted(BLOCKED - {0}))
    done = warcite("recrawl", "-", "--allow-private", "127.0.0.1", *FAST, cwd=tmp_path, stdin=urls)
    assert (done.json["outcomes"]["skipped"], reasons(done)) == (len(BLOCKED) - 1, {"bad-url"}), done.out


def test_a_redirect_to_an_endless_address_ends_there_and_is_kept(tmp_path: Path) -> None:
    replies = {
        "/long": redirect("/" + "a" * (MAX_URI + 1)),
        "/fits": redirect("/" + "a" * (MAX_URI - 100)),
        "/umlaut": redirect("/\u00e9" * 8000),
    }
    with OddServer(replies, otherwise=NO_ROBOTS) as site:
        urls = "".join(f"http://long.example{path}\n" for path in replies)
        done = warcite("recrawl", "-", "--connect-to", f"::127.0.0.1:{site.port}", *FAST, cwd=tmp_path, stdin=urls)
        assert len([seen for seen in site.log if len(seen.path) > 100]) == 1
    assert {p["url"]: p["reason"] for p in done.json["problems"]} == {
        "http://long.example/long": "redirects",
        "http://long.example/fits": "not-found",
        "http://long.example/umlaut": "redirects",
    }
    assert warcite("verify", "--json", cwd=tmp_path).json["damages"] == []


@pytest.mark.skipif(not namespace.available(), reason="needs the right to make a network namespace")
def test_this_machines_public_address_is_an_inner_one(tmp_path: Path) -> None:
    done = namespace.run("tests.support.public_here", tmp_path, timeout=400)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert (found["connections"], found["refused"]["outcomes"]["skipped"]) == (0, 2), found
    assert "this machine's own address" in found["refused"]["problems"][0]["detail"]
    assert found["allowed"]["outcomes"]["captured"] == 2


# --- what goes out ----------------------------------------------------------------------------------------


def test_nothing_listens_and_every_connection_goes_to_the_sites(tmp_path: Path) -> None:
    with DemoSite() as site:
        rules = site.connect_to_rules()
        done = watch("crawl", DIGESTS, *demo_options(site, 0.3), cwd=tmp_path, timeout=400)
    assert done.code == 3, done.err
    assert done.processes > 1  # it did extract
    assert done.listening == set()
    assert {f"{host}:{port}" for host, port in done.peers} == {rule.split(":", 2)[2] for rule in rules}


def test_every_request_is_a_strangers_first_one(tmp_path: Path) -> None:
    cookies = "Set-Cookie: id=COOKIE; Path=/\r\nSet-Cookie: all=COOKIE; Domain=example\r\nSet-Cookie2: old=COOKIE"
    page = f"HTTP/1.1 200 OK\r\n{cookies}\r\nWWW-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n".encode()
    referrer = "Referrer-Policy: unsafe-url\r\nLocation: http://u:LOCATION@b.example/end"
    hop = f"HTTP/1.1 302 Found\r\n{cookies}\r\n{referrer}\r\nContent-Length: 0\r\n\r\n"
    with OddServer({"/hop": (hop.encode(), CLOSE)}, otherwise=(page, CLOSE)) as site:
        urls = "http://user:CITED@a.example/1\nhttp://a.example/hop\nhttp://a.example/2#FRAGMENT\nhttp://b.example/3\n"
        done = warcite("recrawl", "-", "-vv", "--connect-to", f"::127.0.0.1:{site.port}", *FAST, cwd=tmp_path, stdin=urls)
        requests = [seen.raw for seen in site.log]
    assert done.json["outcomes"]["captured"] == 4, done.err
    names = {line.split(b":")[0].lower() for raw in requests for line in raw.split(b"\r\n")[1:] if line}
    assert names == {b"host", b"user-agent", b"accept", b"accept-language", b"accept-encoding"}
    assert not re.search(rb"COOKIE|LOCATION|CITED|FRAGMENT|eferer", b"".join(requests))
    status = warcite("status", "--targets", "--json", cwd=tmp_path)
    assert not re.search("LOCATION|CITED", done.out + done.err + status.out + "".join(ours(tmp_path)))


# --- secrets --------------------------------------------------------------------------------------------

SECRETS = {"AWS_SECRET_ACCESS_KEY": "SECRETkey0123456789", "AWS_SESSION_TOKEN": "SECRETtoken0123456789"}
PROXY_PASSWORD = "SECRETproxy"
PROXY_HEADER = "dXNlcjpTRUNSRVRwcm94eQ=="  # of user:SECRETproxy


def ours(directory: Path) -> Iterator[str]:
    """Every file below, unpacked; WARCs but for the responses, in which a server may say what it likes."""
    for path in (p for p in directory.rglob("*") if p.is_file()):
        data = path.read_bytes()
        text = (gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data).decode("utf-8", "replace")
        parts = text.split("WARC/1.1\r\n") if "warc" in path.suffixes[0:1] or path.name.endswith(".warc.gz") else [text]
        yield from (part for part in parts if not part.startswith("WARC-Type: response"))


def test_no_secret_is_said_or_written(tmp_path: Path) -> None:
    with DemoSite() as site:
        port = int(site.connect_to_rules()[0].rpartition(":")[2])
        with ForwardProxy({f"{host}:80": ("127.0.0.1", port) for host in hosts_of_the_demo()}) as proxy:
            env = {"http_proxy": f"http://user:{PROXY_PASSWORD}@127.0.0.1:{proxy.port}", **SECRETS}
            options = ["-vv", "--delay", "0.02", "--no-progress", "--json"]
            done = elsewhere({"names": {"*": "none"}}, "crawl", DIGESTS, *options, cwd=tmp_path, **env)
        assert any(PROXY_HEADER.encode() in head for head in proxy.log)  # it was used
    assert done.json["outcomes"]["captured"] > 3, done.err[-2000:]
    said = [done.out, done.err, *(warcite(*verb, cwd=tmp_path, **env).out for verb in (["config", "show"], ["status"], ["doctor"]))]
    for secret in (*SECRETS.values(), PROXY_PASSWORD, PROXY_HEADER):
        assert [text[:300] for text in (*said, *ours(tmp_path)) if secret in text] == []


def hosts_of_the_demo() -> set[str]:
    text = "".join(path.read_text(encoding="utf-8") for path in Path(DIGESTS).rglob("*.md"))
    return set(re.findall(r"\(https?://([^/)]+)", text))


@pytest.mark.timeout(600)
def test_no_secret_of_a_store_is_said_or_written(seaweed: Seaweed, s3_bucket: str, tmp_path: Path) -> None:
    env = {**seaweed.environment, "XDG_STATE_HOME": str(tmp_path / "state"), "WARCITE_STORE": f"s3://{s3_bucket}/news"}
    with DemoSite() as site:
        options = ["-vv", *demo_options(site, 0.02)]
        right = warcite("crawl", DIGESTS, *options, cwd=tmp_path, **env)
        assert right.code == 3, right.err[-2000:]
        wrong = warcite("recrawl", "-", *options, cwd=tmp_path, stdin="http://a.example/", **{**env, **SECRETS})
        assert wrong.code == 6, wrong.err[-2000:]
    for secret in (env["AWS_SECRET_ACCESS_KEY"], *SECRETS.values(), "Signature="):
        texts = (right.out, right.err, wrong.out, wrong.err, *ours(tmp_path))
        assert [text[:300] for text in texts if secret in text] == []
