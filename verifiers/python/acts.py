"""What an act does to the records, or why it is refused (docs/spec/acts.md).

decide returns an effect: kind, id, record, effective, replaces, voids, changes, import, also.
A view is as in authority.py, and has entries(kind, id), not_after(header) and now too.
"""

import days
import fold
import ids
import standing
import tx
from onewriting import Fault
from authority import Refusal, officer_at
from records import (
    BOARD, CALENDAR, CLAIMS, CONTRACT, CONTRACT_ROW, CONTRACTS, EDITION, FACT, LICENSE, LICENSEE, LINK, NETWORK, OFFICER, OPENING_RECORD, POLICY, PROFESSION, PROVENANCE,
    SETTLEMENT, is_signed,
)  # fmt: skip
from trust import MEMBER_SET
from tx import CHANGE

TERMS_MAX, ORDERS_MAX, OPENINGS_MAX, VOIDS_MAX, STAYS_MAX = 400, 200, 400, 100, 50
RULES_MAX, ROLES_MAX, LABELS_MAX, ROWS_MAX, MEMBERS_MAX = 100, 20, 100, 200, 64
CLAIMS_MAX, CLAIM_TEXT_MAX = 15, 40
CONTRACTS_MAX, CONTRACT_BOARDS_MAX, EDITIONS_MAX, TEXTS_MAX = 32, 64, 24, 67
OFFSET_MAX = 100 * 366 * 86400
RULES_NEWEST = 3
SHARE_MAX = 10_000
ORGANIZATION_FACTS = ("branch", "parent", "responsible_person", "control_person", "dba", "registered_agent")
FACT_CODES = ("application", "notice", "report", "charge", "qualification", "role", "bond", "ce_hours") + ORGANIZATION_FACTS
STATUSES = ("active", "inactive", "surrendered", "deceased", "canceled")

EFFECT = {"effective": "", "replaces": "", "voids": [], "changes": [], "import": None, "also": []}


def refuse_if(condition, code, detail=""):
    if condition:
        raise Refusal(code, detail)


def decide(act, view):
    """The effect of an act; raises Refusal."""
    refs = tx.opens(act)
    for i, (kind, commitment) in enumerate(refs):
        text = kind == tx.TEXT and act["do"].startswith("contract.")
        refuse_if(not text and kind not in tx.OPENING_KINDS, "opening-kind")
        used = any(c == commitment for _, c in refs[:i]) or view.get("opening", commitment) is not None
        refuse_if(used, "opening-used")
    e = {**EFFECT, **DECIDE[act["do"]](act, view)}
    e["kind"], e["id"] = tx.target(act)
    board = ids.board_of(e["kind"], e["id"])
    if not e["effective"]:
        e["effective"] = days.legal_day(view.get("calendar", board) if board else None, view.now)
    if refs:
        record = view.get("board", board)
        also = [("opening", c, OPENING_RECORD.new(kind=k, who=audience(record, k))) for k, c in refs]
        e["also"] = e["also"] + also
    return e


def audience(board, kind):
    """Who may see openings of a kind."""
    if kind == tx.TEXT:
        return "public"
    said = {a["kind"]: a["who"] for a in reversed(board["audiences"] if board else [])}
    if kind == "settlement" and kind not in said:
        kind = "name"
    return said.get(kind, "board")


def stale(has, named):
    refuse_if(has != named, "stale", f"counts {has}, signed over {named}")


def span(first, last):
    refuse_if(last and last < first, "days-reversed")


def count_of(record):
    return record["count"] if record else 0


# Licenses.


def get_license(view, license_id):
    l = view.get("license", license_id)
    refuse_if(l is None, "unknown-license")
    return l


def get_live(view, license_id):
    l = get_license(view, license_id)
    refuse_if(not l["licensee"], "void-license")
    return l


def check_facet(a, view, facet):
    """The license, of which a facet is as it was when the act was signed."""
    l = get_license(view, a["license"])
    stale(l["counts"][facet], a["count"])
    return l


def live_facet(a, view, facet):
    get_live(view, a["license"])
    return check_facet(a, view, facet)


def check_number(view, license_id):
    parsed = ids.parse_license_id(license_id)
    refuse_if(not parsed, "bad-id")
    profession = view.get("profession", parsed[1])
    refuse_if(profession is None, "unknown-profession")
    refuse_if(not ids.fits(profession["pattern"], parsed[2]), "number-pattern")


def check_subject(view, licensee, subject, again=""):
    refuse_if(subject not in ("person", "organization"), "subject")
    refuse_if(not ids.is_random(licensee), "licensee-id")
    taken = view.get("licensee", licensee)
    refuse_if(taken is not None and (not again or taken["license"] != again), "licensee-taken")


def check_route(route):
    refuse_if(route and not ids.is_name(route, 48), "route")


def check_term(a):
    refuse_if(not a["through"] and a["grace"], "days-reversed")
    span(a["from"], a["through"])
    span(a["through"], a["grace"])


def check_holder_openings(refs):
    refuse_if(any(o["kind"] in ("order", "fact", "settlement") for o in refs), "opening-kind")


def open_changes(refs, first):
    return [CHANGE.new(do="open", kind=o["kind"], commitment=o["commitment"], from_=first) for o in refs]


def check_amount(l):
    many = len(l["terms"]) > TERMS_MAX or len(l["lifecycles"]) > TERMS_MAX
    refuse_if(many or len(l["orders"]) > ORDERS_MAX or len(l["openings"]) > OPENINGS_MAX, "too-much")


def change(l, effective, *changes):
    """The effect of changes on a license."""
    for c in changes:
        fold.apply(l, c)
    if l["source"] == "import" and any(fold.shows(l, c) for c in changes):
        l["decided"] = True
    check_amount(l)
    return {"record": l, "effective": effective, "changes": list(changes)}


