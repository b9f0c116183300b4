"""licet_verify.py BUNDLE --trust TRUST.txt [--on DAY] [--known INSTANT] [--max-age SECONDS]

Checks a bundle offline. Exit codes: 0 the proof holds, 1 it does not, 2 a file or flag
is missing or wrong, 3 it holds and is older than --max-age.
"""

import argparse
import datetime
import sys
import time

import bundle
import days
import ids
import standing
import trust
from merkle import Flaw
from onewriting import Fault

FACTORS = {"s": 1, "m": 60, "h": 3600}
NUMERALS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]


def main(argv):
    args, problem = arguments(argv)
    if problem:
        print(problem, file=sys.stderr)
        return 2
    try:
        t = trust.parse(args.trust_bytes)
        trust.check_root_usable(t)
    except Flaw as f:  # it says nothing about any proof
        print(f"{args.trust} is no trust file: {f}.", file=sys.stderr)
        return 2
    try:
        verdict = bundle.verify(args.bundle_bytes, t, args.on, args.known)
    except Flaw as f:
        print(f"THE PROOF DOES NOT HOLD: {f}. Ask the network again, and show nothing of this file to anyone as proved.", file=sys.stderr)
        return 2 if f.code == "needs-history" else 1
    tell(verdict, args.known, int(time.time()))
    if args.max_age is not None and verdict.get("as_of") and time.time() - days.unix(verdict["as_of"]) > args.max_age:
        print("The proof holds, and is older than --max-age: ask again for today.", file=sys.stderr)
        return 3
    return 0


def arguments(argv):
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("bundle")
    p.add_argument("--trust", required=True)
    p.add_argument("--on", default="")
    p.add_argument("--known", default="")
    p.add_argument("--max-age", default=None, help="such as 24h, 90m or 30s")
    args = p.parse_args(argv)
    try:
        if args.on:
            days.day(args.on)
        if args.known:
            days.instant(args.known)
        if args.max_age is not None:
            args.max_age = float(args.max_age[:-1]) * FACTORS[args.max_age[-1:]]
        args.trust_bytes = read(args.trust, trust.FILE_MAX)
        args.bundle_bytes = read(args.bundle, bundle.BUNDLE_MAX)
    except (OSError, Fault, ValueError, KeyError) as e:
        return args, str(e)
    return args, ""


def read(path, limit):
    with open(path, "rb") as f:
        return f.read(limit + 1)


# Words.


def long_day(d):
    day = datetime.date(int(d[:4]), int(d[5:7]), int(d[8:]))
    return f"{day:%B} {day.day}, {day.year}"


ZONES = {
    (-240, -240): ("AST", "AST"), (-300, -240): ("EST", "EDT"), (-360, -300): ("CST", "CDT"), (-420, -360): ("MST", "MDT"),
    (-420, -420): ("MST", "MST"), (-480, -420): ("PST", "PDT"), (-540, -480): ("AKST", "AKDT"), (-600, -600): ("HST", "HST"), (0, 0): ("UTC", "UTC"),
}  # fmt: skip


def zone(minutes, rows):
    """The name of a zone of the United States by its standard and daylight time, else UTC+5:30."""
    offsets = [r["minutes"] for r in rows] + [r["daylight"]["minutes"] for r in rows if r["daylight"]]
    low, high = min(offsets), max(offsets)
    if (low, high) in ZONES and minutes in (low, high):
        return ZONES[low, high][0 if minutes == low else 1]
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'−' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "")


def moment(t, calendar):
    """An instant in the board's time: July 30, 2026, 10:42 a.m. CDT."""
    minutes, name = days.offset(calendar, t), "UTC"
    if abs(minutes) > days.OFFSET_MAX:  # forged
        minutes = 0
    elif calendar and calendar["rows"]:
        name = zone(minutes, calendar["rows"])
    local = days.from_unix(days.unix(t) + 60 * minutes)
    hour = int(local[11:13])
    return f"{long_day(local[:10])}, {(hour + 11) % 12 + 1}:{local[14:16]} {'a.m.' if hour < 12 else 'p.m.'} {name}"


def count(n, noun):
    return f"{NUMERALS[n] if n < len(NUMERALS) else n} {noun}{'s' if n != 1 else ''}"


def age(t, now):
    seconds = now - days.unix(t)
    if seconds < 60:
        return "just now"
    for size, noun in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size:
            n = seconds // size
            return f"{n} {noun}{'s' if n > 1 else ''} ago"


def tell(v, known, now):
    if v["found"] == "succession":
        print(f"The trust file follows: member set {v['trust'].set}, fingerprint {trust.fingerprint(v['trust'])}.")
        return
    calendar = v.get("calendar")
    line = f"As of {moment(v['as_of'], calendar)} ({age(v['as_of'], now)})"
    if v.get("day") and v["day"] != days.legal_day(calendar, v["as_of"]):
        line += f", for {long_day(v['day'])}"
    if known:
        line += f", as known on {moment(known, calendar)}"
    print(f"{line}: {finding(v)}{copied(v)}. This proves the past; ask again for today.")
    if "standing" in v:
        tell_license(v)
    elif v.get("kind") == "license":
        print(f"License {v['id']}")
    for x in v.get("entries", []):
        tell_entry(x, calendar)


