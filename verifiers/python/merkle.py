"""The log's Merkle tree (docs/spec/log.md) and the map (docs/spec/map.md)."""

import hashlib
import re

PATH_MAX = 64
ENTRY_MAX = 16384
EMPTY_ROOT = hashlib.sha256(b"").digest()
ZERO = bytes(32)


class Flaw(Exception):
    """Something that was checked does not hold. code is that of the specification."""

    def __init__(self, code, detail=""):
        super().__init__(f"{detail or 'does not hold'} [{code}]")
        self.code = code


def sha256(*parts):
    h = hashlib.sha256()
    for p in parts:
        h.update(p)
    return h.digest()


def leaf_hash(data):
    return sha256(b"\0", data)


def inner_hash(left, right):
    return sha256(b"\1", left, right)


def split_at(n):
    """The largest power of two below n > 1."""
    return 1 << ((n - 1).bit_length() - 1)


def root_of(leaves):
    """The root over leaf hashes."""
    if not leaves:
        return EMPTY_ROOT
    if len(leaves) == 1:
        return leaves[0]
    k = split_at(len(leaves))
    return inner_hash(root_of(leaves[:k]), root_of(leaves[k:]))


def hex_path(texts):
    """Reads a path as JSON holds it."""
    if len(texts) > PATH_MAX:
        raise Flaw("path-form", "the path is too long")
    for t in texts:
        if not re.fullmatch(r"[0-9a-f]{64}", t, re.ASCII):
            raise Flaw("path-form", "not 64 lower-case hexadecimal digits")
    return [bytes.fromhex(t) for t in texts]


def _inclusion_root(path, size, index, leaf):
    if size == 1:
        return None if path else leaf
    if not path:
        return None
    k = split_at(size)
    if index < k:
        below = _inclusion_root(path[:-1], k, index, leaf)
        return below and inner_hash(below, path[-1])
    below = _inclusion_root(path[:-1], size - k, index - k, leaf)
    return below and inner_hash(path[-1], below)


def check_inclusion(path, size, index, root, leaf):
    """Checks that a leaf stands at an index of a log."""
    if index < 0 or index >= size:
        raise Flaw("no-entry", f"a log of {size} entries has no entry {index}")
    if len(path) > PATH_MAX or _inclusion_root(path, size, index, leaf) != root:
        raise Flaw("inclusion", f"entry {index} does not stand in the log of {size}")


def _consistency_roots(path, lo, hi, n, old):
    if n == hi:
        if lo == 0:
            return None if path else (old, old)
        return (path[0], path[0]) if len(path) == 1 else None
    if not path:
        return None
    k = split_at(hi - lo)
    left = n <= lo + k
    below = _consistency_roots(path[:-1], lo, lo + k, n, old) if left else _consistency_roots(path[:-1], lo + k, hi, n, old)
    if below is None:
        return None
    if left:
        return below[0], inner_hash(below[1], path[-1])
    return inner_hash(path[-1], below[0]), inner_hash(path[-1], below[1])


def check_consistency(path, size, root, old_size, old_root):
    """Checks that a log begins with an older one."""
    if old_size < 0 or old_size > size:
        raise Flaw("sizes", f"a log of {size} entries does not begin with one of {old_size}")
    if old_size == 0:
        ok = not path and old_root == EMPTY_ROOT and (size > 0 or root == EMPTY_ROOT)
    else:
        ok = len(path) <= PATH_MAX and _consistency_roots(path, 0, size, old_size, old_root) == (old_root, root)
    if not ok:
        raise Flaw("consistency", f"the log of {old_size} entries is not the beginning of that of {size}")


# The map.


def map_key(kind, record_id):
    return sha256(b"licet/map/key/1\0", kind.encode(), b"\0", record_id.encode())


def map_leaf(key, value_hash):
    return sha256(b"\0", key, value_hash)


def _bit(key, depth):
    return key[depth // 8] >> (7 - depth % 8) & 1


def _map_hash(text):
    if not re.fullmatch(r"[0-9a-f]{64}", text, re.ASCII):
        raise Flaw("hash-form")
    return bytes.fromhex(text)


def map_root(proof, key, value_hash):
    """The root for which a proof ({path, other}) shows the value, or absence (None)."""
    path, other = proof["path"], proof["other"]
    if len(path) > 256:
        raise Flaw("path-long")
    siblings = []
    for text in path:
        siblings.append(_map_hash(text) if text else ZERO)
        if text and siblings[-1] == ZERO:
            raise Flaw("sibling-zero")
    if path and not path[0]:
        raise Flaw("sibling-empty")
    h = _map_end(len(path), other, key, value_hash)
    for i, s in enumerate(siblings):
        h = inner_hash(s, h) if _bit(key, len(path) - 1 - i) else inner_hash(h, s)
    return h


def _map_end(depth, other, key, value_hash):
    if value_hash is not None:
        if other is not None:
            raise Flaw("other-extra")
        return map_leaf(key, value_hash)
    if other is None:
        if depth == 256:
            raise Flaw("path-long")
        return ZERO
    other_key, other_value = _map_hash(other["key"]), _map_hash(other["value"])
    if other_key == key:
        raise Flaw("other-key")
    if any(_bit(other_key, d) != _bit(key, d) for d in range(depth)):
        raise Flaw("other-place")
    return map_leaf(other_key, other_value)


# Tiles and entry bundles.


def tile_path(level, index, width):
    path = "tile/entries/" if level < 0 else f"tile/{level}/"
    digits = f"{index:03d}"
    digits = digits.zfill((len(digits) + 2) // 3 * 3)
    groups = [digits[i : i + 3] for i in range(0, len(digits), 3)]
    path += "/".join(["x" + g for g in groups[:-1]] + groups[-1:])
    return path if width == 256 else f"{path}.p/{width}"


def parse_tile_path(path):
    """(level, index, width); level -1 are entry bundles."""
    m = re.fullmatch(r"tile/(entries|[0-9]{1,2})/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([0-9]{1,3}))?", path, re.ASCII)
    if m and len(path) <= 64:
        level = -1 if m[1] == "entries" else int(m[1])
        index, width = int(re.sub("[x/]", "", m[2])), int(m[3] or 256)
        partial = m[3] is None or 1 <= width <= 255
        if level <= 63 and index < 2**63 and partial and tile_path(level, index, width) == path:
            return level, index, width
    raise Flaw("tile-path")


def tile_width(size, level, index):
    """How many hashes or entries a tile has; 0: there is none."""
    if level > 7 or level < -1 or size < 0 or index < 0:
        return 0
    n = size >> (8 * max(level, 0))
    return max(0, min(256, n - 256 * index))


def read_entries(data, width):
    """The entries of an entry bundle."""
    if not 1 <= width <= 256:
        raise Flaw("bundle-width")
    if len(data) > width * (2 + ENTRY_MAX):
        raise Flaw("bundle-size")
    out, at = [], 0
    while at < len(data):
        if len(out) == width:
            raise Flaw("bundle-width")
        if len(data) < at + 2:
            raise Flaw("bundle-cut")
        n = int.from_bytes(data[at : at + 2], "big")
        if n > ENTRY_MAX:
            raise Flaw("entry-size")
        if len(data) < at + 2 + n:
            raise Flaw("bundle-cut")
        out.append(data[at + 2 : at + 2 + n])
        at += 2 + n
    if len(out) != width:
        raise Flaw("bundle-width")
    return out
