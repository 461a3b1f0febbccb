#!/bin/sh
# Two codes with different Vietnamese labels have the same label in the SPSS file that pyreadstat writes, and nothing is said.
#
# Guessed: write_sav stores a label as it is given, or refuses one that the format has no room for, as it refuses a variable's name
#   that is too long.
# Happens: a value label is cut at 120 bytes and a variable's label at 256, without a warning, and the file is written. In Vietnamese
#   120 bytes are some ninety letters, where English has 120: two departments, or two answers, whose names differ only after them are
#   one and the same in the file, and a table of that file shows two rows with one name.
# Versions: see PINNED below. Source: pyreadstat's write_sav over ReadStat's SPSS writer; read again by pyreadstat itself.
# Why it matters here: names of units and answers in full are that long, and whoever gives the file on believes it holds them. So our
#   export cuts labels itself, says so with an ellipsis, and puts the code before those that would be alike (survey/disseminate/export.py;
#   tests/disseminate/test_export.py).
set -eu
PINNED="pyreadstat==1.3.7 pandas==3.1.1"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check $PINNED
venv/bin/pip freeze | grep -i -e '^pyreadstat==' -e '^pandas=='
venv/bin/python - <<'PY'
import pandas as pd
import pyreadstat

BEGINNING = "Phòng Quản lý văn hóa, thể thao, du lịch và gia đình thuộc Ủy ban nhân dân huyện, trước ngày sáp nhập: "
NAMES = {1: BEGINNING + "bộ phận một cửa", 2: BEGINNING + "bộ phận tiếp dân"}
QUESTION = "Anh/chị đồng ý đến mức nào với nhận định sau đây về nơi mình làm việc: " * 4
table = pd.DataFrame({"unit": [1, 2]})
pyreadstat.write_sav(table, "units.sav", column_labels={"unit": QUESTION}, variable_value_labels={"unit": NAMES})
_read, told = pyreadstat.read_sav("units.sav")
labels = told.variable_value_labels["unit"]
question = told.column_names_to_labels["unit"]
for code, label in labels.items():
    print(int(code), len(label.encode()), "bytes of", len(NAMES[int(code)].encode()), repr(label[-30:]))
print("question:", len(question.encode()), "bytes of", len(QUESTION.encode()))
try:
    pyreadstat.write_sav(pd.DataFrame({"n" * 70: [1]}), "name.sav")
    refused = False
except Exception as error:
    refused = True
    print("a name of 70 letters:", error)
assert refused and len(set(labels.values())) == 1 and len(question.encode()) <= 256 < len(QUESTION.encode()), "this has changed"
PY
