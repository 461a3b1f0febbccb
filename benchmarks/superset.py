"""Apache Superset beside our first chart: the same three charts over 100,000 rows on one dashboard, in the same browser.

Superset comes into an environment of its own and is not needed for anything else here. What was run (6.1.0, SQLite):

    python3 -m venv S && S/bin/pip install apache-superset==6.1.0 flask-caching==2.3.1 cachetools rich
    export FLASK_APP=superset SUPERSET_CONFIG_PATH=...      # SECRET_KEY, WTF_CSRF_ENABLED=False, TALISMAN_ENABLED=False,
                                                            # PREVENT_UNSAFE_DB_CONNECTIONS=False
    S/bin/superset db upgrade; S/bin/superset fab create-admin --username admin --password admin ...; S/bin/superset init
    S/bin/superset set-database-uri -d rows -u sqlite:////tmp/rows.db
    S/bin/superset run -p 8098 --with-threads
    python -m benchmarks.superset /tmp/rows.db http://127.0.0.1:8098
"""

from __future__ import annotations

import json
import random
import sqlite3
import statistics
import sys
import time
from typing import Any

import httpx
from playwright.sync_api import Page, sync_playwright

from benchmarks.phone import PAINTED
from tests.server import launch

ROWS, RUNS = 100_000, 3
DRAWN = "() => [...document.querySelectorAll('canvas')].some(one => one.width > 100 && one.offsetWidth > 100)"
SCORE = {"expressionType": "SIMPLE", "column": {"column_name": "score", "type": "REAL"}, "aggregate": "AVG", "label": "score"}
CHARTS: dict[str, dict[str, Any]] = {
    "echarts_timeseries_bar": {"x_axis": "theme", "metrics": [SCORE], "orientation": "horizontal", "groupby": []},
    "echarts_timeseries_line": {"x_axis": "wave", "metrics": [SCORE], "groupby": ["theme"]},
    "heatmap_v2": {"x_axis": "theme", "groupby": "unit", "metric": SCORE},
}


def write_rows(path: str) -> str:
    """The table's name: a new one, as Superset takes each only once."""
    drawn, name = random.Random(1), f"answers_{int(time.time())}"
    with sqlite3.connect(path) as store:
        store.execute(f"create table {name} (unit text, theme text, wave text, score real)")
        rows = [
            (f"Đơn vị {drawn.randrange(20)}", f"Nhóm {drawn.randrange(9)}", str(drawn.randrange(2019, 2026)), 25.0 * drawn.randrange(5))
            for _ in range(ROWS)
        ]
        store.executemany(f"insert into {name} values (?, ?, ?, ?)", rows)
    return name


def make_dashboard(base: str, table: str) -> int:
    """Its number."""
    with httpx.Client(base_url=base, timeout=60) as client:
        account = {"username": "admin", "password": "admin", "provider": "db"}
        client.headers["Authorization"] = f"Bearer {client.post('/api/v1/security/login', json=account).json()['access_token']}"

        def made(what: str, **body: object) -> int:
            answer = client.post(f"/api/v1/{what}/", json=body)
            answer.raise_for_status()
            return int(answer.json()["id"])

        source = made("dataset", database=1, schema="main", table_name=table)
        shared = {"datasource_id": source, "datasource_type": "table"}
        ids = [
            made(
                "chart",
                slice_name=kind,
                viz_type=kind,
                params=json.dumps(more | {"viz_type": kind, "row_limit": 1000, "adhoc_filters": []}),
                **shared,
            )
            for kind, more in CHARTS.items()
        ]
        place: dict[str, object] = {
            "DASHBOARD_VERSION_KEY": "v2",
            "ROOT_ID": {"type": "ROOT", "id": "ROOT_ID", "children": ["GRID_ID"]},
            "GRID_ID": {"type": "GRID", "id": "GRID_ID", "children": [f"R{one}" for one in ids], "parents": ["ROOT_ID"]},
        }
        for one in ids:
            above = ["ROOT_ID", "GRID_ID"]
            place[f"R{one}"] = {"type": "ROW", "id": f"R{one}", "children": [f"C{one}"], "meta": {}, "parents": above}
            meta = {"chartId": one, "width": 12, "height": 50}
            place[f"C{one}"] = {"type": "CHART", "id": f"C{one}", "children": [], "meta": meta, "parents": [*above, f"R{one}"]}
        dashboard = made("dashboard", dashboard_title="rows", position_json=json.dumps(place), published=True)
        for one in ids:
            client.put(f"/api/v1/chart/{one}", json={"dashboards": [dashboard]}).raise_for_status()
    return dashboard


def first_chart(page: Page, address: str) -> float:
    page.goto("about:blank")
    began = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.wait_for_function(DRAWN)
    page.evaluate(PAINTED)
    seconds = time.perf_counter() - began
    page.wait_for_load_state("networkidle")
    return seconds


def main(path: str, base: str) -> None:
    address = f"{base}/superset/dashboard/{make_dashboard(base, write_rows(path))}/"
    cold, warm = [], []
    with sync_playwright() as playwright:
        browser = launch(playwright)
        context = browser.new_context()
        page = context.new_page()
        page.goto(f"{base}/login/")
        page.locator("input[type=text]").first.fill("admin")
        page.locator("input[type=password]").fill("admin")
        page.keyboard.press("Enter")
        page.wait_for_load_state("networkidle")
        cookies = context.cookies()
        for run in range(RUNS + 1):
            context = browser.new_context(viewport={"width": 1440, "height": 900})
            context.add_cookies(cookies)  # type: ignore[arg-type]
            page = context.new_page()
            found = [first_chart(page, address) for _ in range(2)]
            if run:  # the server's first run of the page is not the reader's
                cold.append(found[0])
                warm.append(found[1])
            context.close()
        browser.close()
    print(f"Superset, first chart: empty cache {statistics.median(cold):.2f} s, full cache {statistics.median(warm):.2f} s")


if __name__ == "__main__":
    main(*sys.argv[1:])
