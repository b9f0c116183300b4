"""From the entries about a license to its record (docs/spec/fold.md).

An entry is the dictionary of records.ENTRY with "hash" added.
"""

import days
from records import DATED_OPENING, LICENSE, LIFECYCLE, ORDER, REST, STAY, TERM


def order_of(license_, order_id):
    """The row of an order, or None."""
    return next((o for o in license_["orders"] if o["id"] == order_id), None)


def term_of(license_, first):
    """The newest term that begins on a day, or None."""
    return next((t for t in reversed(license_["terms"]) if t["from"] == first), None)


def extends(t, through, grace):
    """Whether these last days make a term longer."""
    was, now = max(t["through"], t["grace"]), max(through, grace)
    return bool(t["through"]) and through >= t["through"] and now >= was and (through, now) != (t["through"], was)


def apply(l, c):
    """Puts one change on the license and counts it."""
    _count(l["counts"], c)
    do, from_ = c["do"], c["from"]
    if do == "issue":
        l.update(licensee=c["licensee"], subject=c["subject"], source=c["source"], route=c["route"], issued=from_)
        l["rests"] = [REST.new(license=c["other"], from_=from_)] if c["other"] else []
    elif do == "rest":
        if l["rests"]:
            l["rests"].append(REST.new(license=c["other"], from_=from_))
    elif do == "term":
        l["terms"].append(TERM.new(from_=from_, through=c["through"], grace=c["grace"]))
    elif do == "extend":
        t = term_of(l, from_)
        if t is not None and extends(t, c["through"], c["grace"]):
            t.update(through=c["through"], grace=c["grace"])
    elif do == "lifecycle":
        l["lifecycles"].append(LIFECYCLE.new(status=c["status"], from_=from_))
    elif do == "route":
        l["route"] = c["route"]
    elif do == "open":
        l["openings"].append(DATED_OPENING.new(kind=c["kind"], commitment=c["commitment"], from_=from_))
    elif do == "order":
        if order_of(l, c["order"]) is None:
            l["orders"].append(ORDER.new(id=c["order"]))
        o = order_of(l, c["order"])
        o.update(commitment=c["commitment"], authority=c["authority"], start=from_, end=c["through"], action=c["action"], contract=c["contract"])
    elif do == "seal":
        o = order_of(l, c["order"])
        if o is not None:
            l["orders"].remove(o)
    elif do in ("stay", "unstay", "lift"):
        o = order_of(l, c["order"])
        if o is not None:
            _apply_to_order(o, do, from_)
    o = order_of(l, c["order"])
    if o is not None:
        o["count"] += 1


def _apply_to_order(o, do, from_):
    if do == "stay":
        o["stays"].append(STAY.new(from_=from_))
    elif do == "unstay":
        last = o["stays"][-1] if o["stays"] else None
        if last and not last["through"] and from_ > last["from"]:
            last["through"] = days.add_days(from_, -1)
    elif from_ > o["start"] and (not o["end"] or from_ <= o["end"]):
        o["end"] = days.add_days(from_, -1)
    elif o["contract"] and from_ <= o["start"]:
        o["end"] = days.add_days(o["start"], -1)


def _count(counts, c):
    if c["do"] in ("term", "extend", "lifecycle", "rest"):
        counts["term"] += 1
    elif c["do"] in ("issue", "open", "route"):
        counts["identity"] += 1
    elif c["do"] in ("link", "unlink"):
        counts["links"] += 1
    elif c["do"] == "wait":
        counts["pending"] += 1
    elif c["do"] == "ran":
        counts["pending"] -= 1


def dead_entries(es):
    """The hashes of void entries."""
    dead = set()
    for e in reversed(es):
        if e["hash"] not in dead:
            dead.update(e["voids"])
    return dead


class Lineage:
    """Which entries stand for each other."""

    def __init__(self, es):
        dead = dead_entries(es)
        self.first, self.newest = {}, {}
        for e in es:
            first = self.first.get(e["replaces"]) if e["replaces"] else None
            first = e["hash"] if first is None else first
            self.first[e["hash"]] = first
            if e["hash"] not in dead:
                self.newest[first] = e

    def stands(self, entry_hash):
        """The entry that stands in the place of this one, or None."""
        return self.newest.get(self.first.get(entry_hash))


def contributions(es):
    """The entries whose changes count, each in its place."""
    line = Lineage(es)
    firsts = [e for e in es if line.first[e["hash"]] == e["hash"]]
    return [s for s in (line.stands(e["hash"]) for e in firsts) if s is not None]


def fold(es, known=""):
    """The license, or None when no entry was recorded by then."""
    es = [e for e in es if not known or e["time"] <= known]
    if not es:
        return None
    l = LICENSE.zero()
    for e in contributions(es):
        for c in e["changes"]:
            apply(l, c)
    if l["source"] == "import":
        _credit(l, contributions(es))
    l["counts"] = _count_all(es)
    for o in l["orders"]:
        o["count"] = sum(c["order"] == o["id"] for e in es for c in e["changes"])
    l["last"] = es[-1]["hash"]
    return l


def shows(l, c):
    """Whether the record shows something of the change."""
    return c["do"] not in ("link", "unlink", "wait", "ran") and (not c["order"] or order_of(l, c["order"]) is not None)


def _credit(l, standing):
    """What a license that came from a file rests on: the newest file's day, and whether something was decided here."""
    for e in standing:
        shown = any(shows(l, c) for c in e["changes"])
        if shown and e["import"] is None:
            l["decided"] = True
        elif shown:
            l["copied"] = max(l["copied"], e["import"]["day"])


def _count_all(es):
    counts = LICENSE.zero()["counts"]
    for e in es:
        for c in e["changes"]:
            _count(counts, c)
        if e["import"] is not None:
            counts["imports"] += 1
        elif e["voids"] or e["replaces"]:
            counts["repairs"] += 1
    return counts


def sealed_orders(es):
    return {c["order"] for e in es for c in e["changes"] if c["do"] == "seal"}


def names_order(e, orders):
    return any(c["order"] and c["order"] in orders for c in e["changes"])