def refold(es, **entry):
    """The effect of an entry that takes back or replaces others."""
    nxt = {"hash": "", "time": "", "replaces": "", "voids": [], "changes": [], "import": None, **entry}
    l = fold.fold(es + [nxt])
    check_amount(l)
    return {"record": l, "replaces": nxt["replaces"], "voids": nxt["voids"], "changes": nxt["changes"], "import": nxt["import"]}


def get_own(view, license_id):
    l = get_live(view, license_id)
    refuse_if(l["rests"], "privilege")
    return l


def get_granted(view, license_id):
    l = get_live(view, license_id)
    refuse_if(not l["rests"], "not-privilege")
    return l


def own_facet(a, view):
    l = get_own(view, a["license"])
    stale(l["counts"]["term"], a["count"])
    return l


def license_issue(a, view, rests=""):
    if not rests:
        check_number(view, a["license"])
    check_subject(view, a["licensee"], a["subject"])
    check_route(a["route"])
    check_term(a)
    check_holder_openings(a["openings"])
    l = view.get("license", a["license"]) or LICENSE.zero()
    refuse_if(l["licensee"], "license-exists")
    issue = CHANGE.new(do="issue", licensee=a["licensee"], subject=a["subject"], route=a["route"], other=rests, from_=a["issued"])
    term = CHANGE.new(do="term", from_=a["from"], through=a["through"], grace=a["grace"])
    e = change(l, a["from"], issue, term, *open_changes(a["openings"], a["issued"]))
    return {**e, "also": [("licensee", a["licensee"], LICENSEE.new(license=a["license"]))]}


def license_renew(a, view):
    l = own_facet(a, view)
    check_term(a)
    return renew(l, a)


def renew(l, a, *more):
    refuse_if(standing.lifecycle_on(l, a["from"]) in ("surrendered", "deceased", "canceled"), "license-ended")
    for t in l["terms"]:
        overlap = (not t["through"] or a["from"] <= t["through"]) and (not a["through"] or t["from"] <= a["through"])
        longer = not a["through"] or t["through"] and t["through"] <= a["through"]
        refuse_if(overlap and not (more and t["from"] < a["from"] and longer), "term-overlap")
    return change(l, a["from"], CHANGE.new(do="term", from_=a["from"], through=a["through"], grace=a["grace"]), *more)


def license_amend(a, view):
    l = live_facet(a, view, "identity")
    check_route(a["route"])
    check_holder_openings(a["openings"])
    changes = open_changes(a["openings"], a["from"])
    if a["route"]:
        changes.append(CHANGE.new(do="route", route=a["route"], from_=a["from"]))
    refuse_if(not changes, "nothing")
    return change(l, a["from"], *changes)


def license_surrender(a, view):
    l = own_facet(a, view)
    return change(l, a["from"], CHANGE.new(do="lifecycle", status="surrendered", from_=a["from"]))


ENDED = ("surrendered", "deceased", "canceled")


def lifecycle(l, status, first):
    return change(l, first, CHANGE.new(do="lifecycle", status=status, from_=first))


def license_inactivate(a, view):
    l = own_facet(a, view)
    status = standing.lifecycle_on(l, a["from"])
    refuse_if(status in ENDED, "license-ended")
    refuse_if(status == "inactive", "nothing")
    return lifecycle(l, "inactive", a["from"])


def license_reactivate(a, view):
    l = live_facet(a, view, "term")
    status = standing.lifecycle_on(l, a["from"])
    refuse_if(status == "deceased", "license-ended")
    refuse_if(status in ("", "active"), "nothing")
    return lifecycle(l, "active", a["from"])


def license_decease(a, view):
    l = own_facet(a, view)
    refuse_if(l["subject"] != "person", "subject")
    refuse_if(any(c["status"] == "deceased" for c in l["lifecycles"]), "license-ended")
    refuse_if(any(c["from"] > a["from"] for c in l["lifecycles"]), "days-reversed")
    return lifecycle(l, "deceased", a["from"])


def license_extend(a, view):
    l = own_facet(a, view)
    check_term({**a, "from": a["term"]})
    t = fold.term_of(l, a["term"])
    refuse_if(t is None, "unknown-term")
    refuse_if(not fold.extends(t, a["through"], a["grace"]), "not-extended")
    for u in l["terms"]:
        overlap = u["from"] <= a["through"] and (not u["through"] or u["through"] > t["through"])
        refuse_if(u is not t and overlap, "term-overlap")
    first = days.add_days(t["through"], 1)
    return change(l, first, CHANGE.new(do="extend", from_=a["term"], through=a["through"], grace=a["grace"]))


# Orders.


def check_authority(authority):
    refuse_if(authority not in ("none", "conditions", "barred"), "authority")


def check_order_id(order):
    refuse_if(not ids.is_random(order), "order-id")


def license_discipline(a, view):
    return discipline(get_own(view, a["license"]), a, view)


def discipline(l, a, view):
    check_authority(a["authority"])
    span(a["from"], a["through"])
    check_order_id(a["order"])
    o = fold.order_of(l, a["order"])
    if o is None:
        ever = any(c["order"] == a["order"] for e in view.entries("license", a["license"]) for c in e["changes"])
        refuse_if(a["count"] != 0 or ever, "order-closed")
    else:
        stale(o["count"], a["count"])
    members = {k: a[k] for k in ("order", "authority", "commitment", "from", "through")}
    return change(l, a["from"], {**CHANGE.new(do="order"), **members})


