"""Ports that belong to other services: a request there would make the crawler talk to mail, chat or printer servers of others."""

from __future__ import annotations

from scrapy.exceptions import IgnoreRequest

BLOCKED = frozenset(
    {
        *(0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109, 110, 111, 113),
        *(115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530, 531, 532, 540, 548, 554, 556),
        *(563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667),
        *(6668, 6669, 6679, 6697, 10080),
    }
)
"""The bad ports of the Fetch standard (section 2.9, port blocking), which no browser opens."""


class BlockedPortError(IgnoreRequest):
    """The address names a port of another service, and the user did not allow it."""

    def __init__(self, host: str, port: int) -> None:
        super().__init__(f"port {port} of {host} is not one for the web; --allow-private {host}:{port} lets the crawl ask there")
