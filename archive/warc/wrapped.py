"""A WARC record that came as the body of an HTTP answer: what a range request into somebody's WARC gives."""

from __future__ import annotations

from isal import isal_zlib

from archive.errors import DamageError
from archive.warc.reader import BAD_GZIP, Record, parse_record


def unwrap(body: bytes, max_bytes: int) -> Record:
    """The one ``response`` record in a gzip member of a foreign WARC. Raises `DamageError`, also for one that unpacks to more than
    ``max_bytes``.
    """
    stream = isal_zlib.decompressobj(31)
    try:
        unpacked: bytes = stream.decompress(body, max_bytes)
    except BAD_GZIP as error:
        raise DamageError(f"not a gzip member ({error})") from error
    if not stream.eof:
        raise DamageError(f"the gzip member is cut, or unpacks to more than {max_bytes} bytes")
    record = parse_record(unpacked, "the record", 0, len(body))
    if record.type != "response":
        raise DamageError(f"the record is a {record.type or 'nothing'}, not a response")
    return record
