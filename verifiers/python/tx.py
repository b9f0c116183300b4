"""Headers, acts, openings and signatures (docs/spec/transaction.md, signatures.md)."""

import base64
import hashlib
import re

import curves
import days
import merkle
from merkle import Flaw
from onewriting import BOOL, BYTES, HASH, INT, RAW, STR, Fault, List, Maybe, Object, decode, read, write
from days import DAY, INSTANT

ACT_MAX, HEADER_MAX, TRANSACTION_MAX = 12 << 10, 1024, 1 << 20
ACTS_MAX, SIGNATURES_MAX, LIFE_DAYS, SKEW_SECONDS = 1000, 64, 90, 10
OPENING_MAX, SALT_BYTES = 64 << 10, 32

TEXT = "contract"  # an opening without salt, of acts of contracts alone
OPENING_KINDS = ("name", "order", "street", "city", "state", "zip", "npi", "fact", "settlement")

HEADER = Object(
    **{"v!": INT, "origin!": STR, "signed_at!": INSTANT, "not_after!": INSTANT, "all": BOOL, "acts!": INT, "root!": HASH}
)
SIGNATURE = Object(by=STR, key=STR, sig=BYTES, authenticator_data=BYTES, client_data=BYTES)
OPENING = Object(kind=STR, salt=BYTES, bytes=BYTES)
TRANSACTION = Object(**{"header!": RAW, "acts!": List(RAW), "openings": List(OPENING), "signatures": List(SIGNATURE)})

NAME = Object(family=STR, given=STR, middle=STR, suffix=STR, legal=STR, dba=STR)
ACTION = Object(
    code=STR, prejudicial=BOOL, indefinite=BOOL, term_years=INT, term_months=INT, term_days=INT, stayed=BOOL, terms=STR
)
ORDER_DOCUMENT = Object(
    entity=STR, report=STR, issued=DAY, effective=DAY, appeal=DAY, actions=List(ACTION), bases=List(STR), text=STR, file=HASH
)
SETTLEMENT_DOCUMENT = Object(holder=List(STR), others=List(STR), reason=STR)
DOCUMENTS = {"name": NAME, "order": ORDER_DOCUMENT, "settlement": SETTLEMENT_DOCUMENT}

# Acts.

OPENING_REF = Object(kind=STR, commitment=HASH)
CHANGE = Object(
    do=STR, licensee=STR, subject=STR, source=STR, route=STR, status=STR, kind=STR, order=STR, authority=STR,
    commitment=HASH, other=STR, **{"from": DAY}, through=DAY, grace=DAY, action=STR, contract=STR,
)  # fmt: skip
AUDIENCE = Object(kind=STR, who=STR)
CLAIM = Object(**{"state": STR, "number!": STR, "taxonomy": STR, "primary": BOOL})
TURN = Object(month=INT, sunday=INT, at=INT)
DAYLIGHT = Object(minutes=INT, begin=TURN, end=TURN)
OFFSET_ROW = Object(**{"from": INSTANT, "minutes": INT, "daylight": Maybe(DAYLIGHT)})
LABEL = Object(code=STR, text=STR)
COVERAGE = Object(issued_from=DAY, complete_as=DAY, **{"except": STR})
ROLE_NEED = Object(role=STR, count=INT)
RULE = Object(acts=List(STR), **{"from": List(STR)}, signers=INT, roles=List(ROLE_NEED))


