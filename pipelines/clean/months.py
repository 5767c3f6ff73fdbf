"""Names of months in the languages that news is written in, and the dates in running text that they make readable."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

Order = Literal["day", "month"]
"""What comes first in ``3/4/2020``."""

# One line per month: full names, genitives and abbreviations of all languages. Where Croatian clashes with Polish and Czech it is left out.
_TABLE = """
january jan januar jänner jän janvier janv enero ene gennaio gen janeiro januari tammikuu tammikuuta styczeń stycznia sty leden ledna
 január januára ianuarie ian ocak oca январь января янв січня січень јануар ιανουαρίου ιαν يناير
 ינואר בינואר जनवरी siječnja sausio janvārī jaanuar
 gener
february feb februar feber februari février févr fevrier fév febrero febbraio febb fevereiro fev helmikuu helmikuuta luty lutego lut
 únor února február februára februarie şubat şub февраля февраль фев февр лютого лютий февруари фебруар φεβρουαρίου φεβ فبراير
 פברואר בפברואר फरवरी veljače vasario februārī veebruar febrer
march mar märz mär mrz marzec marca mars marzo março mar maart mrt maaliskuu maaliskuuta březen března márc március martie mart
 марта март мар березня березень μαρτίου μαρ مارس מרץ במרץ मार्च ožujka kovo martā märts març maret
april apr avril avr abril abr aprile aprilie huhtikuu huhtikuuta kwiecień kwietnia kwi duben dubna apríl apríla április ápr nisan nis
 апреля апрель апр квітня квітень април απριλίου απρ أبريل אפריל באפריל अप्रैल travnja balandžio aprīlī aprill
may mai mayo maggio mag maio mei toukokuu toukokuuta maj maja květen května máj mája május mayıs мая май травня травень мај μαΐου μαϊ
 مايو מאי במאי मई svibnja gegužės maijā maig
june jun juni juin junio giugno giu junho kesäkuu kesäkuuta czerwiec czerwca cze červen června jún júna június iunie iun haziran haz
 июня июнь июн червня червень јун ιουνίου ιουν يونيو יוני ביוני जून lipnja birželio jūnijā juuni juny
july jul juli juillet juil julio luglio lug julho heinäkuu heinäkuuta lipiec lipca lip červenec července júl júla július iulie iul temmuz
 tem июля июль июл липня липень јул ιουλίου ιουλ يوليو יולי ביולי जुलाई srpnja liepos jūlijā juuli juliol
august aug août aout agosto ago augustus augusti elokuu elokuuta sierpień sierpnia sie srpen srpna augusztus aug ağustos ağu
 августа август авг серпня серпень αυγούστου αυγ أغسطس אוגוסט באוגוסט अगस्त kolovoza rugpjūčio augustā agost agustus
september sept sep septembre septiembre settembre sett set setembro syyskuu syyskuuta wrzesień września wrz září szeptember szept
 septembrie eylül eyl сентября сентябрь сен сент вересня вересень септември септембар σεπτεμβρίου σεπ سبتمبر ספטמבר בספטמבר सितंबर rujna
 rugsėjo septembrī setembre
october oct oktober okt octobre octubre ottobre ott outubro out lokakuu lokakuuta październik października paź říjen října október
 októbra octombrie ekim eki октября октябрь окт жовтня жовтень октомври октобар οκτωβρίου οκτ أكتوبر אוקטובר באוקטובר अक्टूबर spalio
 oktobrī oktoober
november nov novembre noviembre novembro marraskuu marraskuuta listopad listopada lis listopadu novembra noiembrie kasım kas
 ноября ноябрь ноя нояб листопада листопад ноември новембар νοεμβρίου νοε نوفمبر נובמבר בנובמבר नवंबर studenoga lapkričio novembrī nopember
