"""Runs the vectors of docs/spec/vectors; prints how many passed and failed."""

import json
import pathlib
import sys

import acts
import curves
import days
import fold
import ids
import merkle
import notes
import onewriting
import records
import standing
import trust
import tx
from authority import Refusal
from merkle import Flaw
from onewriting import Fault

VECTORS = pathlib.Path(__file__).resolve().parents[2] / "docs" / "spec" / "vectors"


def outcome(check, *args):
    """(code, result): ok and what check returns, or the code of its fault."""
    try:
        return "ok", check(*args)
    except (Flaw, Fault, Refusal) as f:
        return f.code, None


def given(v):
    """The bytes that a vector checks."""
    return bytes.fromhex(v["bytes"]) if "bytes" in v else v.get("input", "").encode()


def text(data):
    return data.decode("utf-8", "surrogateescape")


def json_vector(v):
    data = bytes.fromhex(v.get("hex", ""))
    code, value = outcome(onewriting.read, data)
    if code == "ok" and onewriting.write(value) != data:
        return "written otherwise"
    return code


def map_vector(v):
    if "leaf" in v:
        key = merkle.map_key(v["kind"], v["id"])
        value = merkle.sha256(v.get("bytes", "").encode())
        got = key.hex(), value.hex(), merkle.map_leaf(key, value).hex()
        return "ok" if got == (v["key"], v["value"], v["leaf"]) else "another leaf"
    if "proof" not in v:
        leaves = {bytes.fromhex(x["key"]): bytes.fromhex(x["value"]) for x in v.get("leaves", [])}
        return "ok" if _map_root(leaves, 0).hex() == v["root"] else "another root"
    return outcome(_map_proof, v)[0]


def _map_root(leaves, depth):
    if not leaves:
        return merkle.ZERO
    if len(leaves) == 1:
        return merkle.map_leaf(*next(iter(leaves.items())))
    sides = [{k: x for k, x in leaves.items() if merkle._bit(k, depth) == b} for b in (0, 1)]
    return merkle.inner_hash(*(_map_root(s, depth + 1) for s in sides))


def _map_proof(v):
    import bundle

    proof = onewriting.decode(v["proof"].encode(), bundle.MAP_PROOF)
    value = bytes.fromhex(v["value"]) if "value" in v else None
    if merkle.map_root(proof, bytes.fromhex(v["key"]), value) != bytes.fromhex(v["root"]):
        raise Flaw("root-differs")


def signature_vector(v):
    if "header" not in v:
        return outcome(curves.check_key, v["key"])[0]
    code, s = outcome(tx.SIGNATURE.load, v["signature"])
    if code == "ok":
        code, _ = outcome(tx.verify, s, v["header"].encode())
    if code == "ok" and "relying_party" in v:
        p = v["relying_party"]
        code, _ = outcome(tx.check_party, s, p.get("id", ""), p.get("origins", []), p.get("allow_synced", False))
    return code


def checkpoint_vector(v):
    kind = v["type"]
    if kind == "checkpoint":
        code, c = outcome(notes.parse_checkpoint, text(given(v)))
        return code if code != "ok" else same((c.origin, c.size, c.root.hex()), (v["origin"], v.get("size", 0), v["root"]))
    if kind == "vkey":
        code, k = outcome(notes.parse_vkey, text(given(v)))
        return code if code != "ok" else same(k.id.hex(), v["key_id"])
    if kind == "note":
        return outcome(notes.parse_note, given(v))[0]
    check = notes.check_cosignature if kind == "cosignature" else notes.check_log_signature
    code, when = outcome(lambda: check(notes.parse_vkey(v["vkey"]), v["text"], bytes.fromhex(v.get("bytes", ""))))
    return code if code != "ok" or kind != "cosignature" else same(when, v.get("time", 0))


def same(got, want):
    return "ok" if got == want else f"{got} instead of {want}"