def _acts():
    from trust import MEMBER

    term = {"through": DAY, "grace": DAY}
    opens = {"openings": List(OPENING_REF)}
    license_ = {"do": STR, "license!": STR}
    order = {**license_, "order!": STR, "count!": INT}
    link = {**license_, "count": INT, "other!": STR, "effective!": DAY}
    fact = {"day!": DAY, "through": DAY, "number": INT, "party": STR, "commitment": HASH}
    officer = {"do": STR, "officer!": STR}
    contract = {"do": STR, "board!": STR, "contract!": STR, "count": INT}
    share = {"of": INT, "among": INT}
    shapes = {
        "license.issue": {**license_, "licensee!": STR, "subject!": STR, "route": STR, "issued!": DAY, "from!": DAY, **term, **opens},
        "license.renew": {**license_, "count": INT, "from!": DAY, **term},
        "license.amend": {**license_, "count": INT, "from!": DAY, "route": STR, **opens},
        "license.surrender": {**license_, "count": INT, "from!": DAY},
        "license.inactivate": {**license_, "count": INT, "from!": DAY},
        "license.reactivate": {**license_, "count": INT, "from!": DAY},
        "license.decease": {**license_, "count": INT, "from!": DAY},
        "license.extend": {**license_, "count": INT, "term!": DAY, "through!": DAY, "grace": DAY},
        "license.discipline": {
            **license_, "order!": STR, "count": INT, "commitment!": HASH, "authority!": STR, "from!": DAY, "through": DAY,
        },
        "license.stay": {**order, "from!": DAY},
        "license.unstay": {**order, "from!": DAY},
        "license.lift": {**order, "from!": DAY},
        "license.void": {**license_, "count": INT, "entries!": List(HASH)},
        "license.correct": {**license_, "count": INT, "entry!": HASH, "changes!": List(CHANGE)},
        "license.seal": order,
        "privilege.issue": {
            **license_, "rests!": STR, "licensee!": STR, "subject!": STR, "route": STR, "issued!": DAY, "from!": DAY, **term, **opens,
        },
        "privilege.renew": {**license_, "count": INT, "rests": STR, "from!": DAY, **term},
        "privilege.end": {**license_, "count": INT, "from!": DAY},
        "privilege.discipline": {
            **license_, "order!": STR, "count": INT, "commitment!": HASH, "authority!": STR, "from!": DAY, "through": DAY,
        },
        "privilege.lift": {**order, "from!": DAY},
        "licensee.link": link,
        "licensee.unlink": link,
        "fact.record": {"do": STR, "fact!": STR, "about!": STR, "code!": STR, **fact},
        "fact.amend": {"do": STR, "fact!": STR, "count!": INT, **fact},
        "fact.end": {"do": STR, "fact!": STR, "count!": INT, "day!": DAY},
        "network.found": {"do": STR, "name!": STR, "chain!": STR, "time!": INSTANT, "rules!": INT, "offset": INT},
        "board.create": {
            "do": STR, "board!": STR, "name!": STR, "member!": STR, "jurisdiction!": STR, "root!": STR, "source": STR,
            "audiences": List(AUDIENCE), "sealed_shown": STR,
        },
        "board.amend": {"do": STR, "board!": STR, "count!": INT, "name!": STR, "audiences": List(AUDIENCE), "sealed_shown": STR},
        "board.claim": {"do": STR, "board!": STR, "count!": INT, "old!": STR, "root!": STR, "member!": STR, "name": STR},
        "board.succeed": {"do": STR, "board!": STR, "count!": INT, "old!": STR, "root!": STR},
        "board.calendar": {"do": STR, "board!": STR, "count": INT, "rows!": List(OFFSET_ROW)},
        "board.profession": {
            "do": STR, "profession!": STR, "count": INT, "title!": STR, "pattern!": STR, "labels": List(LABEL), "coverage": Maybe(COVERAGE),
        },
        "officer.appoint": {**officer, "title": STR, "key!": STR, "roles!": List(STR)},
        "officer.amend": {**officer, "count!": INT, "title": STR, "key!": STR, "roles!": List(STR)},
        "officer.suspend": {**officer, "count!": INT},
        "officer.resume": {**officer, "count!": INT},
        "officer.end": {**officer, "count!": INT},
        "officer.recover": {**officer, "count": INT, "from!": INSTANT, "title": STR, "key!": STR, "roles!": List(STR)},
        "policy.set": {"do": STR, "board!": STR, "count": INT, "rules!": List(RULE)},
        "member.set": {"do": STR, "set!": INT, "members!": List(MEMBER)},
        "import.assert": {
            **license_, "count": INT, "previous": HASH, "file!": HASH, "row!": INT, "day!": DAY, "licensee": STR, "subject": STR,
            "issued": DAY, "changes": List(CHANGE), **opens, "from": DAY,
        },
        "import.claim": {
            "do": STR, "claim!": STR, "count": INT, "file!": HASH, "row!": INT, "day!": DAY, "claims": List(CLAIM),
        },
        "import.undo": {"do": STR, "license": STR, "claim": STR, "count": INT, "file!": HASH, "entries!": List(HASH)},
        "import.settle": {**license_, "count": INT, "commitment!": HASH},
        "import.withdraw": {**license_, "count!": INT},
        "clock.advance": {"do": STR, "old": INT, "seconds!": INT},
        "rules.adopt": {"do": STR, "count!": INT, "rules!": INT, "height!": INT},
        "contract.adopt": {**contract, "version!": INT, "hash!": HASH, "role!": STR, **share, "texts!": List(HASH)},
        "contract.join": {**contract, "version!": INT, "amendment": INT, "hash!": HASH, "role!": STR},
        "contract.supersede": {
            **contract, "version!": INT, "amendment": INT, "hash!": HASH, "previous!": HASH, "role!": STR, **share, "texts": List(HASH),
        },
        "contract.amend_params": {
            **contract, "version!": INT, "amendment!": INT, "hash!": HASH, "previous!": HASH, "texts": List(HASH),
        },
        "contract.retire": {**contract, "previous!": HASH},
        "contract.retry": {**contract, "call!": STR},
        "contract.leave": {**contract, "previous!": HASH},
    }  # fmt: skip
    return {verb: Object(**members) for verb, members in shapes.items()}


