"""Bundles: answers with all that checks them (docs/spec/bundle.md)."""

import days
import fold
import ids
import merkle
import standing
import trust
import tx
from history import Histories
from merkle import Flaw
from onewriting import INT, RAW, STR, Fault, List, Maybe, Object, decode, write
from records import ENTRY, ENTRY_MAX, SHAPES

BUNDLE_MAX, RECORDS_MAX = 32 << 20, 1024

MAP_PROOF = Object(path=List(STR), other=Maybe(Object(**{"key!": STR, "value!": STR})))
RECORD_PROOF = Object(kind=STR, id=STR, value=RAW, proof=MAP_PROOF)
ENTRY_PROOF = Object(entry=RAW, path=List(STR))
RECORD_HISTORY = Object(kind=STR, id=STR, entries=List(ENTRY_PROOF))
ACT_PROOF = Object(number=INT, act=RAW, path=List(STR))
PAYLOAD = Object(header=RAW, signatures=RAW, acts=List(ACT_PROOF))
TRAIL_STEP = Object(members=RECORD_PROOF, block=ENTRY_PROOF, checkpoint=STR)
BUNDLE = Object(
    v=INT, type=STR, origin=STR, kind=STR, id=STR, records=List(RECORD_PROOF), openings=List(tx.OPENING),
    histories=List(RECORD_HISTORY), payloads=List(PAYLOAD), block=Maybe(ENTRY_PROOF), older=STR, path=List(STR),
    checkpoint=STR, trail=List(TRAIL_STEP),
)  # fmt: skip

ABOUT = ("kind", "id", "records", "openings", "block")
HISTORY = ("histories", "payloads")
OLDER = ("older", "path")
FOREIGN = {
    "standing": HISTORY + OLDER,
    "history": OLDER,
    "consistency": ABOUT + HISTORY,
    "trust": ABOUT + HISTORY + OLDER + ("checkpoint",),
}


def verify(data, t, on="", known=""):
    """Checks a bundle under a trust file; returns the verdict. Flaw: it does not hold."""
    try:
        u = decode(data, BUNDLE, BUNDLE_MAX)
    except Fault as f:
        raise Flaw("bundle", str(f)) from None
    if u["v"] != 1:
        raise Flaw("bundle-version")
    if u["origin"] != t.origin:
        raise Flaw("origin", f"of {u['origin']!r}, not of {t.origin!r}")
    if any(u[m] for m in FOREIGN.get(u["type"], ())):
        raise Flaw("bundle-shape")
    c = Check(u, t)
    c.walk()
    if u["type"] == "consistency":
        return c.consistency()
    if u["type"] == "trust":
        return c.succession()
    if u["type"] in ("standing", "history"):
        return c.answer(on, known)
    raise Flaw("bundle-type")


def read_entry(proof, point):
    """An entry that stands in the checkpoint's log, with its hash."""
    data = write(proof["entry"]) if proof["entry"] is not None else b""
    try:
        e = decode(data, ENTRY, ENTRY_MAX)
    except Fault as f:
        raise Flaw("entry", str(f)) from None
    leaf = merkle.leaf_hash(data)
    path = merkle.hex_path(proof["path"])
    if e["v"] != 1:
        raise Flaw("entry", f"version {e['v']}")
    try:
        merkle.check_inclusion(path, point.size, e["index"], point.root, leaf)
    except Flaw as f:
        raise Flaw("inclusion", str(f)) from None
    return {**e, "hash": leaf.hex()}


def read_block(proof, point):
    e = read_entry(proof, point)
    if e["end"] is None or e["kind"]:
        raise Flaw("block-entry", f"entry {e['index']} is not the end of a block")
    return e


def value_bytes(record):
    return None if record["value"] is None else write(record["value"])


def check_record(record, root):
    """Checks a record's proof under a map root (hexadecimal digits)."""
    value = value_bytes(record)
    try:
        key = merkle.map_key(record["kind"], record["id"])
        got = merkle.map_root(record["proof"], key, None if value is None else merkle.sha256(value))
    except Flaw as f:
        raise Flaw("map-proof", str(f)) from None
    if got.hex() != (root or "0" * 64):
        raise Flaw("map-root", f"{record['kind']} {record['id']} does not stand so in the map")


def held_at(as_of, block, point):
    """When the map of a block entry held."""
    return as_of if block["index"] == point.size - 1 else min(as_of, block["time"])


