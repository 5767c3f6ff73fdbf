from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.model import OutcomeWord, Reason, TextOutcome
from pipelines.clean.quality import Verdict, count_words, judge, states_absence, text_outcome

GONE = (OutcomeWord.GONE, Reason.SOFT_404, ("soft404",))
CHALLENGE = (OutcomeWord.BLOCKED, Reason.CHALLENGE, ("challenge",))
CAPTURED = (OutcomeWord.CAPTURED, Reason.OK, ())


def verdict(
    title: str, *, headings: tuple[str, ...] = (), words: int = 20, shown: str = "", status: int = 200, dated: bool = False
) -> Verdict:
    return judge(
        OutcomeWord.CAPTURED, Reason.OK, title=title, headings=headings, words=words, http_status=status, visible=lambda: shown, dated=dated
    )


@pytest.mark.parametrize(
    "title",
    [
        *(
            "404",
            "Error 404",
            "404 Not Found",
            "404 - Page Not Found",
            "Page not found",
            "Oops! Page not found",
            "Page not found | The Courier",
        ),
        *("The Courier - 404", "Sorry, the page you were looking for could not be found", "This article is no longer available"),
        *(
            "The requested URL was not found on this server.",
            "This page isn’t available",
            "Sorry, we can’t find the page you’re looking for",
        ),
        *("The page you are looking for no longer exists.", "This story has been removed", "The document could not be found", "Not Found"),
        *("Seite nicht gefunden", "Die angeforderte Seite konnte nicht gefunden werden.", "Diese Seite existiert nicht mehr", "Fehler 404"),
        *(
            "Der Artikel ist nicht mehr verfügbar",
            "Page introuvable",
            "La page demandée n'existe pas",
            "Erreur 404",
            "Página no encontrada",
        ),
        *("La página que buscas no existe", "No se encontró la página", "Pagina non trovata", "La pagina richiesta non esiste"),
        *("Página não encontrada", "Pagina niet gevonden", "Deze pagina bestaat niet meer", "Страница не найдена", "Ошибка 404"),
        *("Запрашиваемая страница не существует", "Сторінку не знайдено", "页面不存在", "您访问的页面不存在", "文章已删除", "找不到頁面"),
        *("ページが見つかりません", "お探しのページは見つかりませんでした", "記事が見つかりません", "페이지를 찾을 수 없습니다"),
        *("الصفحة غير موجودة", "لم يتم العثور على الصفحة", "Nie znaleziono strony", "Strona nie istnieje", "Sayfa bulunamadı"),
        *("Aradığınız sayfa bulunamadı", "Stránka nenalezena", "Az oldal nem található", "Pagina nu a fost găsită", "Sidan hittades inte"),
        *(
            "Siden ble ikke funnet",
            "Sivua ei löydy",
            "Η σελίδα δεν βρέθηκε",
            "Halaman tidak ditemukan",
            "הדף לא נמצא",
            "Không tìm thấy trang",
        ),
    ],
)
def test_titles_of_pages_that_are_not_there(title: str) -> None:
    assert verdict(title) == GONE
    assert verdict(title, words=250) == GONE  # an error page that lists the latest stories


@pytest.mark.parametrize(
    "title",
    [
        *("Missing plane could not be found", "Documents removed from Mar-a-Lago", "Story of a boy who could not be found", "Peugeot 404"),
        *("Peace deal no longer available, says minister", "The missing page: a novel", "Lost in translation", "Sorry", "Oops!"),
        *("Treaty does not exist, court finds", "Seite an Seite gegen den Krieg", "Artikel 5 nicht verhandelbar", "新闻自由不存在"),
        *("中国官方文章已删除", "La página negra de la historia", "No se encontró vida en Marte", "404 people died in floods"),
        *("Article 50 removed from treaty, says May", "Link found between smoking and cancer", "Video games not available in China"),
        *(
            "Content moderation rules removed by Meta",
            "Page 3 girl dies",
            "Access denied: how the files were hidden",
            "Just a moment of peace",
        ),
    ],
)
def test_headlines_about_what_is_lost(title: str) -> None:
    assert verdict(title, headings=(title,), words=250) == CAPTURED
    assert verdict(title, headings=(title,), words=90, dated=True) == CAPTURED


