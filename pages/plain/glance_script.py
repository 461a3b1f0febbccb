"""Takes the first look (pages/plain/glance.py) away when the page stands."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from starlette.routing import BaseRoute

from pages.plain import script

PATH = "/glance.js"


def address(language: str) -> str:
    return script.address(PATH, _script, language)


def routes() -> list[BaseRoute]:
    return [script.route(PATH, _script)]


@cache
def _script(language: str) -> bytes:
    return Path(__file__).with_name("glance.js").read_bytes()
