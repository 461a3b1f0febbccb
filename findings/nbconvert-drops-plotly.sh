#!/bin/sh
# A notebook whose last line is a Plotly figure, executed and exported to HTML by nbconvert, has no chart in it.
#
# Guessed: `jupyter nbconvert --to html --execute` gives a page that shows what the notebook shows, or fails.
# Happens: the figure is stored as application/vnd.plotly.v1+json alone (the renderer Plotly picks for a kernel it does not know);
#   nbconvert's HTML exporter has no template for it and leaves the cell's output out; a line of Python warning passes by on stderr
#   ("not able to be represented"), the page says nothing, and the exit code is 0.
#   Where the figure carries text/html too (renderer "notebook"), the chart is there.
# Versions: see PINNED below. Source: plotly/io/_renderers.py (choice of the default renderer) and nbconvert's
#   exporters/html.py (display_data_priority).
# Why it matters here: an inspector is handed an exported notebook; a page without its charts that reports success reads as "nothing
#   was found". So our notebooks begin with notebook.begin(), which makes charts carry their own HTML, and a test exports one
#   and finds the charts in a browser without a network.
set -eu
PINNED="plotly==7.1.0 nbconvert==7.17.2 nbformat==5.11.1 ipykernel==7.4.0"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check $PINNED
export JUPYTER_PATH="$folder/venv/share/jupyter" JUPYTER_CONFIG_DIR="$folder/config" IPYTHONDIR="$folder/ipython"

export_with() { # name, first line of the notebook
  venv/bin/python - "$1" "$2" <<'PY'
import sys
import nbformat
from nbformat.v4 import new_code_cell, new_notebook
source = f"{sys.argv[2]}\nimport plotly.graph_objects as go\ngo.Figure(go.Bar(x=['a', 'b'], y=[1, 2]))"
notebook = new_notebook(cells=[new_code_cell(source)])
notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
nbformat.write(notebook, f"{sys.argv[1]}.ipynb")
PY
  venv/bin/jupyter nbconvert --to html --execute --log-level WARN "$1.ipynb"
  echo "$1: exit $?, charts $(grep -c 'Plotly.newPlot(' "$1.html" || true)"
}

venv/bin/pip list --disable-pip-version-check 2>/dev/null | grep -iE '^(plotly|nbconvert|nbformat|ipykernel) '
export_with plain "" | tee plain.txt
export_with carrying "import plotly.io; plotly.io.renderers.default = 'notebook'" | tee carrying.txt
grep -q "plain: exit 0, charts 0" plain.txt || { echo "CHANGED: the plain export has its chart now"; exit 1; }
grep -q "carrying: exit 0, charts [1-9]" carrying.txt || { echo "CHANGED: the chart is missing even with its own HTML"; exit 1; }
echo "as described: exit 0 and no chart"
