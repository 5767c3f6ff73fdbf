"""Stories of an invented newspaper with the widgets that change by themselves, so that editions of one story can be told apart."""

from __future__ import annotations

from dataclasses import dataclass

from tests.support.gazette import paragraphs, title

HOST = "edited.example"


@dataclass(frozen=True)
class Edition:
    """A story as it stands on the site at one time: what an editor wrote, and what the site adds."""

    title: str
    text: tuple[str, ...]
    published: str = "2016-05-21T09:00:00+01:00"
    modified: str = "2016-05-21T09:30:00+01:00"
    hours: int = 3
    views: int = 1_204
    rail: tuple[str, ...] = (
        "Three swans hold up the mail boat",
        "Council paints its benches green",
        "Lock keeper retires after forty years",
    )

    def html(self) -> bytes:
        body = "".join(f"<p>{paragraph}</p>\n" for paragraph in self.text)
        rail = "".join(f"<li><a href='/{n}'>{headline}</a></li>" for n, headline in enumerate(self.rail))
        return (
            f"<!doctype html><html lang='en'><head><meta charset='utf-8'><title>{self.title}</title>"
            f"<meta property='og:title' content='{self.title}'>"
            f"<meta property='article:published_time' content='{self.published}'>"
            f"<meta property='article:modified_time' content='{self.modified}'></head>"
            f"<body><nav><a href='/'>Front page</a></nav><main><article><h1>{self.title}</h1>"
            f"<p>{self.hours} hours ago</p><p>{self.views:,} views</p>\n{body}"
            f"<h3>Related stories</h3><ul>{rail}</ul></article></main><footer>All rights reserved</footer></body></html>"
        ).encode()


def edition(seed: str) -> Edition:
    return Edition(title(seed), tuple(paragraphs(seed)))
