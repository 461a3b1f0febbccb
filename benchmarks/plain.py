"""What people would write instead: a plain Streamlit script with `streamlit run` and its own settings, and charts of plotly's."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.stores import new_folder
from bootstrap import Services
from survey.access import OPERATOR
from survey.disclose.release import INDEX, Cell
from tests.server import Server, free_port, launched

# Its filters bear the name of ours: a benchmark finds both by it.
CHARTS = """
import pandas as pd
import plotly.express as px
import streamlit as st

@st.cache_data
def released():
    return pd.read_csv("released.csv")

st.set_page_config(layout="wide")
st.title("Kết quả")
all_of_it = released()
with st.container(key="filters"):
    left, right = st.columns(2)
    wave = left.selectbox("Đợt", sorted(all_of_it.wave.unique(), reverse=True))
    unit = right.selectbox("Đơn vị", all_of_it[all_of_it.wave == wave].unit.unique())
now = all_of_it[all_of_it.wave == wave]
st.plotly_chart(px.bar(now[now.unit == unit], x="score", y="measure", orientation="h", range_x=[0, 100]))
st.plotly_chart(px.line(all_of_it[all_of_it.unit == unit], x="wave", y="score", color="measure", markers=True, range_y=[0, 100]))
some = now[now.unit.isin(now.unit.unique()[:40])]
st.plotly_chart(px.imshow(some.pivot(index="unit", columns="measure", values="score"), zmin=0, zmax=100, aspect="auto"))
"""


@contextmanager
def running(script: str, folder: Path, *options: str) -> Iterator[Server]:
    """`script` in `folder`, as somebody starts it who has read Streamlit's first page."""
    (folder / "script.py").write_text(script, encoding="utf-8")
    port = free_port()
    more = ("--server.headless=true", "--browser.gatherUsageStats=false", "--server.address=127.0.0.1", *options)
    server = launched(
        [sys.executable, "-m", "streamlit", "run", "script.py", f"--server.port={port}", *more], {}, folder, port, "/_stcore/health"
    )
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def charts(services: Services) -> Iterator[Server]:
    """Themes of a unit, its way over the waves and a map of units, from the very numbers that our pages show."""
    folder = new_folder()
    with (folder / "released.csv").open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(["wave", "unit", "measure", "score"])
        for release in services.results.releases(OPERATOR):
            names = {INDEX: "Chỉ số"} | {f"theme:{one.id}": one.vi for one in release.questionnaire.themes}
            for node in release.nodes():
                found = {name: release.cell(node.id, measure) for measure, name in names.items()}
                lines.writerows([release.wave.id, node.id, name, cell.score] for name, cell in found.items() if isinstance(cell, Cell))
    with running(CHARTS, folder) as server:
        yield server
