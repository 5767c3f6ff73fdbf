"""Real robots.txt of thousands of sites, and worse, through the parser of our middleware: never an error, and no delay without end."""

from __future__ import annotations

import random

import pytest

from crawler.middlewares.robots import AGENT, MAX_BYTES, MAX_DELAY, parse_rules
from tests.torture.corpus import files

MADE = {
    "endless delay": b"User-agent: *\nCrawl-delay: 1e308\n",
    "not a delay": b"User-agent: *\nCrawl-delay: nan\nCrawl-delay: -5\nCrawl-delay: inf\nCrawl-delay: soon\n",
    "stars": b"User-agent: *\nDisallow: /" + b"*a" * 2000 + b"$\n",
    "binary": bytes(range(256)) * 100,
    "utf-16": "User-agent: *\nDisallow: /\n".encode("utf-16"),
    "one line": b"User-agent: *" + b"\\" * MAX_BYTES,
    "many lines": b"User-agent: *\n" + b"Disallow: /a\n" * 100_000,
    "many agents": b"".join(b"User-agent: a%d\nCrawl-delay: %d\n" % (n, n) for n in range(30_000)),
    "nothing": b"",
}
ADDRESSES = [
    "http://www.example.org/",
    "http://www.example.org/" + "a" * 3000,
    "http://www.example.org/a?b=%2F%25&c=\u00e9",
    "http://[::1]/",
]


def judge(body: bytes) -> float:
    rules = parse_rules(body)
    for url in ADDRESSES:
        rules.parser.can_fetch(url, AGENT)
    return rules.delay


@pytest.mark.parametrize("name", MADE)
def test_robots_that_no_one_should_write(name: str) -> None:
    assert 0 <= judge(MADE[name]) <= MAX_DELAY


def test_only_the_beginning_of_a_long_one_counts() -> None:
    filler = b"# filler\n" * (MAX_BYTES // 9 + 1)
    late = parse_rules(b"User-agent: *\n" + filler + b"Disallow: /\n")
    early = parse_rules(b"User-agent: *\nDisallow: /\n" + filler)
    assert late.parser.can_fetch(ADDRESSES[0], AGENT)
    assert not early.parser.can_fetch(ADDRESSES[0], AGENT)


@pytest.mark.corpus
def test_real_robots() -> None:
    found = files("robots")
    if not found:
        pytest.skip("needs corpus/hostile/robots of the shared corpus beside the checkout")
    dice = random.Random(9309)
    for path in found:
        body = path.read_bytes()
        assert 0 <= judge(body) <= MAX_DELAY, path.name
        cut = bytearray(body[: dice.randrange(len(body) + 1)])
        for _ in range(min(5, len(cut))):
            cut[dice.randrange(len(cut))] = dice.randrange(256)
        assert 0 <= judge(bytes(cut)) <= MAX_DELAY, path.name
