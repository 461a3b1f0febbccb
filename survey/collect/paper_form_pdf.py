"""A questionnaire on paper: A4, boxes to tick, filled in by hand and entered by two people of the wave's team.

The form holds no code and nothing that tells one sheet from another; every copy is the same. The code of a slip is used
when the form is entered, and stays with the slip.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast

from survey.design.conditions import parse
from survey.design.conditions_words import in_words
from survey.design.questionnaire import Breakdown, Item, OpenQuestion, Option, Questionnaire
from survey.design.wave import Wave
from survey.errors import N_
from survey.i18n import Locale
from survey.issuer import Issuer
from survey.paper import POINT, Paper

LEFT, TOP, WIDTH, BOTTOM = 17.0, 16.0, 176.0, 277.0  # millimetres, A4 portrait
BOX = 3.6
_ALL = 0.0  # of a question as a whole: no words stand in so narrow a column
TEXT, SMALL = 10.0, 8.5  # points
LINE = 1.32 * POINT
RULE = 8.0  # between lines to write on
ACROSS = 27.0  # the least width of an answer that stands beside others

UNIT = N_("Unit:")
WAVE = N_("Survey:")
HOW = N_("Tick one box for each question. To correct, fill the wrong box and tick another. You may leave out any question.")
UNNAMED = N_("Do not write your name or anything that shows who you are. This sheet is the same for everybody.")
ENTRY = N_(
    "Put the finished form into the closed box of the survey together with your slip, folded. Two people enter it together; "
    "the form goes into the sealed ballot box like one sent by phone, then form and slip are destroyed before witnesses."
)
ONLY_IF = N_("Answer only if {condition}.")
QUESTION = N_("question {n}")
PAGE = N_("Page {n} of {total}")
TRIAL = N_("Illustrative figures")
CONTACT = N_("Questions about this survey: {contact}")
ABOUT = N_("About you (optional)")
COMMENTS = N_("Your comments (optional)")

NOBODY = Issuer()

_Question = Item | OpenQuestion | Breakdown


def paper_form_pdf(
    questionnaire: Questionnaire, locale: Locale, wave: Wave | None = None, unit: str = "", issuer: Issuer = NOBODY
) -> bytes:
    """`wave`, `unit`: named at the head, else there are lines to write on. The same content gives the same bytes."""
    title = locale.pick(questionnaire.title_vi, questionnaire.title_en)
    counted = _Form(questionnaire, locale, title, 0).written(wave, unit, issuer)
    made = _Form(questionnaire, locale, title, counted.pdf.page, counted.heights).written(wave, unit, issuer)
    for measured in (counted.pdf, counted.draft, made.draft):
        measured.forget()
    return bytes(made.pdf.output())


@dataclass
class _Form:
    """The pages being filled; a question is never broken over two."""

    questionnaire: Questionnaire
    locale: Locale
    title: str
    total: int
    heights: dict[tuple[str, float], float] = field(default_factory=dict)  # of a question by its id, of words beside their width

    def __post_init__(self) -> None:
        self.pdf = Paper(self.title, self.locale.language)
        self.draft = Paper(self.title, self.locale.language)  # to measure on
        self.draft.add_page()
        self.draft.set_left_margin(LEFT)
        self.numbers: dict[str, str] = {}
        of = self.questionnaire
        asked: tuple[_Question, ...] = (*of.items, *of.open_questions, *of.breakdowns)
        for number, one in enumerate(asked, start=1):
            self.numbers[one.id] = str(number)
        self._page()

    def written(self, wave: Wave | None, unit: str, issuer: Issuer) -> _Form:
        _, asked = self.locale, self.questionnaire
        self._head(wave, unit, issuer)
        for theme in asked.themes:
            items = asked.items_of(theme.id)
            for place, item in enumerate(items):
                scale = asked.scales[item.scale]
                options = (*scale.points, *((scale.dont_know,) if scale.dont_know else ()))
                self._question(item, options, _.pick(theme.vi, theme.en) if place == 0 else "")
        for place, question in enumerate(asked.open_questions):
            above = (_(COMMENTS), _.pick(asked.warning_vi, asked.warning_en)) if place == 0 else ("", "")
            self._question(question, (), *above)
        for place, about in enumerate(asked.breakdowns):
            self._question(about, about.categories, _(ABOUT) if place == 0 else "")
        return self

    def _page(self) -> None:
        self.pdf.add_page()
        self.pdf.set_left_margin(LEFT)
        if self.total:
            self.pdf.use(SMALL)
            self.pdf.text(LEFT, 288, f"{self.title} · {self.questionnaire.id} {self.questionnaire.version}"[:110])
            said = self.locale(PAGE, n=self.pdf.page, total=self.total)
            self.pdf.text(LEFT + WIDTH - self.pdf.get_string_width(said), 288, said)
        self.pdf.set_xy(LEFT, TOP)

    def _head(self, wave: Wave | None, unit: str, issuer: Issuer) -> None:
        _ = self.locale
        self.pdf.letterhead(issuer, LEFT, WIDTH)
        if wave is not None and wave.illustrative:
            self._write(_(TRIAL), TEXT, "B")
        self._write(self.title, 16, "B")
        self._named(_(WAVE), (_.pick(wave.title_vi, wave.title_en) or wave.id) if wave else "")
        self._named(_(UNIT), unit)
        self.pdf.ln(1.5)
        intro = self.questionnaire.intro_en if _.language == "en" and self.questionnaire.intro_en else self.questionnaire.intro_vi
        for paragraph in intro:
            self._write(paragraph, TEXT, above=1)
        for said in (HOW, UNNAMED, ENTRY):
            self._write("• " + _(said), TEXT, "B" if said is UNNAMED else "", above=1)
        if asking := (wave.contact if wave else "") or issuer.contact:
            self._write("• " + _(CONTACT, contact=asking), TEXT, above=1)
        self.pdf.ln(2)

    def _named(self, label: str, said: str) -> None:
        """What is known, or a line to write it on."""
        self._write(f"{label} {said}", 11, above=1.5)
        if not said:
            begin = LEFT + self.pdf.get_string_width(label) + 3
            self.pdf.line(begin, self.pdf.get_y() - 0.5, LEFT + WIDTH, self.pdf.get_y() - 0.5)

    def _question(self, asked: _Question, options: Sequence[Option], heading: str = "", warning: str = "") -> None:
        """The whole question on this page, or on the next."""
        if (asked.id, _ALL) not in self.heights:
            paper, self.pdf = self.pdf, self.draft
            self.pdf.set_xy(LEFT, 0)
            self._draw(asked, options, heading, warning)
            self.heights[asked.id, _ALL], self.pdf = self.pdf.get_y(), paper
        if self.pdf.get_y() + self.heights[asked.id, _ALL] > BOTTOM:
            self._page()
        self._draw(asked, options, heading, warning)

    def _draw(self, asked: _Question, options: Sequence[Option], heading: str, warning: str) -> None:
        _ = self.locale
        if heading:
            self._write(heading, 12, "B", above=3)
        if warning:
            self._write(warning, TEXT, above=0.5)
        for note in filter(None, _.pick(asked.note_vi, asked.note_en).split("\n")):
            self._write(note, TEXT, above=1)
        if asked.relevant:
            called = {name: _(QUESTION, n=number) for name, number in self.numbers.items()}
            condition = in_words(parse(asked.relevant), self.questionnaire, _, called)
            self._write(_(ONLY_IF, condition=condition), TEXT, "B", above=1.5)
        self._write(f"{self.numbers[asked.id]}. {_.pick(asked.vi, asked.en)}", TEXT, above=1.8)
        if hint := _.pick(asked.hint_vi, asked.hint_en):
            self._write(hint, SMALL)
        self.pdf.ln(0.8)
        if options:
            self._boxes([_.pick(option.vi, option.en) for option in options])
        else:
            self._lines(4)

    def _boxes(self, labels: Sequence[str]) -> None:
        """Beside one another where all fit with their words on three lines, else below one another in two columns."""
        labels = [re.sub(r"(?<=\w)/(?=\w)", " / ", label) for label in labels]  # else the line breaks anywhere
        columns = len(labels) if WIDTH / len(labels) >= ACROSS else 2
        if len(labels) > 6 or any(self._height(label, WIDTH / columns - BOX - 3) > 3.2 * SMALL * LINE for label in labels):
            columns = 2
        width = WIDTH / columns
        for start in range(0, len(labels), columns):
            row, top = labels[start : start + columns], self.pdf.get_y()
            below = top
            for place, label in enumerate(row):
                left = LEFT + 1 + place * width
                self.pdf.set_line_width(0.3)
                self.pdf.rect(left, top + 0.3, BOX, BOX)
                self.pdf.use(SMALL)
                self.pdf.set_xy(left + BOX + 1.2, top)
                self.pdf.multi_cell(width - BOX - 3, SMALL * LINE, label, align="L", new_x="LMARGIN", new_y="NEXT")
                below = max(below, self.pdf.get_y(), top + BOX + 0.6)
            self.pdf.set_xy(LEFT, below + 0.7)

    def _height(self, text: str, width: float) -> float:
        if (text, width) not in self.heights:
            self.pdf.use(SMALL)
            self.heights[text, width] = cast(
                float, self.pdf.multi_cell(width, SMALL * LINE, text, align="L", dry_run=True, output="HEIGHT")
            )
        return self.heights[text, width]

    def _lines(self, count: int) -> None:
        self.pdf.set_line_width(0.2)
        for number in range(1, count + 1):
            y = self.pdf.get_y() + number * RULE
            self.pdf.line(LEFT, y, LEFT + WIDTH, y)
        self.pdf.set_xy(LEFT, self.pdf.get_y() + count * RULE + 2)

    def _write(self, text: str, size: float, style: str = "", above: float = 0.0) -> None:
        self.pdf.use(size, style)
        self.pdf.ln(above)
        self.pdf.multi_cell(WIDTH, size * LINE, text, align="L", new_x="LMARGIN", new_y="NEXT")
