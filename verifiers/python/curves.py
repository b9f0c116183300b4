"""Public keys and bare signatures (docs/spec/signatures.md, sections 1 and 4)."""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from merkle import Flaw
from onewriting import parse_base64

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
_ORDER_8 = 2707385501144840649318225287225658788936804267575313519463743609750303402022
SMALL_ORDER_Y = {0, 1, P - 1, _ORDER_8, P - _ORDER_8}
P256_HALF = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551 >> 1


def _y(raw):
    return int.from_bytes(raw, "little") & (2**255 - 1)


def check_ed25519_form(raw):
    """Checks 1 to 3: size, small order, y below p."""
    if len(raw) != 32:
        raise Flaw("bad-key", "an ed25519 key has 32 bytes")
    if _y(raw) % P in SMALL_ORDER_Y:
        raise Flaw("small-order", "anyone can sign for this key")
    if _y(raw) >= P:
        raise Flaw("bad-key", "not the key's one encoding")


def _x_squared(y):
    return (y * y - 1) * pow(D * y * y + 1, -1, P) % P


def check_on_curve(raw):
    """Check 4."""
    if pow(_x_squared(_y(raw)), (P - 1) // 2, P) != 1:
        raise Flaw("bad-key", "no point of the curve")


def check_prime_order(raw):
    """Check 5: [L]A is the neutral point."""
    y = _y(raw)
    xx = _x_squared(y)
    x = pow(xx, (P + 3) // 8, P)
    if x * x % P != xx:
        x = x * pow(2, (P - 1) // 4, P) % P
    q, n = (x, y, 1), (0, 1, 1)
    for bit in bin(L)[2:]:
        n = _add(n, n)
        if bit == "1":
            n = _add(n, q)
    if n[0] != 0 or n[1] != n[2]:
        raise Flaw("mixed-order", "outside the group of prime order")


def _add(p, q):
    a = p[2] * q[2] % P
    b, c, d = a * a % P, p[0] * q[0] % P, p[1] * q[1] % P
    e = D * c * d % P
    f, g = b - e, b + e
    x = a * f * ((p[0] + p[1]) * (q[0] + q[1]) - c - d) % P
    return x, a * g * (d + c) % P, f * g % P


def ed25519_holds(raw, message, sig):
    """The equation without cofactor, on a key whose form was checked."""
    try:
        ed25519.Ed25519PublicKey.from_public_bytes(raw).verify(sig, message)
        return True
    except (InvalidSignature, ValueError):
        return False


def s_too_high(sig):
    return int.from_bytes(sig[32:], "little") >= L


def p256_point(raw):
    if len(raw) != 33 or raw[0] not in (2, 3):
        raise Flaw("bad-key", "an es256 key is a compressed point of P-256")
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw)
    except ValueError:
        raise Flaw("bad-key", "no point of P-256") from None


def check_p256(point, message, sig):
    """r ‖ s with low s over a message."""
    r, s = int.from_bytes(sig[:32], "big"), int.from_bytes(sig[32:], "big")
    if s > P256_HALF:
        raise Flaw("high-s", "s is not the smaller of its values")
    try:
        point.verify(encode_dss_signature(r, s), message, ec.ECDSA(hashes.SHA256()))
    except (InvalidSignature, ValueError):
        raise Flaw("bad-signature", "the passkey's signature does not hold") from None


def split_key(text):
    """(scheme, bytes) of a key's text."""
    scheme, _, rest = text.partition(":")
    raw = parse_base64(rest) if len(text.encode("utf-8", "surrogateescape")) <= 64 else None
    if raw is None or scheme not in ("ed25519", "es256"):
        raise Flaw("bad-key", "a key is ed25519: or es256: and base64")
    return scheme, raw


def check_key(text):
    """All checks of a key that gets its owner."""
    scheme, raw = split_key(text)
    if scheme == "es256":
        p256_point(raw)
        return
    check_ed25519_form(raw)
    check_on_curve(raw)
    check_prime_order(raw)
