"""The typeface of everything printed: Be Vietnam Pro (SIL OFL 1.1, OFL.txt), cut to Latin and Vietnamese."""

from pathlib import Path

FAMILY = "BeVietnamPro"
REGULAR = Path(__file__).parent / "BeVietnamPro-Regular.ttf"
BOLD = Path(__file__).parent / "BeVietnamPro-Bold.ttf"
