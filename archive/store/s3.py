"""An archive in an S3 bucket. Credentials, region and endpoint come by the AWS ways only: environment, profile, role.

Every object carries its SHA-256 twice: as checksum, which the server verifies on arrival, and as metadata, since not every
server answers with the checksum.
"""

from __future__ import annotations

import base64
import io
import random
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import urlsplit

import boto3
import botocore.session
from botocore import exceptions as aws
from botocore.config import Config
from botocore.parsers import ResponseParserError
from urllib3.exceptions import HTTPError as BrokenBody

from archive.digests import sha256_file, sha256_hex
from archive.errors import DamageError, InputError, KeyExists, KeyMissing, StoreError
from archive.store import s3_parts
from archive.store.base import ObjectStat
from archive.store.keys import check_key, check_prefix, check_range, is_key
from archive.store.s3_answers import explain, kept_sha256

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer
    from botocore.response import StreamingBody
    from types_boto3_s3 import S3Client
    from types_boto3_s3.type_defs import GetObjectRequestTypeDef, PutObjectRequestTypeDef

_MB = 1 << 20
_ATTEMPTS = 5
_CONFLICT_TRIES = 5
_PROBE = "@probe"
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
_NOT_HONOURED = (
    "not honoured: {how}; so each manifest is looked for before it is written and read back afterwards, which is enough, since no two"
    " crawlers write one manifest"
)


