"""Is anything of a wave's fieldwork still stored?"""

from __future__ import annotations

from sqlalchemy import Engine, exists, select

from db.box_models import BALLOT, COVER
from db.models import CODE, CREDENTIAL_KEY, INVITATION, TURNOUT

OF_THE_FIELD = ((CODE, TURNOUT, INVITATION, CREDENTIAL_KEY), (BALLOT, COVER))  # in the registry, in the box


def held(main: Engine, box: Engine, wave: str) -> bool:
    for engine, tables in zip((main, box), OF_THE_FIELD, strict=True):
        with engine.connect() as store:
            if any(store.execute(select(exists().where(table.c.wave == wave))).scalar_one() for table in tables):
                return True
    return False
