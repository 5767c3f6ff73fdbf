"""An archive in an S3 bucket. Credentials, region and endpoint come by the AWS ways only: environment, profile, role.

Every object carries its SHA-256 twice: as checksum, which the server verifies on arrival, and as metadata, since not every
server answers with the checksum.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import io
import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import urlsplit

import boto3
from botocore import exceptions as aws
from botocore.config import Config
from urllib3.exceptions import HTTPError as BrokenBody

from archive.digests import sha256_file, sha256_hex
from archive.errors import DamageError, InputError, KeyExists, KeyMissing, StoreError
from archive.store.base import ObjectStat
from archive.store.keys import TEMPORARY, check_key, check_prefix, check_range, is_key
from archive.store.s3_answers import explain

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer
    from botocore.response import StreamingBody
    from types_boto3_s3 import S3Client
    from types_boto3_s3.type_defs import CompletedPartTypeDef, GetObjectRequestTypeDef, HeadObjectOutputTypeDef

    _Parts = list[CompletedPartTypeDef]

_MB = 1 << 20
_MAX_PARTS = 10_000
_CONFLICT_TRIES = 5
_RESUMES = 3  # how often a download that breaks off is taken up again
_ABSENT = {"NoSuchKey", "404", "NotFound"}
_CUT = (aws.HTTPClientError, aws.IncompleteReadError, BrokenBody)
_NO_CREDENTIALS = (
    aws.NoCredentialsError,
    aws.PartialCredentialsError,
    aws.CredentialRetrievalError,
    aws.NoAuthTokenError,
    aws.TokenRetrievalError,
    aws.ProfileNotFound,
)
_NO_CREATE_ONLY = "the store knows no create-only writes; use one that honours If-None-Match (AWS S3, SeaweedFS 4.20 or later)"


class S3Store:
    """Objects under ``prefix`` in ``bucket``. The client is made on first use; one store may serve many threads.

    Files over ``single_put`` bytes go up in parts of at least ``part`` bytes. ``attempts`` counts each request's first try too.
    """

    def __init__(self, bucket: str, prefix: str = "", *, single_put: int = 100 * _MB, part: int = 64 * _MB, attempts: int = 5) -> None:
        self.bucket = bucket
        self.prefix = f"{prefix}/" if prefix else ""
        self.uri = f"s3://{bucket}/{prefix}" if prefix else f"s3://{bucket}"
        self._single_put = single_put
        self._part = part
        self._attempts = attempts
        self._client: S3Client | None = None
        self._making = threading.Lock()

    def put(self, key: str, source: Path | bytes, sha256: str) -> None:
        name = self._name(key)
        if isinstance(source, bytes):
            _compare(key, sha256, sha256_hex(source))
            self._put_over(name, source, sha256)
            return
        try:
            if source.stat().st_size > self._single_put:
                self._put_parts(key, source, sha256)
                return
            _compare(key, sha256, sha256_file(source))
            with source.open("rb") as stream:
                self._put_over(name, stream, sha256)
        except OSError as error:
            raise StoreError(f"cannot read {source}, which was to be stored: {error.strerror}") from error

    def put_if_absent(self, key: str, data: bytes) -> None:
        """Create-only PUT.

        botocore sends a PUT again by itself when no answer came, so `KeyExists` may be the answer to our own first try, and a
        `StoreError` may hide a write that went through: after either the caller reads the object back and compares.
        """
        if not self._created(self._name(key), data):
            raise KeyExists(f"{key} is already in {self.uri}")

    def get(self, key: str) -> bytes:
        with self.open_range(key) as stream:
            return b"".join(iter(lambda: stream.read(_MB), b""))  # read() alone goes by 8 KB

    def open_range(self, key: str, offset: int = 0, length: int | None = None) -> BinaryIO:
        check_range(offset, length)
        if length == 0:
            self.stat(key)  # S3 has no way to ask for no bytes, yet a missing object must show
        return io.BufferedReader(_Download(self, key, offset, length), _MB)

    def list(self, prefix: str) -> Iterator[ObjectStat]:
        """Holds all that match at once: not every server lists in byte order (SeaweedFS shows ``a/b`` before ``a-b``)."""
        start = self.prefix + check_prefix(prefix)
        found: dict[str, int] = {}
        with self._asking(f"list {self.uri}"):
            for page in self._s3().get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=start):
                found.update((entry["Key"].removeprefix(self.prefix), entry["Size"]) for entry in page.get("Contents", ()))
        return (ObjectStat(key, found[key], None) for key in sorted(found) if is_key(key))

    def stat(self, key: str) -> ObjectStat:
        name = self._name(key)
        with self._asking(f"look up {self.uri}/{key}", key):
            try:
                head = self._s3().head_object(Bucket=self.bucket, Key=name, ChecksumMode="ENABLED")
            except aws.ClientError as error:
                if _code(error) in _ABSENT:
                    self._check_bucket()  # an answer to HEAD has no body, so it cannot tell which of the two is missing
                raise
        return ObjectStat(key, head["ContentLength"], _sha256_kept(head))

    def probe(self) -> str:
        """Try create-only writes and say how that went; raises `StoreError` when the server does not honour them.

        Leaves one small object, the same each time, which `list` does not show.
        """
        name = f"{self.prefix}{TEMPORARY}probe"
        if self._created(name, b"warcite\n") and self._created(name, b"warcite\n"):
            raise StoreError(f"{self._place(name)} could be created twice: {_NO_CREATE_ONLY}")
        return "honoured: If-None-Match is answered with 412"

    def _name(self, key: str) -> str:
        name = self.prefix + check_key(key)
        if len(name) > 1024:
            raise InputError(f"the key {key[:100]!r} with the prefix of {self.uri[:100]} is over S3's 1,024 bytes; use a shorter prefix")
        return name

    def _put_over(self, name: str, body: bytes | BinaryIO, sha256: str) -> None:
        with self._asking(f"write {self._place(name)}"):
            self._s3().put_object(Bucket=self.bucket, Key=name, Body=body, ChecksumSHA256=_base64(sha256), Metadata={"sha256": sha256})

    def _created(self, name: str, data: bytes) -> bool:
        with self._asking(f"create {self._place(name)}"):
            for attempt in range(1, _CONFLICT_TRIES + 1):
                try:
                    self._put_new(name, data)
                except aws.ClientError as error:
                    if _status(error) == 412:
                        return False
                    if _status(error) == 501:
                        raise StoreError(f"cannot create {self._place(name)}: {_NO_CREATE_ONLY}") from error
                    # 409: another writer is at this key right now; the server wants the request once more
                    if _status(error) != 409 or attempt == _CONFLICT_TRIES:
                        raise
                else:
                    return True
                time.sleep(random.uniform(0, 0.05 * 2**attempt))  # noqa: S311 - spreads rivals, guards nothing
        return False

    def _put_new(self, name: str, data: bytes) -> None:
        sha256 = sha256_hex(data)
        self._s3().put_object(
            Bucket=self.bucket, Key=name, Body=data, ChecksumSHA256=_base64(sha256), Metadata={"sha256": sha256}, IfNoneMatch="*"
        )

    def _put_parts(self, key: str, source: Path, sha256: str) -> None:
        name = self._name(key)
        with self._asking(f"write {self._place(name)}"):
            upload = self._s3().create_multipart_upload(
                Bucket=self.bucket, Key=name, ChecksumAlgorithm="SHA256", Metadata={"sha256": sha256}
            )["UploadId"]
            try:
                parts = self._send_parts(name, upload, key, source, sha256)
                self._complete(name, upload, parts)
            except BaseException:
                with suppress(aws.ClientError, aws.BotoCoreError):  # what stays is swept later
                    self._s3().abort_multipart_upload(Bucket=self.bucket, Key=name, UploadId=upload)
                raise
        with suppress(KeyMissing):
            arrived = self.stat(key)
            if (arrived.size, arrived.sha256) == (source.stat().st_size, sha256):
                return
        raise StoreError(f"cannot write {self._place(name)}: the store took all its parts but does not show it whole; run again")

    def _send_parts(self, name: str, upload: str, key: str, source: Path, sha256: str) -> _Parts:
        whole = hashlib.sha256()
        parts: _Parts = []
        size = max(self._part, -(-source.stat().st_size // _MAX_PARTS))
        with source.open("rb") as stream:
            while chunk := stream.read(size):
                whole.update(chunk)
                number, checksum = len(parts) + 1, base64.b64encode(hashlib.sha256(chunk).digest()).decode()
                answer = self._s3().upload_part(
                    Bucket=self.bucket, Key=name, UploadId=upload, PartNumber=number, Body=chunk, ChecksumSHA256=checksum
                )
                parts.append({"PartNumber": number, "ETag": answer["ETag"], "ChecksumSHA256": checksum})
        _compare(key, sha256, whole.hexdigest())
        return parts

    def _complete(self, name: str, upload: str, parts: _Parts) -> None:
        # botocore takes a 200 with an error in its body for a 500 and asks again; if the first try did go through, the
        # upload is gone by then. Either way the look-up that follows decides.
        try:
            self._s3().complete_multipart_upload(Bucket=self.bucket, Key=name, UploadId=upload, MultipartUpload={"Parts": parts})
        except aws.ClientError as error:
            if _code(error) != "NoSuchUpload":
                raise

    def _check_bucket(self) -> None:
        with self._asking(f"open {self.uri}"):
            try:
                self._s3().head_bucket(Bucket=self.bucket)
            except aws.ClientError as error:
                if _status(error) == 404:
                    raise explain("NoSuchBucket", 404, f"open {self.uri}") from error
                # who may read objects need not be allowed to ask for the bucket

    def _place(self, name: str) -> str:
        return f"s3://{self.bucket}/{name}"

    def _s3(self) -> S3Client:
        with self._making:
            if self._client is None:
                config = Config(
                    max_pool_connections=32,
                    connect_timeout=10,
                    read_timeout=60,
                    retries={"mode": "standard", "total_max_attempts": self._attempts},
                )
                try:
                    self._client = boto3.session.Session().client("s3", config=config)
                except ValueError as error:
                    raise StoreError(f"cannot open {self.uri}: AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL or AWS_REGION is malformed") from error
            return self._client

    @contextmanager
    def _asking(self, doing: str, key: str | None = None) -> Iterator[None]:
        """Turn what botocore raises into our errors; a missing object into `KeyMissing` where ``key`` is given."""
        try:
            yield
        except aws.ClientError as error:
            if key is not None and _code(error) in _ABSENT:
                raise KeyMissing(f"{key} is not in {self.uri}") from error
            raise explain(_code(error), _status(error), doing) from error
        except aws.FlexibleChecksumError as error:
            raise DamageError(f"{self.uri}/{key} came back with bytes that do not have its checksum; run verify on this store") from error
        except (aws.BotoCoreError, BrokenBody) as error:
            raise StoreError(f"cannot {doing}: {self._unheard(error)}") from error

    def _unheard(self, error: Exception) -> str:
        if isinstance(error, _NO_CREDENTIALS):
            return "no usable AWS credentials; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, or give the machine a role"
        address = urlsplit(self._client.meta.endpoint_url if self._client else "")
        server = address.netloc.rpartition("@")[2]  # some write user:password before the host
        if isinstance(error, aws.SSLError):
            return f"the TLS certificate of {server} is not trusted; name its authority's file in AWS_CA_BUNDLE"
        if isinstance(error, (aws.ConnectionError, *_CUT)):
            return f"no answer from {server} ({type(error).__name__}); check AWS_ENDPOINT_URL_S3 and the network, then run again"
        return f"the AWS settings cannot be used ({type(error).__name__}); check the AWS_ variables and the profile"


class _Download(io.RawIOBase):
    """The body of a ranged GET; one that breaks off is taken up where it stopped, as long as the object is the same."""

    def __init__(self, store: S3Store, key: str, offset: int, length: int | None) -> None:
        self._store = store
        self._key = key
        self._position = offset
        self._end = None if length is None else offset + length
        self._etag: str | None = None
        self._resumes = _RESUMES
        self._body = self._ask()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer).cast("B")
        while self._body is not None:
            with self._store._asking(f"read {self._store.uri}/{self._key}", self._key):
                try:
                    chunk = self._body.read(len(view))
                except _CUT:
                    if not self._resumes:
                        raise
                    self._resumes -= 1
                    self._body.close()
                    self._body = self._ask()
                    continue
            view[: len(chunk)] = chunk
            self._position += len(chunk)
            return len(chunk)
        return 0

    def _ask(self) -> StreamingBody | None:
        """None when nothing is left to read."""
        if self._end is not None and self._position >= self._end:
            return None
        request: GetObjectRequestTypeDef = {"Bucket": self._store.bucket, "Key": self._store._name(self._key)}
        if self._position or self._end is not None:
            request["Range"] = f"bytes={self._position}-{'' if self._end is None else self._end - 1}"
        if self._etag:
            request["IfMatch"] = self._etag
        with self._store._asking(f"read {self._store.uri}/{self._key}", self._key):
            try:
                answer = self._store._s3().get_object(**request)
            except aws.ClientError as error:
                if _status(error) == 416:
                    return None
                raise
        if "Range" in request and not answer.get("ContentRange"):
            answer["Body"].close()
            raise StoreError(f"cannot read {self._store.uri}/{self._key}: the store ignores byte ranges; use another one")
        self._etag = answer["ETag"]
        return answer["Body"]

    def close(self) -> None:
        if not self.closed and self._body is not None:
            self._body.close()
        super().close()


def _compare(key: str, expected: str, found: str) -> None:
    if expected != found:
        raise StoreError(f"not stored: {key} should have SHA-256 {expected} but its bytes have {found}")


def _base64(sha256: str) -> str:
    return base64.b64encode(bytes.fromhex(sha256)).decode("ascii")


def _sha256_kept(head: HeadObjectOutputTypeDef) -> str | None:
    checksum = head.get("ChecksumSHA256", "")
    if checksum and "-" not in checksum:  # with a dash it covers the parts' checksums, not the bytes
        with suppress(binascii.Error):
            return base64.b64decode(checksum, validate=True).hex()
    noted: str | None = head["Metadata"].get("sha256")
    return noted


def _code(error: aws.ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


def _status(error: aws.ClientError) -> int:
    return int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
