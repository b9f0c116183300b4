"""Ids of records, license numbers and their patterns (docs/spec/records.md)."""

import re

KIND_WITH_DOT = ("license", "profession", "settlement", "claim")
KIND_WITH_SLASH = ("officer", "fact", "notice")
NUMBER_MAX = 64

_NAME = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?", re.ASCII)
_RANDOM = re.compile(r"[0-9a-f]{32}", re.ASCII)
_PLAIN = re.compile(rb"[A-Z0-9.-]")


def is_name(s, limit):
    """A lower-case name: letters, digits, inner hyphens."""
    return len(s) <= limit and bool(_NAME.fullmatch(s))


def is_random(s):
    """16 random bytes as 32 hexadecimal digits."""
    return bool(_RANDOM.fullmatch(s))


def board_of(kind, record_id):
    """The board that a record belongs to, or ''."""
    if kind in KIND_WITH_DOT:
        return record_id.split(".", 1)[0]
    if kind in KIND_WITH_SLASH:
        return record_id.split("/", 1)[0]
    if kind == "fault":
        return record_id.partition("/")[2]
    return record_id if kind in ("board", "calendar", "policy", "contracts") else ""


def link_id(a, b):
    return min(a, b, key=str.encode) + "~" + max(a, b, key=str.encode)


def parse_license_id(s):
    """(board, profession id, number as bytes), or None."""
    parts = s.split(".", 2)
    if len(parts) != 3 or not is_name(parts[0], 32) or not is_name(parts[1], 48):
        return None
    number = _unescape(parts[2].encode())
    return number and (parts[0], parts[0] + "." + parts[1], number)


def _unescape(s):
    out, i = bytearray(), 0
    while i < len(s):
        if _PLAIN.match(s, i):
            out.append(s[i])
            i += 1
            continue
        if not re.fullmatch(rb"%[0-9A-F]{2}", s[i : i + 3]):
            return None
        c = int(s[i + 1 : i + 3], 16)
        if _PLAIN.match(bytes([c])):
            return None
        out.append(c)
        i += 3
    return bytes(out) if 0 < len(out) <= NUMBER_MAX and _is_text(out) else None


def is_npi(s):
    """Ten digits, the last of which checks the others behind 80840 (Luhn)."""
    if not re.fullmatch(r"[0-9]{10}", s, re.ASCII):
        return False
    digits = [int(c) for c in reversed("80840" + s)]
    return sum(sum(divmod(2 * d, 10)) if i % 2 else d for i, d in enumerate(digits)) % 10 == 0


def is_line(s, least, most):
    """One line of text of so many bytes."""
    raw = s.encode()
    return least <= len(raw) <= most and _is_text(raw)


def _is_text(raw):
    try:
        return all(c >= " " and c != "\x7f" for c in raw.decode())
    except UnicodeDecodeError:
        return False


def is_pattern(p):
    """Whether p says how numbers are written."""
    if not p or len(p.encode()) > 200:
        return False
    bodies = [f[:-1] if f.endswith("+") else f for f in p.split("|")]
    return all(b and "+" not in b for b in bodies)


def fits(pattern, number):
    """Whether a number (bytes) is written as the pattern says."""
    return any(_fits_form(f, number) for f in pattern.encode().split(b"|"))


def _fits_form(form, n):
    if form.endswith(b"+"):
        form = form[:-1]
        if not form or len(n) < len(form):
            return False
        form += form[-1:] * (len(n) - len(form))
    return len(form) == len(n) and all(_fits_byte(p, c) for p, c in zip(form, n))


def _fits_byte(p, c):
    digit, letter = 0x30 <= c <= 0x39, 0x41 <= c <= 0x5A
    if p == ord("#"):
        return digit
    if p == ord("@"):
        return letter
    if p == ord("?"):
        return digit or letter
    return p == ord("*") or p == c
