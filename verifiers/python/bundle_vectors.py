"""Runs one line of docs/spec/vectors/bundles.jsonl."""

import pathlib

import bundle
import trust
from merkle import Flaw

VECTORS = pathlib.Path(__file__).resolve().parents[2] / "docs" / "spec" / "vectors"


def run(v):
    """ok, the code of the flaw, or what differs."""
    try:
        t = trust.parse(v["trust"].encode())
        verdict = bundle.verify(_bytes(v), t, v.get("on", ""), v.get("known", ""))
    except Flaw as f:
        return f.code
    if "flaw" in v:
        return "ok"
    got, want = summary(verdict), v["expect"]
    wrong = [f"{k} {got.get(k)!r} instead of {want.get(k)!r}" for k in {**want, **got} if got.get(k) != want.get(k)]
    return "ok" if not wrong else "; ".join(wrong)


def _bytes(v):
    data = (VECTORS / v["file"]).read_bytes()
    for e in reversed(v.get("edits", [])):
        first = e.get("from", 0)
        data = data[:first] + e.get("text", "").encode() + data[e.get("to", 0) :]
    return data


def summary(verdict):
    """What the vectors say of a verdict; members that hold nothing are absent."""
    s = verdict.get("standing", {})
    out = {"found": verdict["found"], "as_of": verdict.get("as_of", ""), "set": verdict["trust"].set}
    out["day"] = verdict.get("day", "")
    for member in ("registration", "discipline", "authority", "primary", "secondary", "through"):
        out[member] = s.get(member, "")
    name = verdict.get("name")
    out["name"] = bundle.name_text(name) if name else ""
    out["pending"] = verdict.get("pending", False)
    out["entries"] = [" ".join([str(x["entry"]["index"]), x["entry"]["act"], x["carried"]] + (["for", x["for"]] if x["for"] else []) + ["void"] * x["voided"]) for x in verdict.get("entries", [])]
    return {k: x for k, x in out.items() if x}