def open_order(a, view, get=get_live):
    l = get(view, a["license"])
    o = fold.order_of(l, a["order"])
    refuse_if(o is None, "unknown-order")
    stale(o["count"], a["count"])
    return l, o


def license_stay(a, view):
    l, o = open_order(a, view)
    last = o["stays"][-1] if o["stays"] else None
    refuse_if(last and (not last["through"] or a["from"] <= last["through"]), "stayed")
    refuse_if(len(o["stays"]) == STAYS_MAX, "too-much")
    return change(l, a["from"], CHANGE.new(do="stay", order=a["order"], from_=a["from"]))


def license_unstay(a, view):
    l, o = open_order(a, view)
    last = o["stays"][-1] if o["stays"] else None
    refuse_if(not last or last["through"], "not-stayed")
    refuse_if(a["from"] <= last["from"], "days-reversed")
    return change(l, a["from"], CHANGE.new(do="unstay", order=a["order"], from_=a["from"]))


def license_lift(a, view):
    return lift(a, *open_order(a, view, get_own))


def lift(a, l, o):
    refuse_if(a["from"] <= o["start"], "days-reversed")
    refuse_if(o["end"] and o["end"] < a["from"], "lifted")
    return change(l, a["from"], CHANGE.new(do="lift", order=a["order"], from_=a["from"]))


# Privileges.


def check_rests(view, rests, license_id, subject):
    l = get_live(view, rests)
    same = ids.board_of("license", rests) == ids.board_of("license", license_id)
    refuse_if(same or l["rests"], "rests")
    refuse_if(l["subject"] != subject, "subject")


def privilege_issue(a, view):
    check_number(view, a["license"])
    check_rests(view, a["rests"], a["license"], a["subject"])
    return license_issue(a, view, a["rests"])


def privilege_renew(a, view):
    l = get_granted(view, a["license"])
    stale(l["counts"]["term"], a["count"])
    check_term(a)
    if not a["rests"]:
        return renew(l, a)
    check_rests(view, a["rests"], a["license"], l["subject"])
    return renew(l, a, CHANGE.new(do="rest", other=a["rests"], from_=a["from"]))


def privilege_end(a, view):
    l = get_granted(view, a["license"])
    stale(l["counts"]["term"], a["count"])
    refuse_if(standing.lifecycle_on(l, a["from"]) in ENDED, "license-ended")
    return lifecycle(l, "canceled", a["from"])


def privilege_discipline(a, view):
    return discipline(get_granted(view, a["license"]), a, view)


def privilege_lift(a, view):
    return lift(a, *open_order(a, view, get_granted))


def license_seal(a, view):
    open_order(a, view)
    es = view.entries("license", a["license"])
    forget = []
    for e in es:
        for c in e["changes"]:
            if c["order"] != a["order"]:
                continue
            early = is_signed(e) and view.not_after(e["cause"]["header"]) >= view.now
            refuse_if(early, "seal-early")
            if c["do"] == "order" and not c["contract"]:
                forget.append(c["commitment"])
    e = refold(es, changes=[CHANGE.new(do="seal", order=a["order"])])
    e["also"] = [("opening", h, OPENING_RECORD.new(kind="order", who="board", sealed=True)) for h in forget]
    return e


# Repairs.


def entry_of(es, entry_hash):
    return next((e for e in es if e["hash"] == entry_hash), None)


def does(e, *verbs):
    return any(c["do"] in verbs for c in e["changes"])


def license_void(a, view):
    check_facet(a, view, "repairs")
    refuse_if(len(a["entries"]) > VOIDS_MAX, "too-much")
    es = view.entries("license", a["license"])
    dead, line = fold.dead_entries(es), fold.Lineage(es)
    for i, h in enumerate(a["entries"]):
        e = entry_of(es, h)
        refuse_if(e is None, "unknown-entry")
        refuse_if(h in dead or h in a["entries"][:i], "void-twice")
        refuse_if(does(e, "seal"), "void-seal")
        refuse_if(does(e, "link", "unlink"), "void-link")
        s = line.stands(h)
        refuse_if(s["hash"] != h and s["import"] is None and s["hash"] not in a["entries"], "replaced")
    after = es + [{"hash": "", "replaces": "", "voids": a["entries"], "changes": [], "import": None}]
    named = {c["licensee"] for e in fold.contributions(after) for c in e["changes"] if c["do"] == "issue"}
    refuse_if(len(named) > 1, "license-exists")
    return refold(es, voids=a["entries"])


def license_correct(a, view):
    check_facet(a, view, "repairs")
    es = view.entries("license", a["license"])
    e = entry_of(es, a["entry"])
    refuse_if(e is None or not e["changes"], "unknown-entry")
    refuse_if(a["entry"] in fold.dead_entries(es), "void-twice")
    refuse_if(fold.Lineage(es).stands(a["entry"])["hash"] != a["entry"], "replaced")
    refuse_if(len(a["changes"]) != len(e["changes"]), "correction-shape")
    sealed = fold.sealed_orders(es)
    for c, was in zip(a["changes"], e["changes"]):
        same = all(c[k] == was[k] for k in ("do", "order", "kind", "licensee", "source"))
        refuse_if(not same, "correction-shape")
        rests = c["do"] in ("issue", "rest") and was["other"]
        refuse_if(rests and c["other"] != rests, "correction-shape")
        refuse_if(c["order"] in sealed, "order-closed")
        check_change({**c, "other": ""} if rests else c)
    return refold(es, replaces=a["entry"], changes=a["changes"])


MEMBERS_OF = {
    "issue": {"licensee", "subject", "source", "route"}, "term": {"through", "grace"}, "extend": {"through", "grace"}, "lifecycle": {"status"},
    "route": {"route"}, "open": {"kind", "commitment"}, "order": {"order", "authority", "commitment", "through"},
    "stay": {"order"}, "unstay": {"order"}, "lift": {"order"}, "rest": set(),
}  # fmt: skip


