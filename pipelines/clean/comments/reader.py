"""A thread read into its comments, in one walk without recursion."""

from __future__ import annotations

from itertools import islice

from lxml import etree
from lxml.html import HtmlElement

from pipelines.clean.comments import vocabulary as v
from pipelines.clean.comments.attributes import authors_of, dates_of, leads_to_profile, level_of
from pipelines.clean.comments.drafts import Credits, Draft, Mode
from pipelines.clean.comments.names import Part
from pipelines.clean.comments.parts import Role, Roles

MAX_COMMENTS = 20_000
_BLOCKS = v.words(
    "p div li ul ol dl dt dd blockquote br h1 h2 h3 h4 h5 h6 tr table section article header footer pre hr figure aside details summary"
)
_LABEL = 60
"""Characters of unnamed text that may stand before a comment's text in the same element: who wrote it, and when."""
_HEADINGS = frozenset(("h2", "h3", "h4", "h5", "h6"))
_SURE, _NAMED, _GUESSED = 3, 2, 1
_WRAPPERS = 12


class Reader:
    """Reads one thread; :meth:`read` is called once."""

    def __init__(self, thread: HtmlElement, roles: Roles) -> None:
        self._thread = thread
        self._roles = roles
        self._open: list[Draft] = []
        self._modes: list[Mode] = ["loose"]
        self._sinks: list[list[str] | None] = [None]  # where the text of an author or a date goes
        self._kinds: set[str] = set()
        self._links = 0
        self._done: list[Draft] = []
        self._indents = 0
        self._ahead = Credits()  # those that stand before their comment, as siblings
        self._readers = {
            Part.ITEM: self._item_mode,
            Part.BODY: self._body_mode,
            Part.AUTHOR: self._author_mode,
            Part.DATE: self._date_mode,
            Part.LIST: self._list_mode,
            Part.FORM: self._form_mode,
            Part.CHROME: self._chrome_mode,
            Part.COUNT: self._chrome_mode,
            Part.META: self._meta_mode,
        }

    def read(self) -> list[Draft]:
        """Comments in document order."""
        walker = etree.iterwalk(self._thread, events=("start", "end"))
        for event, element in walker:
            if event == "end":
                self._end(element)
            elif not isinstance(element.tag, str) or element.tag in v.SKIPPED_TAGS:
                self._modes.append("drop")
                self._sinks.append(None)
                walker.skip_subtree()
            else:
                self._start(element)
                if len(self._done) >= MAX_COMMENTS:
                    break
        return self._done

    def _start(self, element: HtmlElement) -> None:
        role = self._roles.of(element)
        if role.indents and not self._open:
            self._indents += 1
        self._sinks.append(self._sinks[-1])
        mode = self._mode(role, element)
        self._modes.append(mode)
        self._links += element.tag == "a"
        if element.tag in _BLOCKS:
            self._write("\n", mode)
        if element.text:
            self._write(element.text, mode)

    def _end(self, element: HtmlElement) -> None:
        self._modes.pop()
        self._sinks.pop()
        self._links -= element.tag == "a"
        if self._open and self._open[-1].element is element:
            self._open.pop()
        elif not self._open and self._indents and self._roles.of(element).indents:
            self._indents -= 1
        if element is self._thread:
            return
        mode = self._modes[-1]
        if element.tag in _BLOCKS:
            self._write("\n", mode)
        if element.tail:
            self._write(element.tail, mode)

    def _mode(self, role: Role, element: HtmlElement) -> Mode:
        """How the text of an element counts, given that of the element around it."""
        above = self._modes[-1]
        reads = self._readers.get(role.part)
        return reads(role, element, above) if reads else self._plain_mode(role, element, above)

    def _item_mode(self, role: Role, element: HtmlElement, above: Mode) -> Mode:
        in_form = above == "form" and not (role.numbered or role.kind in self._kinds)
        in_chrome = above in ("drop", "meta") and not role.declared
        return "loose" if not (in_form or in_chrome) and self._begins(role, element) else above

    def _list_mode(self, role: Role, _: HtmlElement, above: Mode) -> Mode:
        """A list inside what seemed a comment and has said nothing yet: it was a wrapper."""
        if self._open and role.declared and not role.indents:
            current = self._open[-1]
            if not (current.spoken or current.credits.given() or current.loose_size > _LABEL):
                self._open.pop()
                if self._done[-1] is current:
                    self._done.pop()
        return above

    def _form_mode(self, _: Role, __: HtmlElement, ___: Mode) -> Mode:
        return "form"

    def _chrome_mode(self, _: Role, __: HtmlElement, above: Mode) -> Mode:
        return above if above in ("title", "form") else "drop"

    def _meta_mode(self, role: Role, _: HtmlElement, above: Mode) -> Mode:
        return "meta" if above == "loose" or (above == "body" and role.declared) else above

    def _plain_mode(self, _: Role, element: HtmlElement, above: Mode) -> Mode:
        """What a tag says where no name does."""
        if above not in ("loose", "meta") or not self._open or self._open[-1].spoken:
            return above
        if element.tag in _HEADINGS and self._roles.platform is None and not self._open[-1].title:
            self._sinks[-1] = self._open[-1].title
            return "title"
        if element.tag == "a" and not self._open[-1].credits.names and leads_to_profile(element):
            sink: list[str] = []
            self._sinks[-1] = sink
            self._open[-1].credits.names.append((_GUESSED, sink))
            return "author"
        return above

    def _begins(self, role: Role, element: HtmlElement) -> bool:
        """Whether a comment begins here, rather than a wrapper inside one that began before. Begins it."""
        if not self._open:
            self._begin(element, role, self._indents)
            return True
        current = self._open[-1]
        if not (current.spoken or current.loose_size > _LABEL or (role.kind == current.kind and current.credits.given())):
            current.inner = current.inner or role.kind
            return False
        if current.inner == role.kind and not self._answers(element, current):
            self._next_in(current, role)  # what seemed one comment is a list of them
        else:
            self._begin(element, role, current.depth + 1)
        return True

    def _answers(self, element: HtmlElement, current: Draft) -> bool:
        """Whether an element stands in a list of answers inside the comment ``current``."""
        for outer in islice(element.iterancestors(), _WRAPPERS):
            if outer is current.element:
                return False
            if self._roles.of(outer).indents:
                return True
        return False

    def _begin(self, element: HtmlElement, role: Role, depth: int) -> None:
        level = level_of(element) if role.level is None else role.level
        draft = Draft(element, role.kind, depth, level, role.numbered, credits=self._ahead)
        self._ahead = Credits()
        self._credit(draft, element)
        self._open.append(draft)
        self._done.append(draft)
        self._kinds.add(role.kind)

    def _next_in(self, current: Draft, role: Role) -> None:
        """Another comment in the same element, with the author and date that were given after the text of the one before."""
        level = current.level if role.level is None else role.level
        draft = Draft(current.element, current.kind, current.depth, level, current.numbered or role.numbered, current.inner, current.later)
        current.later = Credits()
        self._open[-1] = draft
        self._done.append(draft)

    def _body_mode(self, role: Role, element: HtmlElement, above: Mode) -> Mode:
        if not self._open:
            if not role.declared:
                return above
            self._begin(element, role, self._indents)
        elif not role.declared and (above not in ("loose", "body") or (self._open[-1].credits.given() and self._open[-1].loose_size)):
            return above
        elif above != "body" and self._open[-1].spoken and role.declared and self._open[-1].later.names:
            self._next_in(self._open[-1], role)
        self._credit(self._open[-1], element)
        self._open[-1].begin_body()
        return "body"

    def _credit(self, draft: Draft, element: HtmlElement) -> None:
        draft.credits.names += [(_SURE, [name]) for name in authors_of(element)]

    def _author_mode(self, role: Role, _: HtmlElement, above: Mode) -> Mode:
        if (above in ("drop", "form") and not role.own) or (above == "body" and not role.declared):
            return above
        sink: list[str] = []
        self._credits().names.append((_NAMED if role.precise else _GUESSED, sink))
        self._sinks[-1] = sink
        return "author"

    def _date_mode(self, role: Role, element: HtmlElement, above: Mode) -> Mode:
        if above in ("drop", "form") and not role.declared:
            return above
        values = dates_of(element)
        if above == "date" and not values:
            return above
        dates = self._dates()
        dates += values
        sink: list[str] = []
        dates.append(sink)
        self._sinks[-1] = sink
        return "date"

    def _credits(self) -> Credits:
        """Where an author or a date belongs: to the open comment, else to the next."""
        if not self._open:
            return self._ahead
        current = self._open[-1]
        return current.later if current.spoken and self._modes[-1] != "body" else current.credits

    def _dates(self) -> list[str | list[str]]:
        """Like :meth:`_credits`; a date between comments belongs to the one before when that has none yet."""
        last = self._done[-1] if self._done and not self._open else None
        if last is not None and (last.spoken or last.loose_size) and not (self._ahead.given() or last.credits.dates):
            return last.later.dates
        return self._credits().dates

    def _write(self, text: str, mode: Mode) -> None:
        sink = self._sinks[-1]
        if mode in ("author", "date", "title"):
            if sink is not None:
                sink.append(text)
        elif mode in ("loose", "body", "meta") and self._open:
            self._open[-1].write(text, mode, self._links > 0)
