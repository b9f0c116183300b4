"""From a license record to the answer for a day (docs/spec/standing.md)."""

ACTION_CODES = [
    "revocation", "denial", "summary-suspension", "suspension", "surrender", "probation", "supervision",
    "practice-modification", "education", "monitoring", "fine", "reprimand", "censure", "other",
]  # fmt: skip

WORDS = {
    "void": "VOID", "not-told": "REGISTRATION NOT TOLD", "not-begun": "NOT YET BEGUN", "active": "ACTIVE", "not-lapsed": "EXPIRED, NOT LAPSED",
    "not-renewed": "NOT RENEWED", "between-terms": "NOT RENEWED", "inactive": "INACTIVE", "surrendered": "SURRENDERED",
    "deceased": "DECEASED", "canceled": "CANCELED", "revocation": "REVOKED", "denial": "DENIED",
    "summary-suspension": "TEMPORARILY SUSPENDED", "suspension": "SUSPENDED", "surrender": "SURRENDERED",
    "probation": "PROBATION", "supervision": "SUPERVISION", "practice-modification": "PRACTICE LIMITED",
    "reprimand": "REPRIMAND", "censure": "CENSURE", "fine": "FINE", "education": "EDUCATION ORDERED",
    "monitoring": "MONITORING", "other": "ORDER", "barred": "MAY NOT PRACTICE BY ORDER", "conditions": "CONDITIONS BY ORDER",
    "noted": "ORDER ON RECORD", "stayed": "ORDER STAYED",
}  # fmt: skip

DISCIPLINE = ["none", "noted", "conditions", "barred"]


def word(profession, code):
    """The board's word for a code, or ours."""
    labels = profession["labels"] if profession else []
    own = next((x["text"] for x in labels if x["code"] == code), "")
    return own or WORDS.get(code) or code.upper()


def main_action(document):
    codes = {a["code"] for a in document["actions"]}
    return next((c for c in ACTION_CODES if c in codes), "")


def rank(authority):
    return {"barred": 3, "conditions": 2}.get(authority, 1)


def standing_on(license_, day, profession, actions):
    """actions: commitment → main action of the documents that are shown."""
    registration, through = _registration(license_, day)
    orders = []
    for o in license_["orders"]:
        if o["start"] > day:
            continue
        runs = not o["end"] or day <= o["end"]
        stayed = runs and any(s["from"] <= day and (not s["through"] or day <= s["through"]) for s in o["stays"])
        orders.append({**o, "stayed": stayed, "in_force": runs and not stayed, "action": actions.get(o["commitment"]) or o["action"]})
    top_rank = max((rank(o["authority"]) for o in orders if o["in_force"]), default=0)
    primary, secondary = _words(registration, orders, profession)
    return {
        "day": day, "registration": registration, "through": through, "discipline": DISCIPLINE[top_rank],
        "authority": _authority(registration, top_rank), "orders": orders, "primary": primary, "secondary": secondary, "rests": rests_on(license_, day),
    }  # fmt: skip


def _authority(registration, top_rank):
    if top_rank == 3:
        return "may-not-practice"
    if registration == "not-told":
        return "not-known"
    if registration not in ("active", "not-lapsed"):
        return "may-not-practice"
    return "may-practice-with-conditions" if top_rank == 2 else "may-practice"


def _registration(l, day):
    if not l["licensee"]:
        return "void", ""
    begun = [t for t in l["terms"] if t["from"] <= day]
    code, through = "not-begun" if l["terms"] or l["source"] != "import" else "not-told", ""
    if begun:
        t = max(begun, key=lambda t: t["through"] or "~")  # of equal ones max takes the first
        through = t["through"]
        if not through or day <= through:
            code = "active"
        elif t["grace"] and day <= t["grace"]:
            code = "not-lapsed"
        else:
            code = "between-terms" if len(begun) < len(l["terms"]) else "not-renewed"
    status = lifecycle_on(l, day)
    return (status if status and status != "active" else code), through


def lifecycle_on(l, day):
    """The status of the newest lifecycle on the day, or ''."""
    best = None
    for c in l["lifecycles"]:
        if c["from"] <= day and (best is None or c["from"] >= best["from"]):
            best = c
    return best["status"] if best else ""


def _severity(o):
    at = ACTION_CODES.index(o["action"]) if o["action"] in ACTION_CODES else len(ACTION_CODES)
    return rank(o["authority"]), -at


def _words(registration, orders, profession):
    primary, secondary, top = word(profession, registration), "", None
    for o in orders:
        if o["in_force"] and (top is None or _severity(o) >= _severity(top)):
            top = o
    if top:
        secondary = word(profession, top["action"] or DISCIPLINE[rank(top["authority"])])
        if top["authority"] == "barred":
            primary, secondary = secondary, primary
    if any(o["stayed"] for o in orders):
        secondary += (", " if secondary else "") + word(profession, "stayed")
    return primary, secondary


def opening_on(l, kind, day):
    """The commitment of a kind that holds on a day, or ''."""
    best = _newest([o for o in l["openings"] if o["kind"] == kind], day)
    return best["commitment"] if best else ""


def rests_on(l, day):
    """The license on which a privilege rests on a day, or ''."""
    best = _newest(l["rests"], day)
    return best["license"] if best else ""


def _newest(rows, day):
    best = None
    for o in rows:
        f = o["from"]
        if best is None or best["from"] <= f <= day or day < best["from"] > f:
            best = o
    return best
