"""What made a copy from a web archive the target's: a ``metadata`` record that refers to the copy, and stays beside it for ever.

The document's ``rescue`` is read back from here, so that it can be made again from the WARC.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from archive.model import Capture, Rescue
from archive.urls import MAX_URI, target_uri
from archive.warc.reader import Record
from archive.warc.writer import WARC_FIELDS, Fields, member, one_line, record_id, warc_date, warc_fields

_OF = "rescueOf"


def as_recorded(rescue: Rescue) -> Rescue:
    """The rescue as reading the record back gives it: control characters of a value are percent-escaped."""
    return Rescue(one_line(rescue.archive), one_line(rescue.memento), rescue.score, tuple(map(one_line, rescue.why)))


def encode_rescue(
    url: str, copy: Capture, rescue: Rescue, *, at: datetime, warcinfo_id: str, new_id: Callable[[], str], fields: Fields
) -> bytes:
    """The record as a gzip member. ``url`` is the address that was rescued, ``copy`` the kept response; ``fields`` come last."""
    uri = target_uri(copy.url)
    head = [
        ("WARC-Type", "metadata"),
        ("WARC-Record-ID", record_id(new_id())),
        ("WARC-Date", warc_date(at)),
        *([("WARC-Target-URI", uri)] if len(uri) <= MAX_URI else []),
        ("WARC-Warcinfo-ID", record_id(warcinfo_id)),
        ("WARC-Refers-To", record_id(copy.record_id)),
        WARC_FIELDS,
    ]
    said = [(_OF, url), ("archive", rescue.archive), ("memento", rescue.memento), ("score", repr(rescue.score))]
    return member(head, warc_fields([*said, *(("why", why) for why in rescue.why), *fields]), 3)


def read_rescue(record: Record) -> tuple[str, Rescue] | None:
    """The record id of the copy, and the rescue; None for any other record."""
    copy = record.header("WARC-Refers-To")
    if record.type != "metadata" or not copy or not record.block.startswith(f"{_OF}: ".encode()):
        return None
    fields = [line.partition(": ") for line in record.block.decode("utf-8", "replace").split("\r\n")]
    first = {name: value for name, _, value in reversed(fields)}
    try:
        rescue = Rescue(first["archive"], first["memento"], float(first["score"]), tuple(v for name, _, v in fields if name == "why"))
    except (KeyError, ValueError):
        return None
    return copy, rescue
