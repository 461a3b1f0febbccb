"""Tables of registry and results, which are one database; those of the box, which nothing joins with them, stand in box_models.

No column about respondents holds a time finer than a day, an address, or an order of arrival; no foreign
key or sequence crosses stores; keys are natural or random (UUIDv4), never counted or timed. Only the access
log of those with accounts is numbered and knows the minute.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Date,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Text,
    false,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from survey import limits

NAMES = {
    "pk": "pk_%(table_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
}


class Main(DeclarativeBase):
    """Registry and results."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {dict[str, Any]: JSON, list[str]: JSON, bytes: LargeBinary}


class UnitRow(Main):
    __tablename__ = "unit"
    __table_args__ = (
        CheckConstraint("headcount IS NULL OR headcount >= 0", name="headcount_not_negative"),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="ends_after_it_begins"),
    )
    id: Mapped[str] = mapped_column(String(limits.UNIT_ID), primary_key=True)
    position: Mapped[int] = mapped_column(Integer)
    name_vi: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(String(limits.GROUP))
    group: Mapped[str] = mapped_column(String(limits.GROUP))
    parent: Mapped[str | None] = mapped_column(String(limits.UNIT_ID))
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    successors: Mapped[list[str]] = mapped_column()
    headcount: Mapped[int | None] = mapped_column(Integer)


class QuestionnaireRow(Main):
    __tablename__ = "questionnaire"
    id: Mapped[str] = mapped_column(String(limits.ID), primary_key=True)
    version: Mapped[str] = mapped_column(String(limits.VERSION), primary_key=True)
    document: Mapped[dict[str, Any]] = mapped_column()


class WaveRow(Main):
    __tablename__ = "wave"
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'open', 'closed', 'published')", name="state_known"),
        CheckConstraint("origin IN ('collected', 'counts', 'responses', 'scores')", name="origin_known"),
        CheckConstraint("closes >= opens", name="closes_after_it_opens"),
        CheckConstraint("state <> 'open' OR public_key IS NOT NULL", name="open_has_key"),
    )
    id: Mapped[str] = mapped_column(String(limits.ID), primary_key=True)
    questionnaire: Mapped[str] = mapped_column(String(limits.ID))
    version: Mapped[str] = mapped_column(String(limits.VERSION))
    opens: Mapped[date] = mapped_column(Date)
    closes: Mapped[date] = mapped_column(Date)
    title_vi: Mapped[str] = mapped_column(Text)
    title_en: Mapped[str] = mapped_column(Text)
    contact: Mapped[str] = mapped_column(Text)
    site: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10))
    origin: Mapped[str] = mapped_column(String(10))
    illustrative: Mapped[bool] = mapped_column()
    public_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    note: Mapped[str] = mapped_column(Text)
    source_hash: Mapped[str] = mapped_column(String(64))
    imported_on: Mapped[date | None] = mapped_column(Date)
    plan_hash: Mapped[str] = mapped_column(String(64))
    plan: Mapped[dict[str, Any]] = mapped_column()


class CodeRow(Main):
    """The code list, written once and never touched until it is dropped: only the box knows which code is spent."""

    __tablename__ = "code"
    __table_args__ = ({"sqlite_with_rowid": False},)
    wave: Mapped[str] = mapped_column(String(limits.ID), primary_key=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    unit: Mapped[str] = mapped_column(String(limits.NODE_ID))


class TurnoutRow(Main):
    """What is counted of a wave's codes, one row a wave. `counted`: how many codes of each reporting unit are spent, under
    the wave's cover (db/turnout.py); `earlier`: those of the version that counted in the open; `asked`: how often a spent
    code was shown again; `listed`: codes have left as a list, not as slips alone."""

    __tablename__ = "turnout"
    __table_args__ = (CheckConstraint("asked >= 0", name="asked_not_negative"), {"sqlite_with_rowid": False})
    wave: Mapped[str] = mapped_column(String(limits.ID), primary_key=True)
    earlier: Mapped[dict[str, Any]] = mapped_column()
    counted: Mapped[bytes | None] = mapped_column(LargeBinary)
    asked: Mapped[int] = mapped_column(Integer)
    listed: Mapped[bool] = mapped_column()


class InvitationRow(Main):
    """A person invited by e-mail. `token`: digest of the link; `blinded`: digest of what was signed, once collected;
    `withdrawn`: struck off, and kept all the same, so that striking off does not tell who had collected."""

    __tablename__ = "invitation"
    __table_args__ = (
        CheckConstraint("blinded IS NULL OR token IS NOT NULL", name="collected_through_a_link"),
        {"sqlite_with_rowid": False},
    )
    wave: Mapped[str] = mapped_column(String(limits.ID), primary_key=True)
    email: Mapped[str] = mapped_column(String(limits.EMAIL), primary_key=True)
    unit: Mapped[str] = mapped_column(String(limits.NODE_ID))
    token: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)
    blinded: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    withdrawn: Mapped[bool] = mapped_column(server_default=false())


