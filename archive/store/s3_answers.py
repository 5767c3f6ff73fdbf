"""What an S3 server's answers mean to us and to the user. Its own words are left out: they may quote a key, or lie."""

from __future__ import annotations

import base64
import binascii
import re
from contextlib import suppress
from typing import TYPE_CHECKING

from archive.errors import LimitReached, StoreError, WarciteError

if TYPE_CHECKING:
    from types_boto3_s3.type_defs import HeadObjectOutputTypeDef

_CREDENTIALS = (
    "the credentials are refused ({code}); check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, and whether they expired"
)
_DENIED = "access denied ({code}); check that these credentials are right and may read, write and list there"
_NO_BUCKET = "the bucket does not exist; create it, or correct --store"
_SLOW = "the store asks to slow down ({code}), again after all retries; wait a while, then run again"
_CLOCK = "this machine's clock is more than 15 minutes off ({code}); set it right, then run again"
_REGION = "the bucket is in another region ({code}); set AWS_REGION to its region"
_DAMAGED = "the bytes that arrived do not have the checksum that was sent ({code}); nothing was stored, run again"

_SENTENCES = {
    "InvalidAccessKeyId": _CREDENTIALS,
    "SignatureDoesNotMatch": _CREDENTIALS,
    "InvalidToken": _CREDENTIALS,
    "InvalidSecurity": _CREDENTIALS,
    "ExpiredToken": _CREDENTIALS,
    "TokenRefreshRequired": _CREDENTIALS,
    "AccessDenied": _DENIED,
    "AccountProblem": _DENIED,
    "AllAccessDisabled": _DENIED,
    "NoSuchBucket": _NO_BUCKET,
    "SlowDown": _SLOW,
    "RequestLimitExceeded": _SLOW,
    "ServiceUnavailable": _SLOW,
    "Throttling": _SLOW,
    "TooManyRequests": _SLOW,
    "RequestTimeTooSkewed": _CLOCK,
    "RequestExpired": _CLOCK,
    "PermanentRedirect": _REGION,
    "AuthorizationHeaderMalformed": _REGION,
    "IllegalLocationConstraintException": _REGION,
    "BadDigest": _DAMAGED,
    "InvalidDigest": _DAMAGED,
    "XAmzContentSHA256Mismatch": _DAMAGED,
    "XAmzContentChecksumMismatch": _DAMAGED,
    "NotImplemented": "the store cannot do this ({code}); use another one",
}
_BY_STATUS = {301: _REGION, 401: _CREDENTIALS, 403: _DENIED, 429: _SLOW, 503: _SLOW}
_FULL = {"QuotaExceeded", "XMinioStorageFull", "InsufficientStorage"}


def explain(code: str, status: int, doing: str) -> WarciteError:
    """The error for an answer with this S3 code and HTTP status; ``doing`` names the act and the object.

    `LimitReached` when the store is full, otherwise `StoreError`.
    """
    code = re.sub(r"[^A-Za-z0-9.]", "", code)[:60] or "no code"
    if code in _FULL or status == 507:
        return LimitReached(f"cannot {doing}: the store is full ({code}); make room or raise the quota, then run again")
    sentence = _SENTENCES.get(code) or _BY_STATUS.get(status) or _unforeseen(status)
    return StoreError(f"cannot {doing}: {sentence.format(code=code)}")


def _unforeseen(status: int) -> str:
    if status >= 500:
        return f"the store failed (HTTP {status}, {{code}}), again after all retries; try later"
    return f"the store refused (HTTP {status}, {{code}})"


def kept_sha256(head: HeadObjectOutputTypeDef) -> str | None:
    """The hex SHA-256 of an object's bytes: the server's own checksum, else what the writer noted."""
    checksum = head.get("ChecksumSHA256", "")
    if checksum and "-" not in checksum:  # with a dash it covers the parts' checksums, not the bytes
        with suppress(binascii.Error):
            return base64.b64decode(checksum, validate=True).hex()
    noted: str | None = head["Metadata"].get("sha256")
    return noted
