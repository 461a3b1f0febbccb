"""Questionnaires in and out of XLSForm, the spreadsheet format of ODK and KoboToolbox.

| sheet survey | here |
|---|---|
| begin_group / end_group with questions in it | theme |
| select_one on a list of whole numbers, or with appearance `likert` (numbered in order) | item and its scale |
| select_one with the role `breakdown`, or in a group with it | breakdown |
| text | open question |
| note | paragraph of the introduction; with the role `warning` the warning above the open questions |

Labels: `label::Tiếng Việt (vi)` or plain `label`, and `label::English (en)`. What XLSForm lacks stands in columns that
other tools ignore: `lng_role` (on a group or a row: breakdown, optional, warning; on a choice: dont_know),
`lng_theme` (of an optional item), `lng_reverse`, `lng_sensitive`, `lng_in_index` (yes or no), `lng_source`, `lng_max_chars`; on the sheet
settings `lng_title_en`, `lng_status` and `lng_antonyms` ("KC4 KC3; TN2 TN3"). Where an editor allows no such column, `appearance` takes
`lng:breakdown` and so on. A choice is "don't know" by its role, by its name (dont_know, khong_biet, 99) or by a label that says so.
`required` is not used: nobody is ever forced to answer.
"""

from survey.design.xlsform.reading import read_xlsform
from survey.design.xlsform.writing import write_xlsform

__all__ = ["read_xlsform", "write_xlsform"]
