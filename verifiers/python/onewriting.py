"""The one writing of JSON (docs/spec/json.md): reader, writer, and shapes."""

import base64
import re

INT_MAX = 2**53 - 1
DEPTH_MAX = 16

_PLAIN = re.compile(rb'[^"\\\x00-\x1f]*')
_DIGITS = re.compile(rb"-?[0-9]+")
_ESCAPES = {b'"': '"', b"\\": "\\", b"b": "\b", b"f": "\f", b"n": "\n", b"r": "\r", b"t": "\t"}
_SHORT = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_SPACE = b" \n\r\t"


class Fault(Exception):
    """Bytes that are not in the one writing. code is that of the specification."""

    def __init__(self, code, detail=""):
        super().__init__(f"{detail or 'not in the one writing'} [{code}]")
        self.code = code


class Text(str):
    """A string, as it was read; integers and truth values are Python's own."""


class _Reader:
    def __init__(self, data):
        self.data, self.pos, self.depth = data, 0, 0

    def at(self, token):
        return self.data.startswith(token, self.pos)

    def take(self, token):
        if self.at(token):
            self.pos += len(token)
            return True
        return False

    def wrong(self):
        """The fault of the byte at the current position."""
        c = self.data[self.pos : self.pos + 1]
        return Fault("white-space" if c and c in _SPACE else "syntax", f"byte {self.pos}")

    def value(self):
        c = self.data[self.pos : self.pos + 1]
        if c == b"{":
            return self.object()
        if c == b"[":
            return self.array()
        if c == b'"':
            return self.string()
        if c == b"-" or c.isdigit():
            return self.integer()
        for word, v in ((b"true", True), (b"false", False)):
            if self.take(word):
                return v
        if self.at(b"null"):
            raise Fault("null")
        raise self.wrong()

    def open(self):
        if self.depth == DEPTH_MAX:
            raise Fault("depth")
        self.depth += 1
        self.pos += 1

    def close(self):
        self.depth -= 1

    def array(self):
        self.open()
        out = []
        if self.take(b"]"):
            self.close()
            return out
        while True:
            out.append(self.value())
            if self.take(b"]"):
                self.close()
                return out
            if not self.take(b","):
                raise self.wrong()

    def object(self):
        self.open()
        out = {}
        if self.take(b"}"):
            self.close()
            return out
        while True:
            if not self.at(b'"'):
                raise self.wrong()
            name = self.string()
            if not self.take(b":"):
                raise self.wrong()
            if name in out:
                raise Fault("repeated", name)
            v = self.value()
            if nothing(v):
                raise Fault("empty", name)
            out[name] = v
            if self.take(b"}"):
                self.close()
                return out
            if not self.take(b","):
                raise self.wrong()

    def integer(self):
        m = _DIGITS.match(self.data, self.pos)
        if not m:
            self.pos += 1
            raise Fault("syntax", "a minus sign without digits")
        text = m.group()
        self.pos = m.end()
        if self.data[self.pos : self.pos + 1] in (b".", b"e", b"E"):
            raise Fault("float")
        digits = text.lstrip(b"-")
        if len(digits) > 1 and digits[:1] == b"0":
            raise Fault("leading-zero")
        if text == b"-0":
            raise Fault("negative-zero")
        if len(digits) > 16 or abs(int(text)) > INT_MAX:
            raise Fault("range")
        return int(text)

    def run(self):
        m = _PLAIN.match(self.data, self.pos)
        try:
            text = m.group().decode()
        except UnicodeDecodeError:
            raise Fault("utf8") from None
        self.pos = m.end()
        if self.pos == len(self.data):
            raise Fault("syntax", "the input ends within a string")
        if self.data[self.pos] < 0x20:
            raise Fault("escape", "a control character as it is")
        return text

    def string(self):
        self.pos += 1
        parts = [self.run()]
        while not self.take(b'"'):
            parts.append(self.escape())
            parts.append(self.run())
        return Text("".join(parts))

    def escape(self):
        c = self.data[self.pos + 1 : self.pos + 2]
        if not c:
            raise Fault("syntax", "the input ends within a string")
        if c in _ESCAPES:
            self.pos += 2
            return _ESCAPES[c]
        text = self.data[self.pos : self.pos + 6]
        if c == b"u" and re.fullmatch(rb"\\u00[01][0-9a-f]", text):
            char = chr(int(text[2:], 16))
            if char not in _SHORT:
                self.pos += 6
                return char
        raise Fault("escape")


def nothing(v):
    """Whether a member with this value must be absent."""
    return v is False or v is None or (isinstance(v, int) and v == 0) or (not isinstance(v, int) and len(v) == 0)


def read(data, limit=None):
    """Reads one free value: dict, list, Text, int or bool."""
    if limit is not None and len(data) > limit:
        raise Fault("too-long", f"{len(data)} bytes, {limit} are the most")
    r = _Reader(bytes(data))
    v = r.value()
    if r.pos < len(data):
        raise Fault("white-space" if data[r.pos : r.pos + 1] in (b" ", b"\n", b"\r", b"\t") else "trailing")
    return v