def check_change(c):
    """The values of a change that a correction or an import brings."""
    do = c["do"]
    allowed = MEMBERS_OF.get(do, set()) | {"do", "from"}
    refuse_if(do not in MEMBERS_OF or any(v for k, v in c.items() if k not in allowed), "change")
    refuse_if(not c["from"] and (do, c["source"]) != ("issue", "import"), "day-missing")
    if do == "issue":
        refuse_if(c["subject"] not in ("person", "organization"), "subject")
        check_route(c["route"])
    elif do == "term":
        check_term(c)
    elif do == "extend":
        refuse_if(not c["through"], "day-missing")
        check_term(c)
    elif do == "route":
        check_route(c["route"])
    elif do == "open":
        check_holder_openings([c])
    elif do == "order":
        check_order_id(c["order"])
        check_authority(c["authority"])
        span(c["from"], c["through"])
    elif do == "lifecycle":
        refuse_if(c["status"] not in STATUSES, "lifecycle")


# Links and facts.


def licensee_link(a, view):
    l = live_facet(a, view, "links")
    refuse_if(a["license"] == a["other"], "link-self")
    get_live(view, a["other"])
    link_id, mine = ids.link_id(a["license"], a["other"]), ids.board_of("license", a["license"])
    k = view.get("link", link_id) or LINK.zero()
    refuse_if(mine in k["boards"], "linked")
    k["boards"] = sorted(k["boards"] + [mine])
    if mine == ids.board_of("license", a["other"]) or len(k["boards"]) == 2:
        k.update(effective=a["effective"], ended="")
    e = change(l, a["effective"], CHANGE.new(do="link", other=a["other"], from_=a["effective"]))
    return {**e, "also": [("link", link_id, k)]}


def licensee_unlink(a, view):
    l = check_facet(a, view, "links")
    link_id, mine = ids.link_id(a["license"], a["other"]), ids.board_of("license", a["license"])
    k = view.get("link", link_id) or LINK.zero()
    refuse_if(mine not in k["boards"], "not-linked")
    k["boards"].remove(mine)
    if k["effective"] and not k["ended"]:
        refuse_if(a["effective"] < k["effective"], "days-reversed")
        k["ended"] = a["effective"]
    e = change(l, a["effective"], CHANGE.new(do="unlink", other=a["other"], from_=a["effective"]))
    return {**e, "also": [("link", link_id, k)]}


def check_fact(a, code):
    refuse_if(len(a["party"].encode()) > 200, "too-much")
    refuse_if(code in ORGANIZATION_FACTS and not a["party"] and not a["commitment"], "nothing")
    refuse_if(code == "control_person" and not 0 <= a["number"] <= SHARE_MAX, "share")
    span(a["day"], a["through"])


FACT_MEMBERS = ("day", "through", "number", "party", "commitment")


def fact_record(a, view):
    board, _, random = a["fact"].partition("/")
    refuse_if(not ids.is_random(random) or ids.board_of("license", a["about"]) != board, "fact-id")
    refuse_if(view.get("fact", a["fact"]) is not None, "fact-exists")
    get_live(view, a["about"])
    refuse_if(a["code"] not in FACT_CODES, "fact-code")
    check_fact(a, a["code"])
    record = FACT.new(about=a["about"], code=a["code"], count=1)
    record.update({k: a[k] for k in FACT_MEMBERS})
    return {"effective": a["day"], "record": record}


def open_fact(a, view):
    f = view.get("fact", a["fact"])
    refuse_if(f is None, "unknown-fact")
    refuse_if(f["ended"], "fact-ended")
    stale(f["count"], a["count"])
    f["count"] += 1
    return f


def fact_amend(a, view):
    f = open_fact(a, view)
    check_fact(a, f["code"])
    f.update({k: a[k] for k in FACT_MEMBERS})
    return {"effective": a["day"], "record": f}


def fact_end(a, view):
    f = open_fact(a, view)
    refuse_if(a["day"] < f["day"], "days-reversed")
    f["ended"] = a["day"]
    return {"effective": a["day"], "record": f}


# Imports.


def import_assert(a, view):
    es = view.entries("license", a["license"])
    _check_row(a, fold.sealed_orders(es))
    first = a["from"] or a["day"]
    board = view.get("board", ids.board_of("license", a["license"]))
    importer = board["member"] if board else ""
    changes = a["changes"] + open_changes(a["openings"], first)
    l = view.get("license", a["license"]) or LICENSE.zero()
    known = bool(l["licensee"])
    stale(l["counts"]["imports"], a["count"])
    if known:
        _check_known(a, l, es, changes)
    else:
        _check_new(a, view)
    also = []
    issue = CHANGE.new(do="issue", licensee=a["licensee"], subject=a["subject"], source="import", from_=a["issued"])
    if known:  # and no file told its issue so far
        issue.update(licensee=l["licensee"], subject=l["subject"], route=l["route"])
    else:
        also = [("licensee", a["licensee"], LICENSEE.new(license=a["license"]))]
    if not known or a["issued"]:
        changes = [issue] + changes
    refuse_if(not changes, "nothing")
    previous = entry_of(es, a["previous"]) if a["previous"] else None
    if previous and previous["changes"] and previous["changes"][0]["do"] == "issue":
        changes = [previous["changes"][0]] + changes
    provenance = PROVENANCE.new(file=a["file"], row=a["row"], day=a["day"], importer=importer)
    e = refold(es, replaces=a["previous"], changes=changes, **{"import": provenance})
    return {**e, "also": also, "effective": first}


