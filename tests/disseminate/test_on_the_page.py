"""What a page adds to a figure: its title is said once."""

from __future__ import annotations

from bootstrap import Services
from survey.disclose.release import Release
from tests.disseminate.test_figures import every_figure


def test_what_the_page_says_itself_is_the_top_of_the_picture_only(releases: tuple[Release, ...], past_services: Services) -> None:
    from pages.navigation import frame  # Streamlit, which no other test of this folder needs

    for name, figure in every_figure(releases, past_services, "t.a").items():
        lines = next(
            one.text for one in figure.layout.annotations if one.xref == one.yref == "paper" and "Số liệu minh họa" in one.text
        ).split("<br>")
        count = figure.layout.meta["title"]
        assert "Số liệu minh họa" in lines[count - 1], name
        assert f"st-key-said{count}-" in frame._SAID, name
