"""The era of a block: the pages of a site that would have it if it were the site's. Sites change their furniture over the years, and
serve old pages in old furniture to this day, so that a share of all pages says little.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.learn.pages import SHORT, SitePages, Story

_TYPICAL = 0.8  # share of the pages with a block that must have a label for it to be of their furniture
_TELLING = 10  # labels from which on furniture can be told from other furniture
_FEWEST = 12  # pages of an era, when there are so many: a few pages in a row may be of one event


class Eras:
    """Pages are numbers, from 0, in the order of their capture; sets of pages are the bits of an int."""

    def __init__(self, stories: Sequence[Story], pages: SitePages, having: dict[int, int]) -> None:
        self._all = (1 << len(stories)) - 1
        self._labels = {value: held for value, held in having.items() if pages.sample(value).words < SHORT}
        self._bit_of = {value: 1 << number for number, value in enumerate(self._labels)}
        self._worn = [sum(self._bit_of.get(value, 0) for value in story.blocks) for story in stories]
        self._days = [story.captured_at[:10] for story in stories]

    def era(self, holders: int) -> int:
        """Pages in the furniture of ``holders``, from the first day on which one of them was captured to the last; twelve if there are."""
        alike = self._alike(holders)
        numbers = [n for n in range(len(self._days)) if alike >> n & 1]
        days = [self._days[n] for n in numbers if holders >> n & 1]
        within = [n for n in numbers if days[0] <= self._days[n] <= days[-1]]
        low, high = numbers.index(within[0]), numbers.index(within[-1]) + 1
        while high - low < min(_FEWEST, len(numbers)):
            low, high = max(0, low - 1), min(len(numbers), high + 1)
        return sum(1 << n for n in numbers[low:high])

    def _alike(self, holders: int) -> int:
        """The pages that wear at least half of the labels that are typical of ``holders``; they are among them themselves."""
        count = holders.bit_count()
        typical = sum(bit for value, bit in self._bit_of.items() if (self._labels[value] & holders).bit_count() >= _TYPICAL * count)
        labels = typical.bit_count()
        if labels < _TELLING:
            return self._all
        alike = [n for n, worn in enumerate(self._worn) if 2 * (worn & typical).bit_count() >= labels]
        return holders | sum(1 << n for n in alike if not holders >> n & 1)
