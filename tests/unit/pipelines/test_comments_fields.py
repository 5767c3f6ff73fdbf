from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.clean.comments.lines import comment_text, credited, is_action, no_comment, written_by
from pipelines.clean.comments.moments import find_moment, is_dateline, read_moment
from pipelines.clean.comments.names import Part, read_name, tokens_of
from pipelines.clean.comments.notices import invites, is_notice


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2021-05-03T10:11:12+02:00", "2021-05-03T10:11:12+02:00"),
        ("2021-05-03 10:11", "2021-05-03T10:11"),
        ("1620036660", "2021-05-03T10:11:00Z"),
        ("3. Mai 2021 um 10:11", "2021-05-03T10:11"),
        ("Montag, 3. März 2014, 9:05 Uhr", "2014-03-03T09:05"),
        ("03.05.2021 - 10:11 Uhr", "2021-05-03T10:11"),
        ("May 3, 2021 at 3:04 pm", "2021-05-03T15:04"),
        ("3rd of May 2021, 12:04 am", "2021-05-03T00:04"),
        ("le 3 février 2021 à 10h30", "2021-02-03T10:30"),
        ("5 de mayo de 2019, 13:22", "2019-05-05T13:22"),
        ("3 мая 2021, 10:11", "2021-05-03T10:11"),
        ("24 червня 2020", "2020-06-24"),
        ("15 Kasım 2019 12:30", "2019-11-15T12:30"),
        ("2021年5月3日 10:11", "2021-05-03T10:11"),
        ("2021. 5. 3.", "2021-05-03"),
        ("22/01/2020 à 12:01", "2020-01-22T12:01"),
        ("01/22/2020", "2020-01-22"),
    ],
)
def test_a_day_that_can_be_told_is_iso(written: str, moment: str) -> None:
    assert read_moment([written]) == moment


@pytest.mark.parametrize("written", ["3/4/2020", "vor 3 Tagen", "2 hours ago", "3. listopada 2019", "31.02.2020", "28.09.19 12:44"])
def test_others_stay_as_written(written: str) -> None:
    assert read_moment([written]) == written


def test_a_whole_date_is_taken_before_a_relative_one() -> None:
    assert read_moment(["3 years ago", "Monday, May 3, 2021 10:11 AM"]) == "2021-05-03T10:11"
    assert (
        read_moment(["", "no date here", "a very long line that has a 1 in it and can for that length be no date of a comment at all"])
        is None
    )


@given(st.lists(st.text(max_size=80), max_size=4))
def test_reading_dates_never_raises(candidates: list[str]) -> None:
    read_moment(candidates)
    for line in candidates:
        find_moment(line)
        is_dateline(line)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Ada Ferry says:", "Ada Ferry"),
        ("Ada Ferry sagt am", "Ada Ferry"),
        ("Ada said...", "Ada"),
        ("Ada a écrit :", "Ada"),
        ("Posted by Ada on", "Ada"),
        ("von Ada:", "Ada"),
        ("#12 Ada", "Ada"),
        ("<span>Ada</span>", "Ada"),
        ("Ada | 3 May 2021", "Ada"),
        ("Marie-Claire – 3.5.2021, 10:11", "Marie-Claire"),
        ("Edward Said", "Edward"),
        ("Said", "Said"),
        ("Ada\nharbour pilot", "Ada"),
    ],
)
def test_names(written: str, name: str) -> None:
    assert written_by(written) == name


@pytest.mark.parametrize("written", ["", " \n ", "Reply", "12", "3 May 2021", "7 comments", "x" * 200])
def test_what_is_no_name(written: str) -> None:
    assert written_by(written) is None


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("By Ada Ferry, 3 May 2021", "Ada Ferry"),
        ("geschrieben von ada am 21. Jan. 2015, 19:04", "ada"),
        ("Ada dijo:", "Ada"),
        ("Ada wrote on 3 May 2021 at 10:11:", "Ada"),
        ("The quay is a scandal", None),
        ("It was said that the quay is a scandal", None),
    ],
)
def test_lines_that_credit(line: str, name: str | None) -> None:
    assert credited(line) == name


