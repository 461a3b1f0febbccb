"""Questionnaires in and out of XLSForm, the spreadsheet format of ODK and KoboToolbox.

| sheet survey | here |
|---|---|
| begin_group / end_group with questions in it (begin_score of Kobo too) | theme; questions outside of every group make one of their own |
| select_one on a list with an order (answer_lists.py), score__row | item and its scale |
| select_one on another list, or with the role `breakdown` | breakdown |
| text | open question |
| note before the first question | paragraph of the introduction; with the role `warning` the warning above the open questions |
| note elsewhere, or with the role `above`; the heading row of a grid | note above the next question |
| hint, guidance_hint, relevant, required | kept with the question |

Labels: `label::Tiếng Việt (vi)` or plain `label`, and `label::English (en)`, see languages.py. What XLSForm lacks stands in columns that
other tools ignore: `lng_role` (on a group or a row: breakdown, optional, warning, above; on a choice: dont_know, point), `lng_best` (high or low,
on the first choice of a list: it is a scale, and which end is good), `lng_theme` (of an optional item), `lng_reverse`, `lng_sensitive`, `lng_in_index` (yes or no),
`lng_source`, `lng_max_chars`, `lng_untranslated` (label, hint: nobody has translated it, so the Vietnamese text stands in its place: other tools
show a dash); on the sheet settings `lng_title_en`, `lng_status` and `lng_antonyms` ("KC4 KC3; TN2 TN3"). Where an editor allows no
such column, `appearance` takes `lng:breakdown` and so on. A choice is "don't know" by its role, its name or a label that says so.
Nobody is ever forced to answer: `required` is kept for other programs only.
"""

from survey.design.xlsform.reading import read_form, read_xlsform
from survey.design.xlsform.writing import write_xlsform

__all__ = ["read_form", "read_xlsform", "write_xlsform"]
