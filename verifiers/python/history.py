"""Whose word carries each entry (docs/spec/bundle.md, section 4)."""

import acts
import authority
import automatic
import days
import fold
import ids
import merkle
import trust
import tx
from authority import Refusal
from merkle import Flaw
from onewriting import Fault, List, decode, encode, write
from records import CALL, CONTRACT, EDITION, SHAPES, TIMER, body_bytes, is_signed, sha256_hex, value_with_last

RECORDED = "recorded"


class Histories:
    """The checked histories of a bundle, every entry judged."""

    def __init__(self, check):
        import bundle

        self.check, self.es, self.payloads, self.judged, self.used, self.roots = check, {}, {}, {}, set(), {}
        for r in check.u["histories"]:
            self.add(r, [bundle.read_entry(p, check.point) for p in r["entries"]])
        for p in check.u["payloads"]:
            self.add_payload(p)
        self.only_named()
        first = check.u["kind"], check.u["id"]
        if first not in self.es and check.records[first]["value"] is not None:
            raise Flaw("history", "the first record's is not there")
        everything = [e for es in self.es.values() for e in es]
        for e in sorted(everything, key=lambda e: (e["kind"] not in ("members", "network"), e["index"])):
            v = self.judged[e["hash"]] = self.judge(e)
            if v["carried"] != RECORDED and is_signed(e):
                self.used.add((e["cause"]["header"], e["cause"]["act"]))

    # Chains.

    def add(self, r, es):
        key = r["kind"], r["id"]
        proved = self.check.records.get(key)
        if proved is None or proved["value"] is None or key in self.es:
            raise Flaw("history", f"of {key}: twice, or of no such record")
        before = {"hash": "", "index": -1, "block": 0, "time": ""}
        for e in es:
            about = (e["kind"], e["id"]) == key and e["prev"] == before["hash"]
            if not about or e["index"] == before["index"] or not _in_order(before, e) or not _in_order(e, self.check.block):
                raise Flaw("history-chain", f"entry {e['index']}")
            _check_body(e)
            before = e
        if not es:
            raise Flaw("history", "no entries")
        if record_bytes(key[0], es) != write(proved["value"]):
            raise Flaw("history-fold", f"the entries about {key} make another record")
        self.es[key] = es

    # Payloads.

    def add_payload(self, u):
        header_bytes = write(u["header"]) if u["header"] is not None else b""
        signature_bytes = write(u["signatures"]) if u["signatures"] is not None else b""
        try:
            header = decode(header_bytes, tx.HEADER, tx.HEADER_MAX)
            signatures = decode(signature_bytes, List(tx.SIGNATURE), tx.TRANSACTION_MAX)
        except Fault as f:
            raise Flaw("payload", str(f)) from None
        p = {"header": header, "signatures": signatures, "acts": {}}
        for a in u["acts"]:
            path, data = merkle.hex_path(a["path"]), write(a["act"]) if a["act"] is not None else b""
            try:
                merkle.check_inclusion(path, header["acts"], a["number"], bytes.fromhex(header["root"]), merkle.leaf_hash(data))
                if a["number"] in p["acts"]:
                    raise Flaw("payload", "an act twice")
                p["acts"][a["number"]] = tx.parse_act(data)
            except (Flaw, Fault) as f:
                raise Flaw("payload", str(f)) from None
        p["bad"] = _bad(header, header_bytes, signatures)
        key = sha256_hex(header_bytes), sha256_hex(signature_bytes)
        if key in self.payloads:
            raise Flaw("payload", "twice")
        self.payloads[key] = p

    def only_named(self):
        named = {}
        for es in self.es.values():
            for c in (e["cause"] for e in es if is_signed(e)):
                named.setdefault((c["header"], c["signatures"]), set()).add(c["act"])
        for key, p in self.payloads.items():
            if key not in named or not set(p["acts"]) <= named[key]:
                raise Flaw("payload-unnamed", key[0])

    # Judgment.

    def judge(self, e):
        if not is_signed(e):
            why = self.by_contract(e)
            return {"carried": RECORDED if why else "contract", "why": why, "by": [], "for": ""}
        try:
            p, act = self.signed(e)
            self.redo(act, p, e)
        except (Unsigned, Refusal, Flaw) as why:
            return {"carried": RECORDED, "why": str(why), "by": [], "for": ""}
        if e["import"] is not None:
            carried = "copied"
        else:
            carried = "signed" if ids.board_of(e["kind"], e["id"]) else "network"
        keeper = self.keeper(e) if carried == "signed" else ""
        return {"carried": carried, "why": "", "by": [s["by"] for s in p["signatures"]], "for": keeper}

    def by_contract(self, e):
        try:
            return automatic.why_not(self, Past(self, e, {"do": ""}), e)
        except (Refusal, Flaw) as why:
            return f"no contract may do this: {why}"

    def keeper(self, e):
        """The member that signed for a board of source import, or ''."""
        body = e["body"]
        if e["kind"] != "board":
            es = [b for b in self.es.get(("board", ids.board_of(e["kind"], e["id"])), []) if b["index"] < e["index"]]
            if not es:
                return ""
            body = es[-1]["body"]
        try:
            b = SHAPES["board"].load(body)
        except Fault:
            return ""
        return b["member"] if b["source"] == "import" else ""

    def signed(self, e):
        """The payload and act that an entry names: (a) to (e)."""
        cause, origin = e["cause"] if is_signed(e) else None, self.check.u["origin"]
        p = self.payloads.get((cause["header"], cause["signatures"])) if cause else None
        act = p["acts"].get(cause["act"]) if p else None
        if act is None:
            raise Unsigned("the signed act is not in the bundle")
        if p["bad"]:
            raise Unsigned(p["bad"])
        h = p["header"]
        if e["block"] != 0:
            if h["origin"] != origin:
                raise Unsigned("signed for another network")
            if e["time"] > h["not_after"] or h["signed_at"] > days.add_seconds(e["time"], tx.SKEW_SECONDS):
                raise Unsigned("could not be recorded at that time")
        elif h["origin"] != origin.rpartition("/")[0] or cause["header"] != self.founding():
            raise Unsigned("signed for another network")
        if act["do"] != e["act"]:
            raise Unsigned("the signed act is another one")
        return p, act

    def founding(self):
        es = self.es.get(("network", "network"), [])
        return es[0]["cause"]["header"] if es and is_signed(es[0]) and es[0]["block"] == 0 else None

    def redo(self, act, p, e):
        """(f) to (h): decides the act again and compares."""
        if (e["cause"]["header"], e["cause"]["act"]) in self.used:
            raise Unsigned("the act was recorded before")
        past = Past(self, e, act)
        for s in p["signatures"]:
            if tx.is_passkey(s) and _concerns(s["by"], e):
                tx.check_party(s, *authority.relying_party(s["by"], past))
        authority.authorize(act, [(s["by"], s["key"]) for s in p["signatures"]], past)
        effect = acts.decide(act, past)
        if past.missing:
            raise Unsigned("the bundle does not tell " + past.missing)
        body = body_bytes(effect["kind"], effect["record"])
        same = all(effect[k] == e[k] for k in ("kind", "id", "effective", "replaces", "voids", "changes", "import"))
        whole = e["kind"] == "license" or write(e["body"]) == body
        if not same or not whole or sha256_hex(body) != e["result"] or not _same_writes(effect["also"], e["also"]):
            raise Unsigned("the entry says something else than the signed act")

    def carried(self, entry_hash):
        v = self.judged.get(entry_hash)
        return v is not None and v["carried"] != RECORDED

    def shown(self, es):
        """What the verdict says of the entries about the first record."""
        dead = fold.dead_entries(es)
        sealed = self.sealed(es)
        out = []
        for e in es:
            v = {**self.judged[e["hash"]], "entry": e, "voided": e["hash"] in dead}
            if v["carried"] != RECORDED and fold.names_order(e, sealed):
                v.update(carried="confidential", **{"for": ""})
            out.append(v)
        return out

    def sealed(self, es):
        return fold.sealed_orders([e for e in es if self.carried(e["hash"])])

    def unsealed(self, es):
        """The entries without what is said of orders that were sealed since."""
        sealed = self.sealed(es)
        return [{**e, "changes": [c for c in e["changes"] if not c["order"] or c["order"] not in sealed]} for e in es]

    # Root keys.

    def root_at(self, board, number):
        """A board's root after its entry of this number, from the trust file."""
        if board not in self.roots:
            self.roots[board] = self.roots_of(board)
        return self.roots[board][number]

    def roots_of(self, board):
        trusted, es = trust.root_of(self.check.trust, board), self.es.get(("board", board), [])
        roots, first, found, record = [], 0, False, None
        for i, e in enumerate(es):
            try:
                b = SHAPES["board"].load(e["body"])
            except Fault:
                return [""] * len(es)
            root, before, record = b["root"], record, b
            if not root:
                return [""] * len(es)
            if i and root != roots[-1] and not self.succeeds(e, roots[-1], root) and not self.claims(e, before, root):
                if found:
                    break
                first = i
            roots.append(root)
            found = found or root == trusted
        if not found:
            return [""] * len(es)
        return [""] * first + roots[first:] + [""] * (len(es) - len(roots))

    def succeeds(self, e, old, new):
        try:
            p, act = self.signed(e)
        except Unsigned:
            return False
        keys = {s["key"] for s in p["signatures"]}
        named = act["do"] == "board.succeed" and (act["old"], act["root"], act["board"]) == (old, new, e["id"])
        return named and old in keys and new in keys


    def claims(self, e, before, new):
        """Whether a quorum of members and the new root passed the board on from its importing member."""
        try:
            p, act = self.signed(e)
            named = act["do"] == "board.claim" and (act["old"], act["root"], act["board"]) == (before["root"], new, e["id"])
            if not named or before["source"] != "import":
                return False
            past = Past(self, e, act)
            for s in p["signatures"]:
                if tx.is_passkey(s) and s["by"].startswith("member/"):
                    tx.check_party(s, *authority.relying_party(s["by"], past))
            authority.authorize(act, [(s["by"], s["key"]) for s in p["signatures"]], past)
        except (Unsigned, Refusal, Flaw):
            return False
        return not past.missing