@pytest.mark.parametrize("label", ["Reply", "↩ Antworten", "12", "+3 / -1", "Répondre | Signaler", "Gefällt mir 4", "返信", "Me gusta (3)"])
def test_labels(label: str) -> None:
    assert is_action(label)


@pytest.mark.parametrize("line", ["Reply soon, please.", "I like it", "Link rot is real", "More of this", "Не нравится мне это"])
def test_sentences_are_no_labels(line: str) -> None:
    assert not is_action(line)


def test_comment_text_drops_its_head_and_tail() -> None:
    lines = ["Ada Ferry", "3 May 2021, 10:11", "Reply", "First line.", "Second line.", "Report", "Ada Ferry says:"]
    assert comment_text(lines, "Ada Ferry", declared=False) == "First line.\nSecond line."


@pytest.mark.parametrize(
    "text", ["7 Comments:", "Kommentare (12)", "Pingback: Quays of the coast", "[…] of the quay […]", "Leserpost (150)"]
)
def test_no_comments(text: str) -> None:
    assert no_comment(text)


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("comments", Part.LIST),
        ("comment-list", Part.LIST),
        ("commentlist", Part.LIST),
        ("comments-area", Part.LIST),
        ("kommentare", Part.LIST),
        ("liste-commentaires", Part.LIST),
        ("disqus_thread", Part.LIST),
        ("comment", Part.ITEM),
        ("comment-42", Part.ITEM),
        ("li-comment-42", Part.ITEM),
        ("comments__item", Part.ITEM),
        ("comment-body", Part.BODY),
        ("commentText", Part.BODY),
        ("comments-list__comment-text", Part.BODY),
        ("comment-author", Part.AUTHOR),
        ("comment-author-link", Part.AUTHOR),
        ("commenter", Part.AUTHOR),
        ("comment-date", Part.DATE),
        ("comment-meta", Part.META),
        ("comment-reply-link", Part.COUNT),
        ("comment-actions", Part.CHROME),
        ("comment-count", Part.COUNT),
        ("comments-link", Part.COUNT),
        ("respond", Part.FORM),
        ("commentform", Part.FORM),
        ("leave-comment", Part.FORM),
        ("recent-comments", Part.LIST),
    ],
)
def test_parts(name: str, part: Part) -> None:
    found = next(read_name(token) for token in tokens_of(name))
    assert found is not None
    assert found.part is part


@pytest.mark.parametrize(
    "name",
    [
        "tone-comment",
        "has-comments",
        "no-comments",
        "comments-open",
        "comments-closed",
        "category-commentary",
        "commentary",
        "commentator",
        "commented",
        "live-match-comments",
        "img-responsive",
        "responsive",
        "responsibility",
        "reply-to-all" * 20,
        "multiply",
        "document",
        "recommendations",
        "forumula",
    ],
)
def test_names_that_only_sound_so(name: str) -> None:
    assert [found for token in tokens_of(name) if (found := read_name(token)) is not None] == []


@given(st.text(max_size=60))
def test_reading_names_never_raises(value: str) -> None:
    for token in tokens_of(value):
        read_name(token)


@pytest.mark.parametrize(
    "line",
    [
        "12 Comments",
        "Kommentare (12)",
        "No comments",
        "Join our commenting forum",
        "Hinterlasse einen Kommentar",
        "Laisser un commentaire",
        "댓글 쓰기",
        "Leave a Reply",
    ],
)
def test_notices(line: str) -> None:
    assert is_notice(line)


@pytest.mark.parametrize(
    "line",
    [
        "Kommentar",
        "Comment",
        "The Conversation",
        "In conversation with the mayor",
        "Comment is free",
        "Comment concilier climat et pétrole ?",
        "Discussion",
        "Guest comment: the quay",
    ],
)
def test_headings_of_the_press_are_no_notices(line: str) -> None:
    assert not is_notice(line)
    assert not invites(line)
