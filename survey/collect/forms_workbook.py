"""The Excel template for paper forms: one row a form, a column for its code and one for each question."""

from __future__ import annotations

import io
import re
import secrets
from collections.abc import Iterable

from survey.cells import safe_cell
from survey.design.questionnaire import Breakdown, Item, OpenQuestion, Option, Questionnaire
from survey.i18n import Locale
from survey.workbook import Row

CODE = "code"
CODE_HEADERS = ("Mã phiếu", "Access code", "Code")
# The template's own number: the same file uploaded twice is recognised by it, never by what the forms say.
_NUMBER = re.compile(r"^#([0-9a-f]{32})$")
_HEADER_ROW, _ROWS, _LONGEST_LIST = 2, 500, 255  # Excel takes no longer list inside a validation


def write_template(questionnaire: Questionnaire, locale: Locale) -> bytes:
    """.xlsx: the wording above each column, its code as the header, lists to choose from, and a second sheet with every option."""
    import xlsxwriter  # slow to import, and rarely needed

    _ = locale
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        head, wording = book.add_format({"bold": True, "bottom": 1}), book.add_format({"text_wrap": True, "valign": "top", "font_size": 9})
        text = book.add_format({"num_format": "@"})
        sheet, options = book.add_worksheet(_("Forms")), book.add_worksheet(_("Options"))
        sheet.write_string(0, 0, _("One row a form. Empty: not answered. The options stand on the second sheet."))
        sheet.write_string(0, 1 + len(asked(questionnaire)), f"#{secrets.token_hex(16)}", book.add_format({"font_color": "#FFFFFF"}))
        sheet.set_row(1, 90)
        sheet.freeze_panes(_HEADER_ROW + 1, 1)
        sheet.set_column(0, 0, 22, text)
        sheet.write_string(_HEADER_ROW, 0, CODE_HEADERS[0] if _.language == "vi" else CODE_HEADERS[1], head)
        options.set_column(0, 0, 14)
        options.set_column(1, 2, 50)
        line = 0
        for column, one in enumerate(asked(questionnaire), start=1):
            label = _.pick(one.vi, one.en)
            sheet.set_column(column, column, 40 if isinstance(one, OpenQuestion) else 14, text if isinstance(one, OpenQuestion) else None)
            sheet.write_string(1, column, safe_cell(label), wording)
            sheet.write_string(_HEADER_ROW, column, one.id, head)
            choices = [written(option, one, _) for option in options_of(one, questionnaire)]
            if choices and len(",".join(choices)) <= _LONGEST_LIST and not any("," in choice for choice in choices):
                sheet.data_validation(_HEADER_ROW + 1, column, _HEADER_ROW + _ROWS, column, {"validate": "list", "source": choices})
            for option in options_of(one, questionnaire):
                options.write_string(line, 0, one.id)
                options.write_string(line, 1, written(option, one, _))
                options.write_string(line, 2, safe_cell(_.pick(option.vi, option.en)))
                line += 1
    return out.getvalue()


def number_of(sheets: Iterable[list[Row]]) -> str:
    """The template's own number, empty in a file that was not made from one."""
    cells = (cell for rows in sheets for _line, row in rows[:1] for cell in row)
    return next((found[1] for cell in cells if (found := _NUMBER.match(cell.strip()))), "")


def asked(questionnaire: Questionnaire) -> tuple[Item | OpenQuestion | Breakdown, ...]:
    return (*questionnaire.items, *questionnaire.open_questions, *questionnaire.breakdowns)


def options_of(one: Item | OpenQuestion | Breakdown, questionnaire: Questionnaire) -> tuple[Option, ...]:
    if isinstance(one, Item):
        scale = questionnaire.scale_of(one.id)
        return (*scale.points, *((scale.dont_know,) if scale.dont_know else ()))
    return one.categories if isinstance(one, Breakdown) else ()


def written(option: Option, one: Item | OpenQuestion | Breakdown, locale: Locale) -> str:
    """What an operator writes for it: the number printed on the form, or the words of a category."""
    return str(option.value) if isinstance(one, Item) else locale.pick(option.vi, option.en)
