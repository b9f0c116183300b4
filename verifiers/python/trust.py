"""Trust files, quorums and member sets (docs/spec/trust.md)."""

import re
from collections import namedtuple

import curves
import notes
from merkle import Flaw, sha256
from onewriting import INT_MAX, STR, BOOL, HASH, INT, Fault, List, Object, decode, parse_base64

MEMBER = Object(
    id=STR, name=STR, weight=INT, cosign=STR, log=STR, validator=STR, root=STR, url=STR, rp_id=STR, origins=List(STR), synced=BOOL
)
MEMBER_SET = Object(set=INT, members=List(MEMBER), last=HASH)

Member = namedtuple("Member", "name vkey weight url")
Trust = namedtuple("Trust", "origin set logs members boards")  # boards: [(id, key)]

FILE_MAX, MEMBERS_MAX = 1 << 20, 128
ORDER = ["# licet-trust", "# origin", "# set", "# weight", "# board", "log", "witness", "group", "quorum"]
MANY = {"# weight", "# board", "log", "witness"}
_ID = re.compile(r"(?!-)[a-z0-9-]{1,32}(?<!-)", re.ASCII)
_ORIGIN = re.compile(r"([a-z0-9.-]+/)+[0-9a-f]{16}", re.ASCII)
_URL = re.compile(r"https?://[\x21\x22\x24-\x7e]+", re.ASCII)


def exceeds(signed, total):
    """More than two thirds, in integers."""
    return 3 * signed > 2 * total


def total(t):
    return sum(m.weight for m in t.members)


def weighted(t):
    return any(m.weight != t.members[0].weight for m in t.members)


def write(t):
    """The trust file."""
    lines = ["# licet-trust 1", f"# origin {t.origin}", f"# set {t.set}"]
    if weighted(t):
        lines += [f"# weight {m.name} {m.weight}" for m in t.members]
    lines += [f"# board {i} {k}" for i, k in t.boards]
    lines += [f"log {x}" for x in t.logs]
    lines += [" ".join(["witness", m.name, m.vkey] + ([m.url] if m.url else [])) for m in t.members]
    lines += [" ".join(["group members", str(_threshold(t))] + [m.name for m in t.members]), "quorum members"]
    return "".join(x + "\n" for x in lines)


def _threshold(t):
    signed = 0
    for i, w in enumerate(sorted(m.weight for m in t.members)):
        signed += w
        if exceeds(signed, total(t)):
            return i + 1
    return len(t.members)


def fingerprint(t):
    digits = sha256(write(t).encode())[:16].hex()
    return " ".join(digits[i : i + 4] for i in range(0, 32, 4))


# Reading.


def parse(data):
    if len(data) > FILE_MAX:
        raise Flaw("trust-size")
    text = data.decode("utf-8", "surrogateescape")
    kept, fields = [], {k: [] for k in ORDER}
    place = 0
    for line in re.findall("[^\n]*\n|[^\n]+", text):
        if line.startswith("##"):
            continue
        kept.append(line)
        place = _read_line(line, place, fields)
    if place != len(ORDER):
        raise Flaw("trust-form", "the file ends too early")
    t = _build(fields)
    check(t)
    if "".join(kept) != write(t):
        raise Flaw("trust-writing", "group, quorum or weights are written otherwise")
    return t


WORDS = {"# origin": (1, 1), "# set": (1, 1), "# weight": (2, 2), "# board": (2, 2), "log": (1, 1), "witness": (2, 3)}


