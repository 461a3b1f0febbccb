"""The contract's shape of `results --json`, written down a second time as a check."""

from __future__ import annotations

from typing import Any

REASONS = {"too-few", "protects-another", "not-available", "not-given"}


def check_unit(found: dict[str, Any]) -> None:
    """Raises AssertionError where `found` is not what the contract promises."""
    keys = ["wave", "unit", "base", "headcount", "response_rate", "index", "themes", "items", "breakdowns"]
    for row in found["verdicts"].values():
        assert list(row) == ["group", "whole", "previous"]
        assert all(list(one) == ["state", "difference", "reason"] for one in row.values())
    assert [key for key in found if key not in ("note", "scores_only", "clamped", "verdicts", "criteria")] == keys
    for criterion in found.get("criteria", ()):
        _criterion(criterion)
    assert isinstance(found["wave"], str) and isinstance(found["unit"], str)
    for name in ("base", "headcount", "response_rate"):
        _number(found[name])
    _object(found["index"], score=100, low=100, high=100)
    for theme in found["themes"]:
        _object(theme, id="", base=None, score=100, sd=None, low=100, high=100)
    for item in found["items"]:
        _item(item)
    for categories in found["breakdowns"].values():
        for category in categories:
            _category(category)


def _criterion(found: dict[str, Any]) -> None:
    since, waves = found["since_launch"], found["waves"]
    assert since is None or list(since) == ["state", "difference", "reason"]
    assert list(waves)[-1] and all(isinstance(wave, str) for wave in waves)
    for score in waves.values():
        _number(score, 100)
    assert all(isinstance(item, str) for item in found["items"]) and 0 <= found["shown"] <= len(found["items"])
    rest = {name: value for name, value in found.items() if name not in ("items", "shown", "waves", "since_launch")}
    _object(rest, id="", base=None, score=100, low=100, high=100)


def _item(found: dict[str, Any]) -> None:
    options = found.get("options", {})
    without = {name: value for name, value in found.items() if name != "options"}
    _object(without, id="", base=None, score=100, favourable=100, unfavourable=100, dont_know=None)
    assert ("options" in found) is ("suppressed" not in found)
    if set(options) == {"suppressed"}:  # nearly all answers on one side
        _number(options)
        return
    for option, count in options.items():
        assert isinstance(option, str)
        _number(count)


def _category(found: dict[str, Any]) -> None:
    assert isinstance(found["category"], str)
    if "suppressed" in found:
        assert set(found) == {"category", "suppressed"} and found["suppressed"] in REASONS
        return
    assert list(found) == ["category", "base", "index", "themes"]
    _number(found["base"])
    _object(found["index"], score=100, low=100, high=100)
    for theme in found["themes"]:
        _object(theme, id="", base=None, score=100, sd=None, low=100, high=100)


def _object(found: dict[str, Any], **fields: Any) -> None:
    """Fields in order: "" a text, 100 a number from 0 to 100, None any number; or the whole suppressed."""
    if "suppressed" in found:
        assert set(found) <= {"id", "suppressed"} and found["suppressed"] in REASONS
        return
    assert list(found) == list(fields)
    for name, kind in fields.items():
        if kind == "":
            assert isinstance(found[name], str)
        else:
            _number(found[name], kind)


def _number(found: Any, most: float | None = None) -> None:
    if isinstance(found, dict):
        assert set(found) == {"suppressed"} and found["suppressed"] in REASONS
    else:
        assert type(found) in (int, float) and found >= 0 and (most is None or found <= most)