class S3Store:
    """Objects under ``prefix`` in ``bucket``. The client is made on first use; one store may serve many threads.

    Files over ``single_put`` bytes go up in parts of at least ``part`` bytes. A request without an answer for ``timeout`` seconds has
    failed. ``attempts`` counts each request's first try too; by default 5, or what AWS_MAX_ATTEMPTS or the profile says.
    """

    def __init__(
        self,
        bucket: str,
        prefix: str = "",
        *,
        single_put: int = 100 * _MB,
        part: int = 64 * _MB,
        timeout: float = 60,
        attempts: int | None = None,
    ) -> None:
        self.bucket = bucket
        self.prefix = f"{prefix}/" if prefix else ""
        self.uri = f"s3://{bucket}/{prefix}" if prefix else f"s3://{bucket}"
        self.create_only: bool | None = None
        self._single_put = single_put
        self._part = part
        self._timeout = timeout
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

    def put_stream(self, key: str, chunks: Iterable[bytes], size: int) -> str:
        name = self._name(key)
        with self._asking(f"write {self._place(name)}"):
            digest = s3_parts.put_chunks(self._s3(), self.bucket, name, chunks, size)
        if (there := self.stat(key).size) != size:
            raise StoreError(f"cannot write {self._place(name)}: it should have {size} bytes and has {there}; run again")
        return digest

    def put_if_absent(self, key: str, data: bytes) -> None:
        """Create-only PUT; on a server that has none: look, write, read back. The first one of a store probes which it is.

        botocore sends a PUT again by itself when no answer came, so `KeyExists` may be the answer to our own first try, and a
        `StoreError` may hide a write that went through: after either the caller reads the object back and compares.
        """
        name = self._name(key)
        if self.create_only is None:
            self.probe()
        created = self._created(name, data) if self.create_only else None
        if created is None:
            self.create_only = False
            created = self._created_unguarded(key, data)
        if not created:
            raise KeyExists(f"{key} is already in {self.uri}")

    def get(self, key: str) -> bytes:
        try:
            return self._whole(key)
        except DamageError:
            return self._whole(key)  # once more: the bytes may have changed on the way, not in the store

    def open_range(self, key: str, offset: int = 0, length: int | None = None) -> BinaryIO:
        check_range(offset, length)
        if length == 0:
            self.stat(key)  # S3 has no way to ask for no bytes, yet a missing object must show
        return io.BufferedReader(_Download(self, key, offset, length), _MB)

    def list(self, prefix: str) -> Iterator[ObjectStat]:
        """Holds all that match at once: not every server lists in byte order (SeaweedFS shows ``a/b`` before ``a-b``)."""
        start = self.prefix + check_prefix(prefix)
        found: dict[str, ObjectStat] = {}
        with self._asking(f"list {self.uri}"):
            for page in self._s3().get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=start):
                for entry in page.get("Contents", ()):
                    key = entry["Key"].removeprefix(self.prefix)
                    found[key] = ObjectStat(key, entry["Size"], None, entry["LastModified"].astimezone(UTC))
        return (found[key] for key in sorted(found) if is_key(key))

    def stat(self, key: str) -> ObjectStat:
        name = self._name(key)
        with self._asking(f"look up {self.uri}/{key}", key):
            try:
                head = self._s3().head_object(Bucket=self.bucket, Key=name, ChecksumMode="ENABLED")
            except aws.ClientError as error:
                if _code(error) in _ABSENT:
                    self._check_bucket()  # an answer to HEAD has no body, so it cannot tell which of the two is missing
                raise
            return ObjectStat(key, head["ContentLength"], kept_sha256(head), head["LastModified"].astimezone(UTC))

    def delete(self, key: str) -> None:
        name = self._name(key)
        with self._asking(f"remove {self._place(name)}"):
            self._s3().delete_object(Bucket=self.bucket, Key=name)

    def debris(self, before: datetime, *, remove: bool) -> tuple[str, ...]:
        """Uploads in parts that never ended."""
        with self._asking(f"look for unfinished uploads in {self.uri}"):
            uploads = s3_parts.unfinished(self._s3(), self.bucket, self.prefix, before)
            found = [upload for upload in uploads if is_key(upload.name.removeprefix(self.prefix))]
        for upload in found if remove else ():
            with self._asking(f"remove an unfinished upload of {self._place(upload.name)}"):
                upload.abort()
        return tuple(f"{self._place(upload.name)}, an upload in parts that never ended" for upload in found)

    def probe(self) -> str:
        """Leaves one small object, the same each time, which `list` does not show since its name is no key."""
        name = f"{self.prefix}{_PROBE}"
        tries = [self._created(name, b"warcite\n")]
        if tries[0]:
            tries.append(self._created(name, b"warcite\n"))
        self.create_only = False in tries
        if self.create_only:
            return "honoured: If-None-Match is answered with 412"
        how = "If-None-Match is answered with 501" if None in tries else "If-None-Match is ignored"
        return _NOT_HONOURED.format(how=how)

    def _name(self, key: str) -> str:
        name = self.prefix + check_key(key)
        if len(name) > 1024:
            raise InputError(f"the key {key[:100]!r} with the prefix of {self.uri[:100]} is over S3's 1,024 bytes; use a shorter prefix")
        return name

    def _whole(self, key: str) -> bytes:
        body = _Download(self, key, 0, None)
        with io.BufferedReader(body, _MB) as stream:
            data = b"".join(iter(lambda: stream.read(_MB), b""))  # read() alone goes by 8 KB
        if body.sha256 not in {None, sha256_hex(data)}:  # botocore compares only with checksums that the server sends along
            raise self._damaged(key)
        return data

    def _put_over(self, name: str, body: bytes | BinaryIO, sha256: str) -> None:
        with self._asking(f"write {self._place(name)}"):
            self._put_object(name, body, sha256)

    def _created(self, name: str, data: bytes) -> bool | None:
        """Whether a create-only PUT went through; None when the server knows no such thing."""
        with self._asking(f"create {self._place(name)}"):
            for attempt in range(1, _CONFLICT_TRIES + 1):
                try:
                    self._put_object(name, data, sha256_hex(data), create_only=True)
                except aws.ClientError as error:
                    if _status(error) == 412:
                        return False
                    if _status(error) == 501:
                        return None
                    # 409: another writer is at this key right now; the server wants the request once more
                    if _status(error) != 409 or attempt == _CONFLICT_TRIES:
                        raise
                else:
                    return True
                time.sleep(random.uniform(0, 0.05 * 2**attempt))  # noqa: S311 - spreads rivals, guards nothing
        return False

    def _created_unguarded(self, key: str, data: bytes) -> bool:
        with suppress(KeyMissing):
            self.stat(key)
            return False
        self._put_over(self._name(key), data, sha256_hex(data))
        return self.get(key) == data

    def _put_object(self, name: str, body: bytes | BinaryIO, sha256: str, *, create_only: bool = False) -> None:
        request: PutObjectRequestTypeDef = {"Bucket": self.bucket, "Key": name, "Body": body, "Metadata": {"sha256": sha256}}
        request["ChecksumSHA256"] = base64.b64encode(bytes.fromhex(sha256)).decode("ascii")
        if create_only:
            request["IfNoneMatch"] = "*"
        if "ETag" not in self._s3().put_object(**request):
            raise LookupError

    def _put_parts(self, key: str, source: Path, sha256: str) -> None:
        name = self._name(key)
        with self._asking(f"write {self._place(name)}"):
            upload = s3_parts.begin(self._s3(), self.bucket, name, sha256)
            try:
                parts, sent = upload.send(source, self._part)
                _compare(key, sha256, sent)
                upload.complete(parts)
            except BaseException:
                with suppress(aws.ClientError, aws.BotoCoreError):  # what stays is swept later
                    upload.abort()
                raise
        with suppress(KeyMissing):
            arrived = self.stat(key)
            if (arrived.size, arrived.sha256) == (source.stat().st_size, sha256):
                return
        raise StoreError(f"cannot write {self._place(name)}: the store took all its parts but does not show it whole; run again")

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
                try:
                    self._client = self._new_client()
                except ValueError as error:
                    raise StoreError(
                        f"cannot open {self.uri}: AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL, AWS_REGION or AWS_MAX_ATTEMPTS is malformed"
                    ) from error
            return self._client

    def _new_client(self) -> S3Client:
        session = botocore.session.Session()
        attempts = self._attempts or int(session.get_config_variable("max_attempts") or _ATTEMPTS)
        config = Config(
            max_pool_connections=32,
            connect_timeout=min(10, self._timeout),
            read_timeout=self._timeout,
            retries={"mode": "standard", "total_max_attempts": attempts},
        )
        return boto3.session.Session(botocore_session=session).client("s3", config=config)

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
            raise self._damaged(key) from error
        except (aws.BotoCoreError, BrokenBody, ResponseParserError, LookupError) as error:
            raise StoreError(f"cannot {doing}: {self._unheard(error)}") from error

    def _damaged(self, key: str | None) -> DamageError:
        return DamageError(f"{self.uri}/{key} came back with bytes that do not have its checksum; run verify on this store")

    def _unheard(self, error: Exception) -> str:
        if isinstance(error, _NO_CREDENTIALS):
            return "no usable AWS credentials; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, or give the machine a role"
        address = urlsplit(self._client.meta.endpoint_url if self._client else "")
        server = address.netloc.rpartition("@")[2]  # some write user:password before the host
        if isinstance(error, (ResponseParserError, LookupError)):
            return f"{server} does not answer as an S3 server does; check AWS_ENDPOINT_URL_S3"
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
        self.sha256: str | None = None  # hex, of the whole object, where its writer noted it
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
            self._etag, self.sha256 = answer["ETag"], answer["Metadata"].get("sha256")
        if "Range" in request and not answer.get("ContentRange"):
            answer["Body"].close()
            raise StoreError(f"cannot read {self._store.uri}/{self._key}: the store ignores byte ranges; use another one")
        return answer["Body"]

    def close(self) -> None:
        if not self.closed and self._body is not None:
            self._body.close()
        super().close()


def _compare(key: str, expected: str, found: str) -> None:
    if expected != found:
        raise StoreError(f"not stored: {key} should have SHA-256 {expected} but its bytes have {found}")


def _code(error: aws.ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


def _status(error: aws.ClientError) -> int:
    return int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