def _read_line(line, place, fields):
    if not line.endswith("\n"):
        raise Flaw("trust-form", "no newline at the end")
    i = place
    while i < len(ORDER) and ORDER[i] in MANY and not line.startswith(ORDER[i] + " "):
        i += 1
    if i == len(ORDER) or not line.startswith(ORDER[i] + " "):
        raise Flaw("trust-form", f"{line[:40]!r} is not expected here")
    keyword = ORDER[i]
    words = line[len(keyword) + 1 : -1].split(" ")
    if "" in words:
        raise Flaw("trust-form", "a space too many")
    if keyword == "# licet-trust" and words != ["1"]:
        raise Flaw("trust-version")
    low, high = WORDS.get(keyword, (1, len(words)))
    if not low <= len(words) <= high:
        raise Flaw("trust-form", f"{len(words)} words after {keyword}")
    if keyword == "# set":
        words = [_number("trust-set", words[0])]
    if keyword == "# weight":
        if any(w[0] == words[0] for w in fields[keyword]):
            raise Flaw("trust-weight", "a weight twice")
        words = [words[0], _number("trust-weight", words[1])]
    fields[keyword].append(words)
    return i if keyword in MANY else i + 1


def _number(code, s):
    n = notes.decimal(s)
    if n is None:
        raise Flaw(code, f"{s!r} is no number")
    return n


def _build(fields):
    weights = dict(fields["# weight"])
    members = []
    for w in fields["witness"]:
        if weights and w[0] not in weights:
            raise Flaw("trust-weight", f"{w[0]} has no weight")
        members.append(Member(w[0], w[1], weights.get(w[0], 1), w[2] if len(w) > 2 else ""))
    return Trust(fields["# origin"][0][0], fields["# set"][0][0], [x[0] for x in fields["log"]], members, [tuple(b) for b in fields["# board"]])


def check(t):
    """Whether a trust can be written as a file."""
    if not _ORIGIN.fullmatch(t.origin) or len(t.origin) > 255:
        raise Flaw("trust-origin")
    if not 1 <= t.set <= INT_MAX:
        raise Flaw("trust-set")
    if not 1 <= len(t.members) <= MEMBERS_MAX:
        raise Flaw("trust-members")
    _check_weights(t)
    seen = set()
    for i, m in enumerate(t.members):
        if i and m.name.encode("utf-8", "surrogateescape") <= t.members[i - 1].name.encode("utf-8", "surrogateescape"):
            raise Flaw("trust-order", "witnesses")
        _check_member(m, seen)
    _check_logs(t, seen)
    for i, (board, key) in enumerate(t.boards):
        if not _ID.fullmatch(board):
            raise Flaw("trust-name", "board")
        if i and board <= t.boards[i - 1][0]:
            raise Flaw("trust-order", "boards")
        _check_root(key)


def _check_weights(t):
    sum_ = 0
    for m in t.members:
        if not 1 <= m.weight <= INT_MAX - sum_:
            raise Flaw("trust-weight")
        sum_ += m.weight
    if not weighted(t) and t.members[0].weight != 1:
        raise Flaw("trust-weight", "equal weights are 1")


def _check_member(m, seen):
    if not _ID.fullmatch(m.name) or m.name in ("none", "members"):
        raise Flaw("trust-name", m.name[:40])
    _check_vkey(m.vkey, notes.COSIGN_KEY, seen)
    if m.url and (not _URL.fullmatch(m.url) or len(m.url) > 512):
        raise Flaw("trust-url")


def _check_logs(t, seen):
    if len(t.logs) > MEMBERS_MAX:
        raise Flaw("trust-members", "too many logs")
    for i, log in enumerate(t.logs):
        if i and log.encode("utf-8", "surrogateescape") <= t.logs[i - 1].encode("utf-8", "surrogateescape"):
            raise Flaw("trust-order", "logs")
        if _check_vkey(log, notes.LOG_KEY, seen).name != t.origin:
            raise Flaw("trust-key", "the log key of another origin")


def _check_vkey(text, key_type, seen):
    v = notes.parse_vkey(text)
    if v.type != key_type:
        raise Flaw("key-type")
    if "#" in v.name:
        raise Flaw("trust-key", "# in a key's name")
    if v.key in seen:
        raise Flaw("trust-duplicate")
    seen.add(v.key)
    return v


