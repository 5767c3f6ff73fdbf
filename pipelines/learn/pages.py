"""Pages as learning sees them: one for each story, each block of it as a fingerprint."""

from __future__ import annotations

from dataclasses import dataclass

from archive.urls import surt
from pipelines.clean.quality import count_words
from pipelines.learn.fingerprint import Headline, fingerprint, is_wordless

SHORT = 6
"""A block of fewer words says little by itself: "Comments" may be furniture here and a heading of the article there."""

_MAX_BLOCKS = 5000  # of a page; one with more is a list or an attack
_OWN_WORDS = 20  # in blocks that are not short: a page with fewer has no text of its own
_COPIED = 0.5
_SHOWN = 120  # characters


@dataclass(frozen=True, slots=True)
class PageBlocks:
    """What learning needs to know of a page, extracted without any profile: the text of every block, in or out of the article."""

    url: str
    captured_at: str  # RFC 3339, UTC
    record_id: str
    title: str
    description: str
    blocks: tuple[str, ...]
    article: tuple[str, ...]  # those of them that extraction takes for the article's


@dataclass(frozen=True, slots=True)
class Story:
    """A page with fingerprints for texts. ``blocks`` has neither its title nor its summary; ``own`` is the number of words of each block
    of its article that is not short.
    """

    captured_at: str
    url: str
    record_id: str
    blocks: frozenset[int]
    own: dict[int, int]

    @property
    def rank(self) -> tuple[str, str, str]:
        return self.captured_at, self.url, self.record_id


@dataclass(frozen=True, slots=True, order=True)
class Sample:
    """A block as people may read it: its text, shortened, and how many words it has in full."""

    text: str
    words: int


class SitePages:
    """The pages of one site, added in any order."""

    def __init__(self) -> None:
        self._newest: dict[str, Story] = {}
        self._samples: dict[int, Sample] = {}

    def add(self, page: PageBlocks) -> None:
        """Of several captures of an address, in whatever spelling, the newest counts."""
        key, story = surt(page.url), self._story(page)
        known = self._newest.get(key)
        if known is None or known.rank < story.rank:
            self._newest[key] = story

    def _story(self, page: PageBlocks) -> Story:
        headline = Headline(page.title, page.description)
        blocks: set[int] = set()
        for text in page.blocks[:_MAX_BLOCKS]:
            if is_wordless(text):
                continue
            value, sample = fingerprint(text), _sample(text)
            self._samples[value] = min(sample, self._samples.get(value, sample))
            if not headline.has(text):
                blocks.add(value)
        own = {fingerprint(text): count_words(text) for text in page.article[:_MAX_BLOCKS]}
        long_enough = {value: words for value, words in own.items() if words >= SHORT}
        return Story(page.captured_at, page.url, page.record_id, frozenset(blocks), long_enough)

    def sample(self, value: int) -> Sample:
        return self._samples[value]

    def stories(self) -> tuple[list[Story], int]:
        """The pages that tell a story of their own, oldest first, and how many others tell one of these again.

        Pages with hardly any text are neither.
        """
        kept: list[Story] = []
        having: dict[int, list[int]] = {}
        copies = 0
        for page in sorted(self._newest.values(), key=lambda s: s.rank):
            if sum(page.own.values()) < _OWN_WORDS:
                continue
            if _is_copy(page, kept, having):
                copies += 1
                continue
            for value in page.own:
                having.setdefault(value, []).append(len(kept))
            kept.append(page)
        return kept, copies


def _is_copy(page: Story, kept: list[Story], having: dict[int, list[int]]) -> bool:
    """Whether it shares over half of the shorter text with a page that is kept: the same story at another address."""
    shared: dict[int, int] = {}
    for value, words in page.own.items():
        for number in having.get(value, ()):
            shared[number] = shared.get(number, 0) + words
    mine = sum(page.own.values())
    return any(words > _COPIED * min(mine, sum(kept[number].own.values())) for number, words in shared.items())


def _sample(text: str) -> Sample:
    folded = " ".join(text.split())
    return Sample(folded if len(folded) <= _SHOWN else folded[: _SHOWN - 1] + "…", count_words(text))