def _check_row(a, sealed):
    refuse_if(a["row"] < 1, "row")
    for c in a["changes"]:
        refuse_if(c["do"] not in ("term", "lifecycle", "order", "route"), "change")
        check_change(c)
        refuse_if(c["order"] in sealed, "order-closed")
    check_holder_openings(a["openings"])


def _check_new(a, view):
    refuse_if(a["previous"], "unknown-entry")
    check_number(view, a["license"])
    check_subject(view, a["licensee"], a["subject"], a["license"])


def facet(c):
    if c["do"] == "extend":
        return "term/"
    return c["do"] + "/" + c["kind"] + c["order"]


def _check_known(a, l, es, changes):
    told = a["issued"] and (l["issued"] or a["previous"])
    refuse_if(a["licensee"] or a["subject"] or told, "license-exists")
    refuse_if(l["source"] != "import", "native")
    if a["previous"]:
        p = entry_of(es, a["previous"])
        refuse_if(p is None or p["import"] is None, "unknown-entry")
        s = fold.Lineage(es).stands(a["previous"])
        refuse_if(s is None, "void-twice")
        refuse_if(s["import"] is None, "native")
        refuse_if(s["hash"] != a["previous"], "replaced")
    native = {facet(c) for e in fold.contributions(es) if e["import"] is None for c in e["changes"]}
    refuse_if(any(facet(c) in native for c in changes), "native")


def get_claims(view, claim, count):
    c = view.get("claim", claim) or CLAIMS.zero()
    stale(c["count"], count)
    c["count"] += 1
    return c


def import_claim(a, view):
    board, _, npi = a["claim"].partition(".")
    refuse_if(not ids.is_npi(npi), "npi")
    refuse_if(a["row"] < 1, "row")
    refuse_if(len(a["claims"]) > CLAIMS_MAX, "too-much")
    for x in a["claims"]:
        good = ids.is_line(x["number"], 1, ids.NUMBER_MAX) and all(ids.is_line(x[k], 0, CLAIM_TEXT_MAX) for k in ("state", "taxonomy"))
        refuse_if(not good, "claim")
    c = get_claims(view, a["claim"], a["count"])
    refuse_if(c["import"] is not None and a["day"] < c["import"]["day"], "older-file")
    refuse_if(a["claims"] == c["claims"], "nothing")
    record = view.get("board", board)
    provenance = PROVENANCE.new(file=a["file"], row=a["row"], day=a["day"], importer=record["member"] if record else "")
    c.update({"claims": a["claims"], "import": provenance})
    return {"effective": a["day"], "record": c, "import": provenance}


def body_of(e):
    try:
        return CLAIMS.load(e["body"])
    except Fault:  # no act made it, so it counts for nobody
        return CLAIMS.zero()


def import_undo(a, view):
    if a["claim"]:
        refuse_if(a["license"], "claim")
        c = get_claims(view, a["claim"], a["count"])
        es = view.entries("claim", a["claim"])
    else:
        check_facet(a, view, "repairs")
        es = view.entries("license", a["license"])
    refuse_if(len(a["entries"]) > VOIDS_MAX, "too-much")
    dead, line = fold.dead_entries(es), fold.Lineage(es)
    for i, h in enumerate(a["entries"]):
        e = entry_of(es, h)
        refuse_if(e is None, "unknown-entry")
        refuse_if(e["import"] is None or e["import"]["file"] != a["file"], "other-file")
        refuse_if(h in dead or h in a["entries"][:i], "void-twice")
        refuse_if(line.stands(h)["import"] is None, "native")
    if a["claim"]:
        left = [e for e in es if e["import"] and e["hash"] not in dead and e["hash"] not in a["entries"]]
        says = body_of(left[-1]) if left else CLAIMS.zero()
        c.update({k: says[k] for k in ("import", "claims")})
        return {"record": c, "voids": a["entries"]}
    nxt = {"hash": "", "replaces": "", "voids": a["entries"], "changes": [], "import": None}
    after = fold.contributions(es + [nxt])
    own = any(e["import"] is None and any(c["do"] not in ("link", "unlink", "wait", "ran") for c in e["changes"]) for e in after)
    refuse_if(own and not any(does(e, "issue") for e in after), "native")
    return refold(es, voids=a["entries"])


def settlement(a, view):
    s = view.get("settlement", a["license"]) or SETTLEMENT.zero()
    stale(s["count"], a["count"])
    return s


def import_settle(a, view):
    refuse_if(not ids.parse_license_id(a["license"]), "bad-id")
    s = settlement(a, view)
    return {"record": SETTLEMENT.new(commitment=a["commitment"], count=s["count"] + 1)}


def import_withdraw(a, view):
    s = settlement(a, view)
    refuse_if(not s["commitment"], "nothing")
    return {"record": SETTLEMENT.new(count=s["count"] + 1)}


# Boards, officers, policies.


def get_board(view, board):
    b = view.get("board", board)
    refuse_if(b is None, "unknown-board")
    return b


def check_audiences(a):
    for i, x in enumerate(a["audiences"]):
        twice = any(y["kind"] == x["kind"] for y in a["audiences"][:i])
        refuse_if(x["kind"] not in tx.OPENING_KINDS or x["who"] not in ("public", "board") or twice, "audience")
    refuse_if(a["sealed_shown"] not in ("", "hidden"), "sealed-shown")


def member_of(view, member_id):
    record = view.get("members", "set")
    return next((m for m in (record["members"] if record else []) if m["id"] == member_id), None)


