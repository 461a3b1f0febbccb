"""Letters on every figure and every picture of the report keep 4.5:1, on white paper and on the dark page."""

from __future__ import annotations

from collections import Counter
from typing import Any

import plotly.graph_objects as go
import pytest
from PIL import ImageDraw

from bootstrap import Services
from survey.access import OPERATOR
from survey.analyse.lineage import lineage_of
from survey.disclose.release import Release
from survey.disseminate import figures
from survey.disseminate.look import GREY, PLUM, TEXT, WARM
from survey.disseminate.report import pictures
from survey.i18n import Locale
from tests.contrast import LEAST, contrast, too_weak
from tests.disseminate.test_figures import GROUP, HIDDEN, every_figure, measures

VI = Locale("vi")


@pytest.mark.parametrize("unit", ["t.a", HIDDEN, "t", GROUP])
def test_letters_of_every_figure_can_be_read(unit: str, past_services: Services, releases: tuple[Release, ...]) -> None:
    shown = every_figure(releases, past_services, unit)
    shown["lineage"] = figures.lineage_picture(lineage_of(past_services.results.register(OPERATOR), "t.m"), "t.m", ["n"], VI)
    shown["drivers"] = figures.driver_map(releases[-1], unit, VI)
    shown["level"] = figures.heatmap(releases[-1], GROUP, ["t.a"], measures(releases[-1]), {}, VI)
    assert {name: weak for name, figure in shown.items() if (weak := too_weak(figure))} == {}


@pytest.mark.parametrize(
    "spoilt",
    [
        go.Figure(layout={"annotations": [{"text": "sắp xếp", "x": 0, "y": 0, "font": {"color": PLUM}}]}),
        go.Figure(layout={"annotations": [{"text": "ẩn", "x": 0, "y": 0, "font": {"color": GREY}}]}),
        go.Figure(layout={"annotations": [{"text": f'<span style="color:{WARM}">minh họa</span>', "x": 0, "y": 0}]}),
        go.Figure(go.Bar(x=[1], text=["1"], textposition="inside", insidetextfont={"color": "white"}, marker={"color": WARM})),
        go.Figure(go.Heatmap(z=[[1]], zmin=0, zmax=1, colorscale=[(0, "#FFFFFF"), (1, "#1F7A83")], textfont={"color": "#1C2B2E"})),
        go.Figure(go.Scatter(x=[1], y=[1], mode="text", text=["1"], textfont={"color": GREY})),
    ],
    ids=["plum", "grey", "span", "bar", "heatmap", "text"],
)  # fmt: skip
def test_a_figure_with_weak_letters_is_caught(spoilt: go.Figure) -> None:
    assert not too_weak(go.Figure(layout={"font": {"color": TEXT}}))
    assert too_weak(spoilt)


class Seen:
    """What was written with Pillow, and on what: the ground's commonest colour."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.pairs: list[tuple[str, str, str]] = []
        self.boxes: dict[str, tuple[float, ...]] = {}
        write = ImageDraw.ImageDraw.text

        def text(draw: ImageDraw.ImageDraw, xy: Any, words: str, fill: str, font: Any, anchor: str) -> None:
            box = draw.textbbox(xy, words, font=font, anchor=anchor)
            ground = Counter(draw._image.crop(tuple(round(side) for side in box)).get_flattened_data()).most_common(1)[0][0]
            self.pairs.append((words, fill, f"rgb{ground}"))
            self.boxes[words] = box
            write(draw, xy, words, fill=fill, font=font, anchor=anchor)

        monkeypatch.setattr(ImageDraw.ImageDraw, "text", text)

    def weak(self) -> list[tuple[str, str, str]]:
        return [(words, letters, ground) for words, letters, ground in self.pairs if contrast(letters, ground) < LEAST]


def test_letters_of_the_reports_pictures_can_be_read(monkeypatch: pytest.MonkeyPatch, releases: tuple[Release, ...]) -> None:
    seen = Seen(monkeypatch)
    rows = [pictures.Bar(label=fill, text=f"{fill} 53,4", value=53.4, low=50, high=57, mark=73, fill=fill) for fill in pictures.FILLS]
    rows += [pictures.Bar(label="ẩn", text="ẩn do chưa đủ số phiếu", value=None), pictures.Bar(label="ngắn", text="2,0", value=2.0)]
    pictures.bars(rows, 0, 100, ["chú giải"], [(0.0, "0"), (100.0, "100")])
    days = [release.wave.closes for release in releases]
    own = pictures.Line(label="Sở A", values=(60.0,) * len(days), parted=(False,) * len(days), style="unit")
    pictures.lines(days, [str(day) for day in days], [own], [(days[-1], "sắp xếp tổ chức")], str)
    assert len(seen.pairs) > 25
    assert seen.weak() == []
    sheet = pictures._Sheet(20)
    sheet.text(5, 5, "xám", fill=GREY)
    assert [words for words, _letters, _ground in seen.weak()] == ["xám"]  # the control


def test_the_units_number_stands_with_the_units_bar_and_not_behind_the_groups_mark(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = Seen(monkeypatch)
    rows = [
        pictures.Bar(label="a", text="53,4 ▼", value=53.4, low=50, high=57, mark=73),
        pictures.Bar(label="b", text="73,0", value=73.0, mark=53),
    ]
    pictures.bars(rows, 0, 100, [], [])
    left, right = pictures.LABELS + 2, pictures.WIDTH - 20
    for row in rows:
        until = min(row.value or 0, row.low or 100, row.mark or 100)
        end = (left + until / 100 * (right - left)) * pictures.DOTS
        assert seen.boxes[row.text][0] > left * pictures.DOTS
        assert seen.boxes[row.text][2] < end