class CredentialKeyRow(Main):
    """The RSA key that signs a reporting unit's credentials. Whoever steals it can make ballots, but join none."""

    __tablename__ = "credential_key"
    __table_args__ = ({"sqlite_with_rowid": False},)
    wave: Mapped[str] = mapped_column(String(limits.ID), primary_key=True)
    unit: Mapped[str] = mapped_column(String(limits.NODE_ID), primary_key=True)
    private_key: Mapped[bytes] = mapped_column(LargeBinary)
    modulus: Mapped[bytes] = mapped_column(LargeBinary(384))


class AccountRow(Main):
    __tablename__ = "account"
    __table_args__ = (CheckConstraint("role IN ('organizer', 'leader', 'custodian')", name="role_known"),)
    name: Mapped[str] = mapped_column(String(limits.ACCOUNT), primary_key=True)
    role: Mapped[str] = mapped_column(String(10))
    unit: Mapped[str | None] = mapped_column(String(limits.UNIT_ID))
    password: Mapped[str] = mapped_column(String(80))
    active: Mapped[bool] = mapped_column()
    demonstration: Mapped[bool] = mapped_column()
    one_time: Mapped[bool] = mapped_column()


class AccountLinkRow(Main):
    """A link by which its owner takes an account over (survey.account_links). Only digests are stored; `account` is empty for
    the set-up of a new installation."""

    __tablename__ = "account_link"
    __table_args__ = (CheckConstraint("state IN ('open', 'used', 'replaced')", name="state_known"),)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    account: Mapped[str] = mapped_column(String(limits.ACCOUNT))
    expires: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(10))


class InstallationRow(Main):
    """A setting that was made on the page (survey.installation); the environment of the server overrides it."""

    __tablename__ = "installation"
    name: Mapped[str] = mapped_column(String(limits.ID), primary_key=True)
    value: Mapped[str] = mapped_column(Text)


class SessionRow(Main):
    """A signed-in browser, or a ticket on its way to become one. Only digests are stored."""

    __tablename__ = "session"
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    account: Mapped[str] = mapped_column(String(limits.ACCOUNT))
    ticket: Mapped[bool] = mapped_column()
    seen: Mapped[int] = mapped_column(Integer)
    expires: Mapped[int] = mapped_column(Integer)


class ThrottleRow(Main):
    """Wrong passwords of one pool of survey.throttle, by its digest."""

    __tablename__ = "throttle"
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    tries: Mapped[int] = mapped_column(Integer)
    last: Mapped[int] = mapped_column(Integer)


