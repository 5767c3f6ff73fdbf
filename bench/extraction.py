"""Compare warcite's clean text with that of other extractors on annotated pages, in one run: quality and CPU.

    python -m bench.extraction PAGES [--json FILE] [--every 1] [--only NAME] [--type article]

PAGES is a folder with ``pages.jsonl`` (one JSON object a line: ``id``, ``url``, ``html``, ``gold_text``, ``title``, ``source_dataset``,
``page_type``) and the gzipped HTML that it names. An extractor that is not installed is left out, and the table says so.
"""

from __future__ import annotations

import argparse
import gzip
import importlib
import json
import logging
import os
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import mean
from typing import Any

from archive.model import DocumentContext, OutcomeWord
from bench.block_model.score import Figures, Score, figures, score_text

Extractor = Callable[[bytes, str], str]
"""Body and URL to text."""

BASE = "trafilatura+"
"""The contender that CPU is compared with: it does what warcite does, text, metadata and comments."""


@dataclass(frozen=True, slots=True)
class Page:
    dataset: str
    url: str
    body: bytes
    gold: str
    title: str


@dataclass(slots=True)
class Run:
    """What one extractor made of all pages. ``base_ms`` is the CPU time of `BASE` on the same page, measured just before and after."""

    scores: list[Score] = field(default_factory=list)
    ms: list[float] = field(default_factory=list)
    base_ms: list[float] = field(default_factory=list)
    failed: int = 0


def warcite(mode: Any) -> Extractor:
    from pipelines.extract import How, extract

    how = How(mode=mode)

    def text(body: bytes, url: str) -> str:
        context = DocumentContext(url, url, "2030-01-01T00:00:00Z", OutcomeWord.CAPTURED, 200, "<urn:uuid:1>", None, 0, 1, "bench")
        document = extract(body, "text/html", context, how)
        if "extraction-failed" in document.flags:
            raise RuntimeError("extraction failed")
        return document.text

    return text


def trafilatura() -> Extractor:
    engine = importlib.import_module("trafilatura")
    return lambda body, url: engine.extract(body, url=url, include_comments=False) or ""


def trafilatura_whole() -> Extractor:
    engine = importlib.import_module("trafilatura")

    def text(body: bytes, url: str) -> str:
        found = engine.bare_extraction(body, url=url, include_comments=True, with_metadata=True)
        return (found.text or "") if found else ""

    return text


def resiliparse() -> Extractor:
    engine = importlib.import_module("resiliparse.extract.html2text")
    encoding = importlib.import_module("resiliparse.parse.encoding")
    html = importlib.import_module("resiliparse.parse.html")

    def text(body: bytes, _: str) -> str:
        tree = html.HTMLTree.parse_from_bytes(body, encoding.detect_encoding(body, html5_compatible=True, from_html_meta=True))
        return str(engine.extract_plain_text(tree, main_content=True, alt_texts=False, links=False))

    return text


def readability() -> Extractor:
    engine = importlib.import_module("readability")
    html = importlib.import_module("lxml.html")

    def text(body: bytes, _: str) -> str:
        tree = html.fromstring(engine.Document(body).summary(html_partial=True))
        return "\n".join(tree.itertext())

    return text


def newspaper() -> Extractor:
    engine = importlib.import_module("newspaper")
    charsets = importlib.import_module("pipelines.clean.page")

    def text(body: bytes, url: str) -> str:
        article = engine.Article(url, fetch_images=False)
        article.download(input_html=charsets.decode(body, "text/html")[0])
        article.parse()
        return str(article.text)

    return text


CONTENDERS: dict[str, tuple[str, Callable[[], Extractor]]] = {
    "warcite full": ("warcite", lambda: warcite("full")),
    "warcite light": ("warcite", lambda: warcite("light")),
    "trafilatura": ("trafilatura", trafilatura),
    BASE: ("trafilatura", trafilatura_whole),
    "resiliparse": ("resiliparse", resiliparse),
    "readability-lxml": ("readability-lxml", readability),
    "newspaper4k": ("newspaper4k", newspaper),
}
"""Name, the distribution that must be installed, and how to make it."""


def read_pages(folder: Path, kind: str, every: int) -> Iterator[Page]:
    rows = sorted(map(json.loads, (folder / "pages.jsonl").open(encoding="utf-8")), key=lambda row: str(row["id"]))
    wanted = [row for row in rows if row.get("gold_text") and (row.get("page_type") or "article") == kind]
    for row in wanted[::every]:
        body = gzip.decompress((folder / row["html"]).read_bytes())
        yield Page(row["source_dataset"], row["url"], body, row["gold_text"], row.get("title") or "")


def installed(names: list[str]) -> tuple[dict[str, Extractor], dict[str, str]]:
    """The extractors, and of each of ``names`` the version or why it is missing."""
    found: dict[str, Extractor] = {}
    said: dict[str, str] = {}
    for name in names:
        package, make = CONTENDERS[name]
        try:
            found[name] = make()
            said[name] = version(package)
        except PackageNotFoundError:
            said[name] = "version not known"
        except ImportError as error:
            said[name] = f"left out, not installed ({error.name})"
    return found, said


