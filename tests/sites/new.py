"""A fixture for a publisher's rules from a page saved on this disk.

    python -m tests.sites.new https://www.example.com/news/1 --page saved.html [--name example-2024]
    python -m tests.sites.new --expect tests/fixtures/sites/example/example-2024.html

The first writes ``tests/fixtures/sites/<publisher>/<name>.html``, the page's markup with words of our own, and beside it ``.json``: what
the present rules make of it, line by line. Read that file: where a fate is wrong, mend the rules and write it again with ``--expect``.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from lxml.html import HtmlElement

from archive.urls import host_of
from pipelines.clean.page import parse_page
from pipelines.sites.registry import publisher_of
from tests.sites.expectation import FIXTURES, expectation, golden_text
from tests.sites.skeleton import seed_of, skeleton

_STUB = '''"""{name}: {host}."""

from pipelines.clean.reasons import Cut
from pipelines.sites.layout import Layout, Publisher, rule
from pipelines.sites.selector import css
from pipelines.sites.wording import CAPTIONS, see_also

PUBLISHER = Publisher(
    "{name}",
    ("{host}",),
    (
        Layout(
            "{layout}",
            2024,
            None,
            marks=(css(".the-class-of-the-article"),),
            body=css(".the-class-of-the-article"),
            cut=(
                rule(Cut.RELATED, ".related"),
                CAPTIONS,
                see_also(),
            ),
        ),
    ),
)
'''


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url", nargs="?", help="the page's address: its host chooses the rules")
    parser.add_argument("--page", type=Path, help="the page as saved")
    parser.add_argument("--name", help="name of the layout, such as example-2024")
    parser.add_argument("--into", type=Path, default=FIXTURES, help="folder of the fixtures")
    parser.add_argument("--expect", type=Path, nargs="*", help="fixture pages whose .json is to be written again")
    options = parser.parse_args(arguments)
    if options.expect:
        for page in options.expect:
            write_expectation(page, json.loads(page.with_suffix(".json").read_text(encoding="utf-8"))["url"])
        return 0
    if not options.url or not options.page:
        parser.error("give a URL and --page, or --expect")
    page = write_fixture(options.page.read_bytes(), options.url, options.name, options.into)
    print(f"wrote {page} and {page.with_suffix('.json').name}")
    if publisher_of(host_of(options.url)) is None:
        print(f"\nno rules for this host yet: pipelines/sites/{page.parent.name}.py may begin as\n")
        host = host_of(options.url).removeprefix("www.")
        print(_STUB.format(name=page.parent.name.title(), host=host, layout=page.stem))
        print("and these containers hold most of the page's sentences:\n")
        for line in containers(page.read_bytes()):
            print("   ", line)
    return 0


def write_fixture(html: bytes, url: str, name: str | None, folder: Path) -> Path:
    """The page's skeleton and its expectation, below ``folder``. Returns where the page lies. Raises ValueError when there is no markup."""
    label = host_of(url).removeprefix("www.").split(".")[0].replace("-", "_")
    page = folder / label / f"{name or label}.html"
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_bytes(skeleton(html, seed_of(url)))
    write_expectation(page, url)
    return page


def write_expectation(page: Path, url: str) -> None:
    page.with_suffix(".json").write_text(golden_text(expectation(page.read_bytes(), url)), encoding="utf-8")


def containers(html: bytes, most: int = 6) -> list[str]:
    """The elements whose own children hold the most words in paragraphs: a selector each, with the words."""
    tree = parse_page(html, "text/html; charset=utf-8").tree
    if tree is None:
        return []
    words: dict[HtmlElement, int] = {}
    for paragraph in tree.iter("p", "li", "blockquote"):
        parent = paragraph.getparent()
        if parent is not None:
            words[parent] = words.get(parent, 0) + len(" ".join(paragraph.itertext()).split())
    best = sorted(words.items(), key=lambda item: -item[1])[:most]
    return [f"{count:6d} words  {' > '.join(_selector(e) for e in _way(element))}" for element, count in best]


def _way(element: HtmlElement) -> list[HtmlElement]:
    """The element after its nearest ancestors that have a name."""
    named = [a for a in element.iterancestors() if a.get("class") or a.get("id")]
    return [*reversed(named[:2]), element]


def _selector(element: HtmlElement) -> str:
    identity = f"#{element.get('id')}" if element.get("id") else ""
    marks = "".join(f"[{n}={v}]" for n, v in element.attrib.items() if n.startswith("data-") or n == "itemprop")
    return f"{element.tag}{identity}{''.join('.' + c for c in (element.get('class') or '').split())}{marks}"


if __name__ == "__main__":
    sys.exit(main())