ACTS = _acts()  # verb → shape

_TARGETS = {
    "board.calendar": "calendar", "policy.set": "policy", "board.profession": "profession", "import.assert": "license",
    "import.undo": "license", "import.claim": "claim", "import.settle": "settlement", "import.withdraw": "settlement",
}  # fmt: skip


def target(act):
    """(kind, id) of the record that an act changes."""
    verb = act["do"]
    group = verb.split(".")[0]
    if group == "contract":
        return "contracts", act["board"]
    if verb == "member.set":
        return "members", "set"
    if verb in ("network.found", "clock.advance", "rules.adopt"):
        return "network", "network"
    if verb == "import.undo" and act["claim"]:
        return "claim", act["claim"]
    kind = _TARGETS.get(verb) or {"licensee": "license", "privilege": "license"}.get(group, group)
    member = {"calendar": "board", "policy": "board", "settlement": "license"}.get(kind, kind)
    return kind, act[member]


def opens(act):
    """The commitments whose openings travel with an act: [(kind, commitment)]."""
    verb = act["do"]
    if verb in ("license.discipline", "privilege.discipline"):
        return [("order", act["commitment"])]
    if verb == "import.settle":
        return [("settlement", act["commitment"])]
    if verb.startswith("contract."):
        return [(TEXT, text) for text in act.get("texts", [])]
    refs = [(o["kind"], o["commitment"]) for o in act.get("openings", [])]
    if verb in ("license.correct", "import.assert"):
        kinds = {"order": lambda c: "order", "open": lambda c: c["kind"]}
        return refs + [(kinds[c["do"]](c), c["commitment"]) for c in act["changes"] if c["do"] in kinds]
    if verb in ("fact.record", "fact.amend"):
        return [("fact", act["commitment"])] if act["commitment"] else []
    return refs


def parse_act(data):
    m = re.match(rb'\{"do":"([^"]{1,40})"', data)
    verb = m[1].decode("utf-8", "replace") if m else ""
    if verb not in ACTS:
        raise Fault("unknown", f"{verb!r} is no act")
    return decode(data, ACTS[verb], ACT_MAX)


# Openings.


def commitment(o):
    """The commitment of an opening, in hexadecimal digits."""
    if is_text(o):
        return merkle.sha256(o["bytes"]).hex()
    return merkle.sha256(b"licet/opening/1\0", o["kind"].encode(), b"\0", o["salt"], o["bytes"]).hex()


def is_text(o):
    """Whether an opening is a text of a contract, which has no salt."""
    return o["kind"] == TEXT and not o["salt"]


def check_opening(o):
    """Salt, size, and that documents are in their one writing."""
    if (len(o["salt"]) != SALT_BYTES and not is_text(o)) or not 1 <= len(o["bytes"]) <= OPENING_MAX:
        raise Flaw("opening", "salt or size")
    try:
        if o["kind"] in DOCUMENTS:
            decode(o["bytes"], DOCUMENTS[o["kind"]], OPENING_MAX)
        elif re.search(r"[\x00-\x08\x0b-\x1f\x7f]", o["bytes"].decode()):
            raise Flaw("opening", "a control character")
    except (Fault, UnicodeDecodeError) as e:
        raise Flaw("opening", str(e)) from None


# Headers and signers.


def check_header(h):
    if h["v"] != 1:
        raise Flaw("version")
    if not 1 <= h["acts"] <= ACTS_MAX:
        raise Flaw("acts-number")
    if h["not_after"] < h["signed_at"] or days.unix(h["not_after"]) - days.unix(h["signed_at"]) > LIFE_DAYS * 86400:
        raise Flaw("life")


def check_signers(signatures):
    if len(signatures) > SIGNATURES_MAX:
        raise Flaw("signatures")
    if len({s["key"] for s in signatures}) < len(signatures):
        raise Flaw("signed-twice")


