"""Real data for tests: the Public Service Employee Survey of Canada, and what its publisher printed."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from bootstrap import Services
from survey.access import OPERATOR
from survey.design.questionnaire import Questionnaire
from survey.source import Source
from tests.importing import import_counts

QUESTIONNAIRE = Path(__file__).parent / "data" / "pses.yaml"
WAVES = ("2008", "2011", "2014", "2017", "2018")
UNITS = ("ps", "ps-2", "ps-2-201-315-447-508")  # the whole, a department, a leaf five levels deep
SHARES = [f"pct_{point}" for point in range(1, 6)]


def settle(services: Services, folder: Path) -> Questionnaire:
    """Units and questionnaire in empty stores. `folder` holds units.csv."""
    services.design.save_units(OPERATOR, services.design.read_units(OPERATOR, Source.open(folder / "units.csv")))
    services.design.save_questionnaire(OPERATOR, services.design.read_questionnaire(OPERATOR, Source.open(QUESTIONNAIRE)))
    return services.design.questionnaire(OPERATOR, "pses")


def bring_in(services: Services, folder: Path) -> None:
    """The five waves as `langnghe import counts --published` reads them."""
    questionnaire = settle(services, folder)
    import_counts(services, Source.open(folder / "counts.csv.gz"), questionnaire, published=True)


def printed(folder: Path) -> pd.DataFrame:
    """What the publisher printed: wave, unit, item, score100, answers, pct_1 to pct_5."""
    return pd.read_csv(folder / "published.csv.gz", dtype={"wave": str})


def as_counts(published: pd.DataFrame) -> Source:
    """The printed shares as a file of counts: so many of a hundred chose each point."""
    long = published.melt(["wave", "unit", "item"], SHARES, var_name="option", value_name="n").dropna()
    long["option"] = long["option"].str.removeprefix("pct_")
    long = long[(long["n"] > 0) & ((long["option"] <= "2") | ~long["item"].isin(["Q48", "Q55"]))]
    long["n"] = long["n"].astype(int)
    return Source("published.csv", long.to_csv(index=False).encode())
