"""The download handler against servers that send odd bytes: what is recorded is what was on the wire, once."""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
import trustme

from crawler.handlers.wire import HEADER_LIMIT, WireProtocol
from tests.support.odd_replies import CASES, PAGE, Odd
from tests.support.odd_server import CLOSE, Forever, OddServer, Reply, wire_bytes
from tests.support.proxy import ForwardProxy
from tests.support.wire_crawl import Crawled, Kept, crawl

HOST = "www.example.org"
LONG, SHORT = 200, 5  # seconds: for what ends by itself, however slow the machine, and for what does not
MAXSIZE = 1_000_000
SURPLUS = b"HTTP/1.1 200 Somebody Else\r\nContent-Length: 5\r\n\r\nwrong"
ONE_READ = 64 * 1024

REPLIES: dict[str, Reply] = {
    **{f"/{name}": odd.reply for name, odd in CASES.items()},
    "/surplus": (wire_bytes(CASES["surplus"].reply) + SURPLUS,),
}


@dataclass(frozen=True)
class Tls:
    ca_file: str
    context: ssl.SSLContext
    old: ssl.SSLContext
    other_name: ssl.SSLContext


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Tls:
    ca = trustme.CA()
    folder: Path = tmp_path_factory.mktemp("ca")
    ca.cert_pem.write_to_path(folder / "ca.pem")

    def context(name: str, newest: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3) -> ssl.SSLContext:
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        made.maximum_version = newest
        ca.issue_cert(name).configure_cert(made)
        return made

    return Tls(str(folder / "ca.pem"), context(HOST), context(HOST, ssl.TLSVersion.TLSv1_2), context("other.example.org"))


@dataclass(frozen=True)
class Run:
    base: str
    server: OddServer
    crawled: Crawled


def _crawl_all(base: str, server: OddServer, env: dict[str, str] | None = None) -> Run:
    settings = {
        "DOWNLOAD_TIMEOUT": LONG,
        "DOWNLOAD_MAXSIZE": MAXSIZE,
        "CONCURRENT_REQUESTS": 8,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 8,
        "REDIRECT_ENABLED": False,
        "WARCITE_CONNECT_TO": [f"{HOST}::127.0.0.1:{server.port}"],
    }
    hangs = {f"/{name}" for name, odd in CASES.items() if odd.truncated == "time"}
    urls = [{"url": f"{base}{path}", "meta": {"download_timeout": SHORT} if path in hangs else {}} for path in REPLIES]
    return Run(base, server, crawl(urls, settings, env))


@pytest.fixture(scope="module")
def plain() -> Iterator[Run]:
    with OddServer(REPLIES) as server:
        yield _crawl_all(f"http://{HOST}", server)


@pytest.fixture(scope="module")
def secure(tls: Tls) -> Iterator[Run]:
    with OddServer(REPLIES, tls=tls.context) as server:
        yield _crawl_all(f"https://{HOST}", server, {"SSL_CERT_FILE": tls.ca_file})


@pytest.fixture(params=["plain", "secure"])
def run(request: pytest.FixtureRequest) -> Run:
    return request.getfixturevalue(request.param)


WHOLE = [name for name, odd in CASES.items() if odd.truncated is None]
CUT = [name for name, odd in CASES.items() if odd.truncated is not None and not odd.endless]
ENDLESS = [name for name, odd in CASES.items() if odd.endless]


@pytest.mark.parametrize("name", WHOLE)
def test_a_whole_response_is_kept_byte_for_byte(run: Run, name: str) -> None:
    odd, url = CASES[name], f"{run.base}/{name}"
    kept, ending = run.crawled.one(url), run.crawled.ending(url)
    assert kept.response == wire_bytes(odd.reply)
    assert [kept.request] == run.server.raw(f"/{name}")
    assert kept.truncated is None
    assert (ending.error, ending.body, ending.flags) == (None, odd.body, ())


@pytest.mark.parametrize("name", CUT)
def test_what_came_of_a_cut_response_is_kept(run: Run, name: str) -> None:
    odd, url = CASES[name], f"{run.base}/{name}"
    for kept in _exchanges(run, name):
        assert kept.response == wire_bytes(odd.reply)
        assert kept.truncated == odd.truncated
    ending = run.crawled.ending(url)
    if odd.body is None:
        expected = {"time": "DownloadTimeoutError", "disconnect": "ProtocolError" if name == "not-http" else "DownloadFailedError"}
        assert ending.error == expected[odd.truncated or ""], ending.detail
    else:
        assert (ending.error, ending.body) == (None, odd.body)
        assert ending.flags == (f"truncated:{odd.truncated}",)


