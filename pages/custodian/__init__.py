"""The leader: overview, comparison, trend, single questions, breakdowns. All from releases."""
