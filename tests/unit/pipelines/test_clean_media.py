from __future__ import annotations

import pytest

from pipelines.clean.media import kind_of, media_type

PAGE = b"<!DOCTYPE html><html><body><p>Hello</p></body></html>"


@pytest.mark.parametrize(
    ("body", "content_type", "kind"),
    [
        (PAGE, "text/html; charset=utf-8", "html"),
        (PAGE, None, "html"),
        (PAGE, "text/plain", "html"),
        (PAGE, "image/png", "html"),
        (PAGE, "application/octet-stream", "html"),
        (b"<p>Only a fragment</p>", None, "html"),
        (b"  <!-- a --> <html>", "", "html"),
        (b"\xff\xfe<\0h\0t\0m\0l\0>\0", None, "html"),
        (b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml">', "application/xhtml+xml", "html"),
        (b"%PDF-1.4 ...", "text/html", "other"),
        (b"\x89PNG\r\n\x1a\n", "text/html", "other"),
        (b"PK\x03\x04", None, "other"),
        (b"....ftypisom", "text/html", "other"),
        (b'<?xml version="1.0"?><rss>', "application/rss+xml", "other"),
        (b'{"a": 1}', "application/json", "other"),
        (b'{"a": 1}', None, "other"),
        (b"Dear reader,\n\nhello.", "text/plain", "text"),
        (b"Dear reader,\n\nhello.", None, "text"),
        (b"\x00\x01\x02\x03", "text/plain", "other"),
        (b"\x00\x01\x02\x03", None, "other"),
        (b"", None, "other"),
        (b"", "text/html", "html"),
    ],
)
def test_kind(body: bytes, content_type: str | None, kind: str) -> None:
    assert kind_of(body, content_type) == kind


def test_many_comments_take_no_time_to_tell() -> None:
    assert kind_of(b"<!---->" * 400, None) == "other"


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("text/html; charset=utf-8", "text/html"),
        ("TEXT/HTML", "text/html"),
        ("text/html, text/html", "text/html"),
        ("nonsense", None),
        ("a/b c", None),
        ("", None),
        (None, None),
        ("text/\x1bhtml", None),
    ],
)
def test_media_type(header: str | None, expected: str | None) -> None:
    assert media_type(header) == expected
