"""What a run was told is committed with what it brought: its report says the command and the options, and no secret is anywhere."""

from __future__ import annotations

import gzip
from importlib.resources import files
from pathlib import Path

from crawler.demo.site import DemoSite
from tests.support.warcite import warcite

DIGESTS = Path(str(files("crawler.demo") / "digest"))
CONFIG = """
[[rescue.archives]]
name = "old.example"
kind = "cdx"
index = "https://me:HIDDEN@old.example/cdx?api_key=HIDDEN"
playback = "https://old.example/{timestamp}id_/{url}?token=HIDDEN"
"""


def test_a_crawl(tmp_path: Path) -> None:
    (tmp_path / "warcite.toml").write_text(CONFIG, encoding="utf-8")
    with DemoSite() as site:
        rules = [x for rule in site.connect_to_rules() for x in ("--connect-to", rule)]
        arguments = [
            "crawl",
            str(DIGESTS),
            "http://me:HIDDEN@127.0.0.1:1/no.md",
            *rules,
            "--delay",
            "0.05",
            "--no-progress",
            "--json",
        ]
        done = warcite(*arguments, cwd=tmp_path)
    assert done.json["outcomes"]["captured"] > 0, done.err
    provenance = warcite("report", "last", "--quick", "--json", cwd=tmp_path).json["provenance"]
    said = [argument.replace("me:HIDDEN@", "***@") for argument in arguments]
    assert provenance["command"] == ["warcite", *said][: len(provenance["command"])]
    assert provenance["options"]["delay"] == 0.05
    assert provenance["options"]["robots"] == "obey"
    assert provenance["options"]["archives"][0]["index"] == "https://***@old.example/cdx?api_key=***"
    assert not {"command", "options"} & provenance["warcinfo"].keys()
    page = warcite("report", "last", "--quick", "-o", "out", "--format", "html", cwd=tmp_path)
    assert f"warcite crawl {DIGESTS} " in (tmp_path / "out" / Path(page.out.strip()).name).read_text(encoding="utf-8")
    kept = [path for path in (tmp_path / "warcite-archive").rglob("*") if path.is_file()]
    assert kept
    for path in kept:
        data = path.read_bytes()
        assert b"HIDDEN" not in (gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data), path
