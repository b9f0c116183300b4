"""tlog-proofs: one entry under a cosigned checkpoint (docs/spec/log.md, section 5)."""

import merkle
import notes
import trust
from merkle import Flaw
from onewriting import parse_base64

HEADER = "c2sp.org/tlog-proof@v1"


def verify(data, t, entry):
    """Returns the as-of, in seconds."""
    index, path, note = parse(data)
    point, _, as_of = trust.check_note(t, note, False)
    merkle.check_inclusion(path, point.size, index, point.root, merkle.leaf_hash(entry))
    return as_of


def parse(data):
    if len(data) > 1 << 20:
        raise Flaw("tlog-proof-size")
    header, nl, rest = data.decode("utf-8", "surrogateescape").partition("\n")
    if not nl or header != HEADER:
        raise Flaw("tlog-proof-form")
    line, _, after = rest.partition("\n")
    if line.startswith("extra "):
        if not parse_base64(line[6:]):
            raise Flaw("tlog-proof-extra")
        line, _, after = after.partition("\n")
    index = notes.decimal(line[6:]) if line.startswith("index ") else None
    if index is None:
        raise Flaw("tlog-proof-index")
    path = []
    while True:
        line, nl, after = after.partition("\n")
        if not nl:
            raise Flaw("tlog-proof-form")
        if not line:
            break
        h = parse_base64(line)
        if h is None or len(h) != 32 or len(path) == merkle.PATH_MAX:
            raise Flaw("tlog-proof-path")
        path.append(h)
    note = after.encode("utf-8", "surrogateescape")
    notes.parse_checkpoint(notes.parse_note(note)[0])
    return index, path, note