def compare(pages: Iterator[Page], extractors: dict[str, Extractor], time_every: int) -> tuple[dict[str, Run], list[str]]:
    """Every extractor on every page, in turn; with the data set of each page.

    On every n-th page each is timed twice, with `BASE` timed beside it both times; the smaller counts.
    """
    runs: dict[str, Run] = defaultdict(Run)
    datasets: list[str] = []
    for number, page in enumerate(pages):
        if number == 0:
            for extractor in extractors.values():
                _timed(extractor, page)
        datasets.append(page.dataset)
        for name, extractor in extractors.items():
            base = None if name == BASE else extractors.get(BASE)
            _one(runs[name], page, extractor, base, timed=number % time_every == 0)
    return dict(runs), datasets


def _one(run: Run, page: Page, extractor: Extractor, base: Extractor | None, *, timed: bool) -> None:
    text, ms = _timed(extractor, page)
    run.failed += text is None
    run.scores.append(score_text(text or "", page.gold, page.title))
    if timed:
        beside = [_timed(base, page)[1] for _ in range(2)] if base else []
        run.ms.append(min(ms, _timed(extractor, page)[1]))
        run.base_ms.append(min(beside) if beside else run.ms[-1])


def _timed(extractor: Extractor, page: Page) -> tuple[str | None, float]:
    """The text, None when it raised, and CPU milliseconds."""
    started = time.process_time()
    try:
        text: str | None = extractor(page.body, page.url)
    except Exception:  # noqa: BLE001  # a crash of a peer is a page without text
        text = None
    return text, 1000 * (time.process_time() - started)


def summary(run: Run) -> dict[str, float]:
    f: Figures = figures(run.scores)
    ratio = sum(run.ms) / sum(run.base_ms)
    return f.rounded() | {"failed": run.failed, "cpu_ms": round(mean(run.ms), 2), "cpu_to_base": round(ratio, 3)}


def by_dataset(run: Run, datasets: list[str]) -> dict[str, dict[str, float]]:
    parts: dict[str, list[Score]] = defaultdict(list)
    for dataset, score in zip(datasets, run.scores, strict=True):
        parts[dataset].append(score)
    return {dataset: figures(scores).rounded() for dataset, scores in sorted(parts.items())}


def table(rows: dict[str, dict[str, float]], said: dict[str, str]) -> str:
    lines = ["| | F1 | clean and complete | stray words | missed words | under 0.5 | CPU ms/page | x trafilatura+ |", "|---|" + "---|" * 7]
    for name, row in rows.items():
        shares = " | ".join(f"{100 * row[key]:.1f} %" for key in ("clean_complete", "stray", "missed", "under_half"))
        lines.append(f"| {name} {said[name]} | {row['f1']:.3f} | {shares} | {row['cpu_ms']:.1f} | {row['cpu_to_base']:.2f} |")
    lines += [f"| {name} | {why} |" + " |" * 6 for name, why in said.items() if name not in rows]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", type=Path)
    parser.add_argument("--json", type=Path, help="write all figures there, with those of each data set")
    parser.add_argument("--every", type=int, default=1, help="take every n-th page only")
    parser.add_argument("--time-every", type=int, default=4, help="of these, time every n-th only")
    parser.add_argument("--type", default="article", help="the kind of pages: article, forum, product ...")
    parser.add_argument("--only", choices=CONTENDERS, action="append", help="a contender; repeatable (default: all)")
    given = parser.parse_args()
    if given.every < 1 or given.time_every < 1 or not (given.pages / "pages.jsonl").exists():
        parser.error("needs a folder with pages.jsonl, and steps of at least 1")
    logging.disable(logging.CRITICAL)
    extractors, said = installed(given.only or list(CONTENDERS))
    runs, datasets = compare(read_pages(given.pages, given.type, given.every), extractors, given.time_every)
    if not runs:
        sys.exit("no page of that kind has a gold text, or no extractor is installed")
    if empty := [name for name, run in runs.items() if run.failed == len(datasets)]:
        sys.exit(f"{', '.join(empty)}: failed on every page, so there are no figures")
    rows = {name: summary(run) for name, run in runs.items()}
    setting = {
        "pages": len(datasets),
        "timed": len(next(iter(runs.values())).ms),
        "python": sys.version.split()[0],
        "cores": os.cpu_count(),
        "versions": said,
    }
    if given.json:
        parts = {name: by_dataset(run, datasets) for name, run in runs.items()}
        given.json.write_text(json.dumps({"setting": setting, "all": rows, "datasets": parts}, indent=1) + "\n", encoding="utf-8")
    print(f"{setting['pages']} pages, {setting['timed']} of them timed, Python {setting['python']}, {setting['cores']} cores\n")
    print(table(rows, said))


if __name__ == "__main__":
    main()
