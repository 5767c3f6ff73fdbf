"""From the bytes of an answer to its document. Pure: the same bytes and context give the same document; nothing is raised."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from lxml.html import HtmlElement

from archive.digests import sha256_hex
from archive.model import Block, Document, DocumentContext, Reason, TextOutcome
from archive.urls import host_of
from pipelines.clean.article.choose import Known, read_article
from pipelines.clean.blocks import blocks_of_plain_text, text_of
from pipelines.clean.characters import one_line
from pipelines.clean.charsets import name_of
from pipelines.clean.comments import CommentReading, read_comments
from pipelines.clean.flags import page_flags
from pipelines.clean.language import language_of
from pipelines.clean.maintext import main_text
from pipelines.clean.media import kind_of, media_type
from pipelines.clean.metadata import Metadata, read_metadata
from pipelines.clean.page import decode, parse_page
from pipelines.clean.pagetype import page_type
from pipelines.clean.quality import count_words, judge, stands_in_place, text_outcome
from pipelines.clean.reasons import Cut
from pipelines.document import document_json, empty_document
from pipelines.learn.apply import SiteFilter, repeated_blocks
from pipelines.sites.layout import SiteReading
from pipelines.sites.registry import read_site
from pipelines.tasks import Mode

__all__ = ["Extraction", "document_json", "empty_document", "examine", "extract"]

_NO_LIMIT = datetime(9000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class How:
    """What an extraction was told: whether to ask a second engine in doubt (``full``), and the site profile to apply, if any."""

    mode: Mode = "full"
    profile: SiteFilter | None = None

    @property
    def settings(self) -> str:
        """As documents state it; the same settings, bytes and version give the same text."""
        return f"mode={self.mode}" + (f";profile={self.profile.name}" if self.profile else "")


@dataclass(frozen=True, slots=True)
class Extraction:
    """A document and why it has its outcome."""

    document: Document
    reason: Reason


def extract(body: bytes, content_type: str | None, context: DocumentContext, how: How = How()) -> Document:  # frozen
    """The document of a decoded body. ``content_type`` is the HTTP header as sent. Never raises.

    A body that is no page has the text outcome ``not-html``; one that the parsers fail on has none and the flag ``extraction-failed``,
    with ``memory`` where memory ran out.
    """
    return examine(body, content_type, context, how=how).document


def examine(
    body: bytes,
    content_type: str | None,
    context: DocumentContext,
    reason: Reason = Reason.OK,
    flags: tuple[str, ...] = (),
    *,
    how: How = How(),  # frozen
) -> Extraction:
    """As `extract`, with the reason: the fetch's own, given as ``reason``, unless the page says otherwise.

    ``flags`` are those of the body's decoding and come first among the document's.
    """
    try:
        empty = replace(empty_document(context, flags), content_type=media_type(content_type), extractor_settings=how.settings)
        kind = kind_of(body, content_type)
        if kind == "html":
            return _page(body, content_type, empty, reason, how)
        if kind == "text":
            return Extraction(_plain_text(body, content_type, empty), reason)
        return Extraction(replace(empty, text_outcome=TextOutcome.NOT_HTML), reason)
    except MemoryError:
        return Extraction(empty_document(context, (*flags, "extraction-failed", "memory")), reason)
    except Exception:  # noqa: BLE001  # the capture is kept and can be read again; one page must not end the run
        return Extraction(empty_document(context, (*flags, "extraction-failed")), reason)


def _page(body: bytes, content_type: str | None, empty: Document, reason: Reason, how: How) -> Extraction:
    page = parse_page(body, content_type)
    if page.tree is None:
        return Extraction(replace(empty, charset=page.charset), reason)
    site = read_site(host_of(empty.final_url), page.tree)
    metadata = _as_site_says(read_metadata(page.tree, empty.final_url, _time(empty.captured_at)), site)
    comments = read_comments(page.tree, empty.final_url)
    article = read_article(page.tree, _known(metadata, site, comments, how), main_text if how.mode == "full" else None)
    document = _with_metadata(_with_text(empty, article.blocks), metadata)
    document = replace(document, removed=article.removed, comments=comments.comments)
    kind = page_type(
        metadata.traits,
        empty.final_url,
        words=document.words,
        link_share=article.link_share,
        dated=metadata.date_published is not None,
        signed=bool(metadata.authors),
    )
    seen = page_flags(
        page.tree,
        empty.final_url,
        metadata,
        kind,
        text=document.text,
        words=document.words,
        removed=article.removed,
        visible=page.visible_text,
        markup=page.html,
    )
    outcome, reason, verdict = judge(
        empty.outcome,
        reason,
        title=metadata.page_title or metadata.title or "",
        headings=_headings(page.tree),
        words=document.words,
        http_status=empty.http_status,
        visible=page.visible_text,
        markup=page.html,
        dated=metadata.dated,
        text=document.text,
    )
    outcome, reason = stands_in_place(outcome, reason, seen)
    flags = (*document.flags, *verdict, *seen)
    return Extraction(replace(document, charset=page.charset, page_type=kind.value, outcome=outcome, flags=flags), reason)


def _as_site_says(metadata: Metadata, site: SiteReading | None) -> Metadata:
    """A publisher's rules state a field where the page's own metadata is known to be wrong or missing."""
    if site is None:
        return metadata
    return replace(
        metadata,
        title=site.title or metadata.title,
        byline=site.byline or metadata.byline,
        authors=site.authors or metadata.authors,
        date_published=site.published or metadata.date_published,
        date_modified=site.modified or metadata.date_modified,
    )


def _known(metadata: Metadata, site: SiteReading | None, comments: CommentReading, how: How) -> Known:
    title, description, profile = metadata.title or "", metadata.description or "", how.profile
    return Known(
        title=title,
        description=description,
        authors=metadata.authors,
        dated=metadata.date_published is not None,
        marks={**dict.fromkeys(comments.containers, Cut.COMMENT), **(site.cut if site else {})},
        body=site.body if site else (),
        starts=site.starts if site else {},
        repeats=(lambda texts: repeated_blocks(profile, texts, title=title, description=description)) if profile else None,
    )


def _plain_text(body: bytes, content_type: str | None, empty: Document) -> Document:
    text, codec = decode(body, content_type)
    return replace(_with_text(empty, blocks_of_plain_text(text)), charset=name_of(codec))


def _with_text(document: Document, blocks: tuple[Block, ...]) -> Document:
    text = text_of(blocks)
    words = count_words(text)
    return replace(
        document,
        blocks=blocks,
        text=text,
        text_sha256=sha256_hex(text.encode("utf-8")),
        chars=len(text),
        words=words,
        text_outcome=text_outcome(words),
    )


def _with_metadata(document: Document, m: Metadata) -> Document:
    language, score = language_of(document.text, m.language)
    return replace(
        document,
        canonical_url=m.canonical_url,
        site_name=m.site_name,
        title=m.title,
        description=m.description,
        byline=m.byline,
        authors=m.authors,
        tags=m.tags,
        categories=m.categories,
        date_published=m.date_published,
        date_modified=m.date_modified,
        language=language,
        language_score=score,
        image_url=m.image_url,
        license=m.license,
        free_access=m.free_access,
    )


def _headings(tree: HtmlElement) -> list[str]:
    """The page's first headings of the highest level it uses."""
    for level in ("h1", "h2"):
        found = [text for h in tree.iter(level) if (text := one_line("".join(h.itertext()), 300))]
        if found:
            return found[:3]
    return []


def _time(captured_at: str) -> datetime:
    try:
        moment = datetime.fromisoformat(captured_at)
    except ValueError:
        return _NO_LIMIT
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