def finding(v):
    found = v["found"]
    if found == "consistent":
        return f"the log of {v['size']:,} entries continues the older one"
    if v["kind"] != "license":
        return f"there is no {v['kind']} {v['id']}" if found == "absent" else f"{v['kind']} {v['id']} stands in the registry"
    if found == "absent":
        return absent(v["board"]["name"], v["profession"])
    if found == "not-a-number":
        number = ids.parse_license_id(v["id"])[2].decode()
        return f"“{number}” is not a number of this profession; its numbers are written {pattern_text(v['profession']['pattern'])}"
    if found == "not-known":
        return "not known to this network then"
    if found == "unknown":
        if v["profession"] is None:
            return "unknown: this network has no such board or profession"
        return "unknown: the network does not say that it has all such licenses"
    s = v["standing"]
    if s["authority"] == "may-practice":
        return "may practice"
    if s["authority"] == "may-not-practice":
        return "may not practice: " + s["primary"]
    n = sum(o["in_force"] and o["authority"] == "conditions" for o in s["orders"])
    if s["authority"] == "not-known":
        return "not known to this network whether the holder may practice" + (", " + count(n, "condition") if n else "")
    return "may practice, " + count(n, "condition")


def copied(v):
    """Of a license from a file: of which day that was, and whether it is made up."""
    l = v.get("license")
    if not l or l["source"] != "import":
        return ""
    file = "a file"
    if v["profession"] and v["profession"]["title"].endswith(" (synthetic)"):
        file = "a synthetic file"
    if not l["copied"]:
        return ", as copied from " + file
    if l["decided"]:
        return f", in part copied from {file} of {long_day(l['copied'])}"
    return f", as copied from {file} of {long_day(l['copied'])}; the registry holds nothing newer"


SIGNS = {"#": "a digit", "@": "a letter", "?": "a letter or digit", "*": "any character", "+": "one or more of the last", "|": "or"}


def pattern_text(p):
    signs = ", ".join(f"{sign} {means}" for sign, means in SIGNS.items() if sign in p)
    return f"{p} ({signs})" if signs else p


def absent(board, profession):
    c = profession["coverage"]
    s = f"no such number among the licenses of {board} for “{profession['title']}”"
    if c["issued_from"]:
        first = c["issued_from"]
        s += ", complete since " + (first[:4] if first.endswith("-01-01") else long_day(first))
    else:
        s += ", which are complete"
    if c["complete_as"]:
        s += f", as of {long_day(c['complete_as'])}"
    return s + (f" (not public: {c['except']})" if c["except"] else "")


def tell_license(v):
    s, name = v["standing"], v["name"]
    print(f"License {v['id']}, {bundle.name_text(name) if name else 'name withheld'}")
    print(f"Status on {long_day(s['day'])}: {s['primary']}{'; ' + s['secondary'] if s['secondary'] else ''}")
    if s["through"]:
        print(f"Term through {long_day(s['through'])}")
    for o in s["orders"]:
        what = standing.word(v["profession"], o["action"]) if o["action"] else "what it says is withheld"
        state = ", stayed" if o["stayed"] else "" if o["in_force"] else ", ended"
        print(f"Order {o['id'][:8]}: {what}, from {long_day(o['start'])}{' through ' + long_day(o['end']) if o['end'] else ', until lifted'}{state}")
    if v["pending"]:
        print("CAREFUL: a contract's rule about this license has not run yet. What it does is not in this answer.")
    if v["license"]["source"] == "import":
        print(f"Copied from a file; not decided by {v['board']['name']}.")


CARRIED = {"signed": "Signed by", "copied": "Copied from a file by", "network": "Signed by the members of the network", "contract": "Signed by nobody, but by a contract that the board signed:"}


def tell_entry(x, calendar):
    e = x["entry"]
    if x["carried"] == "confidential":
        print(f"  entry {e['index']}: confidential")
        return
    board = ids.board_of(e["kind"], e["id"])
    who = {"signed": f" {x['for']} for {board}" if x["for"] else " " + board, "copied": " " + (e["import"] or {}).get("importer", ""), "contract": " " + (e["cause"] or {}).get("contract", "how far the calls of a day have come")}.get(x["carried"], "")
    by = f" ({', '.join(x['by'])})" if x["by"] else ""
    word = f"{CARRIED[x['carried']]}{who}{by}." if x["carried"] in CARRIED else "Only recorded by the network: " + x["why"]
    print(f"  entry {e['index']}, recorded {moment(e['time'], calendar)}: {e['act']}{' (void)' if x['voided'] else ''}. {word}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
