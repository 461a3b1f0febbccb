"""The readers of every file that designing takes, behind one door: they need pandas and openers of workbooks, so the service
imports them when the first file comes."""

from __future__ import annotations

from survey.design.form_read import FormRead
from survey.design.limesurvey import read_lss
from survey.design.questionnaire_file import read_questionnaire
from survey.design.units_file import How, read_units
from survey.design.xlsform import read_form as read_workbook
from survey.source import Source

__all__ = ["How", "read_form", "read_units"]


def read_form(source: Source, leave_out: bool) -> FormRead:
    """The questionnaire of a YAML, XLSForm or LimeSurvey file."""
    if source.suffix in (".yaml", ".yml"):
        return FormRead(questionnaire=read_questionnaire(source))
    return read_lss(source, leave_out) if source.suffix == ".lss" else read_workbook(source, leave_out)
