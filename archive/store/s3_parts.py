"""Files too large for one PUT go up in parts. An upload that never ends keeps its parts, unseen by every listing, until it is aborted.

Knows boto3 only by the client it is given.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client
    from types_boto3_s3.type_defs import CompletedPartTypeDef

    Parts = list[CompletedPartTypeDef]

_MAX_PARTS = 10_000


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
                number, checksum = len(parts) + 1, base64.b64encode(hashlib.sha256(chunk).digest()).decode()
                answer = self.client.upload_part(
                    Bucket=self.bucket, Key=self.name, UploadId=self.id, PartNumber=number, Body=chunk, ChecksumSHA256=checksum
                )
                parts.append({"PartNumber": number, "ETag": answer["ETag"], "ChecksumSHA256": checksum})
        return parts, whole.hexdigest()

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


def begin(client: S3Client, bucket: str, name: str, sha256: str) -> Upload:
    answer = client.create_multipart_upload(Bucket=bucket, Key=name, ChecksumAlgorithm="SHA256", Metadata={"sha256": sha256})
    return Upload(client, bucket, name, answer["UploadId"])


def unfinished(client: S3Client, bucket: str, prefix: str, before: datetime) -> Iterator[Upload]:
    """Uploads of names that start with ``prefix`` which were begun before ``before`` and never ended."""
    for page in client.get_paginator("list_multipart_uploads").paginate(Bucket=bucket, Prefix=prefix):
        for found in page.get("Uploads", ()):
            if found["Initiated"].astimezone(UTC) < before:
                yield Upload(client, bucket, found["Key"], found["UploadId"])