def board_create(a, view):
    refuse_if(not ids.is_name(a["board"], 32), "bad-id")
    refuse_if(view.get("board", a["board"]) is not None, "board-exists")
    m = member_of(view, a["member"])
    refuse_if(m is None, "unknown-member")
    refuse_if(a["source"] not in ("", "import"), "source")
    refuse_if(a["source"] == "import" and a["root"] != m["root"], "import-root")
    check_audiences(a)
    members = ("name", "member", "jurisdiction", "root", "source", "audiences", "sealed_shown")
    return {"record": BOARD.new(count=1, **{k: a[k] for k in members})}


def board_amend(a, view):
    b = get_board(view, a["board"])
    stale(b["count"], a["count"])
    check_audiences(a)
    b.update(name=a["name"], audiences=a["audiences"], sealed_shown=a["sealed_shown"], count=b["count"] + 1)
    return {"record": b}


def board_succeed(a, view):
    b = get_board(view, a["board"])
    stale(b["count"], a["count"])
    refuse_if(a["old"] != b["root"] or a["root"] == a["old"], "root-key")
    if b["source"] == "import":
        m = member_of(view, b["member"])
        refuse_if(m is None or m["root"] != a["root"], "import-root")
    b.update(root=a["root"], count=b["count"] + 1)
    return {"record": b}


def board_claim(a, view):
    b = get_board(view, a["board"])
    stale(b["count"], a["count"])
    refuse_if(b["source"] != "import", "source")
    refuse_if(a["old"] != b["root"] or a["root"] == a["old"], "root-key")
    refuse_if(member_of(view, a["member"]) is None, "unknown-member")
    b.update(source="", root=a["root"], member=a["member"], name=a["name"] or b["name"], count=b["count"] + 1)
    return {"record": b}


def board_calendar(a, view):
    get_board(view, a["board"])
    refuse_if(len(a["rows"]) > ROWS_MAX, "too-much")
    for i, r in enumerate(a["rows"]):
        later = not i or r["from"] > a["rows"][i - 1]["from"]
        refuse_if(not later or not days.is_row(r), "calendar")
    count = count_of(view.get("calendar", a["board"]))
    stale(count, a["count"])
    return {"record": CALENDAR.new(rows=a["rows"], count=count + 1)}


def board_profession(a, view):
    board, _, code = a["profession"].partition(".")
    refuse_if(not ids.is_name(code, 48), "bad-id")
    get_board(view, board)
    refuse_if(not ids.is_pattern(a["pattern"]), "number-pattern")
    refuse_if(len(a["labels"]) > LABELS_MAX, "too-much")
    codes = [x["code"] for x in a["labels"]]
    refuse_if("" in codes or len(set(codes)) < len(codes), "label")
    count = count_of(view.get("profession", a["profession"]))
    stale(count, a["count"])
    members = ("title", "pattern", "labels", "coverage")
    return {"record": PROFESSION.new(count=count + 1, **{k: a[k] for k in members})}


def check_roles(roles):
    refuse_if(len(roles) > ROLES_MAX, "too-much")
    refuse_if(any(not ids.is_name(r, 32) for r in roles) or len(set(roles)) < len(roles), "role")


def check_officer_id(a, view):
    board, _, name = a["officer"].partition("/")
    refuse_if(not ids.is_name(name, 48), "bad-id")
    get_board(view, board)


def officer_appoint(a, view):
    check_officer_id(a, view)
    refuse_if(view.get("officer", a["officer"]) is not None, "officer-exists")
    check_roles(a["roles"])
    return {"record": OFFICER.new(title=a["title"], key=a["key"], roles=a["roles"], count=1)}


def get_officer(a, view, waits=False):
    o = view.get("officer", a["officer"])
    refuse_if(o is None, "officer-unknown")
    stale(o["count"], a["count"])
    o = officer_at(o, view.now)
    refuse_if(o["status"] == "ended" and not (waits and o["next"]), "officer-ended")
    o["count"] += 1
    return o


def officer_amend(a, view):
    o = get_officer(a, view, waits=True)
    check_roles(a["roles"])
    o.update(title=a["title"], key=a["key"], roles=a["roles"], next=None)
    return {"record": o}


RECOVER_AFTER, RECOVER_WITHIN = 7 * 86400, 90 * 86400


def officer_recover(a, view):
    check_officer_id(a, view)
    o = view.get("officer", a["officer"]) or OFFICER.new(status="ended")
    stale(o["count"], a["count"])
    check_roles(a["roles"])
    wait = days.unix(a["from"]) - days.unix(view.now)
    refuse_if(not RECOVER_AFTER <= wait <= RECOVER_WITHIN, "wait")
    o = officer_at(o, view.now)
    o.update(count=o["count"] + 1, next={k: a[k] for k in ("from", "title", "key", "roles")})
    return {"record": o}


def officer_status(allowed, to):
    def decide_status(a, view):
        o = get_officer(a, view)
        refuse_if(o["status"] == to or (allowed and o["status"] != allowed), "officer-status")
        o["status"] = to
        if to == "ended":
            o["next"] = None
        return {"record": o}

    return decide_status


def policy_set(a, view):
    get_board(view, a["board"])
    refuse_if(len(a["rules"]) > RULES_MAX, "too-much")
    groups = {v.split(".")[0] + ".*" for v in DECIDE}
    for r in a["rules"]:
        refuse_if(not r["acts"] or r["signers"] < 1 or not r["from"], "rule")
        refuse_if(any(v not in DECIDE and v not in groups or v == "officer.recover" for v in r["acts"]), "rule")
        later = any(v.startswith(("contract.", "privilege.", "rules.")) for v in r["acts"])
        refuse_if(later and rules_at(view.get("network", "network") or NETWORK.zero(), view.height) < 2, "rule")
        refuse_if(any(n["count"] < 1 or n["role"] not in r["from"] for n in r["roles"]), "rule")
    count = count_of(view.get("policy", a["board"]))
    stale(count, a["count"])
    return {"record": POLICY.new(rules=a["rules"], count=count + 1)}


