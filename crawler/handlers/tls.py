# ruff: noqa: N802 - the names are those of Twisted's interfaces
"""TLS as the crawl uses it: one context for all hosts."""

from __future__ import annotations

from typing import Any, TypeAlias

from scrapy.core.downloader.contextfactory import _ScrapyCertificateOptions, _ScrapyClientContextFactory
from scrapy.core.downloader.tls import _ScrapyClientTLSOptions26
from twisted.internet._sslverify import ClientTLSOptions
from twisted.internet.ssl import platformTrust

TlsPolicy: TypeAlias = Any
"""An ``IPolicyForHTTPS``: to mypy zope's interfaces are no types."""


class SharedTlsContext(_ScrapyClientContextFactory):
    """Scrapy's TLS settings (``DOWNLOAD_VERIFY_CERTIFICATES`` and others) with one OpenSSL context for the whole crawl.

    Scrapy makes a context for each connection and with verification reads the system's certificate store into each: 4 ms.
    """

    _shared: _ScrapyCertificateOptions | None = None

    def creatorForNetloc(self, hostname: bytes, port: int) -> Any:  # noqa: ARG002 - Twisted's signature
        if self._shared is None:
            trust = {"trustRoot": platformTrust()} if self._verify_certificates else {}
            self._shared = _ScrapyCertificateOptions(**trust, **self._get_cert_options_kwargs())
        options = ClientTLSOptions if self._verify_certificates else _ScrapyClientTLSOptions26
        return options(self._shared._makeTLSConnection, hostname.decode("ascii"))