def test_an_article_may_be_called_not_found() -> None:
    assert verdict("Page not found", words=900) == CAPTURED
    assert verdict("Page not found", words=150, dated=True) == CAPTURED
    assert verdict("Page not found", headings=("Page not found",), words=900) == GONE


def test_the_only_heading_with_hardly_any_text() -> None:
    assert verdict("The Courier", headings=("Page not found",), words=30) == GONE
    assert verdict("The Courier", headings=("Page not found",), words=180) == CAPTURED


def test_a_thin_page_that_says_so_in_its_text() -> None:
    assert verdict("The Courier", words=12, shown="Home News. The page you requested could not be found. Search") == GONE
    assert verdict("The Courier", words=12, shown="A short notice about a road that is closed until Monday.") == CAPTURED
    assert verdict("Plane not found", words=12) == GONE
    assert verdict("Plane not found", words=12, dated=True) == CAPTURED


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Just a moment...", "Enable JavaScript and cookies to continue"),
        ("Attention Required! | Cloudflare", "Sorry, you have been blocked. Cloudflare Ray ID: 7"),
        ("Access Denied", 'You don\'t have permission to access "http://a/" on this server. Reference #18.2f'),
        ("Checking your browser before accessing a.example", "DDoS protection by somebody"),
        ("Are you a robot?", ""),
        ("Bloomberg - Are you a robot?", "To continue, please click the box"),
        ("example.com", "Please verify you are human by completing the action below."),
        ("Un momento…", ""),
        ("请稍候…", ""),
    ],
)
def test_challenges(title: str, shown: str) -> None:
    assert verdict(title, words=len(shown.split()), shown=shown) == CHALLENGE
    assert verdict(title, words=len(shown.split()), shown=shown, status=503)[0] == OutcomeWord.BLOCKED


def test_a_challenge_by_its_markup_only_where_there_is_nothing_to_read() -> None:
    def by_markup(words: int, shown: str) -> Verdict:
        return judge(
            *(OutcomeWord.CAPTURED, Reason.OK),
            title="courier.example",
            headings=(),
            words=words,
            http_status=200,
            visible=lambda: shown,
            markup=b"<script src='https://geo.captcha-delivery.com/c.js'>",
        )

    assert by_markup(0, "") == CHALLENGE
    assert by_markup(60, "word " * 60) == CAPTURED


def test_an_article_on_challenges_is_no_challenge() -> None:
    assert verdict("Access denied", words=300, shown="word " * 300) == CAPTURED
    assert verdict("Just a moment", words=40, shown="word " * 200) == CAPTURED
    assert verdict("Forbidden", words=80, shown="word " * 80, dated=True) == CAPTURED


@pytest.mark.parametrize("outcome", [OutcomeWord.GONE, OutcomeWord.ERROR, OutcomeWord.SKIPPED])
def test_what_already_has_an_ending_keeps_it(outcome: OutcomeWord) -> None:
    found = judge(outcome, Reason.FRONT_PAGE, title="Page not found", headings=(), words=0, http_status=404, visible=str)
    assert found == (outcome, Reason.FRONT_PAGE, ())


@pytest.mark.parametrize(
    ("text", "words", "outcome"),
    [
        ("", 0, TextOutcome.NONE),
        ("one two", 2, TextOutcome.THIN),
        ("word " * 100, 100, TextOutcome.OK),
        ("港口开放" * 25, 100, TextOutcome.OK),
    ],
)
def test_text_outcome(text: str, words: int, outcome: TextOutcome) -> None:
    assert count_words(text) == words
    assert text_outcome(words) == outcome


@given(st.text(max_size=300))
def test_any_segment_can_be_asked(part: str) -> None:
    assert states_absence(part) in (True, False)


@pytest.mark.parametrize(
    "part", ["the page you " + "a " * 53, "page " * 24, "404 " * 30, "sorry " * 20, "página que " * 10, "您" * 119, "oops" * 29]
)
def test_no_segment_takes_long(part: str) -> None:
    started = time.process_time()
    states_absence(part)
    assert time.process_time() - started < 0.05