@pytest.mark.parametrize("name", ENDLESS)
def test_an_endless_response_is_cut_and_kept(run: Run, name: str) -> None:
    odd, url = CASES[name], f"{run.base}/{name}"
    [kept] = _exchanges(run, name)
    assert kept.truncated == odd.truncated
    assert _sent_without_end(odd).startswith(kept.response)
    assert kept.response.startswith(wire_bytes(odd.reply))
    if name.startswith("huge"):
        assert len(kept.response) == MAXSIZE
    elif odd.truncated == "length" and name != "endless-trailers":
        assert HEADER_LIMIT < len(kept.response) <= HEADER_LIMIT + ONE_READ
    ending = run.crawled.ending(url)
    if odd.body is None:
        assert ending.error == ("DownloadTimeoutError" if odd.truncated == "time" else "ProtocolError")
    else:
        assert ending.body
        assert (odd.body * (len(ending.body) // len(odd.body) + 1)).startswith(ending.body)
        assert ending.flags == (f"truncated:{odd.truncated}",)


def _exchanges(run: Run, name: str) -> list[Kept]:
    """The exchanges of a case: one for each request the server saw (a used connection that dies at once is replaced once)."""
    kept = [exchange for exchange in run.crawled.exchanges if exchange.url == f"{run.base}/{name}"]
    assert [exchange.request for exchange in kept] == run.server.raw(f"/{name}")
    assert kept
    return kept


def _sent_without_end(odd: Odd) -> bytes:
    [forever] = [step for step in odd.reply if isinstance(step, Forever)]
    return wire_bytes(odd.reply) + forever.data * (2 * MAXSIZE // len(forever.data) + 1)


def test_every_request_ends_once_and_every_exchange_is_recorded_once(run: Run) -> None:
    assert sorted(ending.url for ending in run.crawled.endings) == sorted(f"{run.base}{path}" for path in REPLIES)
    assert sorted(kept.request for kept in run.crawled.exchanges) == sorted(seen.raw for seen in run.server.log)
    assert all(ending.meta_is_recorded for ending in run.crawled.endings)


def test_a_hostile_server_leaves_no_traceback_in_the_log(run: Run) -> None:
    assert "Traceback" not in run.crawled.log
    assert "Unhandled" not in run.crawled.log


def test_an_exchange_says_when_how_and_with_whom(run: Run) -> None:
    kept = run.crawled.one(f"{run.base}/reason")
    started = datetime.fromisoformat(kept.started_at)
    assert started.utcoffset() == datetime.now(UTC).utcoffset()
    assert abs((datetime.now(UTC) - started).total_seconds()) < 3600
    assert 0 < kept.elapsed < LONG
    assert kept.ip == "127.0.0.1"
    assert kept.protocol == "http/1.1"
    assert kept.tls == (None if run.base.startswith("http:") else "tls/1.3")
    assert run.crawled.one(f"{run.base}/http-1.0").protocol == "http/1.0"
    assert SHORT - 0.5 < run.crawled.one(f"{run.base}/slow-body").elapsed < 20


def test_the_host_header_keeps_the_name_of_the_url(run: Run) -> None:
    assert f"\r\nHost: {HOST}\r\n".encode() in run.crawled.one(f"{run.base}/reason").request


def test_connections_are_reused(run: Run) -> None:
    assert run.server.connections < len(run.server.log)


def test_accept_encoding_and_request_body_are_sent_as_asked() -> None:
    with OddServer(REPLIES) as server:
        base = f"http://127.0.0.1:{server.port}"
        asked = {"url": f"{base}/reason", "method": "POST", "body": "a=1&b=2", "headers": {"Accept-Encoding": "gzip"}}
        crawled = crawl([asked], {"WARCITE_ALLOW_PRIVATE": [f"127.0.0.1:{server.port}"]})
    [raw] = server.raw("/reason")
    assert crawled.one(f"{base}/reason").request == raw
    assert raw.endswith(b"\r\n\r\na=1&b=2")
    assert re.findall(rb"(?m)^Accept-Encoding: (.*)\r$", raw) == [b"gzip"]


def test_user_name_and_password_in_a_url_go_nowhere() -> None:
    with OddServer(REPLIES) as server:
        base = f"127.0.0.1:{server.port}/reason"
        crawled = crawl([f"http://me:secret@{base}#part"], {"WARCITE_ALLOW_PRIVATE": ["127.0.0.1"], "LOG_LEVEL": "ERROR"})
    kept = crawled.one(f"http://{base}")
    assert [kept.request] == server.raw("/reason")
    assert b"secret" not in kept.request
    assert b"uthorization" not in kept.request


def test_an_at_sign_in_the_query_is_no_user_name() -> None:
    with OddServer({"/?mail=a@b.example": REPLIES["/reason"]}) as server:
        url = f"http://127.0.0.1:{server.port}?mail=a@b.example"
        crawled = crawl([url], {"WARCITE_ALLOW_PRIVATE": ["127.0.0.1"]})
    assert [kept.response for kept in crawled.exchanges] == [wire_bytes(REPLIES["/reason"])]


def _keep_alive(replies: dict[str, Reply], paths: list[str], delay: float) -> tuple[OddServer, Crawled, str]:
    with OddServer(replies) as server:
        base = f"http://127.0.0.1:{server.port}"
        settings = {"WARCITE_ALLOW_PRIVATE": ["127.0.0.1"], "DOWNLOAD_DELAY": delay, "RANDOMIZE_DOWNLOAD_DELAY": False}
        return server, crawl([base + path for path in paths], settings), base


@pytest.mark.parametrize("pause", [None, 0.1])
def test_bytes_behind_a_response_do_not_answer_the_next_request(pause: float | None) -> None:
    whole = wire_bytes(CASES["surplus"].reply)
    first: Reply = (whole + SURPLUS,) if pause is None else (whole, pause, SURPLUS)
    server, crawled, base = _keep_alive({"/first": first, "/second": (whole,)}, ["/first", "/second"], 0.6 if pause else 0)
    assert crawled.one(f"{base}/first").response == whole
    assert crawled.one(f"{base}/second").response == whole
    assert crawled.ending(f"{base}/second").body == PAGE
    assert [seen.connection for seen in server.log] == [1, 2]


def test_a_connection_the_server_closed_meanwhile_is_not_used() -> None:
    whole = wire_bytes(CASES["surplus"].reply)
    server, crawled, base = _keep_alive({"/first": (whole, 0.1, CLOSE), "/second": (whole,)}, ["/first", "/second"], 0.6)
    assert [seen.connection for seen in server.log] == [1, 2]
    assert crawled.one(f"{base}/second").truncated is None


def test_an_idle_connection_with_something_to_read_is_not_quiet() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.setblocking(False)
        connection = WireProtocol()
        connection.transport = SimpleNamespace(socket=ours)
        assert connection.is_quiet()
        theirs.send(b"unasked")
        assert not connection.is_quiet()
        assert ours.recv(100) == b"unasked"  # looked at, not taken
        assert connection.is_quiet()
        theirs.shutdown(socket.SHUT_WR)
        assert not connection.is_quiet()


def test_a_used_connection_that_dies_is_not_asked_again_behind_the_ledgers_back() -> None:
    whole = wire_bytes(CASES["surplus"].reply)
    server, crawled, base = _keep_alive({"/first": (whole,), "/dies": (CLOSE,)}, ["/first", "/dies"], 0)
    assert [(seen.connection, seen.path) for seen in server.log] == [(1, "/first"), (1, "/dies")]
    assert [(kept.response, kept.truncated) for kept in crawled.exchanges[1:]] == [(b"", "disconnect")]
    assert crawled.ending(f"{base}/dies").error == "DownloadFailedError"


@pytest.mark.parametrize("meta", [{"download_maxsize": 500}, {"download_timeout": 4}])
def test_limits_of_one_request(meta: dict[str, float]) -> None:
    reply: Reply = (wire_bytes(CASES["cut-length"].reply), 20.0)
    with OddServer({"/": reply}) as server:
        url = f"http://127.0.0.1:{server.port}/"
        crawled = crawl([{"url": url, "meta": meta}], {"WARCITE_ALLOW_PRIVATE": ["127.0.0.1"]})
    kept = crawled.one(url)
    if "download_maxsize" in meta:
        assert (kept.truncated, kept.response) == ("length", wire_bytes(reply)[:500])
    else:
        assert (kept.truncated, kept.response) == ("time", wire_bytes(reply))
    assert crawled.ending(url).flags == (f"truncated:{kept.truncated}",)


# --- failures before anything was sent ----------------------------------------------------------


def test_a_refused_connection_and_an_unknown_name_record_nothing() -> None:
    with OddServer({}) as server:
        port = server.port
    refused, unknown = f"http://127.0.0.1:{port}/", "http://nowhere.example.org/"
    hopeless = f"http://{'a' * 64}.example.org/"
    crawled = crawl([refused, unknown, hopeless], {"WARCITE_ALLOW_PRIVATE": ["127.0.0.1"]}, names={})
    assert crawled.exchanges == ()
    assert crawled.ending(hopeless).error == "CannotResolveHostError"
    assert crawled.ending(refused).error == "DownloadConnectionRefusedError"
    assert crawled.ending(unknown).error == "CannotResolveHostError"


def test_a_certificate_of_an_unknown_authority_is_a_tls_error(tls: Tls) -> None:
    with OddServer(REPLIES, tls=tls.context) as server:
        crawled = crawl([f"https://{HOST}/reason"], {"WARCITE_CONNECT_TO": [f"{HOST}:443:127.0.0.1:{server.port}"]})
    ending = crawled.ending(f"https://{HOST}/reason")
    assert crawled.exchanges == ()
    assert ending.error == "TlsError"
    assert HOST in ending.detail
    assert "certificate verify failed" in ending.detail
    assert server.log == []


def test_a_certificate_for_another_name_is_a_tls_error(tls: Tls) -> None:
    with OddServer(REPLIES, tls=tls.other_name) as server:
        settings = {"WARCITE_CONNECT_TO": [f"{HOST}:443:127.0.0.1:{server.port}"]}
        crawled = crawl([f"https://{HOST}/reason"], settings, {"SSL_CERT_FILE": tls.ca_file})
    ending = crawled.ending(f"https://{HOST}/reason")
    assert (crawled.exchanges, ending.error) == ((), "TlsError")
    assert "not for this host" in ending.detail


def test_a_server_that_does_not_speak_tls_is_a_tls_error() -> None:
    with OddServer({}, greeting=b"HTTP/1.1 400 Plain HTTP\r\n\r\n") as server:
        crawled = crawl([f"https://127.0.0.1:{server.port}/"], {"WARCITE_ALLOW_PRIVATE": ["127.0.0.1"]})
    [ending] = crawled.endings
    assert (crawled.exchanges, ending.error) == ((), "TlsError")
    assert "wrong version number" in ending.detail


def test_a_handshake_that_never_ends_times_out_and_records_nothing() -> None:
    with OddServer({}) as server:
        crawled = crawl([f"https://127.0.0.1:{server.port}/"], {"WARCITE_ALLOW_PRIVATE": ["127.0.0.1"], "DOWNLOAD_TIMEOUT": 1})
    assert [ending.error for ending in crawled.endings] == ["DownloadTimeoutError"]
    assert (crawled.exchanges, server.log) == ((), [])


def test_without_verification_any_certificate_will_do(tls: Tls) -> None:
    with OddServer(REPLIES, tls=tls.other_name) as server:
        settings = {"WARCITE_CONNECT_TO": [f"{HOST}:443:127.0.0.1:{server.port}"], "DOWNLOAD_VERIFY_CERTIFICATES": False}
        crawled = crawl([f"https://{HOST}/reason"], settings)
    assert crawled.one(f"https://{HOST}/reason").response == wire_bytes(REPLIES["/reason"])


def test_the_negotiated_tls_version_is_recorded(tls: Tls) -> None:
    with OddServer(REPLIES, tls=tls.old) as server:
        settings = {"WARCITE_CONNECT_TO": [f"{HOST}:443:127.0.0.1:{server.port}"]}
        crawled = crawl([f"https://{HOST}/reason"], settings, {"SSL_CERT_FILE": tls.ca_file})
    assert crawled.one(f"https://{HOST}/reason").tls == "tls/1.2"


# --- proxies ------------------------------------------------------------------------------------

PROXIED = ["/reason", "/gzip-chunked", "/until-close", "/cut-length", "/nothing"]


def closing(reply: Reply) -> Reply:
    """The reply as an origin sends it that was asked to close: the client must not offer the proxy's dying connection another request."""
    said = wire_bytes(reply).replace(b"\r\n", b"\r\nConnection: close\r\n", 1)
    return (said, CLOSE) if said else reply


def test_http_through_a_proxy_keeps_the_absolute_form_but_not_the_credentials() -> None:
    replies = {path: closing(REPLIES[path]) for path in PROXIED}
    with OddServer(replies) as server, ForwardProxy({f"{HOST}:80": ("127.0.0.1", server.port)}) as proxy:
        urls = [f"http://{HOST}{path}" for path in PROXIED]
        crawled = crawl(urls, env={"http_proxy": f"http://me:secret@127.0.0.1:{proxy.port}"})
    assert len(proxy.log) == len(PROXIED) == len(server.log)
    for path, url, sent in zip(PROXIED, urls, proxy.log, strict=True):
        kept = crawled.one(url)
        assert b"\r\nProxy-Authorization: Basic bWU6c2VjcmV0\r\n" in sent
        assert kept.request == re.sub(rb"Proxy-Authorization: .*\r\n", b"", sent)
        assert kept.request.startswith(f"GET {url} HTTP/1.1\r\n".encode())
        assert kept.response == wire_bytes(replies[path])
        assert kept.truncated == CASES[path[1:]].truncated
        assert kept.ip is None


def test_https_through_a_proxy_records_the_inner_exchange_only(tls: Tls) -> None:
    with OddServer(REPLIES, tls=tls.context) as server, ForwardProxy({f"{HOST}:443": ("127.0.0.1", server.port)}) as proxy:
        urls = [f"https://{HOST}{path}" for path in PROXIED]
        env = {"https_proxy": f"http://me:secret@127.0.0.1:{proxy.port}", "SSL_CERT_FILE": tls.ca_file}
        crawled = crawl(urls, env=env)
    assert {head.split(b"\r\n")[0] for head in proxy.log} == {b"CONNECT www.example.org:443 HTTP/1.1"}
    assert all(b"\r\nProxy-Authorization: Basic bWU6c2VjcmV0\r\n" in head for head in proxy.log)
    assert len(proxy.log) < len(server.log)  # tunnels are reused
    for path, url in zip(PROXIED, urls, strict=True):
        kept = [exchange for exchange in crawled.exchanges if exchange.url == url]
        assert [exchange.request for exchange in kept] == server.raw(path)
        assert {exchange.response for exchange in kept} == {wire_bytes(REPLIES[path])}
        assert kept[-1].tls == "tls/1.3"
        assert kept[-1].truncated == CASES[path[1:]].truncated
        assert b"Proxy-Authorization" not in kept[-1].request


@pytest.mark.parametrize("manner", ["refuse", "hang_up"])
def test_a_tunnel_that_does_not_open_fails_at_once_and_records_nothing(manner: str) -> None:
    with ForwardProxy(**{manner: True}) as proxy:  # type: ignore[arg-type]
        crawled = crawl([f"https://{HOST}/"], {"DOWNLOAD_TIMEOUT": 600}, {"https_proxy": f"http://127.0.0.1:{proxy.port}"})
    [ending] = crawled.endings
    assert (crawled.exchanges, ending.error) == ((), "TunnelError")
    assert ("403 Not Through Me" if manner == "refuse" else "hung up") in ending.detail


def test_no_proxy_goes_direct() -> None:
    with OddServer(REPLIES) as server, ForwardProxy() as proxy:
        env = {"http_proxy": f"http://127.0.0.1:{proxy.port}", "no_proxy": HOST}
        crawled = crawl([f"http://{HOST}/reason"], {"WARCITE_CONNECT_TO": [f"{HOST}:80:127.0.0.1:{server.port}"]}, env)
    assert proxy.log == []
    assert crawled.one(f"http://{HOST}/reason").response == wire_bytes(REPLIES["/reason"])


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_connect_to_moves_the_proxy_and_not_the_page_behind_it(scheme: str, tls: Tls) -> None:
    context = tls.context if scheme == "https" else None
    port = 443 if scheme == "https" else 80
    with OddServer(REPLIES, tls=context) as server, ForwardProxy({f"{HOST}:{port}": ("127.0.0.1", server.port)}) as proxy:
        rules = [f"{HOST}::127.0.0.1:1", f"proxy.example.org:3128:127.0.0.1:{proxy.port}"]
        env = {f"{scheme}_proxy": "http://proxy.example.org:3128", "SSL_CERT_FILE": tls.ca_file}
        crawled = crawl([f"{scheme}://{HOST}/reason"], {"WARCITE_CONNECT_TO": rules}, env)
    assert len(proxy.log) == 1
    assert crawled.one(f"{scheme}://{HOST}/reason").response == wire_bytes(REPLIES["/reason"])


# --- the guard ----------------------------------------------------------------------------------

NAMES = {
    "inside.example.org": ["127.0.0.1"],
    "mixed.example.org": ["10.1.2.3", "127.0.0.1", "::1"],
    "metadata.example.org": ["169.254.169.254"],
    "six.example.org": ["::ffff:127.0.0.1"],
}
SPELLINGS = [
    "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1", "017700000001", "127.0.0.1.", "0", "0.0.0.0",
    "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "\uff11\uff12\uff17.0.0.1",
    "127\u30020\u30020\u30021",
    "localhost", "LOCALHOST.", "app.localhost", *NAMES,
]  # fmt: skip


def test_nothing_that_is_not_public_is_reached() -> None:
    with OddServer(REPLIES) as server:
        urls = [f"http://{host}:{server.port}/reason" for host in SPELLINGS]
        crawled = crawl(urls, {"WARCITE_ALLOW_PRIVATE": ["127.0.0.1:1", "example.org"]}, names=NAMES)
    assert server.connections == 0
    assert crawled.exchanges == ()
    assert len(crawled.endings) == len(SPELLINGS)
    assert {ending.error for ending in crawled.endings} == {"PrivateAddressIgnored"}


def test_a_redirect_and_a_proxied_request_to_a_private_address_are_refused() -> None:
    with OddServer(REPLIES) as inside, ForwardProxy() as proxy:
        away = (b"HTTP/1.1 302 Found\r\nLocation: http://0x7f.1:%d/reason\r\nContent-Length: 0\r\n\r\n" % inside.port,)
        with OddServer({"/": away}) as server:
            crawled = crawl(
                [{"url": f"http://127.0.0.1:{server.port}/", "meta": {"handle_httpstatus_all": False}}],
                {"WARCITE_ALLOW_PRIVATE": [f"127.0.0.1:{server.port}"]},
            )
            proxied = crawl([f"http://127.0.0.1:{inside.port}/reason"], env={"http_proxy": f"http://127.0.0.1:{proxy.port}"})
    assert len(crawled.exchanges) == 1
    assert [ending.error for ending in crawled.endings] == ["PrivateAddressIgnored"]
    assert ([ending.error for ending in proxied.endings], proxied.exchanges) == (["PrivateAddressIgnored"], ())
    assert (inside.connections, proxy.log) == (0, [])


def test_allowed_hosts_are_reached_by_name_by_address_and_over_ipv6() -> None:
    with OddServer(REPLIES) as four, OddServer(REPLIES, host="::1") as six:
        urls = [f"http://inside.example.org:{four.port}/reason", f"http://127.0.0.1:{four.port}/latin-1", f"http://[::1]:{six.port}/fold"]
        allowed = [f"inside.example.org:{four.port}", "127.0.0.1", f"[::1]:{six.port}"]
        crawled = crawl(urls, {"WARCITE_ALLOW_PRIVATE": allowed}, names=NAMES)
    assert [crawled.one(url).ip for url in urls] == ["127.0.0.1", "127.0.0.1", "::1"]


def test_the_guard_does_not_depend_on_the_resolver_setting() -> None:
    with OddServer(REPLIES) as server:
        urls = [f"http://2130706433:{server.port}/reason", f"http://localhost.localdomain:{server.port}/reason"]
        crawled = crawl(urls, {"TWISTED_DNS_RESOLVER": "scrapy.resolver.CachingThreadedResolver"})
    assert (server.connections, crawled.exchanges) == (0, ())


def test_a_crawl_without_a_recorder_does_not_start_fetching() -> None:
    with OddServer(REPLIES) as server:
        url = f"http://127.0.0.1:{server.port}/reason"
        crawled = crawl([url], {"WARCITE_ALLOW_PRIVATE": ["127.0.0.1"], "EXTENSIONS": {}})
    assert server.connections == 0
    assert "no recorder" in crawled.ending(url).detail
