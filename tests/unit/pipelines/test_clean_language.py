from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.clean.language import detect, language_of

TEXTS = {
    "en": "The first ship entered the new harbour of Lisse at dawn, nine years after the town council had "
    "voted for it, and it was later than they had planned. ",
    "de": "Das erste Schiff ist in der Nacht in den neuen Hafen von Lisse eingelaufen, neun Jahre nach dem "
    "Beschluss der Stadt, und es war später als geplant. ",
    "fr": "Le premier bateau est entré dans le nouveau port de Lisse à l'aube, neuf ans après le vote de la "
    "ville, et plus tard que ce qui avait été prévu. ",
    "es": "El primer barco entró en el nuevo puerto de Lisse al amanecer, nueve años después de que la ciudad "
    "lo votara, y más tarde de lo que se había previsto. ",
    "it": "La prima nave è entrata nel nuovo porto di Lisse all'alba, nove anni dopo il voto della città, e "
    "più tardi di quanto non fosse stato previsto. ",
    "pt": "O primeiro navio entrou no novo porto de Lisse de madrugada, nove anos depois do voto da cidade, e "
    "mais tarde do que se tinha previsto para a obra. ",
    "nl": "Het eerste schip is bij het aanbreken van de dag de nieuwe haven van Lisse binnengelopen, negen "
    "jaar na het besluit van de stad, en later dan gepland. ",
    "pl": "Pierwszy statek wpłynął o świcie do nowego portu w Lisse, dziewięć lat po tym jak miasto podjęło "
    "decyzję, i było to później niż się tego spodziewano. ",
    "tr": "İlk gemi sabah erken saatlerde yeni limana girdi, bu karar için dokuz yıl önce oy verilmişti ve bu "
    "tarih daha önce planlanan günden çok sonra oldu. ",
    "fi": "Ensimmäinen laiva saapui aamulla uuteen satamaan, ja se oli yhdeksän vuotta sen jälkeen kun "
    "kaupunki oli siitä päättänyt, mutta myös myöhemmin kuin oli. ",
    "ru": "Первый корабль вошёл в новую гавань на рассвете, через девять лет после того, как город "
    "проголосовал за неё, и позже, чем было намечено. ",
    "uk": "Перший корабель увійшов у нову гавань на світанку, через дев'ять років після того, як місто її "
    "схвалило, і пізніше, ніж було заплановано. ",
    "ar": "دخلت السفينة الأولى الميناء الجديد عند الفجر بعد تسع سنوات من تصويت المدينة عليه وفي وقت متأخر عما كان مقررا. ",
    "fa": "نخستین کشتی سپیده‌دم به بندر تازه وارد شد، نه سال پس از آنکه شهر به آن رأی داد و دیرتر از آنچه برنامه‌ریزی شده بود. ",
    "ja": "最初の船は夜明けに新しい港に入った。町の議会が決めてから九年が過ぎ、予定よりも四年遅れていたという。",
    "zh": "第一艘船在黎明时分驶入丽瑟新港，距离市议会投票通过已经过去九年，比原定计划晚了四年，码头上站满了人。",
    "ko": "첫 배가 새벽에 새 항구로 들어왔다. 시 의회가 결정한 지 아홉 해가 지났고 계획보다 네 해가 늦었다고 한다.",
    "el": "Το πρώτο πλοίο μπήκε στο νέο λιμάνι την αυγή, εννέα χρόνια μετά την απόφαση του δήμου και αργότερα από όσο είχε σχεδιαστεί.",
}


@pytest.mark.parametrize(("language", "text"), TEXTS.items())
def test_detection(language: str, text: str) -> None:
    found = detect(text * 3)
    assert found is not None
    assert found[0] == language
    assert 0.5 <= found[1] <= 1


def test_the_pages_word_stands_unless_the_text_is_plainly_in_another_language() -> None:
    assert language_of(TEXTS["en"] * 3, "en-GB")[0] == "en-GB"
    assert language_of(TEXTS["de"] * 3, "en-US")[0] == "de"
    assert language_of(TEXTS["fr"] * 3, None)[0] == "fr"
    assert language_of("Kort.", "nl") == ("nl", None)
    assert language_of("", None) == (None, None)


def test_kin_are_not_told_apart_against_the_pages_word() -> None:
    danish = (
        "Det første skib er kommet ind i den nye havn, og det er ni år efter at byen har stemt for det, men ikke som de havde ventet. " * 3
    )
    assert language_of(danish, "no")[0] == "no"
    assert language_of(danish, "en")[0] in ("da", "no")


@pytest.mark.parametrize(
    "text", ["Lorem ipsum dolor sit amet, consectetur adipisicing elit, sed do eiusmod tempor. " * 9, "1 2 3 " * 99, "$ 9.99 + " * 50]
)
def test_what_is_no_language_is_none(text: str) -> None:
    assert detect(text) is None


@given(st.text(max_size=300), st.sampled_from([None, "en", "zh-Hans-CN"]))
def test_any_text_has_a_language_or_none(text: str, declared: str | None) -> None:
    language, score = language_of(text, declared)
    assert language is None or language.isascii()
    assert score is None or 0.5 <= score <= 1
