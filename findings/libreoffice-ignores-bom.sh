#!/bin/sh
# A CSV that begins with a UTF-8 byte order mark, converted by LibreOffice's command line, comes out with wrong letters.
#
# Guessed: `soffice --convert-to xlsx file.csv` reads the mark that says UTF-8, as its own import dialogue does, or asks, or fails.
# Happens: without a filter option the file is read in the system's old 8-bit encoding and divided at commas; the mark itself becomes
#   three letters of the first header ("ï»¿wave") and every Vietnamese word is garbled; the exit code is 0 and nothing is said.
#   Only --infilter="CSV:59,34,76,..." (separator, quote, 76 = UTF-8) reads it; and only with the language too (1066 = Vietnamese)
#   are "75,04" numbers: without it they stay text.
# Version: see below; read again from the .xlsx by openpyxl, so that no screen font has a say.
# Why it matters here: our CSV carries the mark so that Excel reads it; whoever turns a folder of exports into workbooks by command
#   gets garbled names that look like ours. docs/formats.md says which command is right, tests/disseminate/test_export.py that our
#   file begins with the mark.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check openpyxl==3.1.5
soffice --version
printf '\357\273\277wave;unit;score\r\n2025;Sở Nội vụ;75,04\r\n' > with_mark.csv

told() { # folder
  venv/bin/python - "$1/with_mark.xlsx" <<'PY'
import sys
from openpyxl import load_workbook
print(list(load_workbook(sys.argv[1]).active.iter_rows(values_only=True)))
PY
}

soffice -env:UserInstallation="file://$folder/profile" --headless --convert-to xlsx --outdir plain with_mark.csv > /dev/null 2>&1
echo "plain: exit $?, $(told plain)" | tee plain.txt
soffice -env:UserInstallation="file://$folder/profile" --headless --infilter="CSV:59,34,76,1,,1066,false,true" --convert-to xlsx --outdir named with_mark.csv > /dev/null 2>&1
echo "named: exit $?, $(told named)" | tee named.txt
grep -q "plain: exit 0, .*ï»¿wave" plain.txt || { echo "CHANGED: the mark is understood now"; exit 1; }
grep -q "'Sở Nội vụ', 75.04" named.txt || { echo "CHANGED: the filter reads something else"; exit 1; }
echo "as described: exit 0 and wrong letters"
