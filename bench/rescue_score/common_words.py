"""Make ``crawler/rescue/common_words.json``: the words that many texts have, by how much it tells that two texts share one.

    python -m bench.rescue_score.common_words PAGES DIGESTS

Counted are the texts of a folder of pages and the events of a folder of digests, in all their languages. A word is listed when it stands
in one text of 250 or more of those of its script; it counts by the logarithm of how rare it is.
"""

from __future__ import annotations

import json
import math
import sys
from collections import Counter, defaultdict
from pathlib import Path

from crawler.rescue.words import script_of, words_of

_RARE = 1 / 250
_COUNTED = 6000  # characters of a text: longer ones have every word


def main(pages: Path, digests: Path) -> None:
    texts = _page_texts(pages) + _events(digests)
    table = weights(texts)
    out = Path(__file__).parents[2] / "crawler/rescue/common_words.json"
    out.write_text(json.dumps(table, ensure_ascii=False, indent=0, sort_keys=True) + "\n", encoding="utf-8")
    print(len(texts), "texts,", sum(len(words.split()) for words in table.values()), "words")


def weights(texts: list[str]) -> dict[str, str]:
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    of_script: Counter[str] = Counter()
    for text in texts:
        words = set(words_of(text, _COUNTED))
        of_script.update({script_of(word) for word in words})
        for word in words:
            seen[script_of(word)][word] += 1
    steps: dict[str, list[str]] = defaultdict(list)
    for script, counts in seen.items():
        total = max(of_script[script], 100)
        for word, count in counts.items():
            if count / total >= _RARE and count >= 4:
                steps[_step(count / total)].append(word)
    return {step: " ".join(sorted(words)) for step, words in sorted(steps.items())}


def _step(frequency: float) -> str:
    return f"{min(math.log(frequency) / math.log(_RARE), 1.0) ** 1.5:.1f}"


def _page_texts(folder: Path) -> list[str]:
    rows = [json.loads(line) for line in (folder / "pages.jsonl").read_text(encoding="utf-8").split("\n") if line]
    return [f"{row['title'] or ''}\n{row['gold_text']}" for row in rows if row.get("gold_text")]


def _events(folder: Path) -> list[str]:
    texts = []
    for path in sorted(folder.rglob("*.md")):
        lines = path.read_text(encoding="utf-8").splitlines()
        texts += [line.strip("# ") for line in lines if line.startswith("# ")]
    return texts


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
