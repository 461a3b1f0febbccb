"""Is anything of a wave's fieldwork still stored?"""

from __future__ import annotations

from sqlalchemy import Engine, exists, select

from db.box_models import BallotRow, CoverRow
from db.models import CodeRow, CredentialKeyRow, InvitationRow, TurnoutRow

OF_THE_FIELD = ((CodeRow, TurnoutRow, InvitationRow, CredentialKeyRow), (BallotRow, CoverRow))  # in the registry, in the box


def held(main: Engine, box: Engine, wave: str) -> bool:
    for engine, tables in zip((main, box), OF_THE_FIELD, strict=True):
        with engine.connect() as store:
            if any(store.execute(select(exists().where(table.wave == wave))).scalar_one() for table in tables):
                return True
    return False