def parse_transaction(data):
    """Reads a transaction and makes all checks that need no state; not of signatures."""
    if len(data) > TRANSACTION_MAX:
        raise Flaw("too-large")
    try:
        w = decode(data, TRANSACTION, TRANSACTION_MAX)
        header_bytes = write(w["header"])
        header = decode(header_bytes, HEADER, HEADER_MAX)
    except Fault as f:
        raise Flaw("malformed", str(f)) from None
    check_header(header)
    if header["acts"] != len(w["acts"]):
        raise Flaw("acts-number")
    act_bytes = [write(a) for a in w["acts"]]
    try:
        acts = [parse_act(a) for a in act_bytes]
    except Fault as f:
        raise Flaw("malformed", str(f)) from None
    if len(acts) > 1 and any(a["do"] == "rules.adopt" for a in acts):
        raise Flaw("malformed", "rules.adopt stands alone")
    if merkle.root_of([merkle.leaf_hash(a) for a in act_bytes]).hex() != header["root"]:
        raise Flaw("acts-root")
    want = {c: k for a in acts for k, c in opens(a)}
    for o in w["openings"]:
        check_opening(o)
        if want.pop(commitment(o), None) != o["kind"]:
            raise Flaw("opening-extra")
    if want:
        raise Flaw("opening-missing")
    check_signers(w["signatures"])
    return {"header": header, "header_bytes": header_bytes, "acts": acts, "openings": w["openings"], "signatures": w["signatures"]}


# Signatures.

_SIGNER = re.compile(r"(board|member)/[a-z0-9._-]+|officer/[a-z0-9._-]+/[a-z0-9._-]+", re.ASCII)
HEADER_TYPE = b"application/vnd.licet.header+json"
_CLIENT = re.compile(rb'\{"type":"webauthn\.get","challenge":"(.{43})","origin":"(.*\})', re.DOTALL)


def pae(header):
    return b"DSSEv1 %d %s %d %s" % (len(HEADER_TYPE), HEADER_TYPE, len(header), header)


def verify(s, header):
    """Checks a signature record over a header's bytes."""
    if len(s["by"].encode()) > 200 or not _SIGNER.fullmatch(s["by"]) or len(s["sig"]) != 64:
        raise Flaw("bad-form")
    scheme, raw = curves.split_key(s["key"])
    if scheme == "es256":
        _verify_passkey(s, curves.p256_point(raw), header)
        return
    curves.check_ed25519_form(raw)
    curves.check_on_curve(raw)
    if s["authenticator_data"] or s["client_data"]:
        raise Flaw("bad-form", "an ed25519 signature has no passkey's data")
    if curves.s_too_high(s["sig"]):
        raise Flaw("high-s")
    if not curves.ed25519_holds(raw, pae(header), s["sig"]):
        raise Flaw("bad-signature")


def _client_data(s):
    m = _CLIENT.fullmatch(s["client_data"]) if len(s["client_data"]) <= 2048 else None
    if not m:
        raise Flaw("client-data")
    return m[1], m[2]


def _verify_passkey(s, point, header):
    auth = s["authenticator_data"]
    if not 37 <= len(auth) <= 1024:
        raise Flaw("bad-form", "authenticator data")
    flags = auth[32]
    extended = bool(flags & 0x80)
    if flags & 0x22 or flags & 0x40 or (flags & 0x10 and not flags & 0x08):
        raise Flaw("flags")
    if extended != (len(auth) > 37) or (extended and auth[37] >> 5 != 5):
        raise Flaw("flags", "extensions")
    if not flags & 1:
        raise Flaw("user-presence")
    if not flags & 4:
        raise Flaw("user-verification")
    challenge, _ = _client_data(s)
    want = base64.urlsafe_b64encode(merkle.sha256(pae(header))).rstrip(b"=")
    if challenge != want:
        raise Flaw("challenge")
    curves.check_p256(point, auth + hashlib.sha256(s["client_data"]).digest(), s["sig"])


def is_passkey(s):
    return s["key"].startswith("es256:")


def check_party(s, rp_id, origins, synced):
    """Checks that a passkey signed for its member's site; other keys know no site."""
    if s["key"].startswith("ed25519:"):
        return
    auth = s["authenticator_data"]
    if not rp_id or len(auth) < 37 or auth[:32] != merkle.sha256(rp_id.encode()):
        raise Flaw("relying-party")
    _, rest = _client_data(s)
    for origin in origins:
        if not re.search(r'[\x00-\x1f"\\]', origin) and rest.startswith(origin.encode() + b'"'):
            _same_origin(rest[len(origin.encode()) + 1 :])
            break
    else:
        raise Flaw("origin")
    if auth[32] & 8 and not synced:
        raise Flaw("backup")


def _same_origin(after):
    if after == b"}":
        return
    prefix = b',"crossOrigin":false'
    if not after.startswith(prefix):
        raise Flaw("cross-origin")
    after = after[len(prefix) :]
    if after != b"}" and not after.startswith(b","):
        raise Flaw("client-data")