def trust_vector(v):
    if v["type"] == "trust":
        code, t = outcome(trust.parse, given(v))
        return code if code != "ok" else same(trust.fingerprint(t), v["fingerprint"])
    t = trust.parse(v["trust"].encode())
    if v["type"] == "succeed":
        code, nxt = outcome(lambda: trust.succeed(t, trust.parse_members(v["members"].encode())))
        return code if code != "ok" else same(trust.write(nxt), v["next"])
    code, r = outcome(trust.check_note, t, given(v), v.get("bundle", False))
    if code != "ok":
        return code
    signed = [(s["name"], s.get("time", 0)) for s in v.get("signed", [])]
    return same((r[2], r[1]), (v.get("as_of", 0), signed))


def log_vector(v):
    return outcome(_log_vector, v)[0]


def _log_vector(v):
    kind = v["type"]
    if kind == "tile-path":
        got = merkle.parse_tile_path(text(given(v)))
        if got != (v.get("level", 0), v.get("index", 0), v.get("width", 0)):
            raise Flaw("another tile")
    elif kind == "tile-width":
        if merkle.tile_width(v.get("size", 0), v.get("level", 0), v.get("index", 0)) != v.get("width", 0):
            raise Flaw("another width")
    elif kind == "entries":
        got = merkle.read_entries(bytes.fromhex(v.get("bytes", "")), v.get("width", 0))
        if [e.hex() for e in got] != v.get("entries", []):
            raise Flaw("other entries")
    elif kind == "tlog-proof":
        as_of = notes_proof(v)
        if as_of != v.get("as_of", 0):
            raise Flaw("another as-of")
    else:
        path, size, root = merkle.hex_path(v.get("path", [])), v.get("size", 0), bytes.fromhex(v["root"])
        if kind == "inclusion":
            merkle.check_inclusion(path, size, v.get("index", 0), root, merkle.leaf_hash(bytes.fromhex(v.get("entry", ""))))
        else:
            merkle.check_consistency(path, size, root, v.get("old_size", 0), bytes.fromhex(v["old_root"]))


def notes_proof(v):
    import tlogproof

    return tlogproof.verify(given(v), trust.parse(v["trust"].encode()), bytes.fromhex(v.get("entry", "")))


def transaction_vector(v):
    code, t = outcome(tx.parse_transaction, v["transaction"].encode())
    if code != "ok":
        return code
    signatures = onewriting.encode(t["signatures"], onewriting.List(tx.SIGNATURE))
    got = records.sha256_hex(t["header_bytes"]), records.sha256_hex(signatures), t["header"]["root"]
    return same(got, tuple(v.get(k) for k in ("payload", "signatures", "root")))


def act_vector(v):
    code, act = outcome(tx.parse_act, v.get("act", "").encode())
    if code != "ok":
        return "malformed"
    opens = [(o["kind"], o["commitment"]) for o in v.get("opens", [])]
    got = act["do"], *tx.target(act), tx.opens(act)
    return same(got, (v["verb"], v["kind"], v["id"], opens))


def id_vector(v):
    if "pattern" in v:
        ok = ids.is_pattern(v["pattern"])
        if v["name"].startswith("number"):  # an empty number is not written
            ok = ids.fits(v["pattern"], bytes.fromhex(v.get("number", "")))
        return "ok" if ok else "bad"
    parsed = ids.parse_license_id(v.get("id", ""))
    if not parsed:
        return "bad"
    want = v["board"], v["board"] + "." + v["profession"], bytes.fromhex(v["number"])
    return same(parsed, want) if v["expect"] == "ok" else "ok"


def calendar_vector(v):
    if "rows" in v or "at" in v:
        rows = [tx.OFFSET_ROW.load(row) for row in v.get("rows", [])]
        return same(days.legal_day({"rows": rows}, v["at"]), v["day"])
    if "form" in v:
        code, _ = outcome(days.day if v["form"] == "day" else days.instant, v.get("text", ""))
        return "ok" if code == "ok" else "bad"
    return same(days.add_days(v["day"], v.get("add", 0)), v["sum"])


