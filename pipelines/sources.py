"""The body of a task's page, from wherever it lies. Runs in the child: what is read here is hostile."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from archive.errors import InputError
from archive.warc.coding import remove_coding
from archive.warc.http import Decoded, HttpMessage, decode_body, parse_http
from archive.warc.reader import read_block
from archive.warc.wrapped import unwrap
from pipelines.tasks import ExtractionTask, RecordedResponse, SavedPage

MAX_BODY = 32 << 20
"""Bytes of a body without its codings. Of a capture more is cut off, with a flag; a saved page with more is refused."""

_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Body:
    data: bytes
    content_type: str | None  # the HTTP header as sent
    flags: tuple[str, ...]  # what was odd about its codings


def read_body(task: ExtractionTask) -> Body:
    """Raises `DamageError` for a WARC, `InputError` for a saved page that cannot be read."""
    if isinstance(task.source, SavedPage):
        return Body(_saved(task.source.content), None, ())
    if isinstance(task.source, RecordedResponse):
        block = task.source.block
    else:
        block = read_block(path_now(task.source), task.context.warc_offset, task.context.warc_length)
    message = parse_http(block)
    decoded = decode_body(message, MAX_BODY)
    if task.context.via == "warc-copy":
        return _of_record(decoded.body)
    if task.context.via == "archive":
        decoded = _as_captured(message, decoded)
    return Body(decoded.body, message.header("Content-Type"), decoded.flags)


def _of_record(data: bytes) -> Body:
    """The page in a WARC record that is itself the body of an answer: a piece of another archive's WARC."""
    message = parse_http(unwrap(data, 2 * MAX_BODY).block)
    decoded = decode_body(message, MAX_BODY)
    return Body(decoded.body, message.header("Content-Type"), decoded.flags)


def _as_captured(message: HttpMessage, decoded: Decoded) -> Decoded:
    """A copy that its archive plays back in the coding that it was captured in, without saying so but in a header of its own."""
    coding = message.header("X-Archive-Orig-Content-Encoding")
    if coding and not message.header("Content-Encoding") and decoded.body.startswith(_GZIP):
        return remove_coding(decoded.body, coding.strip().lower(), MAX_BODY) or decoded
    return decoded


def _saved(content: Path | bytes) -> bytes:
    name, data = ("the page", content) if isinstance(content, bytes) else (str(content), _read(content))
    fault = ""
    if data.startswith(_GZIP) and len(data) <= MAX_BODY:
        unpacked = remove_coding(data, "gzip", MAX_BODY)
        data = unpacked.body if unpacked else data
        fault = unpacked.flags[0] if unpacked and unpacked.flags else ""
    if fault == "too-large" or len(data) > MAX_BODY:
        raise InputError(f"{name}: more than {MAX_BODY} bytes, too large for a page")
    if fault:
        raise InputError(f"{name}: its gzip data is {'cut off' if fault == 'truncated-gzip' else 'broken'}")
    return data


def _read(path: Path) -> bytes:
    try:
        if path.exists() and not path.is_file():
            raise InputError(f"{path}: not a file")
        with path.open("rb") as stream:
            return stream.read(MAX_BODY + 1)
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise InputError(f"{path}: not the name of a file") from error


def path_now(path: Path) -> Path:
    """Where a segment is: it may have been sealed, and thereby renamed, since the task was queued."""
    sealed = path.with_suffix(".warc.gz")
    return sealed if path.suffix == ".open" and not path.exists() and sealed.exists() else path
