"""The language of a text, by its script and by its commonest words. Small and exact enough to check what a page declares."""

from __future__ import annotations

import re

_SAMPLE = 3000  # characters looked at
_ENOUGH = 30  # words, or letters of scripts that belong to one language
_SURE = 0.58  # of the words that tell languages apart
_OVERRULES = 0.75  # what the page declares
_SPOKEN = 0.1  # of all words are among the commonest of their language

# The most frequent words that are short and not shared by many; where two languages share one it counts for both, by half.
_COMMON = {
    "af": "die en het nie van 'n wat hy is om te dat vir sy met ons was hulle ek maar ook deur aan sal",
    "ca": "el la els les de i que en per amb una és no un ha del al més com aquest aquesta però són dels també han va",
    "cs": "a se na je že v to s o z i do jsem pro ale jako za by byl tak po jeho které která který podle jsou nebo když už však",
    "cy": "y yr yn i o a ar mae ei ac am oedd wedi gan bod ond hefyd fel hyn nid",
    "da": "og i at det er en til på som af for de med den har ikke et var om men vi han der fra blev også efter eller hun kan skal mig",
    "de": "der die und in das den von zu ist mit des auf für nicht ein eine sich dem auch es an als im werden aus er hat dass wie bei noch",
    "en": "the of and to in a is that for it was on with as be by at have from are this not but they his an were which had has he we you",
    "es": "de la que el en y a los del se las por un para con no una su al es lo como más pero sus le ha fue este sobre también son entre",
    "et": "ja on ei et see oli ta kui ka mis aga oma mida või siis kes ning seda ole nii selle pole",
    "eu": "eta da ez du bat dira izan baina zuen dute egin ere hori zen beste bere den",
    "fi": "ja on ei että se hän oli kun mutta myös ovat ole tai niin joka jos kuin mukaan sen olla tämä nyt ollut sekä mitä",
    "fr": "de la le et les des en un du une que est pour qui dans a par plus pas au sur ne se ce il sont avec son cette mais ou aux été",
    "ga": "an na agus ar a is ag le sé bhí go i do don tá seo sin ach nach chun mar",
    "gl": "de a o e que do da en os unha un para con non as dos no por na é ao máis súa foi como",
    "hr": "i je u se na da za su od s o kao koji što bi će sa ne nije koja iz ili bio ali samo kako po nakon nego to već",
    "hu": "a az és hogy nem is egy ez volt meg de csak el már mint azt még van ki ha kell lehet vagy mert amely szerint után",
    "id": "yang dan di untuk dengan dari pada ini itu tidak dalam akan adalah ke juga oleh sebagai telah karena ada bisa saat mereka",
    "is": "og að í á er sem til við um ekki en hann var það með fyrir af hefur þetta eru frá",
    "it": "di che la il e un in è per una non con si da le dei del sono della anche come al ha nel più i gli alla ma delle lo questo",
    "lt": "ir kad į su yra iš o tai bet kaip apie už ne jis buvo nuo dėl per po tik dar bei",
    "lv": "un ir ar par no ka kas uz ir arī bet pēc lai tas kā vai pie bija ko tiek tiks nav",
    "ms": "yang dan di untuk dengan daripada pada ini itu tidak dalam akan adalah ke juga oleh sebagai telah kerana boleh beliau",
    "nl": "de van het een en in is dat op te zijn met voor niet die aan er om ook als bij maar naar dan nog werd door wordt heeft uit over",
    "no": "og i det er på som en til av for at med de har ikke den et om var men vi han fra seg ble også etter eller hun kan skal meg blir",
    "pl": "w i na z się nie do to że jest o a od za po jak przez ale dla był co są tym także jego które który oraz czy już może roku",
    "pt": "de a o que e do da em um para com não uma os no se na por mais as dos como mas ao foi é das à seu sua são também pelo pela",
    "ro": "de și în a la cu care pe nu o să mai din un este că pentru au fost sau dar prin după ca al ale fi sunt lui într-un",
    "sk": "a sa na je že v to s o z do pre ale ako za by bol tak po jeho ktoré ktorá ktorý podľa sú alebo keď už však ktorí aj",
    "sl": "in je v na se da za so ki pa z s tudi bi po kot ni od ne še ali bo če pri ter tem",
    "sq": "të e dhe në për me një që nga është ka si do më nuk janë por ose edhe kjo ky",
    "sv": "och i att det som en på är av för med till den har inte de om ett men var jag från vi så han när kan sig efter eller också hade",
    "sw": "na ya wa kwa ni katika la za kuwa cha hiyo hii huo kama baada yake lakini",
    "tl": "ang ng sa mga na at ay ni para kay hindi ito siya nang din kung pa rin",
    "tr": "ve bir bu da de için ile olarak çok daha olan gibi en ne kadar ama sonra var değil olduğu ise veya ki her tarafından",
    "vi": "và của là có được cho không trong những một các với này người đã khi đến về để từ ông như",
}
_SCRIPTS = (
    ("ko", re.compile("[\uac00-\ud7af]")),
    ("ja", re.compile("[\u3040-\u30ff]")),
    ("zh", re.compile("[\u4e00-\u9fff]")),
    ("el", re.compile("[\u0370-\u03ff]")),
    ("he", re.compile("[\u0590-\u05ff]")),
    ("th", re.compile("[\u0e00-\u0e7f]")),
    ("hy", re.compile("[\u0530-\u058f]")),
    ("ka", re.compile("[\u10a0-\u10ff]")),
    ("hi", re.compile("[\u0900-\u097f]")),
    ("bn", re.compile("[\u0980-\u09ff]")),
    ("pa", re.compile("[\u0a00-\u0a7f]")),
    ("gu", re.compile("[\u0a80-\u0aff]")),
    ("ta", re.compile("[\u0b80-\u0bff]")),
    ("te", re.compile("[\u0c00-\u0c7f]")),
    ("kn", re.compile("[\u0c80-\u0cff]")),
    ("ml", re.compile("[\u0d00-\u0d7f]")),
    ("si", re.compile("[\u0d80-\u0dff]")),
    ("lo", re.compile("[\u0e80-\u0eff]")),
    ("my", re.compile("[\u1000-\u109f]")),
    ("km", re.compile("[\u1780-\u17ff]")),
    ("am", re.compile("[\u1200-\u137f]")),
    ("cyrillic", re.compile("[\u0400-\u04ff]")),
    ("arabic", re.compile("[\u0600-\u06ff]")),
    ("latin", re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")),
)
_LATIN = re.compile("[A-Za-z]")
# Letters that only one of the languages in a script has; the first that is at all frequent decides.
_CYRILLIC = (("uk", "їєґ"), ("be", "ў"), ("mk", "ѓќѕ"), ("sr", "ђћљњџ"), ("kk", "қғңұ"), ("ru", "ыэё"), ("bg", "ъщ"))
_ARABIC = (("ur", "ٹڈےں"), ("ckb", "ڵڕێۆە"), ("ps", "ښځڼ"), ("fa", "پچژگی"), ("ar", "ةىي"))
_SAME = (
    {"no", "nb", "nn", "da"},
    {"hr", "sr", "bs", "sh"},
    {"id", "ms"},
    {"he", "iw"},
    {"tl", "fil"},
    {"cs", "sk"},
    {"gl", "pt"},
    {"hi", "mr", "ne"},
)
"""Languages that some tens of words do not keep apart for certain: a page's own word is taken for which of them it is."""
_SAME_SCRIPT = {"zh": {"yue", "wuu"}, "ru": {"bg", "kk", "ky", "tg", "mn"}, "bn": {"as"}, "am": {"ti"}, "he": {"yi"}, "my": set()}
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


def _weights() -> dict[str, tuple[tuple[str, float], ...]]:
    shared: dict[str, list[str]] = {}
    for language, words in _COMMON.items():
        for word in words.split():
            shared.setdefault(word, []).append(language)
    return {word: tuple((language, 1 / len(languages)) for language in languages) for word, languages in shared.items()}


_WEIGHTS = _weights()


def detect(text: str) -> tuple[str, float] | None:
    """A language as an ISO 639 code and how sure it is, from 0.5 to 1; None for texts that are too short or too mixed to say."""
    sample = text[:_SAMPLE]
    if 2 * len(_LATIN.findall(sample)) > len(sample):
        return _by_words(sample)
    counts = {name: len(letters.findall(sample)) for name, letters in _SCRIPTS}
    script = max(counts, key=lambda name: counts[name])
    if script == "zh" and counts["ja"] * 10 > counts["zh"]:
        script = "ja"  # Japanese writes most nouns in Han characters
    if counts[script] < _ENOUGH:
        return None
    if script == "latin":
        return _by_words(sample)
    if script in ("cyrillic", "arabic"):
        found = next((n for n, own in (_CYRILLIC if script == "cyrillic" else _ARABIC) if _share(sample, own) > 0.004), None)
        return (found, 0.8) if found else None
    return script, 0.95


def _share(sample: str, letters: str) -> float:
    return sum(sample.lower().count(c) for c in letters) / len(sample)


def _by_words(sample: str) -> tuple[str, float] | None:
    words = [w.lower() for w in _WORD.findall(sample)]
    score: dict[str, float] = {}
    for word in words:
        for language, weight in _WEIGHTS.get(word, ()):
            score[language] = score.get(language, 0.0) + weight
    best = max(score, key=lambda language: score[language], default="")
    if len(words) < _ENOUGH or not best or _spoken(words, best) < _SPOKEN:
        return None
    second = max((s for language, s in score.items() if language != best and not _alike(language, best)), default=0.0)
    sure = round(score[best] / (score[best] + second), 2)
    return (best, sure) if sure >= _SURE else None


def _spoken(words: list[str], language: str) -> float:
    """The share of the words that are among the commonest of a language."""
    common = _COMMON[language].split()
    return sum(1 for word in words if word in common) / len(words)


def _alike(one: str, other: str) -> bool:
    return any({one, other} <= same for same in _SAME)


def language_of(text: str, declared: str | None) -> tuple[str | None, float | None]:
    """The language of a text and how sure it is: what the page declares, unless the text is plainly in another one.

    ``declared`` is a BCP 47 tag such as ``en-GB``. The score is None where only the page's word stands for it.
    """
    found = detect(text)
    if found is None:
        return declared, None
    code, sure = found
    base = declared.partition("-")[0] if declared else ""
    if declared and (base == code or _alike(base, code) or base in _SAME_SCRIPT.get(code, ())):
        return declared, sure
    return (declared, None) if declared and _may_be(text, base, code, sure) else (code, sure)


def _may_be(text: str, declared: str, found: str, sure: float) -> bool:
    """Whether a text may be in the declared language all the same: it has half as many of its commonest words, or we know none of them."""
    if declared not in _COMMON or found not in _COMMON:
        return sure < _OVERRULES
    words = [w.lower() for w in _WORD.findall(text[:_SAMPLE])]
    return 2 * _spoken(words, declared) > _spoken(words, found)
