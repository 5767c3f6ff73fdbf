"""Signed bundles: an ordinary Ed25519 key (RFC 8032) signs the hash of ``datapackage.json``, which has the hash of every other file.

As in the anonymous form of WACZ auth 0.1.0 the signature and the public key are in ``signedData`` of ``datapackage-digest.json``; there,
browsers sign with ECDSA, so ``algorithm`` says which it is. A signature proves who packed the bundle only to those who know the key.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from archive.errors import DamageError, InputError

ALGORITHM = "Ed25519"
PASSPHRASE = "WARCITE_SIGN_PASSPHRASE"  # noqa: S105 - the name of a variable
_MADE_BY = "openssl genpkey -algorithm ed25519 -out key.pem, or ssh-keygen -t ed25519 -f key"


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs with one key. ``fingerprint`` names it, as ``ssh-keygen -l`` does."""

    key: Ed25519PrivateKey

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.key.public_key())

    def signed_data(self, package_hash: str, created: str, software: str) -> dict[str, str]:
        """``signedData`` of a bundle whose datapackage.json has this hash, like ``sha256:...``."""
        return {
            "algorithm": ALGORITHM,
            "hash": package_hash,
            "created": created,
            "software": software,
            "publicKey": base64.b64encode(_raw(self.key.public_key())).decode("ascii"),
            "signature": base64.b64encode(self.key.sign(package_hash.encode("ascii"))).decode("ascii"),
        }


def load_signer(path: Path) -> Signer:
    """From a private key in PEM (PKCS #8) or as OpenSSH writes it; its passphrase is in WARCITE_SIGN_PASSPHRASE. Raises `InputError`."""
    data, secret = _read(path), os.environ.get(PASSPHRASE)
    load = serialization.load_ssh_private_key if b"OPENSSH PRIVATE KEY" in data else serialization.load_pem_private_key
    try:
        key = load(data, secret.encode() if secret else None)
    except TypeError as error:
        needs = "has no passphrase: unset" if secret else "has a passphrase: put it in"
        raise InputError(f"{path}: the key {needs} {PASSPHRASE}") from error
    except (ValueError, UnsupportedAlgorithm) as error:
        raise InputError(f"{path}: not a private key, or not its passphrase in {PASSPHRASE}; make one by {_MADE_BY}") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise InputError(f"{path}: not an {ALGORITHM} key; make one by {_MADE_BY}")
    return Signer(key)


def load_public(text: str) -> Ed25519PublicKey:
    """Of a file (PEM, OpenSSH, or a private key), or the key itself in base64. Raises `InputError`."""
    if not Path(text).is_file():
        try:
            return Ed25519PublicKey.from_public_bytes(base64.b64decode(text, validate=True))
        except (ValueError, binascii.Error) as error:
            raise InputError(f"{text[:120]}: no file, and no {ALGORITHM} public key in base64") from error
    data = _read(Path(text))
    if b"PRIVATE KEY" in data:
        return load_signer(Path(text)).key.public_key()
    load = serialization.load_pem_public_key if data.startswith(b"-----") else serialization.load_ssh_public_key
    try:
        key = load(data)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise InputError(f"{text}: not a public key") from error
    if not isinstance(key, Ed25519PublicKey):
        raise InputError(f"{text}: not an {ALGORITHM} key")
    return key


def check_signature(digest: Mapping[str, Any], trusted: Ed25519PublicKey | None = None) -> str | None:
    """The fingerprint of who signed a datapackage-digest.json; None when nobody did, or not by Ed25519. Raises `DamageError` when the
    signature is not what it claims, or, with ``trusted``, is not by that key.
    """
    signed = digest.get("signedData")
    if signed is None or (isinstance(signed, dict) and signed.get("algorithm") != ALGORITHM and "signature" in signed):
        if trusted is not None:
            raise DamageError("it is not signed" if signed is None else f"it is not signed by {ALGORITHM}")
        return None
    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(signed["publicKey"], validate=True))
        signature, said = base64.b64decode(signed["signature"], validate=True), str(signed["hash"])
    except (KeyError, TypeError, ValueError, binascii.Error) as error:
        raise DamageError(f"signedData cannot be read ({type(error).__name__})") from error
    if said != digest.get("hash"):
        raise DamageError("what was signed is the hash of another datapackage.json")
    try:
        key.verify(signature, said.encode("utf-8", "replace"))
    except InvalidSignature as error:
        raise DamageError("the signature is not that of its key") from error
    if trusted is not None and _raw(trusted) != _raw(key):
        raise DamageError(f"it is signed by {fingerprint(key)}, not by {fingerprint(trusted)}")
    return fingerprint(key)


def fingerprint(key: Ed25519PublicKey) -> str:
    """As OpenSSH writes it: ``SHA256:`` and base64 of the digest of the key's wire form."""
    wire = key.public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH).split()[1]
    return "SHA256:" + base64.b64encode(hashlib.sha256(base64.b64decode(wire)).digest()).decode("ascii").rstrip("=")


def _raw(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()[: 1 << 16]
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
