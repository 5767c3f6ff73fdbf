"""Rules by wording that several publishers share: labels that editors type into the article itself, where no class tells them apart."""

from __future__ import annotations

from pipelines.clean.reasons import Cut
from pipelines.sites.layout import Rule, rule

CAPTIONS = rule(Cut.CAPTION, "figcaption, .wp-caption-text")

SEE_ALSO_WORDS = (
    r"(?:(?:read|see|watch|listen|view)\s+(?:more|also|next|now|it)"
    r"|(?:more|related|also read|don['\u2019]?t miss|must read|watch|read|see))"
    r"(?:\s+on\s+[\w .]{2,30})?\s*(?::|>|\||\u00bb|$)"
)
"""``Read more:``, ``WATCH:``, ``Related |``, ``Don't miss`` and the like, with what sets the label apart from a sentence."""


def see_also(where: str = "p") -> Rule:
    """Paragraphs that lead to other stories."""
    return rule(Cut.RELATED, where, says=SEE_ALSO_WORDS)
