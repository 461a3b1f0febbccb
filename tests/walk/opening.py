"""The custodians' keys, and the wave opens."""

from __future__ import annotations

from tests.browser.visitor import VI
from tests.walk.road import CUSTODIANS, WAVE, Road

PHRASES = tuple(f"mat khau rieng cua {name}" for name in CUSTODIANS)


def walk(road: Road) -> None:
    road.go(f"/organize-opening?wave={WAVE}")
    for number, phrase in enumerate(PHRASES):
        for label in ("Passphrase", "The same once more"):
            road.page.get_by_label(VI(label), exact=True).nth(number).fill(phrase)
    road.look("14-mat-khau-nguoi-giu-khoa")
    road.press(VI("Make the key and try it"))
    road.page.get_by_role("button", name=VI("Save share {number} of {shares}", number=1, shares=3)).wait_for()
    for number in range(1, len(PHRASES) + 1):
        road.save(VI("Save share {number} of {shares}", number=number, shares=3), f"khoa-{number}.json")
        road.tick(VI("Handed over to custodian {number}", number=number))
    unlock(road, 1, 3)
    road.look("15-thu-khoa", at=road.page.get_by_role("button", name=VI("Open the wave"), exact=True))
    road.press(VI("Open the wave"))
    road.page.wait_for_url("**/organize-fieldwork**")


def unlock(road: Road, *numbers: int) -> None:
    """Those custodians bring their files and type their passphrases."""
    road.bring(*(road.folder / f"khoa-{number}.json" for number in numbers))
    for place, number in enumerate(numbers):
        field = road.page.locator("[data-testid='stMain'] input[type=password]").nth(place)
        field.fill(PHRASES[number - 1])
    field.press("Enter")
    road.page.wait_for_timeout(2500)
    road.drawn()