class Check:
    """One bundle on its way to a verdict."""

    def __init__(self, u, t):
        self.u, self.trust, self.records = u, t, {}
        self.verdict = {"type": u["type"], "origin": u["origin"], "kind": u["kind"], "id": u["id"]}

    def note(self, text):
        point, _, as_of = trust.check_note(self.trust, text.encode(), True)
        return point, days.from_unix(as_of)

    def walk(self):
        for step in self.u["trail"]:
            point, as_of = self.note(step["checkpoint"])
            block = read_block(step["block"], point)
            m = step["members"]
            if (m["kind"], m["id"]) != ("members", "set") or m["value"] is None:
                raise Flaw("trail", "a step proves the member set")
            check_record(m, block["end"]["map"])
            self.trust = trust.succeed(self.trust, trust.parse_members(value_bytes(m)))
            self.verdict["as_of"] = held_at(as_of, block, point)
        self.verdict["trust"] = self.trust

    def succession(self):
        if not self.u["trail"]:
            raise Flaw("trail", "no steps")
        return {**self.verdict, "found": "succession"}

    def consistency(self):
        older, _ = self.note(self.u["older"])
        newer, as_of = self.note(self.u["checkpoint"])
        path = merkle.hex_path(self.u["path"])
        try:
            merkle.check_consistency(path, newer.size, newer.root, older.size, older.root)
        except Flaw as f:
            raise Flaw("consistency", str(f)) from None
        return {**self.verdict, "found": "consistent", "as_of": as_of, "size": newer.size}

    def anchor(self):
        self.point, as_of = self.note(self.u["checkpoint"])
        if self.u["block"] is None:
            raise Flaw("block-entry", "there is none")
        self.block = read_block(self.u["block"], self.point)
        self.verdict["as_of"] = held_at(as_of, self.block, self.point)
        records = self.u["records"]
        if not 1 <= len(records) <= RECORDS_MAX:
            raise Flaw("records", f"{len(records)} records")
        for r in records:
            check_record(r, self.block["end"]["map"])
            if (r["kind"], r["id"]) in self.records:
                raise Flaw("records", f"{r['kind']} {r['id']} twice")
            self.records[r["kind"], r["id"]] = r
        if (records[0]["kind"], records[0]["id"]) != (self.u["kind"], self.u["id"]):
            raise Flaw("records", "the first is not the one asked for")
        self.check_set()

    def check_set(self):
        number = self.block["end"]["set"]
        if number == self.trust.set:
            return
        members = self.record("members", "set")
        if members is None or members["set"] != self.trust.set or number != self.trust.set - 1:
            raise Flaw("member-set-number", f"of set {number}, not of set {self.trust.set}")

    def record(self, kind, record_id):
        """A proved record; None when it is proved absent."""
        r = self.records.get((kind, record_id))
        if r is None:
            raise Flaw("records", f"{kind} {record_id} is not proved")
        if r["value"] is None:
            return None
        try:
            return SHAPES[kind].load(r["value"])
        except Fault as f:
            raise Flaw("record", str(f)) from None

    def answer(self, on, known):
        self.anchor()
        entries = []
        if self.u["type"] == "history":
            h = Histories(self)
            es = h.es.get((self.u["kind"], self.u["id"]), [])
            self.verdict["entries"] = h.shown(es)
            entries = h.unsealed(es)
        elif known:
            raise Flaw("needs-history")
        if self.u["kind"] != "license":
            if self.u["openings"]:
                raise Flaw("opening", "only a license's openings are shown")
            value = value_bytes(self.u["records"][0])
            return {**self.verdict, "found": "present" if value is not None else "absent", "value": value}
        return {**self.verdict, **self.license_answer(on, known, entries)}

    def license_answer(self, on, known, entries):
        parsed = ids.parse_license_id(self.u["id"])
        if not parsed:
            raise Flaw("license-id", self.u["id"])
        board, profession_id, number = parsed
        b, p = self.record("board", board), self.record("profession", profession_id)
        calendar, l = self.record("calendar", board), self.record("license", self.u["id"])
        if b is None and (l is not None or p is not None):
            raise Flaw("records", "no board")
        day = on or days.legal_day(calendar, self.verdict["as_of"])
        context = {"day": day, "board": b, "profession": p, "calendar": calendar}
        if l is None:
            if self.u["openings"]:
                raise Flaw("opening", "the bundle opens what it does not hold")
            return {**context, "found": _absence(p, number)}
        openings = self.openings(l, entries)
        if known:
            l = fold.fold(self.unsealed(entries), known)
            if l is None:
                return {**context, "found": "not-known"}
        actions = {c: standing.main_action(d) for c, (k, d) in openings.items() if k == "order"}
        name = openings.get(standing.opening_on(l, "name", day))
        s = standing.standing_on(l, day, p, actions)
        today = days.legal_day(calendar, self.verdict["as_of"])
        waits = b["days"] is not None and b["days"]["day"] <= today and self.u["id"].encode() > b["days"]["after"].encode()
        pending = l["counts"]["pending"] > 0 or (waits and not known)
        return {**context, "found": "present", "license": l, "standing": s, "name": name and name[1], "pending": pending}

    def unsealed(self, entries):
        """The entries without what is said of orders that a carried seal sealed."""
        shown = self.verdict.get("entries", [])
        sealed = fold.sealed_orders([v["entry"] for v in shown if v["carried"] != "recorded"])
        return [{**e, "changes": [c for c in e["changes"] if not c["order"] or c["order"] not in sealed]} for e in entries]

    def openings(self, l, entries):
        """The openings that are shown, of the record and of its past: commitment → (kind, content)."""
        held = {(o["kind"], o["commitment"]) for o in l["openings"]} | {("order", o["commitment"]) for o in l["orders"]}
        changes = [c for e in self.unsealed(entries) for c in e["changes"]]
        held |= {(c["kind"], c["commitment"]) for c in changes if c["do"] == "open"}
        held |= {("order", c["commitment"]) for c in changes if c["do"] == "order"}
        out = {}
        for o in self.u["openings"]:
            c = tx.commitment(o)
            if (o["kind"], c) not in held or c in out:
                raise Flaw("opening", f"an opening of kind {o['kind']} fits no commitment")
            out[c] = o["kind"], _content(o)
        return out


def _content(o):
    if o["kind"] not in ("name", "order"):
        return o["bytes"]
    try:
        return decode(o["bytes"], tx.NAME if o["kind"] == "name" else tx.ORDER_DOCUMENT, tx.OPENING_MAX)
    except Fault as f:
        if o["kind"] == "name":
            return None
        raise Flaw("opening", str(f)) from None


def _absence(profession, number):
    if profession is None:
        return "unknown"
    if not ids.fits(profession["pattern"], number):
        return "not-a-number"
    return "unknown" if profession["coverage"] is None else "absent"


def name_text(n):
    """A name in reading order."""
    if n["legal"]:
        return n["legal"] + (f" (doing business as {n['dba']})" if n["dba"] and n["dba"] != n["legal"] else "")
    return " ".join(x for x in (n["given"], n["middle"], n["family"], n["suffix"]) if x)