def fold_vector(v):
    es = []
    for text_ in v.get("entries", []):
        e = onewriting.decode(text_.encode(), records.ENTRY, records.ENTRY_MAX)
        es.append({**e, "hash": merkle.leaf_hash(text_.encode()).hex()})
    l = fold.fold(es, v.get("known", ""))
    got = None if l is None else onewriting.encode(l, records.LICENSE).decode()
    return same(got, v.get("record"))


def standing_vector(v):
    l = onewriting.decode(v["record"].encode(), records.LICENSE)
    actions = {a["commitment"]: a.get("code", "") for a in v.get("actions", [])}
    profession = records.PROFESSION.new(labels=[{"code": "", "text": "", **x} for x in v.get("labels", [])])
    s = standing.standing_on(l, v["day"], profession, actions)
    members = "registration", "discipline", "authority", "through", "primary", "secondary", "rests"
    return same([s[m] for m in members], [v.get(m, "") for m in members])


def contracts_vector(v):
    return "ok" if _contract_holds(v) else "bad"


def _contract_holds(v):
    """Whether the hash is that of the manifest, and the manifest names the other texts."""
    manifest, parameters = v["manifest"].encode(), v.get("parameters", "").encode()
    try:
        m = onewriting.read(manifest)
        if parameters and "rows" not in onewriting.read(parameters):
            return False
    except Fault:
        return False
    named = m.get("source"), m.get("parameters")
    texts = records.sha256_hex(v["source"].encode()), records.sha256_hex(parameters) if parameters else None
    orders = [(_order_id(m["name"], o["license"], o["name"]), o["id"]) for o in v.get("orders", [])]
    return (
        records.sha256_hex(b"licet/contract/1\0" + manifest) == v["hash"]
        and named == texts
        and all(got == want for got, want in orders)
    )


def _order_id(contract, license_, name):
    named = "\0".join(("licet/contract/order/1", contract, license_, name))
    return records.sha256_hex(named.encode())[:32]


class Shelf:
    """The records on which an act is decided."""

    def __init__(self, v):
        self.now, self.records = v["now"], {(r["kind"], r["id"]): r["value"] for r in v["records"]}

    def get(self, kind, id_):
        value = self.records.get((kind, id_))
        return None if value is None else onewriting.decode(value.encode(), records.SHAPES[kind])

    def entries(self, kind, id_):
        return []


def adoption_vector(v):
    code, effect = outcome(acts.decide, tx.parse_act(v["act"].encode()), Shelf(v))
    if code != "ok":
        return code
    got = [(effect["kind"], effect["id"], effect["record"])] + [w[:3] for w in effect["also"]]
    writes = [(k, i, r if r is None else onewriting.encode(r, records.SHAPES[k]).decode()) for k, i, r in got]
    return same(writes, [(w["kind"], w["id"], w.get("value")) for w in v["writes"]])


def bundle_vector(v):
    import bundle_vectors

    return bundle_vectors.run(v)


RUNNERS = {
    "json": json_vector, "map": map_vector, "signatures": signature_vector, "checkpoint": checkpoint_vector,
    "trust": trust_vector, "log": log_vector, "transaction": transaction_vector, "acts": act_vector, "ids": id_vector,
    "calendar": calendar_vector, "fold": fold_vector, "standing": standing_vector, "bundles": bundle_vector,
    "contracts": contracts_vector, "adoption": adoption_vector,
}  # fmt: skip


def expected(v):
    if "flaw" in v:
        return v["flaw"]
    return v["expect"] if isinstance(v.get("expect"), str) else "ok"


# The rules of contracts are run by members, and not by who checks an answer.
NOT_VERIFIED = {"lex-1"}


def main():
    passed = failed = 0
    for path in sorted(VECTORS.glob("*.jsonl")):
        if path.stem in NOT_VERIFIED:
            continue
        run = RUNNERS.get(path.stem)
        if run is None:
            print(f"{path.name}: no runner for this file")
            failed += 1
            continue
        for number, line in enumerate(path.read_text().split("\n"), 1):
            if not line:
                continue
            v = json.loads(line)
            got = run(v)
            if got == expected(v):
                passed += 1
            else:
                failed += 1
                print(f"{path.name}:{number}: {v['name']}: {got}, not {expected(v)}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