class Unsigned(Exception):
    """Why only the network's word carries an entry."""


class Past:
    """The records as they stood before an entry, as far as the histories tell."""

    def __init__(self, histories, entry, act):
        self.h, self.at, self.height, self.now, self.act, self.missing = histories, entry["index"], entry["block"], entry["time"], act, ""

    def entries(self, kind, record_id):
        return [e for e in self.h.es.get((kind, record_id), []) if e["index"] < self.at]

    def not_after(self, header):
        return next((p["header"]["not_after"] for k, p in self.h.payloads.items() if k[0] == header), "")

    def get(self, kind, record_id):
        es = self.entries(kind, record_id)
        if es:
            return self._told(kind, record_id, es)
        if (kind, record_id) in self.h.es:
            return None
        return self._untold(kind, record_id)

    def _told(self, kind, record_id, es):
        if kind not in ("license", "fact") and not all(self.h.carried(e["hash"]) for e in es):
            self.missing = f"whose word carries {kind} {record_id}"
        try:
            record = decode(record_bytes(kind, es), SHAPES[kind])
        except Fault:
            self.missing = f"{kind} {record_id}"
            return None
        if kind == "board":
            record["root"] = self.h.root_at(record_id, len(es) - 1)
        return record

    def _untold(self, kind, record_id):
        u = self.h.check.u
        if kind in ("opening", "licensee"):
            return None
        if kind == "link":
            if self.act["do"] != "licensee.unlink":
                return None
            return {"boards": [ids.board_of("license", self.act["license"])], "effective": "", "ended": ""}
        if kind == "contract":
            return presumed_contract(self.act)
        if kind in ("call", "timer"):
            return self._beside(kind, record_id)
        if kind == "license":
            return None if record_id == u["id"] else {**SHAPES["license"].zero(), "licensee": "another", "subject": self._subject()}
        r = self.h.check.records.get((kind, record_id))
        if r is None or r["value"] is not None:
            self.missing = f"{kind} {record_id}"
        return None


    def _beside(self, kind, record_id):
        """What entries about a license wrote beside it. Of a call that a board asks for again nothing is told."""
        if self.act["do"] == "contract.retry":
            return {**CALL.zero(), "contract": self.act["contract"], "board": self.act["board"], "held": True}
        es = self.entries("license", record_id.partition("~")[0])
        written = [w["value"] for e in es for w in e["also"] if (w["kind"], w["id"]) == (kind, record_id)]
        try:
            return TIMER.load(written[-1]) if written and written[-1] is not None else None
        except Fault:
            return None

    def _subject(self):
        """The subject that a license must have for a privilege to rest on it."""
        if self.act["do"] == "privilege.renew":
            return self.get("license", self.act["license"])["subject"]
        return self.act["subject"] if self.act["do"] == "privilege.issue" else ""


