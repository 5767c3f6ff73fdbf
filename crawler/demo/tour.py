"""`warcite demo`: the main job end to end on the demo's press, and a check that it came out as it must."""

from __future__ import annotations

import tempfile
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from archive.console import emit, emit_json, say
from archive.options import CrawlOptions
from archive.show import find
from archive.status import read_status
from archive.store import Store, open_store
from archive.verify import verify_archive
from crawler.demo.memory import ARCHIVE
from crawler.demo.routes import EXPECTED, EXPECTED_OF_RESCUE, REMEMBERED
from crawler.demo.site import DemoSite
from crawler.fetch import show_report
from crawler.inputs import open_for
from crawler.run import run_session

_EXCERPT = 5  # lines of clean text shown
_REASONS = 3  # why an archived copy is the cited page


def run_demo(store_uri: str | None, as_json: bool) -> int:
    """Crawl, clean, keep, verify; returns 0 when every outcome is the expected one and nothing is damaged."""
    if store_uri:
        return _tour(store_uri, as_json)
    with tempfile.TemporaryDirectory(prefix="warcite-demo-") as directory:
        return _tour(str(Path(directory) / "archive"), as_json)


def _tour(store_uri: str, as_json: bool) -> int:
    store = open_store(store_uri)
    report = _crawl(store_uri)
    outcomes = {row["url"]: row["outcome"] for row in read_status(store, Path("/nonexistent"), None).targets}
    surprises = [f"{url}: {outcomes.get(url)}, expected {want}" for url, want in EXPECTED_OF_RESCUE.items() if outcomes.get(url) != want]
    verified = verify_archive(store)
    surprises += [f"{d.object}: {d.kind}: {d.detail}" for d in verified.damages]
    if as_json:
        emit_json({"schema": "warcite.demo/1", "ok": not surprises, "surprises": surprises, "checked": verified.checked, "run": report})
    else:
        _tell(store, report, verified.checked)
        for line in surprises:
            emit(f"NOT AS EXPECTED  {line}")
    return 1 if surprises else 0


def _crawl(store_uri: str) -> dict[str, Any]:
    with DemoSite() as site, as_file(files("crawler.demo") / "digest") as digests, tempfile.TemporaryDirectory() as state:
        say(f"a small news site answers on 127.0.0.1:{site.port}; nothing leaves this machine")
        options = CrawlOptions(
            store=store_uri,
            connect_to=tuple(site.connect_to_rules()),
            delay=0.2,
            jobs=2,
            contact="demo",
            rescue=True,
            archives=(ARCHIVE,),
            cdx_rate=600,
            rescue_state=state,
        )
        session, _ = open_for([str(digests)], "crawl", options)
        with session:
            return run_session(session, {"WARCITE_PROGRESS": False})


def _tell(store: Store, report: dict[str, Any], checked: dict[str, int]) -> None:
    show_report(report)
    page = next(url for url, want in EXPECTED.items() if want == "captured")
    document = find(store, page).documents[-1]
    emit()
    emit(f"clean text of {page}:")
    emit(f"  {document['title']}")
    for line in document["text"].splitlines()[:_EXCERPT]:
        emit(f"  {line}")
    for url in REMEMBERED:
        rescue = find(store, url).documents[-1]["rescue"]
        emit()
        emit(f"{url} is dead; {rescue['archive']} has it (score {rescue['score']:.2f}):")
        for why in rescue["why"][:_REASONS]:
            emit(f"  {why}")
    emit()
    emit("verified: " + ", ".join(f"{count} {what}" for what, count in checked.items()))
    emit("now your own: warcite crawl DIGEST.md    (warcite --help lists the rest)")
