"""What contracts may do (docs/spec/adoption.md), and whether an entry that nobody signed is theirs
(docs/spec/bundle.md, section 4.9)."""

import acts
import days
import fold
import ids
import standing
from acts import refuse_if
from onewriting import Fault, write
from records import BOARD, CALL, TIMER, body_bytes, sha256_hex
from tx import CHANGE

VERBS = {
    "lifecycle": "contract.set_lifecycle", "term": "contract.set_term", "extend": "contract.set_term",
    "order": "contract.impose", "lift": "contract.lift",
}  # fmt: skip
THE_EDITION, ANY_EDITION, NO_EDITION = "edition", "any", "none"
HELD = "held-"


def automatic(view, contract, license_id, c):
    """The effect of a change that a contract makes; raises Refusal."""
    l = acts.get_live(view, license_id)
    check_form(contract, c)
    if c["do"] == "lifecycle":
        check_status(view, contract, license_id, c)
    elif c["do"] in ("term", "extend"):
        check_term(l, c)
    elif c["do"] == "order":
        o = fold.order_of(l, c["order"])
        ever = any(x["order"] == c["order"] for e in view.entries("license", license_id) for x in e["changes"])
        refuse_if(ever if o is None else o["contract"] != contract, "order-closed")
    else:
        o = fold.order_of(l, c["order"])
        all_changes = [x for e in view.entries("license", license_id) for x in e["changes"]]
        imposed = [x for x in all_changes if (x["do"], x["order"], x["contract"]) == ("order", c["order"], contract)]
        refuse_if(not imposed, "unknown-order")
        if o is None or o["contract"] != contract or o["end"] and o["end"] < c["from"]:
            return None  # there is nothing left to lift
    was = [dict(o) for o in l["orders"] if not o["contract"]]
    e = acts.change(l, c["from"], c)
    refuse_if([o for o in l["orders"] if not o["contract"]] != was, "reach")
    return e


def check_form(contract, c):
    if c["do"] == "order":
        own = c["contract"] == contract and c["action"] in standing.ACTION_CODES and not c["commitment"]
        refuse_if(not own, "change")
        c = {**c, "action": "", "contract": ""}
    refuse_if(c["do"] not in VERBS, "change")
    acts.check_change(c)


def check_status(view, contract, license_id, c):
    status, by, first = "", "", ""
    for e in fold.contributions(view.entries("license", license_id)):
        for x in e["changes"]:
            if x["do"] == "lifecycle" and first <= x["from"] <= c["from"]:
                status, first, by = x["status"], x["from"], (e["cause"] or {}).get("contract", "")
    refuse_if(status in acts.ENDED, "license-ended")
    refuse_if(c["status"] == "active" and status not in ("", "active") and by != contract, "reach")


def check_term(l, c):
    refuse_if(standing.lifecycle_on(l, c["from"]) in acts.ENDED, "license-ended")
    t = fold.term_of(l, c["from"])
    longer = t is None or fold.extends(t, c["through"], c["grace"])
    refuse_if((t is not None) != (c["do"] == "extend") or not longer, "not-extended")
    for o in l["terms"]:
        overlap = (not o["through"] or c["from"] <= o["through"]) and (not c["through"] or o["from"] <= c["through"])
        refuse_if(o is not t and overlap, "term-overlap")


# The carried judgment.


def why_not(histories, past, e):
    """Why an entry that nobody signed is not by a contract, or ''."""
    c = e["cause"]
    if c is None:
        return day_calls(past, e)
    if e["kind"] != "license" or c["header"] or c["signatures"] or c["act"]:
        return "the network tells it of a contract"
    found = intended(histories, past, e)
    if found is None:
        return "no contract does this"
    effect, edition = found
    if edition != NO_EDITION:
        row = row_of(past, e)
        newer = row and row["version"] == c["version"] and row["amendment"] <= c["amendment"]
        signed = newer and (row["amendment"] < c["amendment"] or row["hash"] == c["hash"])
        if row is None or edition == THE_EDITION and not signed:
            return "the board had not signed this edition"
    return compared(past, e, effect)


