"""Bundles for tests: an archive of many pages, and a bundle taken apart and put together again, sealed or not."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from archive.bundle.zip import Entry, central_directory, local_header
from archive.store.base import Store
from archive.warc.records import encode_revisit
from tests.support.exchanges import exchange, record_ids, response
from tests.support.small_archive import Segment, commit_segment, encode_in, event_row

Rows = list[dict[str, Any]]


def make_pages(store: Store, segments: int, pages: int, size: int = 0) -> list[Segment]:
    """Segments of captured pages, ``size`` bytes of noise in each, and a last one whose revisits refer to the first page of each."""
    new_id, made, firsts = record_ids(), [], []
    for number in range(segments):
        info = new_id()
        encoded = [
            encode_in(info, new_id, f"http://host{number}.example/page/{page}", response(_page(number, page, size)), 100 * number + page)
            for page in range(pages)
        ]
        rows = [event_row()] if number == 0 else []
        made.append(commit_segment(store, f"{number:08d}-0000-4000-8000-000000000000", info, encoded, rows))
        firsts.append(replace(encoded[0].capture, segment=made[-1].manifest.segment))
    info = new_id()
    again = [
        encode_revisit(
            exchange(original.url, response(b"", "ETag: x", status="304 Not Modified"), after=9000),
            original,
            profile="server-not-modified",
            warcinfo_id=info,
            segment="seg",
            new_id=new_id,
            fields=(),
        )
        for original in firsts
    ]
    last = "ffffffff-0000-4000-8000-000000000000"
    made.append(commit_segment(store, last, info, again, [], depends_on=tuple(original.segment for original in firsts)))
    return made


def _page(number: int, page: int, size: int) -> bytes:
    noise = b"".join(hashlib.sha256(f"{number} {page} {n}".encode()).hexdigest().encode() for n in range(size // 64))
    return b"<html><title>Page %d</title><p>Words of page %d of %d.</p><!-- %s -->" % (page, page, number, noise)


@dataclass
class Taken:
    """A bundle's files, in the order of their bytes; change them and `sealed` or `packed` them again."""

    files: dict[str, bytes]
    names: list[str] = field(default_factory=list)

    @property
    def package(self) -> dict[str, Any]:
        return json.loads(self.files["datapackage.json"])  # type: ignore[no-any-return]

    def name(self, start: str) -> str:
        return next(name for name in self.files if name.startswith(start))

    def edit_package(self, change: Callable[[dict[str, Any]], object]) -> None:
        package = self.package
        change(package)
        self.files["datapackage.json"] = json.dumps(package, indent=1).encode()

    def edit_lines(self, name: str, change: Callable[[list[bytes]], list[bytes]]) -> None:
        """Of a table, packed or not."""
        data = self.files[name]
        lines = change((gzip.decompress(data) if name.endswith(".gz") else data).splitlines(keepends=True))
        changed = b"".join(lines)
        self.files[name] = gzip.compress(changed, mtime=0) if name.endswith(".gz") else changed

    def edit_rows(self, name: str, change: Callable[[Rows], object]) -> None:
        def edit(lines: list[bytes]) -> list[bytes]:
            rows = [json.loads(line) for line in lines]
            change(rows)
            return [json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows]

        self.edit_lines(name, edit)

    def edit_index(self, change: Callable[[list[bytes]], list[bytes]]) -> None:
        """The index lines, packed as one block that its small index describes."""
        self.edit_lines("indexes/index.cdx.gz", change)
        data = self.files["indexes/index.cdx.gz"]
        first = gzip.decompress(data).splitlines()[0]
        where = {"offset": 0, "length": len(data), "digest": f"sha256:{hashlib.sha256(data).hexdigest()}"}
        meta = b'!meta 0 {"format": "cdxj-gzip-1.0", "filename": "index.cdx.gz"}\n'
        self.files["indexes/index.idx"] = meta + first[: first.index(b" {")] + b" " + json.dumps(where).encode() + b"\n"

    def sealed(self) -> bytes:
        """With hashes and sizes that fit what the files are now: what a careful forger would make."""
        package = self.package
        for resource in package["resources"]:
            if resource["path"] in self.files:
                data = self.files[resource["path"]]
                resource["hash"], resource["bytes"] = f"sha256:{hashlib.sha256(data).hexdigest()}", len(data)
        self.files["datapackage.json"] = json.dumps(package, indent=1).encode()
        return self.redigested()

    def redigested(self) -> bytes:
        """With a datapackage-digest.json that fits, and nothing else changed."""
        digest = json.loads(self.files["datapackage-digest.json"])
        digest["hash"] = f"sha256:{hashlib.sha256(self.files['datapackage.json']).hexdigest()}"
        if "signedData" in digest:
            digest["signedData"]["hash"] = digest["hash"]
        self.files["datapackage-digest.json"] = json.dumps(digest).encode()
        return self.packed()

    def packed(self) -> bytes:
        """As they are, in a sound ZIP."""
        out, entries = bytearray(), []
        for name in self.names or list(self.files):
            data = self.files[name]
            entries.append(Entry(name, len(data), zlib.crc32(data), len(out)))
            out += local_header(entries[-1]) + data
        return bytes(out) + central_directory(entries, len(out))


def take_apart(data: bytes) -> Taken:
    with zipfile.ZipFile(io.BytesIO(data)) as bundle:
        return Taken({info.filename: bundle.read(info) for info in sorted(bundle.infolist(), key=lambda i: i.header_offset)})


def patched(data: bytes, offset: int, value: bytes) -> bytes:
    return data[:offset] + value + data[offset + len(value) :]


def local_offset(data: bytes, name: str) -> int:
    with zipfile.ZipFile(io.BytesIO(data)) as bundle:
        return bundle.getinfo(name).header_offset


def data_offset(data: bytes, name: str) -> int:
    at = local_offset(data, name)
    names, extra = struct.unpack_from("<HH", data, at + 26)
    return at + 30 + names + extra


def central_offset(data: bytes, name: str) -> int:
    """Where the directory has the head of a file."""
    return data.rindex(name.encode()) - 46
