"""Whose signatures an act needs (docs/spec/authority.md).

A signer is a pair (by, key). A view gives records before the act: get(kind, id) is the
record or None; see bundle.Past.
"""

import ids
import trust
from tx import target


class Refusal(Exception):
    """Why an act does not take place."""

    def __init__(self, code, detail=""):
        super().__init__(f"{detail} [{code}]" if detail else code)
        self.code = code


def authorize(act, signers, view):
    """Raises Refusal unless the signers may decide the act."""
    verb = act["do"]
    if verb == "network.found":
        return
    if verb == "member.set":
        _member_set(act, signers, view)
    elif verb in ("clock.advance", "rules.adopt"):
        _quorum(signers, view)
    elif verb == "board.create":
        _quorum(signers, view)
        if act["source"] == "import":
            _key(act["root"], signers)
        else:
            _root(act["board"], act["root"], signers)
    elif verb == "board.claim":
        _quorum(signers, view)
        _root(act["board"], act["root"], signers)
    elif verb == "officer.recover":
        board_id = ids.board_of("officer", act["officer"])
        board = view.get("board", board_id)
        if board is None:
            raise Refusal("unknown-board", board_id)
        _root(board_id, board["root"], signers)
    elif verb == "board.succeed":
        board = view.get("board", act["board"])
        _root(act["board"], board["root"] if board else "", signers)
        _key(act["root"], signers)
    else:
        _policy(verb, ids.board_of(*target(act)), signers, view)


def _root(board, root, signers):
    by = "board/" + board
    if root and (by, root) in signers:
        return
    raise Refusal("root-key" if any(s[0] == by for s in signers) else "under-signed", f"board {board}")


def _key(key, signers):
    if all(s[1] != key for s in signers):
        raise Refusal("under-signed", "the new root must sign")


def _policy(verb, board, signers, view):
    record = view.get("board", board)
    if record is None:
        raise Refusal("unknown-board", board)
    policy = view.get("policy", board)
    group = verb.split(".")[0]
    rules = policy["rules"] if policy else []
    rule = next((r for r in rules if verb in r["acts"] or group + ".*" in r["acts"]), None)
    try:
        _root(board, record["root"], signers)
        if rule is None or group == "board" or group in ("officer", "policy") and _rules(view) < 3:
            return
    except Refusal:
        pass
    if rule is None:
        raise Refusal("under-signed", f"no rule covers {verb}: the root must sign")
    _judge(rule, board, signers, view)


def _rules(view):
    """The rules that decide the block at hand."""
    n = view.get("network", "network")
    if n is None:
        return 0
    return n["next"]["rules"] if n["next"] and view.height >= n["next"]["height"] else n["rules"]


def officer_at(o, now):
    """An officer as of an instant: a recovery whose time has come needs nobody to carry it out."""
    n = o["next"]
    if n is None or now < n["from"]:
        return o
    return {**o, "title": n["title"], "key": n["key"], "roles": n["roles"], "status": "", "next": None}


def _judge(rule, board, signers, view):
    counted, why = {}, None
    for by, key in signers:
        try:
            roles = _officer(by, key, board, view)["roles"]
            if not set(roles) & set(rule["from"]):
                raise Refusal("role", by)
        except Refusal as r:
            why = why or r
            continue
        counted.setdefault(by, roles)
    if len(counted) < rule["signers"]:
        raise why or Refusal("under-signed", f"{rule['signers']} officers must sign")
    for need in rule["roles"]:
        if sum(need["role"] in roles for roles in counted.values()) < need["count"]:
            raise Refusal("under-signed", f"{need['count']} with role {need['role']} must sign")


def _officer(by, key, board, view):
    if not by.startswith("officer/"):
        raise Refusal("not-officer", by)
    officer_id = by.removeprefix("officer/")
    if ids.board_of("officer", officer_id) != board:
        raise Refusal("foreign-board", by)
    o = view.get("officer", officer_id)
    if o is None:
        raise Refusal("officer-unknown", by)
    o = officer_at(o, view.now)
    if o["key"] != key:
        raise Refusal("officer-key", by)
    if o["status"]:
        raise Refusal("officer-suspended" if o["status"] == "suspended" else "officer-ended", by)
    return o


def _members(view):
    record = view.get("members", "set")
    return record["members"] if record else []


def _quorum(signers, view):
    members = _members(view)
    signed = sum(m["weight"] for m in members if ("member/" + m["id"], m["root"]) in signers)
    if not trust.exceeds(signed, sum(m["weight"] for m in members)):
        raise Refusal("no-quorum")


def _member_set(act, signers, view):
    old = {}
    if view.get("members", "set") is not None:
        _quorum(signers, view)
        for m in reversed(_members(view)):
            old[m["id"]] = m["root"]
    for m in act["members"]:
        if old.get(m["id"]) != m["root"] and ("member/" + m["id"], m["root"]) not in signers:
            raise Refusal("under-signed", f"member {m['id']}")


def relying_party(by, view):
    """(rp_id, origins, synced) of a signer's member."""
    kind, _, record_id = by.partition("/")
    if kind != "member":
        board = view.get("board", ids.board_of(kind, record_id))
        record_id = board["member"] if board else ""
    for m in _members(view):
        if m["id"] == record_id:
            return m["rp_id"], m["origins"], m["synced"]
    return "", [], False