def write(v):
    """The one writing of what read returns."""
    out = []
    _write(v, out)
    return "".join(out).encode()


def _write(v, out):
    if isinstance(v, dict):
        out.append("{")
        for i, (name, member) in enumerate(v.items()):
            out.append("," if i else "")
            _string(name, out)
            out.append(":")
            _write(member, out)
        out.append("}")
    elif isinstance(v, list):
        out.append("[")
        for i, element in enumerate(v):
            out.append("," if i else "")
            _write(element, out)
        out.append("]")
    elif isinstance(v, str):
        _string(v, out)
    elif isinstance(v, bool):
        out.append("true" if v else "false")
    else:
        out.append(str(v))


def _string(s, out):
    out.append('"')
    if any(c < " " or c in '"\\' for c in s):
        s = "".join(_SHORT.get(c) or (f"\\u{ord(c):04x}" if c < " " else c) for c in s)
    out.append(s)
    out.append('"')


# Shapes: what members a value has. A shape turns a free value into a Python value
# in which absent members hold their zero, and back.


class Shape:
    """A simple kind of value: check reads it, zero is what absence means."""

    def __init__(self, name, kind, zero, parse=None, unparse=None):
        self.name, self.kind, self.zero_value = name, kind, zero
        self.parse, self.unparse = parse, unparse

    def zero(self):
        return self.zero_value

    def load(self, v):
        if not isinstance(v, self.kind) or (self.kind is int and isinstance(v, bool)):
            raise Fault("kind", f"{self.name} expected")
        return self.parse(v) if self.parse else v

    def dump(self, v):
        return self.unparse(v) if self.unparse else v


class List:
    def __init__(self, element):
        self.element = element

    def zero(self):
        return []

    def load(self, v):
        if not isinstance(v, list):
            raise Fault("kind", "a list expected")
        return [self.element.load(x) for x in v]

    def dump(self, v):
        return [self.element.dump(x) for x in v]


class Object:
    """Members in their order: names and shapes; a name that ends in ! is required."""

    def __init__(self, **members):
        self.required = {n[:-1] for n in members if n.endswith("!")}
        self.members = {n.rstrip("!"): s for n, s in members.items()}
        self.place = {n: i for i, n in enumerate(self.members)}

    def zero(self):
        return {n: s.zero() for n, s in self.members.items()}

    def new(self, **values):
        v = self.zero()
        for n in values:
            if n.rstrip("_") not in v:
                raise KeyError(n)
            v[n.rstrip("_")] = values[n]
        return v

    def load(self, v):
        if not isinstance(v, dict):
            raise Fault("kind", "an object expected")
        out, last = self.zero(), -1
        for name, member in v.items():
            if name not in self.members:
                raise Fault("unknown", name)
            if self.place[name] < last:
                raise Fault("order", name)
            last = self.place[name]
            out[name] = self.members[name].load(member)
            if self.members[name] is HASH and out[name] == NO_HASH:
                raise Fault("empty", name)
        for name in self.required:
            if name not in v:
                raise Fault("required", name)
        return out

    def dump(self, v):
        out = {}
        for n, s in self.members.items():
            d = None if v[n] is None else s.dump(v[n])
            if not nothing(d):
                out[n] = d
        return out


class Maybe:
    """An object that may be absent: then None."""

    def __init__(self, shape):
        self.shape = shape

    def zero(self):
        return None

    def load(self, v):
        return self.shape.load(v)

    def dump(self, v):
        return self.shape.dump(v)


class _Raw:
    """A free value; absent: None."""

    def zero(self):
        return None

    def load(self, v):
        return v

    def dump(self, v):
        return v


def parse_base64(text):
    """Canonical padded base64, or None."""
    try:
        raw = base64.b64decode(text.encode("ascii"), validate=True)
    except (ValueError, UnicodeEncodeError):
        return None
    return raw if base64.b64encode(raw).decode() == text else None


def _bytes(text):
    raw = parse_base64(text)
    if raw is None:
        raise Fault("text", "not base64 in its one writing")
    return raw


def _hash(text):
    if not re.fullmatch(r"[0-9a-f]{64}", text, re.ASCII):
        raise Fault("text", "not 64 lower-case hexadecimal digits")
    return str(text)


NO_HASH = "0" * 64
STR = Shape("a string", str, "", str)
INT = Shape("an integer", int, 0)
BOOL = Shape("true or false", bool, False)
BYTES = Shape("base64", str, b"", _bytes, lambda b: base64.b64encode(b).decode())
HASH = Shape("a hash", str, "", _hash)
RAW = _Raw()


def decode(data, shape, limit=None):
    """Reads bytes of a known shape."""
    return shape.load(read(data, limit))


def encode(v, shape):
    """The one writing of a value of a known shape."""
    return write(shape.dump(v))
