"""Checkpoints, notes and cosignatures (docs/spec/checkpoint.md)."""

import base64
import re
from collections import namedtuple

import curves
from merkle import EMPTY_ROOT, Flaw, sha256
from onewriting import INT_MAX, parse_base64

LOG_KEY, COSIGN_KEY = 1, 4
NAME = re.compile(r"[\x21-\x2a\x2c-\x7e]{1,255}", re.ASCII)
TIME_MAX = 253402300799

Checkpoint = namedtuple("Checkpoint", "origin size root")
VKey = namedtuple("VKey", "name type key id text")
Line = namedtuple("Line", "name id sig text")  # sig: after the key id; text: the whole line


def is_name(s):
    return bool(NAME.fullmatch(s))


def decimal(s, limit=2**63 - 1):
    """A decimal number without sign and leading zeros, or None."""
    if not re.fullmatch(r"0|[1-9][0-9]{0,18}", s, re.ASCII) or int(s) > limit:
        return None
    return int(s)


def parse_checkpoint(text):
    lines = text.split("\n")
    if len(text.encode("utf-8", "surrogateescape")) > 255 + 1 + 20 + 45 or len(lines) != 4 or lines[3]:
        raise Flaw("checkpoint-form", "not three lines")
    if not is_name(lines[0]):
        raise Flaw("checkpoint-origin")
    size = decimal(lines[1], INT_MAX)
    if size is None:
        raise Flaw("checkpoint-size")
    root = parse_base64(lines[2])
    if root is None or len(root) != 32 or (size == 0 and root != EMPTY_ROOT):
        raise Flaw("checkpoint-root")
    return Checkpoint(lines[0], size, root)


def check_public_key(raw):
    try:
        curves.check_ed25519_form(raw)
        curves.check_on_curve(raw)
    except Flaw as f:
        raise Flaw("public-key", str(f)) from None


def parse_vkey(text):
    part = text.split("+", 2)
    if len(text.encode("utf-8", "surrogateescape")) > 8 << 10 or len(part) != 3:
        raise Flaw("vkey-form", "not NAME+KEYID+BASE64")
    name, key_id, key64 = part
    if not is_name(name):
        raise Flaw("vkey-name")
    material = parse_base64(key64)
    if not material:
        raise Flaw("vkey-form", "the key is not base64")
    want = sha256(name.encode(), b"\n", material)[:4]
    if key_id != want.hex():
        raise Flaw("vkey-id", f"the key id is {want.hex()}")
    if material[0] not in (LOG_KEY, COSIGN_KEY):
        raise Flaw("key-type", f"type {material[0]:#04x} is not supported")
    check_public_key(material[1:])
    return VKey(name, material[0], material[1:], want, text)


def vkey_text(name, key_type, raw):
    material = bytes([key_type]) + raw
    return f"{name}+{sha256(name.encode(), b'%c' % 10, material)[:4].hex()}+{base64.b64encode(material).decode()}"


def check_cosignature(key, text, ext):
    """Checks the 76 bytes of a cosignature; returns its time."""
    if key.type != COSIGN_KEY:
        raise Flaw("key-type", "not a cosigner's key")
    seconds = int.from_bytes(ext[4:12], "big")
    message = f"cosignature/v1\ntime {seconds}\n{text}".encode()
    if len(ext) != 76 or ext[:4] != key.id or seconds > TIME_MAX or not curves.ed25519_holds(key.key, message, ext[12:]):
        raise Flaw("signature", f"the cosignature of {key.name} does not hold")
    return seconds


def check_log_signature(key, text, ext):
    if key.type != LOG_KEY:
        raise Flaw("key-type", "not a log's key")
    if len(ext) != 68 or ext[:4] != key.id or not curves.ed25519_holds(key.key, text.encode(), ext[4:]):
        raise Flaw("signature", f"the signature of {key.name} does not hold")


def parse_note(data):
    """Takes a signed note apart: its text, and its signature lines."""
    if len(data) > 64 << 10:
        raise Flaw("note-size")
    try:
        s = data.decode()
    except UnicodeDecodeError:
        raise Flaw("note-form", "not UTF-8") from None
    if any(c < " " and c != "\n" for c in s):
        raise Flaw("note-form", "a control character")
    at = s.rfind("\n\n")
    if at < 0 or at + 2 == len(s) or not s.endswith("\n"):
        raise Flaw("note-form", "no signature lines after an empty line")
    lines = s[at + 2 :].split("\n")[:-1]
    if len(lines) > 256:
        raise Flaw("note-size", "too many lines")
    return s[: at + 1], [_parse_line(x) for x in lines]


def _parse_line(line):
    m = re.fullmatch("— ([^ +]+) (.*)", line, re.DOTALL)
    ext = parse_base64(m[2]) if m else None
    if ext is None or len(ext) < 5:
        raise Flaw("note-form", "not a signature line")
    return Line(m[1], ext[:4], ext, line)
