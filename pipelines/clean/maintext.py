"""The one door to trafilatura."""

from __future__ import annotations

import logging

import trafilatura
from lxml.etree import _Element
from lxml.html import HtmlElement
from trafilatura.settings import DEFAULT_CONFIG, Extractor

EXTRACTOR = "trafilatura"

# Their warnings quote pages: text of strangers on our terminal.
for _name in ("trafilatura", "htmldate", "charset_normalizer"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)


def extractor_version() -> str:
    return str(trafilatura.__version__)


def main_text(tree: HtmlElement) -> str:
    """What trafilatura takes for the main text, "" when it finds none; ``tree`` is left as it was.

    Every failure of the extractor means no text; only lack of memory and of stack are the caller's.
    """
    options = Extractor(config=DEFAULT_CONFIG, output_format="python", comments=False, tables=True, dedup=False, with_metadata=False)
    try:
        found = trafilatura.bare_extraction(tree, options=options)
    except (MemoryError, RecursionError):
        raise
    except Exception:  # noqa: BLE001  # AssertionError, KeyError and others were seen on odd markup
        return ""
    body = getattr(found, "body", None)
    return "".join(body.itertext()) if isinstance(body, _Element) else ""