# The network.


def member_set(a, view):
    old = view.get("members", "set")
    refuse_if(a["set"] != (old["set"] if old else 0) + 1, "stale")
    refuse_if(len(a["members"]) > MEMBERS_MAX, "too-much")
    for i, m in enumerate(a["members"]):
        refuse_if(not ids.is_name(m["id"], 32) or not 0 <= m["weight"] <= 1_000_000 or not m["root"], "member")
        for o in a["members"][:i]:
            same = any(m[k] and o[k] == m[k] for k in ("id", "root", "cosign", "validator"))
            refuse_if(same, "member")
    refuse_if(sum(m["weight"] for m in a["members"]) == 0, "member")
    return {"record": MEMBER_SET.new(set=a["set"], members=a["members"])}


def clock_advance(a, view):
    n = view.get("network", "network") or NETWORK.zero()
    refuse_if(not n["name"].startswith("test/"), "not-test")
    refuse_if(a["old"] != n["offset"], "stale")
    refuse_if(not 1 <= a["seconds"] <= OFFSET_MAX or n["offset"] + a["seconds"] > OFFSET_MAX, "clock")
    n.update(offset=n["offset"] + a["seconds"], count=n["count"] + 1)
    return {"record": n}


def rules_at(network, height):
    """The rules that decide a height."""
    coming = network["next"]
    return coming["rules"] if coming and height >= coming["height"] else network["rules"]


def rules_adopt(a, view):
    n = view.get("network", "network") or NETWORK.zero()
    now = rules_at(n, view.height)
    refuse_if(a["count"] != n["count"], "stale")
    refuse_if(a["rules"] != now + 1, "rules")
    coming = n["next"]
    refuse_if(a["height"] < view.height + 2 or coming and coming["height"] == view.height + 1, "height")
    n.update(rules=now, next={"rules": a["rules"], "height": a["height"]}, count=n["count"] + 1)
    return {"record": n}


def network_found(a, view):
    refuse_if(view.get("network", "network") is not None, "founded")
    refuse_if(not 1 <= a["rules"] <= RULES_NEWEST, "rules")
    refuse_if(a["offset"] and not a["name"].startswith("test/"), "not-test")
    refuse_if(abs(a["offset"]) > OFFSET_MAX, "clock")
    name_ok = len(a["name"].encode()) <= 64 and all(ids.is_name(p, 64) for p in a["name"].split("/"))
    refuse_if(not name_ok, "network-name")
    return {"record": NETWORK.new(name=a["name"], rules=a["rules"], offset=a["offset"], count=1)}


# Contracts (docs/spec/adoption.md). A verifier holds no texts, and takes the act's word for them.


class Contracting:
    """The board's record and the contract's, before the act."""

    def __init__(self, a, view):
        get_board(view, a["board"])
        refuse_if(not ids.is_name(a["contract"], 48), "contract-name")
        self.view, self.board, self.name = view, a["board"], a["contract"]
        self.all = view.get("contracts", self.board) or CONTRACTS.zero()
        found = view.get("contract", self.name)
        self.there, self.k = found is not None, found or CONTRACT.zero()
        stale(self.all["count"], a["count"])
        self.row = next((r for r in self.all["rows"] if r["contract"] == self.name), None)

    def edition(self, h):
        return next((e for e in self.k["editions"] if e["hash"] == h), None)

    def boards(self):
        return sorted({b for e in self.k["editions"] for b in e["boards"]}, key=str.encode)

    def brings(self, a, **shares):
        """Adds the edition that the act brings in with its texts."""
        refuse_if(a["version"] < 1, "edition")
        of, among = shares["of"], shares["among"]
        refuse_if((of or among) and not (1 <= of <= among < 2 * of and among <= 100), "share")
        refuse_if(len(a["texts"]) > TEXTS_MAX or len(self.k["editions"]) >= EDITIONS_MAX, "too-much")
        e = EDITION.new(version=a["version"], hash=a["hash"], manifest=a["texts"][0], amendment=a.get("amendment", 0), **shares)
        self.k["editions"].append(e)

    def put(self, a, amendment, role):
        row = CONTRACT_ROW.new(contract=self.name, version=a["version"], amendment=amendment, hash=a["hash"], role=role)
        if self.row is None:
            self.all["rows"].append(row)
        else:
            self.row.update(row)

    def enter(self, h, boards):
        for e in self.k["editions"]:
            left = set(e["boards"]) - set(boards)
            e["boards"] = sorted(left | set(boards) if e["hash"] == h else left, key=str.encode)

    def amend(self, a):
        """Counts the board's signature under an amendment."""
        e, all_ = self.edition(a["hash"]), []
        for x in self.k["editions"]:
            all_ += x["boards"] if x["version"] == e["version"] else []
        e["signed"] = sorted({*e["signed"], self.board}, key=str.encode)
        signed = sum(b in e["signed"] or b in e["boards"] for b in all_)
        bound = [self.board]
        if e["among"] and signed * e["among"] >= len(all_) * e["of"]:
            bound, e["signed"] = all_, []
        older = [x for x in self.k["editions"] if x["amendment"] < e["amendment"]]
        self.enter(a["hash"], [b for b in bound if any(b in x["boards"] for x in older)])

    def unwanted(self):
        """Whether all boards of the contract want it to end."""
        for b in self.boards():
            record = self.all if b == self.board else self.view.get("contracts", b) or CONTRACTS.zero()
            if not any(r["contract"] == self.name and r["retire"] for r in record["rows"]):
                return False
        return bool(self.boards())

    def effect(self):
        self.all["count"] += 1
        self.k["retired"] = self.k["retired"] or self.unwanted()
        return {"record": self.all, "also": [("contract", self.name, self.k)]}