december dec dezember dez décembre déc decembre diciembre dic dicembre dezembro desember des joulukuu joulukuuta grudzień grudnia gru
 prosinec prosince decembra decembrie aralık ara декабря декабрь дек грудня грудень декември децембар δεκεμβρίου δεκ ديسمبر דצמבר בדצמבר
 दिसंबर prosinca gruodžio decembrī detsember
"""


def _numbered(table: str) -> dict[str, int]:
    lines = table.strip().replace("\n ", " ").split("\n")
    return {name: number for number, line in enumerate(lines, 1) for name in line.split()}


MONTHS = _numbered(_TABLE)
_WORD = r"[^\W\d_]{3,14}['\u2019]?"
_LATIN = re.compile(
    r"(?<!\d)(?P<d1>\d{1,2})(?:st|nd|rd|th|er|º|ª|°|\.|-)?[\s\u00a0-]*(?:of |de |di |del |d['’])?"
    rf"(?P<m1>{_WORD})\.?,?[\s\u00a0-]*(?:de |del |of )?(?P<y1>(?:1[6-9]|20)\d\d)(?!\d)"
    rf"|(?P<m2>{_WORD})\.?\s*(?P<d2>\d{{1,2}})(?:st|nd|rd|th|\.)?,?\s+(?P<y2>(?:1[6-9]|20)\d\d)(?!\d)"
    rf"|(?P<y3>(?:1[6-9]|20)\d\d)\.?\s*(?P<m3>{_WORD})\s*(?P<d3>\d{{1,2}})(?!\d)",
)
_HAN = re.compile(r"((?:1[6-9]|20)\d\d)\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일]")
_YEAR_FIRST = re.compile(r"(?<![\d/.-])((?:19|20)\d\d)([-/.])\s?(\d{1,2})\2\s?(\d{1,2})(?![\d])")
_YEAR_LAST = re.compile(r"(?<![\d/.-])(\d{1,2})([./-])\s?(\d{1,2})\2\s?((?:19|20)\d\d|\d\d)(?![\d/]|\.\d)")
_VIETNAMESE = re.compile(r"(\d{1,2})\s+tháng\s+(\d{1,2})[,\s]+(?:năm\s+)?((?:19|20)\d\d)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Day:
    """A date in a text and where it stands."""

    day: date
    start: int
    end: int


def days_in(text: str, order: Order) -> Iterator[Day]:
    """The whole dates (year, month and day) of a text, kind by kind.

    ``order`` decides ``3/4/2020``; years of two digits count only with dots.
    """
    for m in _LATIN.finditer(text):
        g = m.groupdict()
        year, month, day = next((g["y" + n], g["m" + n], g["d" + n]) for n in "123" if g["y" + n])
        number = MONTHS.get(month.lower().rstrip("'\u2019"))
        if number and (found := _day(int(year), number, int(day))):
            yield Day(found, m.start(), m.end())
    for pattern in (_HAN, _YEAR_FIRST):
        for m in pattern.finditer(text):
            figures = [g for g in m.groups() if g.isdigit()]
            if found := _day(*(int(f) for f in figures)):
                yield Day(found, m.start(), m.end())
    for m in _VIETNAMESE.finditer(text):
        if found := _day(int(m[3]), int(m[2]), int(m[1])):
            yield Day(found, m.start(), m.end())
    for m in _YEAR_LAST.finditer(text):
        if found := _year_last(m[1], m[2], m[3], m[4], order):
            yield Day(found, m.start(), m.end())


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _year_last(first: str, sign: str, second: str, year: str, order: Order) -> date | None:
    """``3/4/2020`` by the given order, the other way round where that is no date; with dots the day always comes first."""
    if len(year) == 2 and sign != ".":
        return None
    whole = int(year) if len(year) == 4 else 2000 + int(year)
    one, two = int(first), int(second)
    if order == "month" and sign != ".":
        one, two = two, one
    return _day(whole, two, one) or (_day(whole, one, two) if sign != "." else None)