def compared(past, e, effect):
    effect = {**acts.EFFECT, **effect}
    effect["effective"] = effect["effective"] or days.legal_day(past.get("calendar", ids.board_of(e["kind"], e["id"])), past.now)
    same = all(effect[k] == e[k] for k in ("effective", "replaces", "voids", "changes", "import"))
    if not same or sha256_hex(body_bytes(e["kind"], effect["record"])) != e["result"] or not same_writes(effect["also"], e["also"]):
        return "the entry says something else than a contract may do"
    return f"the bundle does not tell {past.missing}" if past.missing else ""


def same_writes(also, writes):
    mine = [(k, i, None if r is None else write(shape.dump(r))) for k, i, r, shape in also]
    return mine == [(w["kind"], w["id"], None if w["value"] is None else write(w["value"])) for w in writes]


def row_of(past, e):
    record = past.get("contracts", ids.board_of(e["kind"], e["id"]))
    rows = record["rows"] if record else []
    return next((r for r in rows if r["contract"] == e["cause"]["contract"]), None)


def intended(histories, past, e):
    """What the entry says that a contract did, done again: (effect, edition), or None."""
    contract = e["cause"]["contract"]
    if len(e["changes"]) == 1 and VERBS.get(e["changes"][0]["do"]) == e["act"]:
        effect = automatic(past, contract, e["id"], e["changes"][0])
        return effect and (effect, THE_EDITION)
    if len(e["also"]) != 1:
        return None
    w = e["also"][0]
    what = e["act"], w["kind"]
    if what == ("contract.queue", "call"):
        call = loaded(CALL, w["value"])
        about = call and call["contract"] == contract and e["id"] == (call["each"] or call["license"])
        return (queue(past, e, w["id"], "wait", call), ANY_EDITION) if about else None
    if what == ("contract.called", "call"):
        return (queue(past, e, w["id"], "ran", None), NO_EDITION) if waited(histories, past, e, w["id"]) else None
    if what == ("contract.timer", "timer"):
        return set_timer(past, e, w)
    return None


def loaded(shape, value):
    try:
        return None if value is None else shape.load(value)
    except Fault:
        return None


def queue(past, e, number, do, call):
    l = acts.get_license(past, e["id"])
    return {**acts.change(l, "", CHANGE.new(do=do)), "also": [("call", number, call, CALL)]}


def waited(histories, past, e, number):
    yes = False
    for b in past.entries("license", e["id"]):
        about = len(b["also"]) == 1 and b["also"][0]["id"].removeprefix(HELD) == number
        if about and b["cause"] and b["cause"]["contract"] == e["cause"]["contract"] and histories.carried(b["hash"]):
            yes = b["act"] == "contract.queue"
    return yes


def set_timer(past, e, w):
    prefix = f"{e['id']}~{e['cause']['contract']}~"
    t = loaded(TIMER, w["value"])
    if not w["id"].startswith(prefix) or (t is None) != (w["value"] is None):
        return None
    l = acts.get_license(past, e["id"])
    if any((ord(c) < 0x20 and c not in "\n\t") or c == "\x7f" for c in w["id"][len(prefix) :]):
        return None
    if (past.get("timer", w["id"]) or {}).get("day", "") == (t["day"] if t else ""):
        return None
    edition = THE_EDITION if t or e["cause"]["version"] > 0 else NO_EDITION
    return {"record": l, "also": [("timer", w["id"], t, TIMER)]}, edition


def day_calls(past, e):
    """Of a board: nothing but how far the calls of its days have come."""
    before = past.entries(e["kind"], e["id"])
    if e["kind"] != "board" or e["act"] != "contract.days" or not before:
        return "no act is named"
    was, now = loaded(BOARD, before[-1]["body"]), loaded(BOARD, e["body"])
    if was is None or now is None:
        return "the record cannot be read"
    was["days"] = now["days"]
    if body_bytes("board", was) != write(e["body"]):
        return "an entry about a board that nobody signed changes more than its days"
    return compared(past, e, {"record": was})
