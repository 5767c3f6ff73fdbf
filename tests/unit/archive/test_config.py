from __future__ import annotations

from pathlib import Path

import pytest

from archive.config import load, options_of
from archive.errors import InputError


def settings(tmp_path: Path, text: str = "", environ: dict[str, str] | None = None, **given: object):
    file = tmp_path / "warcite.toml"
    file.write_text(text, encoding="utf-8")
    return load(given, environ or {}, file)


def test_the_nearest_source_wins_and_is_named(tmp_path: Path) -> None:
    found = settings(tmp_path, 'store = "./a"\n[crawl]\ndelay = 3', {"WARCITE_STORE": "./b", "WARCITE_CRAWL_RETRIES": "5"}, store="./c")
    assert {n: (found[n].value, found[n].origin) for n in ("store", "retries", "jobs")} == {
        "store": ("./c", "--store"),
        "retries": ("5", "WARCITE_CRAWL_RETRIES"),
        "jobs": (0, "default"),
    }
    options = options_of(found)
    assert (options.delay, options.retries, options.store) == (3.0, 5, "./c")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[crawl]\ndealy = 3", "did you mean 'delay'"),
        ("stroe = 'x'", "did you mean 'store'"),
        ("[crawl]\ndelay = 'long'", "cannot read 'long'"),
        ("[crawl]\nmax_bytes = '16 parsecs'", "write it like 16MB"),
        ("[crawl]\nretries = -1", "must not be negative"),
        ("[crawl]\nconcurrency = 0", "must be more than 0"),
        ("[crawl]\nrobots = 'maybe'", "robots"),
        ("crawl = 3", "must be a table"),
        ("not toml", "cannot be read"),
    ],
)
def test_a_bad_setting_names_itself(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(InputError, match=complaint):
        options_of(settings(tmp_path, text))


def test_sizes_and_durations(tmp_path: Path) -> None:
    options = options_of(settings(tmp_path, max_bytes="16MB", timeout="2m", delay="0.25"))
    assert (options.max_bytes, options.timeout, options.delay) == (16_000_000, 120.0, 0.25)


def test_a_named_file_must_exist() -> None:
    with pytest.raises(InputError, match="no such file"):
        load({}, {"WARCITE_CONFIG": "/nonexistent.toml"})