def _check_root(key):
    scheme, _, rest = key.partition(":")
    raw = parse_base64(rest) if len(rest) <= 44 else None
    if raw is None or scheme not in ("ed25519", "es256"):
        raise Flaw("trust-key", "a root key")
    if scheme == "es256":
        if len(raw) != 33 or raw[0] not in (2, 3):
            raise Flaw("trust-key", "a root key")
        return
    try:
        notes.check_public_key(raw)
    except Flaw:
        raise Flaw("trust-key", "a root key") from None


# Checking notes.


def _keys(t):
    keys, seen = {}, set()
    for text, member in [(m.vkey, m.name) for m in t.members] + [(x, None) for x in t.logs]:
        v = notes.parse_vkey(text)
        if (v.name, v.id) in keys or v.key in seen:
            raise Flaw("trust-duplicate")
        seen.add(v.key)
        keys[v.name, v.id] = v, member
    return keys


def check_note(t, data, strict):
    """Returns the checkpoint, who cosigned when, and the as-of in seconds."""
    text, lines = notes.parse_note(data)
    point = notes.parse_checkpoint(text)
    if point.origin != t.origin:
        raise Flaw("note-origin", f"the checkpoint is of {point.origin}")
    keys = _keys(t)
    if strict:
        _only_these_once(keys, lines)
    latest = {}
    for line in lines:
        if (line.name, line.id) not in keys:
            continue
        key, member = keys[line.name, line.id]
        try:
            if member is None:
                notes.check_log_signature(key, text, line.sig)
            else:
                latest[member] = max(latest.get(member, 0), notes.check_cosignature(key, text, line.sig))
        except Flaw as f:
            raise Flaw("note-signature", str(f)) from None
    return point, sorted(latest.items()), _as_of(t, latest)


def _only_these_once(keys, lines):
    seen, last = set(), b""
    for line in lines:
        who = line.name, line.id
        if who not in keys:
            raise Flaw("note-stranger", line.name[:80])
        if who in seen:
            raise Flaw("note-repeated", line.name)
        seen.add(who)
        if line.text.encode() <= last:
            raise Flaw("note-order")
        last = line.text.encode()


def _as_of(t, latest):
    weight, signed = {m.name: m.weight for m in t.members}, 0
    for name, when in sorted(latest.items(), key=lambda x: -x[1]):
        signed += weight[name]
        if exceeds(signed, total(t)):
            return when
    raise Flaw("note-quorum", f"weight {signed} of {total(t)} cosigned")


# Member sets.


def parse_members(value):
    try:
        return decode(value, MEMBER_SET, 1 << 20)
    except Fault as f:
        raise Flaw("member-set", str(f)) from None


def _log_vkey(origin, key):
    raw = parse_base64(key.removeprefix("ed25519:"))
    if raw is None or not key.startswith("ed25519:"):
        return key
    return notes.vkey_text(origin, notes.LOG_KEY, raw)


def succeed(t, members):
    """The trust in the next member set."""
    if members["set"] != t.set + 1:
        raise Flaw("trust-succession", f"set {members['set']} does not follow set {t.set}")
    weight = [m for m in members["members"] if m["weight"] != 0]
    made = [Member(m["id"], m["cosign"], m["weight"], m["url"]) for m in weight]
    logs = [_log_vkey(t.origin, m["log"]) for m in weight if m["log"]]
    if made and all(m.weight == made[0].weight for m in made):
        made = [m._replace(weight=1) for m in made]
    nxt = Trust(t.origin, members["set"], sorted(logs), sorted(made, key=lambda m: m.name.encode()), list(t.boards))
    check(nxt)
    return nxt


def root_of(t, board):
    """A board's root key, or ''."""
    return dict(t.boards).get(board, "")


def check_root_usable(t):
    """Before boards' signatures are checked: all checks of each root key."""
    for _, key in t.boards:
        curves.check_key(key)
