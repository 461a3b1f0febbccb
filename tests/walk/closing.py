"""A later last day, the box is opened, comments are looked through, who will see what, and the results are published."""

from __future__ import annotations

from tests.browser.visitor import VI
from tests.walk.opening import unlock
from tests.walk.road import WAVE, Road, beginning


def walk(road: Road) -> None:
    road.go(f"/organize-close?wave={WAVE}")
    road.unfold(VI("A later last day"))
    road.press(VI("Extend the wave"))
    unlock(road, 2, 3)
    road.type(VI("Slips handed out"), "400")
    road.type(VI("Slips unused and destroyed"), "30")
    road.tick(VI("I have read what will be destroyed, and want to close the wave {wave}", wave=WAVE))
    road.look("26-dong-dot", at=road.page.get_by_role("button", name=VI("Close the wave now")))
    road.page.get_by_role("button", name=VI("Close the wave now")).click()
    road.sees(VI("The wave has been closed and counted. Box and codes are destroyed."))
    road.drawn()
    road.save(VI("Save the protocol to print and sign (PDF)"), "bien-ban.pdf")
    _comments(road)
    road.go(f"/organize-close?wave={WAVE}")
    road.look("28-ai-thay-gi", at=road.page.get_by_text(VI("Who will see what")).first)
    road.tick(VI("The results have been checked; publish the wave {wave}", wave=WAVE))
    road.press(VI("Publish"))
    road.sees(VI("This wave is published; leaders can see it."))


def _comments(road: Road) -> None:
    road.go(f"/organize-comments?wave={WAVE}")
    seen = road.page.get_by_role("button", name=beginning("I have looked at all {count} comments on this page"))
    road.look("27-y-kien", at=road.page.get_by_test_id("stMultiSelect").first)
    waiting = road.page.get_by_test_id("stMetricValue").first
    while waiting.inner_text().strip() != "0":
        seen.first.click()
        road.page.wait_for_timeout(1200)
        road.drawn()
