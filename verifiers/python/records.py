"""Shapes of records and entries (docs/spec/records.md, entry.md)."""

import hashlib

import tx
from days import DAY, INSTANT
from onewriting import BOOL, HASH, INT, RAW, STR, List, Maybe, Object, encode, write
from trust import MEMBER_SET

FROM = {"from": DAY}
TERM = Object(**FROM, through=DAY, grace=DAY)
LIFECYCLE = Object(status=STR, **FROM)
STAY = Object(**FROM, through=DAY)
ORDER = Object(id=STR, commitment=HASH, authority=STR, start=DAY, end=DAY, stays=List(STAY), count=INT, action=STR, contract=STR)
DATED_OPENING = Object(kind=STR, commitment=HASH, **FROM)
REST = Object(license=STR, **FROM)
COUNTS = Object(identity=INT, term=INT, links=INT, imports=INT, repairs=INT, pending=INT)
LICENSE = Object(
    licensee=STR, subject=STR, source=STR, copied=DAY, decided=BOOL, route=STR, issued=DAY, terms=List(TERM),
    lifecycles=List(LIFECYCLE), orders=List(ORDER), openings=List(DATED_OPENING), counts=COUNTS, rests=List(REST), last=HASH,
)  # fmt: skip
LICENSEE = Object(license=STR)
LINK = Object(boards=List(STR), effective=DAY, ended=DAY)
DAY_CALLS = Object(**{"day!": DAY}, after=STR)
BOARD = Object(
    name=STR, member=STR, jurisdiction=STR, root=STR, source=STR, audiences=List(tx.AUDIENCE), sealed_shown=STR, days=Maybe(DAY_CALLS),
    count=INT, last=HASH,
)  # fmt: skip
CALENDAR = Object(rows=List(tx.OFFSET_ROW), count=INT, last=HASH)
PROFESSION = Object(title=STR, pattern=STR, labels=List(tx.LABEL), coverage=Maybe(tx.COVERAGE), count=INT, last=HASH)
RECOVERY = Object(**{"from!": INSTANT}, title=STR, **{"key!": STR, "roles!": List(STR)})
OFFICER = Object(title=STR, key=STR, roles=List(STR), status=STR, next=Maybe(RECOVERY), count=INT, last=HASH)
POLICY = Object(rules=List(tx.RULE), count=INT, last=HASH)
FACT = Object(
    about=STR, code=STR, day=DAY, through=DAY, number=INT, party=STR, commitment=HASH, ended=DAY, count=INT, last=HASH
)
SETTLEMENT = Object(commitment=HASH, count=INT, last=HASH)
PROVENANCE = Object(file=HASH, row=INT, day=DAY, importer=STR)
CLAIMS = Object(**{"import": Maybe(PROVENANCE)}, claims=List(tx.CLAIM), count=INT, last=HASH)
OPENING_RECORD = Object(kind=STR, who=STR, sealed=BOOL)
CONTRACT_ROW = Object(**{"contract!": STR, "version!": INT, "amendment": INT, "hash!": HASH, "role!": STR, "retire": BOOL})
CONTRACTS = Object(rows=List(CONTRACT_ROW), count=INT, last=HASH)
EDITION = Object(
    **{"version!": INT, "amendment": INT, "hash!": HASH, "manifest!": HASH}, of=INT, among=INT, boards=List(STR), signed=List(STR)
)
CONTRACT = Object(editions=List(EDITION), retired=BOOL)
TIMER = Object(**{"day!": DAY})
CALL = Object(
    **{"contract!": STR, "board!": STR, "kind!": STR, "name!": STR, "function!": STR, "license!": STR}, each=STR, trigger=HASH, index=INT,
    **{"today!": DAY}, day=DAY, depth=INT, held=BOOL, asked=BOOL,
)  # fmt: skip
NOTICE = Object(
    **{"license!": STR, "contract!": STR, "version!": INT, "code!": STR, "citation!": STR, "day!": DAY}, last=HASH
)
FAULT = Object(faults=INT, suspended=BOOL, hash=HASH, code=STR, trigger=HASH, call=STR, last=HASH)
NETWORK = Object(name=STR, rules=INT, next=Maybe(Object(**{"rules!": INT, "height!": INT})), offset=INT, count=INT, last=HASH)

SHAPES = {
    "license": LICENSE, "licensee": LICENSEE, "link": LINK, "board": BOARD, "calendar": CALENDAR, "profession": PROFESSION,
    "officer": OFFICER, "policy": POLICY, "fact": FACT, "claim": CLAIMS, "opening": OPENING_RECORD, "network": NETWORK, "members": MEMBER_SET,
    "settlement": SETTLEMENT, "contracts": CONTRACTS, "contract": CONTRACT, "timer": TIMER, "call": CALL, "notice": NOTICE, "fault": FAULT,
}  # fmt: skip

END = Object(map=HASH, set=INT, rules=INT)
CAUSE = Object(
    header=HASH, signatures=HASH, act=INT, contract=STR, version=INT, amendment=INT, hash=HASH, function=STR, line=INT, citation=STR,
    trigger=HASH, day=DAY,
)  # fmt: skip
WRITE = Object(kind=STR, id=STR, value=RAW)
ENTRY = Object(
    v=INT, index=INT, block=INT, time=INSTANT, end=Maybe(END), kind=STR, id=STR, prev=HASH, act=STR, cause=Maybe(CAUSE),
    effective=DAY, replaces=HASH, voids=List(HASH), changes=List(tx.CHANGE), **{"import": Maybe(PROVENANCE)}, body=RAW,
    result=HASH, also=List(WRITE),
)  # fmt: skip
ENTRY_MAX = 16 << 10


def is_signed(e):
    """Whether an entry records a signed act."""
    return e["cause"] is not None and not e["cause"]["contract"]


def sha256_hex(data):
    return hashlib.sha256(data).hexdigest()


def body_bytes(kind, record):
    """A record's body: the record without its member last."""
    return encode({**record, "last": ""} if "last" in record else record, SHAPES[kind])


def value_with_last(body, last):
    """The bytes that stand in the map for a body (a free value)."""
    return write({**body, "last": last}) if "last" not in body else write(body)[:-1] + b',"last":"' + last.encode() + b'"}'
