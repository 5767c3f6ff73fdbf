"""How tests crawl the demo's press."""

from __future__ import annotations

from crawler.demo.site import DemoSite


def demo_options(site: DemoSite, delay: float = 0.05) -> list[str]:
    """Options of a crawl that finds the press; ``delay`` is in seconds."""
    return ["--connect-to", *site.connect_to_rules(), "--delay", str(delay), "--no-progress", "--json"]