def mine(a, view):
    c = Contracting(a, view)
    refuse_if(c.row is None, "not-adopted")
    refuse_if(c.row["hash"] != a["previous"], "stale")
    return c


def contract_adopt(a, view):
    c = Contracting(a, view)
    refuse_if(c.there, "contract-exists")
    c.brings(a, of=a["of"], among=a["among"])
    refuse_if(len(c.all["rows"]) >= CONTRACTS_MAX, "too-much")
    c.put(a, 0, a["role"])
    c.enter(a["hash"], [c.board])
    return c.effect()


def contract_join(a, view):
    c = Contracting(a, view)
    refuse_if(not c.there, "unknown-contract")
    refuse_if(c.row is not None, "adopted")
    refuse_if(c.k["retired"], "retired")
    e = c.edition(a["hash"])
    refuse_if(e is None, "unknown-edition")
    refuse_if(not e["boards"] or (e["version"], e["amendment"]) != (a["version"], a["amendment"]), "edition")
    refuse_if(len(c.all["rows"]) >= CONTRACTS_MAX or len(c.boards()) >= CONTRACT_BOARDS_MAX, "too-much")
    c.put(a, a["amendment"], a["role"])
    c.enter(a["hash"], [c.board])
    return c.effect()


def contract_supersede(a, view):
    c = mine(a, view)
    refuse_if(c.k["retired"], "retired")
    e = c.edition(a["hash"])
    if e is None:
        refuse_if(not a["texts"], "unknown-edition")
        newest = max((x["version"] for x in c.k["editions"]), default=0)
        refuse_if(a["version"] != newest + 1 or a["amendment"], "edition")
        c.brings(a, of=a["of"], among=a["among"])
    else:
        same = all(a[m] == e[m] for m in ("version", "amendment", "of", "among"))
        refuse_if(a["texts"] or not e["boards"] or not same or a["version"] <= c.row["version"], "edition")
    c.put(a, a["amendment"], a["role"])
    c.enter(a["hash"], [c.board])
    return c.effect()


def contract_amend_params(a, view):
    c = mine(a, view)
    refuse_if(c.k["retired"], "retired")
    base, e = c.edition(a["previous"]), c.edition(a["hash"])
    refuse_if(base is None, "unknown-edition")
    refuse_if(a["version"] != c.row["version"], "edition")
    if e is None:
        refuse_if(not a["texts"], "unknown-edition")
        newest = max((x["amendment"] for x in c.k["editions"] if x["version"] == a["version"]), default=0)
        refuse_if(a["amendment"] != newest + 1, "edition")
        c.brings(a, of=base["of"], among=base["among"])
    else:
        same = all(a[m] == e[m] for m in ("version", "amendment"))
        refuse_if(a["texts"] or not same or a["amendment"] <= c.row["amendment"], "edition")
    c.row.update(amendment=a["amendment"], hash=a["hash"])
    c.amend(a)
    return c.effect()


def contract_retire(a, view):
    c = mine(a, view)
    refuse_if(c.row["retire"], "nothing")
    c.row["retire"] = True
    return c.effect()


def contract_retry(a, view):
    c = Contracting(a, view)
    call = view.get("call", a["call"])
    refuse_if(call is None or not call["held"] or (call["contract"], call["board"]) != (c.name, c.board), "unknown-call")
    c.all["count"] += 1
    return {"record": c.all, "also": [("call", a["call"], None), ("call", a["call"].removeprefix("held-"), {**call, "held": False, "asked": True})]}


def contract_leave(a, view):
    c = mine(a, view)
    c.all["rows"].remove(c.row)
    c.enter("", [c.board])
    return c.effect()


DECIDE = {
    "license.issue": license_issue, "license.renew": license_renew, "license.amend": license_amend,
    "license.surrender": license_surrender, "license.inactivate": license_inactivate, "license.reactivate": license_reactivate,
    "license.decease": license_decease, "license.extend": license_extend, "license.discipline": license_discipline, "license.stay": license_stay,
    "license.unstay": license_unstay, "license.lift": license_lift, "license.void": license_void,
    "license.correct": license_correct, "license.seal": license_seal, "privilege.issue": privilege_issue, "privilege.renew": privilege_renew,
    "privilege.end": privilege_end, "privilege.discipline": privilege_discipline, "privilege.lift": privilege_lift, "licensee.link": licensee_link,
    "licensee.unlink": licensee_unlink, "fact.record": fact_record, "fact.amend": fact_amend, "fact.end": fact_end,
    "network.found": network_found, "board.create": board_create, "board.amend": board_amend,
    "board.succeed": board_succeed, "board.claim": board_claim, "board.calendar": board_calendar, "board.profession": board_profession,
    "officer.appoint": officer_appoint, "officer.amend": officer_amend,
    "officer.suspend": officer_status("", "suspended"), "officer.resume": officer_status("suspended", ""),
    "officer.end": officer_status("", "ended"), "officer.recover": officer_recover, "policy.set": policy_set, "member.set": member_set,
    "import.settle": import_settle, "import.withdraw": import_withdraw,
    "import.assert": import_assert, "import.claim": import_claim, "import.undo": import_undo, "clock.advance": clock_advance, "rules.adopt": rules_adopt,
    "contract.adopt": contract_adopt, "contract.join": contract_join, "contract.supersede": contract_supersede,
    "contract.amend_params": contract_amend_params, "contract.retire": contract_retire, "contract.retry": contract_retry, "contract.leave": contract_leave,
}  # fmt: skip
