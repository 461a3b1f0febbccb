"""In every list of Streamlit's, "so y te" finds "Sở Y tế": its one filter compares letters with their marks, so it is given both without.

The filter is told by what it does, not by its minified name. Where a later Streamlit writes it otherwise, its script is sent as it is,
and tests/pages/test_bundle.py says so.
"""

from __future__ import annotations

import re

# (options, what was typed, mode): all that is asked of an option is its label.
_FILTER = re.compile(
    rb"function (?P<name>\w+)\((?P<options>\w+),(?P<typed>\w+),(?P<mode>\w+)\)\{"
    rb"(?=if\(!(?P=typed)\|\|(?P=mode)===\w+\.SelectWidgetFilterMode\.FILTER_MODE_NONE\)return (?P=options);)"
)
_UNMARKED = (
    rb"function \g<name>(options,typed,mode){"
    rb'const bare=text=>text.normalize("NFD").replace(/\\p{M}/gu,"").replace(/[\\u0111\\u0110]/g,"d");'
    rb"const own=new Map(options.map(one=>[{...one,label:bare(one.label)},one]));"
    rb'return lnMarked([...own.keys()],bare(typed??""),mode).map(one=>own.get(one))}'
    rb"function lnMarked(\g<options>,\g<typed>,\g<mode>){"
)


def searching(script: bytes) -> bytes:
    """The script, its filter wrapped if it has it."""
    return _FILTER.sub(_UNMARKED, script) if b"SelectWidgetFilterMode.FILTER_MODE_NONE)return" in script else script
