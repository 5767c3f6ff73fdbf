"""Files too large for one PUT go up in parts. An upload that never ends keeps its parts, unseen by every listing, until it is aborted.

Knows boto3 only by the client it is given.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client
    from types_boto3_s3.type_defs import CompletedPartTypeDef

    Parts = list[CompletedPartTypeDef]

_MAX_PARTS = 10_000
_PART = 16 << 20


@dataclass(frozen=True, slots=True)
class Upload:
    """An upload in parts that was begun; ``name`` is the object's full name in the bucket."""

    client: S3Client
    bucket: str
    name: str
    id: str

    def send(self, source: Path, part: int) -> tuple[Parts, str]:
        """Send the file in parts of at least ``part`` bytes; returns them and the hex SHA-256 of the bytes that were read."""
        whole = hashlib.sha256()
        parts: Parts = []
        size = max(part, -(-source.stat().st_size // _MAX_PARTS))
        with source.open("rb") as stream:
            while chunk := stream.read(size):
                whole.update(chunk)
                parts.append(self._send_part(chunk, len(parts) + 1))
        return parts, whole.hexdigest()

    def send_chunks(self, chunks: Iterable[bytes], part: int) -> tuple[Parts, str]:
        """As `send`, for bytes that come in pieces of any size; holds one part at a time."""
        whole = hashlib.sha256()
        parts: Parts = []
        for body in _joined(chunks, part):
            whole.update(body)
            parts.append(self._send_part(body, len(parts) + 1))
        return parts, whole.hexdigest()

    def _send_part(self, body: bytes, number: int) -> CompletedPartTypeDef:
        checksum = base64.b64encode(hashlib.sha256(body).digest()).decode()
        answer = self.client.upload_part(
            Bucket=self.bucket, Key=self.name, UploadId=self.id, PartNumber=number, Body=body, ChecksumSHA256=checksum
        )
        return {"PartNumber": number, "ETag": answer["ETag"], "ChecksumSHA256": checksum}

    def complete(self, parts: Parts) -> None:
        """Ask for the object. That it returns proves nothing: the caller looks whether the object is there.

        botocore takes a 200 with an error in its body for a 500 and asks again; if the first try did go through, the upload is gone
        by then.
        """
        try:
            self.client.complete_multipart_upload(Bucket=self.bucket, Key=self.name, UploadId=self.id, MultipartUpload={"Parts": parts})
        except self.client.exceptions.NoSuchUpload:
            return

    def abort(self) -> None:
        """Give the parts up; one that is gone, or complete by now, is no error."""
        try:
            self.client.abort_multipart_upload(Bucket=self.bucket, Key=self.name, UploadId=self.id)
        except self.client.exceptions.NoSuchUpload:
            return


def begin(client: S3Client, bucket: str, name: str, sha256: str | None) -> Upload:
    metadata = {} if sha256 is None else {"sha256": sha256}
    answer = client.create_multipart_upload(Bucket=bucket, Key=name, ChecksumAlgorithm="SHA256", Metadata=metadata)
    return Upload(client, bucket, name, answer["UploadId"])


def put_chunks(client: S3Client, bucket: str, name: str, chunks: Iterable[bytes], size: int) -> str:
    """An object whose bytes come in pieces, in parts of 16 MiB or what ``size`` asks for; returns their hex SHA-256.

    Each part has its checksum. That of the whole is not known when the upload begins, so the object does not carry it.
    """
    upload = begin(client, bucket, name, None)
    try:
        parts, digest = upload.send_chunks(chunks, max(_PART, -(-size // _MAX_PARTS)))
        upload.complete(parts)
    except BaseException:
        with suppress(Exception):  # what stays is swept later
            upload.abort()
        raise
    return digest


def _joined(chunks: Iterable[bytes], part: int) -> Iterator[bytes]:
    """Pieces of exactly ``part`` bytes, but for the last."""
    held = bytearray()
    for chunk in chunks:
        held += chunk
        while len(held) >= part:
            yield bytes(held[:part])
            del held[:part]
    if held:
        yield bytes(held)


def unfinished(client: S3Client, bucket: str, prefix: str, before: datetime) -> Iterator[Upload]:
    """Uploads of names that start with ``prefix`` which were begun before ``before`` and never ended."""
    for page in client.get_paginator("list_multipart_uploads").paginate(Bucket=bucket, Prefix=prefix):
        for found in page.get("Uploads", ()):
            if found["Initiated"].astimezone(UTC) < before:
                yield Upload(client, bucket, found["Key"], found["UploadId"])
