#!/bin/sh
# A form with some texts in Vietnamese only, converted by pyxform (ODK, KoboToolbox, Enketo): an English reader is shown "-" in their place.
#
# Guessed: a question or an answer without an English text is shown in the form's default language, which is named in its settings;
#   or the converter warns of it.
# Happens: where the Vietnamese column is called "label::Tiếng Việt (vi)", every text that has no English becomes the translation "-":
#   questions, hints and answers; the person chooses between "Yes" and "-". Nothing is said: no warning, exit code 0. Where that column is called plain "label",
#   the same question falls back to Vietnamese, but an answer of the same list is "-" all the same. A column without any text at all is
#   left out, and nobody is offered English.
# Version: pyxform 4.5.0 (the converter behind ODK Central and KoboToolbox), openpyxl 3.1.5 to write the form. Source: pyxform/survey.py, the places that
#   fill in missing translations.
# Why it matters here: the Vietnamese text is written first and the English one later, or never; exported as it was, a questionnaire had answers that
#   nobody can read. So what is not translated goes out in Vietnamese and is marked (lng_untranslated), tests/design/test_xlsform.py.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check pyxform==4.5.0 openpyxl==3.1.5
venv/bin/python - <<'PY'
import re
import sys

from openpyxl import Workbook
from pyxform.xls2xform import convert

ENGLISH = "label::English (en)"


def english_of(vietnamese, some_english=True):
    """What an English reader is shown, by place; and the converter's warnings."""
    book = Workbook()
    sheets = {
        "survey": [["type", "name", vietnamese, ENGLISH], ["select_one yn", "asked", "Anh/chị có hài lòng không?", "Are you satisfied?"],
                   ["text", "why", "Vì sao?", ""]],
        "choices": [["list_name", "name", vietnamese, ENGLISH], ["yn", "1", "Có", "Yes"], ["yn", "0", "Không", ""]],
        "settings": [["form_title", "form_id", "version", "default_language"], ["Thử", "thu", "1", "Tiếng Việt (vi)"]],
    }
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row if some_english or ENGLISH in row or name == "settings" else [*row[:3], ""])
    book.save("form.xlsx")
    made = convert("form.xlsx")
    told = re.search(r'<translation lang="English \(en\)".*?</translation>', made.xform, re.DOTALL)
    return dict(re.findall(r'<text id="(.*?)">\s*<value>(.*?)</value>', told[0])) if told else None, made.warnings


named, said = english_of("label::Tiếng Việt (vi)")
plain, _ = english_of("label")
nothing, _ = english_of("label::Tiếng Việt (vi)", some_english=False)
print("column named by language:", named, "warnings:", said)
print("column named label:      ", plain)
print("no English at all:       ", nothing)
as_seen = (
    named.get("/data/why:label") == "-" and named.get("yn-1") == "-" and not said
    and "/data/why:label" not in plain and plain.get("yn-1") == "-" and nothing is None
)
sys.exit(0 if as_seen else 1)
PY
