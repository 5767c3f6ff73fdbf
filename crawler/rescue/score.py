"""Is what an archive gave the article that a digest cites? A probability, and why.

Pure: the same claims and the same page give the same score. The weights are figures beside this module, made by ``bench/rescue_score``
from a labelled set; how good they are is in ``docs/rescue.md``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from archive.model import Reason
from crawler.rescue.claims import Cited, Found
from crawler.rescue.evidence import FoundPage, weigh_evidence
from crawler.rescue.weights import Weights, load_weights

__all__ = ["THRESHOLD", "Cited", "Found", "Score", "score"]

THRESHOLD = 0.75
"""The default of ``--rescue-threshold``: below it warcite abstains."""

_SAID = 6
_TELLING = 0.15  # log-odds from which on a reason is told
_WORDS = {
    "same_title": "its title is the event's",
    "headline": "{share} of the page's title is in the event's words",
    "told": "{share} of the event's title is in the page's title and opening: {note}",
    "text": "{share} of the event's title is in the text",
    "related": "shares rare words with related events: {note}",
    "summary": "{share} of the summary's phrases are in the opening",
    "slug": "{share} of the address's words are in the page's title",
    "canonical": "names the cited address as its own",
    "near": "published {note} from the cited date",
    "site": "names the publisher",
    "headline_other": "its title has no word of the event",
    "slug_nothing": "nothing of the address's words is on it",
    "canonical_other": "names another address as its own",
    "far": "published {note} from the cited date",
    "site_other": "names another publisher",
    "redirected": "captured under another address",
    "front": "a front page",
    "listing": "a list of pages, not an article",
    "thin": "hardly any text",
    "fragments": "short lines, as a list of headlines has them",
    "untitled": "its title is only the site's or a section's name",
    "absent": "its title says that the page is not there",
    "before": "captured {note} before the cited date",
    "late": "captured {note} after the cited date",
}


@dataclass(frozen=True, slots=True)
class Score:
    """``value``: the probability, from 0 to 1; ``why``: short reasons with their figures, most telling first."""

    value: float
    why: tuple[str, ...]


def score(cited: Sequence[Cited], found: Found) -> Score:
    """How likely it is that the page is what the digest cites; of several events that cite it, the one that fits best counts."""
    if found.reason is not Reason.OK:
        return Score(0.0, (f"stands in the page's place: {found.reason.value}",))
    if not 200 <= found.http_status < 300:
        return Score(0.0, (f"the archive recorded an answer of status {found.http_status}",))
    page, weights = FoundPage(found), load_weights()
    judged = [(weights.log_odds(evidence.figures), evidence) for evidence in (weigh_evidence(one, page) for one in cited)]
    if not judged:
        return Score(0.0, ("no event cites it",))
    odds, evidence = max(judged, key=lambda pair: pair[0])
    return Score(round(weights.probability(odds), 4), _reasons(evidence.figures, evidence.notes, weights))


def _reasons(figures: Mapping[str, float], notes: Mapping[str, str], weights: Weights) -> tuple[str, ...]:
    moved = sorted(((weights.features[name] * value, name) for name, value in figures.items()), key=lambda pair: -abs(pair[0]))
    told = [(odds, name) for odds, name in moved[:_SAID] if abs(odds) >= _TELLING]
    said = ((odds, _WORDS[name].format(share=f"{figures[name]:.0%}", note=notes.get(name, "")).removesuffix(": ")) for odds, name in told)
    return tuple(f"{words} ({odds:+.1f})" for odds, words in said)
