"""Walk the road and keep its pictures; `--out` is docs/images/con-duong unless said otherwise."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.screenshots import IMAGES
from tests.server import launch, serving
from tests.walk import afterwards, closing, field, opening, preparing, setting_up
from tests.walk.road import Road


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=IMAGES / "con-duong")
    out = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="langnghe-walk-") as made, sync_playwright() as playwright:
        folder, browser = Path(made), launch(playwright)
        with serving({"LANGNGHE_DATA_DIR": str(folder / "stores")}, folder) as server:
            road = Road(browser, server, out, folder)
            for part in (setting_up, preparing, opening, field, closing, afterwards):
                part.walk(road)
        with serving({"LANGNGHE_DATA_DIR": str(folder / "restored")}, folder) as again:
            afterwards.restored(road.elsewhere(again))
        browser.close()


if __name__ == "__main__":
    main()
