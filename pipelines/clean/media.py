"""What kind of body it is: by the HTTP header where it can be believed, else by its first bytes (after WHATWG MIME Sniffing)."""

from __future__ import annotations

import re
from typing import Literal

Kind = Literal["html", "text", "other"]

_MAGIC = (
    *(b"%PDF-", b"\x89PNG\r\n", b"GIF87a", b"GIF89a", b"\xff\xd8\xff", b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b\x08", b"RIFF", b"OggS"),
    *(b"\x00\x00\x01\x00", b"\xd0\xcf\x11\xe0", b"wOFF", b"wOF2", b"ID3", b"\x1aE\xdf\xa3", b"BZh", b"7z\xbc\xaf", b"Rar!\x1a", b"{\\rtf"),
    *(b"\xfd7zXZ", b"(\xb5/\xfd", b"%!PS-Adobe", b"fLaC", b"II*\x00", b"MM\x00*", b"\x7fELF", b"\x00asm"),
)
_HTML_START = re.compile(
    rb"(?:\xef\xbb\xbf)?(?>\s+|<!--.*?-->|<\?xml[^>]*>)*+"
    rb"<(?:!doctype\s+html|html|head|body|title|meta|script|style|div|p|h1|table|a|br|font|iframe|center)[\s/>]",
    re.IGNORECASE | re.DOTALL,
)
_DOCUMENT_START = re.compile(
    rb"(?:\xef\xbb\xbf)?(?>\s+|<!--.*?-->|<\?xml[^>]*>)*+<(?:!doctype\s+html|html|head)[\s/>]", re.IGNORECASE | re.DOTALL
)
_HTML_TYPES = frozenset({"text/html", "application/xhtml+xml", "application/vnd.wap.xhtml+xml"})
_TEXT_TYPES = frozenset({"text/plain", "text/markdown", "text/x-markdown"})
_UNKNOWN = frozenset(
    {"", "application/octet-stream", "binary/octet-stream", "application/unknown", "unknown/unknown", "*/*", "application/force-download"}
)
_SNIFFED = 2048


def media_type(content_type: str | None) -> str | None:
    """The media type of a ``Content-Type`` header in lower case, without parameters; None when there is none that reads like one."""
    found = re.match(r"\s*([!#$&^_.+\w-]+/[!#$&^_.+\w-]+|\*/\*)\s*(?:[;,]|$)", content_type or "", re.ASCII)
    return found[1].lower()[:127] if found else None


def kind_of(body: bytes, content_type: str | None) -> Kind:
    """Whether a body is a page, plain text or neither. Bytes that are plainly something else overrule the header."""
    declared, head = media_type(content_type) or "", body[:_SNIFFED]
    if head.startswith(_MAGIC) or head[4:8] == b"ftyp":
        return "other"
    if declared in _HTML_TYPES:
        return "html"
    if _DOCUMENT_START.match(head) and not declared.endswith(("/rss+xml", "/atom+xml")):
        return "html"
    if declared in _TEXT_TYPES:
        return "other" if _binary(head) else "text"
    return _guess(head) if declared in _UNKNOWN else "other"


def _guess(head: bytes) -> Kind:
    """The kind of a body that nothing is said about."""
    if _HTML_START.match(head) or _wide_html(head):
        return "html"
    return "other" if not head.strip() or _binary(head) or head.lstrip()[:1] in (b"{", b"[", b"<") else "text"


def _wide_html(head: bytes) -> bool:
    """UTF-16 pages served without a type: without their NULs they read as HTML."""
    return b"\x00" in head and _HTML_START.match(head.lstrip(b"\xff\xfe").replace(b"\x00", b"")) is not None


def _binary(head: bytes) -> bool:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    return any(b in head for b in (b"\x00", b"\x01", b"\x02", b"\x03", b"\x04", b"\x0e", b"\x10", b"\x1a"))