def presumed_contract(a):
    """The record of a contract as it must at least be for the act."""
    if a["do"] in ("contract.adopt", "contract.retry"):
        return None

    def had(version, amendment, h, **more):
        return EDITION.new(version=version, amendment=amendment, hash=h, **{"boards": [a["board"]], **more})

    brought = bool(a.get("texts"))
    if a["do"] == "contract.join":
        editions = [had(a["version"], a["amendment"], a["hash"])]
    elif a["do"] == "contract.supersede":
        named = had(a["version"], a["amendment"], a["hash"], of=a["of"], among=a["among"])
        editions = [had(a["version"] - 1, 0, a["previous"])] + ([] if brought else [named])
    elif a["do"] == "contract.amend_params":
        named = had(a["version"], a["amendment"], a["hash"], boards=[])
        editions = [had(a["version"], a["amendment"] - 1, a["previous"])] + ([] if brought else [named])
    else:
        editions = [had(0, 0, a["previous"])]
    return CONTRACT.new(editions=editions)


def record_bytes(kind, es):
    """A record's bytes, made from its entries."""
    if kind == "license":
        return encode(fold.fold(es), SHAPES["license"])
    return value_with_last(es[-1]["body"], es[-1]["hash"])


def _in_order(a, b):
    return a["index"] <= b["index"] and a["block"] <= b["block"] and a["time"] <= b["time"]


