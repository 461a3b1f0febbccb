"""Tables of registry and results, which are one database; those of the box, which nothing joins with them, stand in box_models.

No column about respondents holds a time finer than a day, an address, or an order of arrival; no foreign
key or sequence crosses stores; keys are natural or random (UUIDv4), never counted or timed. Only the access
log of those with accounts is numbered and knows the minute.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    false,
)

from survey import limits

NAMES = {
    "pk": "pk_%(table_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
}

MAIN = MetaData(naming_convention=NAMES)

UNIT = Table(
    "unit",
    MAIN,
    Column("id", String(limits.UNIT_ID), primary_key=True),
    Column("position", Integer, nullable=False),
    Column("name_vi", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("kind", String(limits.GROUP), nullable=False),
    Column("group", String(limits.GROUP), nullable=False),
    Column("parent", String(limits.UNIT_ID)),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
    Column("successors", JSON, nullable=False),
    Column("headcount", Integer),
    CheckConstraint("headcount IS NULL OR headcount >= 0", name="headcount_not_negative"),
    CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="ends_after_it_begins"),
)

QUESTIONNAIRE = Table(
    "questionnaire",
    MAIN,
    Column("id", String(limits.ID), primary_key=True),
    Column("version", String(limits.VERSION), primary_key=True),
    Column("document", JSON, nullable=False),
)

WAVE = Table(
    "wave",
    MAIN,
    Column("id", String(limits.ID), primary_key=True),
    Column("questionnaire", String(limits.ID), nullable=False),
    Column("version", String(limits.VERSION), nullable=False),
    Column("opens", Date, nullable=False),
    Column("closes", Date, nullable=False),
    Column("title_vi", Text, nullable=False),
    Column("title_en", Text, nullable=False),
    Column("contact", Text, nullable=False),
    Column("site", Text, nullable=False),
    Column("state", String(10), nullable=False),
    Column("origin", String(10), nullable=False),
    Column("illustrative", Boolean, nullable=False),
    Column("public_key", LargeBinary),
    Column("note", Text, nullable=False),
    Column("source_hash", String(64), nullable=False),
    Column("imported_on", Date),
    Column("plan_hash", String(64), nullable=False),
    Column("plan", JSON, nullable=False),
    CheckConstraint("state IN ('draft', 'open', 'closed', 'published')", name="state_known"),
    CheckConstraint("origin IN ('collected', 'counts', 'responses', 'scores')", name="origin_known"),
    CheckConstraint("closes >= opens", name="closes_after_it_opens"),
    CheckConstraint("state <> 'open' OR public_key IS NOT NULL", name="open_has_key"),
)

# The code list, written once and never touched until it is dropped: only the box knows which code is spent.
CODE = Table(
    "code",
    MAIN,
    Column("wave", String(limits.ID), primary_key=True),
    Column("digest", LargeBinary(32), primary_key=True),
    Column("unit", String(limits.NODE_ID), nullable=False),
    sqlite_with_rowid=False,
)

# What is counted of a wave's codes, one row a wave. `counted`: how many codes of each reporting unit are spent, under
# the wave's cover (db/turnout.py); `earlier`: those of the version that counted in the open; `asked`: how often a spent
# code was shown again; `listed`: codes have left as a list, not as slips alone.
TURNOUT = Table(
    "turnout",
    MAIN,
    Column("wave", String(limits.ID), primary_key=True),
    Column("earlier", JSON, nullable=False),
    Column("counted", LargeBinary),
    Column("asked", Integer, nullable=False),
    Column("listed", Boolean, nullable=False),
    CheckConstraint("asked >= 0", name="asked_not_negative"),
    sqlite_with_rowid=False,
)

# A person invited by e-mail. `token`: digest of the link; `blinded`: digest of what was signed, once collected;
# `withdrawn`: struck off, and kept all the same, so that striking off does not tell who had collected.
INVITATION = Table(
    "invitation",
    MAIN,
    Column("wave", String(limits.ID), primary_key=True),
    Column("email", String(limits.EMAIL), primary_key=True),
    Column("unit", String(limits.NODE_ID), nullable=False),
    Column("token", LargeBinary(32), unique=True),
    Column("blinded", LargeBinary(32)),
    Column("withdrawn", Boolean, server_default=false(), nullable=False),
    CheckConstraint("blinded IS NULL OR token IS NOT NULL", name="collected_through_a_link"),
    sqlite_with_rowid=False,
)

# The RSA key that signs a reporting unit's credentials. Whoever steals it can make ballots, but join none.
CREDENTIAL_KEY = Table(
    "credential_key",
    MAIN,
    Column("wave", String(limits.ID), primary_key=True),
    Column("unit", String(limits.NODE_ID), primary_key=True),
    Column("private_key", LargeBinary, nullable=False),
    Column("modulus", LargeBinary(384), nullable=False),
    sqlite_with_rowid=False,
)

ACCOUNT = Table(
    "account",
    MAIN,
    Column("name", String(limits.ACCOUNT), primary_key=True),
    Column("role", String(10), nullable=False),
    Column("unit", String(limits.UNIT_ID)),
    Column("password", String(80), nullable=False),
    Column("active", Boolean, nullable=False),
    Column("demonstration", Boolean, nullable=False),
    Column("one_time", Boolean, nullable=False),
    CheckConstraint("role IN ('organizer', 'leader', 'custodian')", name="role_known"),
)

# A link by which its owner takes an account over (survey.account_links). Only digests are stored; `account` is empty for
# the set-up of a new installation.
ACCOUNT_LINK = Table(
    "account_link",
    MAIN,
    Column("digest", LargeBinary(32), primary_key=True),
    Column("account", String(limits.ACCOUNT), nullable=False),
    Column("expires", Integer, nullable=False),
    Column("state", String(10), nullable=False),
    CheckConstraint("state IN ('open', 'used', 'replaced')", name="state_known"),
)

# A setting that was made on the page (survey.installation); the environment of the server overrides it.
INSTALLATION = Table(
    "installation",
    MAIN,
    Column("name", String(limits.ID), primary_key=True),
    Column("value", Text, nullable=False),
)

# A signed-in browser, or a ticket on its way to become one. Only digests are stored.
SESSION = Table(
    "session",
    MAIN,
    Column("digest", LargeBinary(32), primary_key=True),
    Column("account", String(limits.ACCOUNT), nullable=False),
    Column("ticket", Boolean, nullable=False),
    Column("seen", Integer, nullable=False),
    Column("expires", Integer, nullable=False),
)

# Wrong passwords of one pool of survey.throttle, by its digest.
THROTTLE = Table(
    "throttle",
    MAIN,
    Column("digest", LargeBinary(32), primary_key=True),
    Column("tries", Integer, nullable=False),
    Column("last", Integer, nullable=False),
)

# What people with accounts did; see survey.access_log. Triggers refuse UPDATE and DELETE.
ACCESS_LOG = Table(
    "access_log",
    MAIN,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("minute", String(17), nullable=False),
    Column("account", String(limits.ACCOUNT), nullable=False),
    Column("action", String(40), nullable=False),
    Column("subject", Text, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)

# `protocol`: counts and hashes of the opening; `receipts`: of the ballots that were in the box, sorted, one a line;
# `quality`: marks, alphas and drivers, empty where only counts were known;
# `review`: how many comments were masked and withheld.
RELEASE = Table(
    "release",
    MAIN,
    Column("id", String(36), primary_key=True),
    Column("wave", String(limits.ID), unique=True, nullable=False),
    Column("hash", String(64), nullable=False),
    Column("policy", JSON, nullable=False),
    Column("policy_hash", String(64), nullable=False),
    Column("published_elsewhere", Boolean, nullable=False),
    Column("audit", JSON, nullable=False),
    Column("protocol", JSON, server_default="{}", nullable=False),
    Column("receipts", Text, server_default="", nullable=False),
    Column("quality", JSON, server_default="{}", nullable=False),
    Column("review", JSON, server_default="{}", nullable=False),
)

# One published or hidden number. A hidden one has its reason and nothing else.
CELL = Table(
    "cell",
    MAIN,
    Column("release", String(36), primary_key=True),
    Column("unit", String(limits.NODE_ID), primary_key=True),
    Column("breakdown", String(limits.ID), primary_key=True),
    Column("category", String(limits.CODE), primary_key=True),
    Column("measure", String(60), primary_key=True),
    Column("base", Float),
    Column("score", Float),
    Column("sd", Float),
    Column("low", Float),
    Column("high", Float),
    Column("favourable", Float),
    Column("unfavourable", Float),
    Column("dont_know", Float),
    Column("options", Text, nullable=False),
    Column("reason", String(20), nullable=False),
    Column("note", String(80), server_default="", nullable=False),
    CheckConstraint(
        "reason = '' OR (base IS NULL AND sd IS NULL AND low IS NULL AND high IS NULL AND favourable IS NULL "
        "AND unfavourable IS NULL AND dont_know IS NULL AND options = '' AND (score IS NULL OR measure = 'forms'))",
        name="hidden_is_empty",
    ),
    sqlite_with_rowid=False,
)

# A release that a correction replaced: kept for the audit of later corrections, shown nowhere. `number`: from 1, the first;
# `cells`: as JSON, compressed.
SUPERSEDED = Table(
    "superseded",
    MAIN,
    Column("wave", String(40), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("hash", String(64), nullable=False),
    Column("cells", LargeBinary, nullable=False),
    CheckConstraint("number >= 1", name="number_from_one"),
)

# A released comment, apart from every score; its key is random, its place tells nothing. Shown once `seen` by the organizer.
COMMENT = Table(
    "comment",
    MAIN,
    Column("id", String(36), primary_key=True),
    Column("release", String(36), nullable=False),
    Column("unit", String(limits.NODE_ID), nullable=False),
    Column("question", String(limits.ID), nullable=False),
    Column("text", Text, nullable=False),
    Column("seen", Boolean, server_default=false(), nullable=False),
    Index("ix_comment_release", "release"),
)

# What a unit undertakes after a wave, in its leader's words; nothing of anybody who answered.
UNDERTAKING = Table(
    "undertaking",
    MAIN,
    Column("id", String(36), primary_key=True),
    Column("wave", String(limits.ID), nullable=False),
    Column("unit", String(limits.NODE_ID), nullable=False),
    Column("measure", String(60), nullable=False),
    Column("text", String(limits.UNDERTAKING), nullable=False),
    Column("owner", String(limits.OWNER), nullable=False),
    Column("due", Date, nullable=False),
    Column("progress", String(10), nullable=False),
    Column("announced", Boolean, nullable=False),
    CheckConstraint("progress IN ('heard', 'doing', 'done')", name="progress_known"),
    Index("ix_undertaking_wave", "wave"),
)
