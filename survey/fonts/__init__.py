"""The typefaces of everything printed (SIL OFL 1.1, OFL.txt), cut to Latin and Vietnamese.

Be Vietnam Pro for slips; Tinos, which has the widths of Times New Roman, for reports in the official layout.
"""

from pathlib import Path

_HERE = Path(__file__).parent
FAMILY = "BeVietnamPro"
REGULAR = _HERE / "BeVietnamPro-Regular.ttf"
BOLD = _HERE / "BeVietnamPro-Bold.ttf"

OFFICIAL = "Tinos"
OFFICIAL_STYLES = {style: _HERE / f"Tinos-{name}.ttf" for style, name in (("", "Regular"), ("B", "Bold"), ("I", "Italic"))}
