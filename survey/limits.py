"""How long, how large and of which signs whatever people bring in may be: one set for the domain and both databases.

The columns of db/models take their lengths from here, so that no database refuses what the domain has accepted:
SQLite would take anything, and a store that holds it cannot be moved to PostgreSQL.
"""

from __future__ import annotations

import re
import unicodedata

from survey.errors import N_, shown

# Signs
UNIT_ID = 80
NODE_ID = 200  # a reporting unit joined of several, or a group under its root
GROUP = 80  # and kind
ID = 40  # of a questionnaire, wave, theme, scale, item, open question, breakdown
CODE = 40  # of a category
VERSION = 40
ACCOUNT = 60
EMAIL = 254
NAME = 500  # a unit's name, a title
CONTACT = 200  # whom to ask: one line
UNDERTAKING = 500  # what is done, in the words of who does it
OWNER = 200
LABEL = 10_000  # a question, an option, a paragraph of an introduction

# Numbers
PEOPLE = 10_000_000  # staff of one unit; PostgreSQL's integer ends at 2,147,483,647
OPTION = 1_000_000  # a point of a scale, either side of nought
SHARES = 9  # of a box key

# Lists
ENTRIES = 1_000  # themes, items, categories of one questionnaire
CATEGORIES = 20  # of a question about the person: more would tell who answered, or be hidden everywhere

# Files
FILE_BYTES = 200 * 2**20  # as it lies on the disk, and unpacked from .gz
WORKBOOK_BYTES = 512 * 2**20  # the parts of a workbook, unpacked; they are never in memory together
BACKUP_BYTES = 2 * 2**30  # the files of a backup, unpacked from a ZIP
YAML_CHARS = 2 * 2**20
JSON_CHARS = 2 * 2**20
ROWS = 1_000_000
COLUMNS = 2_000
CELLS = 8_000_000  # that are not empty at the end of a row
SEPARATORS = 40_000_000  # of a CSV: a table formatted down to the last row has many, and nothing between them
CELL_CHARS = 32_767  # Excel's own
SECONDS = 120  # for one workbook
MEMORY = 2 * 2**30  # of the process that reads one

_ID = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9_-])?")
_LINES = frozenset("\r\n\t")

TOO_LONG = N_("it has {length} characters; at most {longest} are possible.")
SHORTEN = N_("Shorten it.")
INVISIBLE = N_("it holds a character that cannot be seen or stored ({sign}).")
RETYPE = N_("Type the text anew, without copying it from another program.")
NOT_AN_ID = N_('the id "{value}" is not usable.')
ID_SIGNS = N_("Use up to {longest} letters a-z without marks, digits, dot, dash and _; begin with a letter or digit.")

Fault = tuple[str, str, dict[str, object]]  # message, cure, values


def id_fault(text: str, longest: int) -> Fault | None:
    """Why the text cannot be an id; ids stand in addresses, file names and formulas, so they are plain."""
    if len(text) <= longest and _ID.fullmatch(text):
        return None
    return NOT_AN_ID, ID_SIGNS, {"value": shown(text), "longest": longest}


def text_fault(text: str, longest: int, lines: bool = False) -> Fault | None:
    """Why the text cannot be stored: too long, or signs that no database, XML or paper can hold. `lines`: it may have several."""
    if len(text) > longest:
        return TOO_LONG, SHORTEN, {"length": len(text), "longest": longest}
    sign = unstorable(text, lines)
    return (INVISIBLE, RETYPE, {"sign": f"U+{ord(sign):04X}"}) if sign else None


def unstorable(text: str, lines: bool = True) -> str:
    """The first control character, half character or non-character; empty where there is none. Line ends are allowed with `lines`."""
    if text.isprintable():  # the common case, in one step
        return ""
    return next((char for char in text if not (lines and char in _LINES) and is_unstorable(char)), "")


def is_unstorable(char: str) -> bool:
    """A control character, half character or non-character."""
    return unicodedata.category(char) in ("Cc", "Cs") or ord(char) & 0xFFFE == 0xFFFE
