"""Figures: releases in, a plotly Figure out. What is hidden never enters a figure, not even its hover text."""

from survey.disseminate.figures.bars import change_bars, item_bars, theme_bars
from survey.disseminate.figures.criteria import criteria_dots
from survey.disseminate.figures.distribution import item_distribution
from survey.disseminate.figures.dots import breakdown_dots
from survey.disseminate.figures.driver_map import driver_map
from survey.disseminate.figures.heatmap import heatmap
from survey.disseminate.figures.lineage import lineage_picture
from survey.disseminate.figures.lines import Mark, trend_lines
from survey.disseminate.figures.ranking import funnel_plot, ranking
from survey.disseminate.look import item_label, node_name, score_of

__all__ = [
    "Mark", "breakdown_dots", "change_bars", "criteria_dots", "driver_map", "funnel_plot", "heatmap", "item_bars", "item_distribution", "item_label",
    "lineage_picture", "node_name", "ranking", "score_of", "theme_bars", "trend_lines",
]  # fmt: skip