class AccessLogRow(Main):
    """What people with accounts did; see survey.access_log. Triggers refuse UPDATE and DELETE."""

    __tablename__ = "access_log"
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    minute: Mapped[str] = mapped_column(String(17))
    account: Mapped[str] = mapped_column(String(limits.ACCOUNT))
    action: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(Text)
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class ReleaseRow(Main):
    """`protocol`: counts and hashes of the opening; `receipts`: of the ballots that were in the box, sorted, one a line;
    `quality`: marks, alphas and drivers, empty where only counts were known;
    `review`: how many comments were masked and withheld."""

    __tablename__ = "release"
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    wave: Mapped[str] = mapped_column(String(limits.ID), unique=True)
    hash: Mapped[str] = mapped_column(String(64))
    policy: Mapped[dict[str, Any]] = mapped_column()
    policy_hash: Mapped[str] = mapped_column(String(64))
    published_elsewhere: Mapped[bool] = mapped_column()
    audit: Mapped[dict[str, Any]] = mapped_column()
    protocol: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    receipts: Mapped[str] = mapped_column(Text, server_default="")
    quality: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    review: Mapped[dict[str, Any]] = mapped_column(server_default="{}")


class CellRow(Main):
    """One published or hidden number. A hidden one has its reason and nothing else."""

    __tablename__ = "cell"
    __table_args__ = (
        CheckConstraint(
            "reason = '' OR (base IS NULL AND sd IS NULL AND low IS NULL AND high IS NULL AND favourable IS NULL "
            "AND unfavourable IS NULL AND dont_know IS NULL AND options = '' AND (score IS NULL OR measure = 'forms'))",
            name="hidden_is_empty",
        ),
        {"sqlite_with_rowid": False},
    )
    release: Mapped[str] = mapped_column(String(36), primary_key=True)
    unit: Mapped[str] = mapped_column(String(limits.NODE_ID), primary_key=True)
    breakdown: Mapped[str] = mapped_column(String(limits.ID), primary_key=True)
    category: Mapped[str] = mapped_column(String(limits.CODE), primary_key=True)
    measure: Mapped[str] = mapped_column(String(60), primary_key=True)
    base: Mapped[float | None] = mapped_column(Float)
    score: Mapped[float | None] = mapped_column(Float)
    sd: Mapped[float | None] = mapped_column(Float)
    low: Mapped[float | None] = mapped_column(Float)
    high: Mapped[float | None] = mapped_column(Float)
    favourable: Mapped[float | None] = mapped_column(Float)
    unfavourable: Mapped[float | None] = mapped_column(Float)
    dont_know: Mapped[float | None] = mapped_column(Float)
    options: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(String(80), server_default="")


class SupersededRow(Main):
    """A release that a correction replaced: kept for the audit of later corrections, shown nowhere. `number`: from 1, the first;
    `cells`: as JSON, compressed."""

    __tablename__ = "superseded"
    __table_args__ = (CheckConstraint("number >= 1", name="number_from_one"),)
    wave: Mapped[str] = mapped_column(String(40), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    hash: Mapped[str] = mapped_column(String(64))
    cells: Mapped[bytes] = mapped_column(LargeBinary)


class CommentRow(Main):
    """A released comment, apart from every score; its key is random, its place tells nothing. Shown once `seen` by the organizer."""

    __tablename__ = "comment"
    __table_args__ = (Index("ix_comment_release", "release"),)
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    release: Mapped[str] = mapped_column(String(36))
    unit: Mapped[str] = mapped_column(String(limits.NODE_ID))
    question: Mapped[str] = mapped_column(String(limits.ID))
    text: Mapped[str] = mapped_column(Text)
    seen: Mapped[bool] = mapped_column(server_default=false())


class UndertakingRow(Main):
    """What a unit undertakes after a wave, in its leader's words; nothing of anybody who answered."""

    __tablename__ = "undertaking"
    __table_args__ = (
        CheckConstraint("progress IN ('heard', 'doing', 'done')", name="progress_known"),
        Index("ix_undertaking_wave", "wave"),
    )
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    wave: Mapped[str] = mapped_column(String(limits.ID))
    unit: Mapped[str] = mapped_column(String(limits.NODE_ID))
    measure: Mapped[str] = mapped_column(String(60))
    text: Mapped[str] = mapped_column(String(limits.UNDERTAKING))
    owner: Mapped[str] = mapped_column(String(limits.OWNER))
    due: Mapped[date] = mapped_column(Date)
    progress: Mapped[str] = mapped_column(String(10))
    announced: Mapped[bool] = mapped_column()