def _check_body(e):
    if e["end"] is not None:
        raise Flaw("entry", "the end of a block about a record")
    if e["kind"] == "license":
        if e["body"] is not None:
            raise Flaw("entry", "a license's entry with a body")
    elif not isinstance(e["body"], dict) or sha256_hex(write(e["body"])) != (e["result"] or "0" * 64):
        raise Flaw("history-fold", "not the body that the entry names")


def _bad(header, header_bytes, signatures):
    """Why a payload carries nothing, or ''."""
    try:
        tx.check_header(header)
        tx.check_signers(signatures)
        for s in signatures:
            tx.verify(s, header_bytes)
    except Flaw as f:
        return str(f)
    return ""


def _concerns(by, e):
    kind, _, record_id = by.partition("/")
    return kind == "member" or ids.board_of(kind, record_id) == ids.board_of(e["kind"], e["id"])


def _same_writes(also, writes):
    if len(also) != len(writes):
        return False
    for (kind, record_id, record), w in zip(also, writes):
        if (kind, record_id) != (w["kind"], w["id"]):
            return False
        untold = kind in ("link", "contract") or kind == "call" and record is not None and not record["kind"]
        value = None if w["value"] is None else write(w["value"])
        if not untold and value != (None if record is None else write(SHAPES[kind].dump(record))):
            return False
    return True
