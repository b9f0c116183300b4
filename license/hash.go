package license

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"

	"licet/phrase"
)

// A Hash is a SHA-256 value, written as 64 lower-case hexadecimal digits. The
// zero Hash means "none".
type Hash [32]byte

// String returns the hexadecimal digits.
func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// AppendText implements encoding.TextAppender.
func (h Hash) AppendText(b []byte) ([]byte, error) { return hex.AppendEncode(b, h[:]), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (h *Hash) UnmarshalText(b []byte) error {
	if len(b) != 64 {
		return phrase.Errorf("a hash has 64 hexadecimal digits, this has %d characters", len(b))
	}
	for i, c := range b {
		d, ok := hexDigit(c)
		if !ok {
			return phrase.Errorf("a hash has hexadecimal digits only, not %s", strconv.QuoteRune(rune(c)))
		}
		h[i/2] = h[i/2]<<4 | d
	}
	return nil
}

func hexDigit(c byte) (value byte, ok bool) {
	switch {
	case '0' <= c && c <= '9':
		return c - '0', true
	case 'a' <= c && c <= 'f':
		return c - 'a' + 10, true
	case 'A' <= c && c <= 'F':
		return c - 'A' + 10, true
	}
	return 0, false
}

// ParseHash reads 64 lower-case hexadecimal digits.
func ParseHash(s string) (h Hash, err error) {
	err = h.UnmarshalText([]byte(s))
	if err == nil && h.String() != s {
		err = phrase.Errorf("a hash is written with lower-case digits")
	}
	return h, err
}

// HashOf returns the SHA-256 of b.
func HashOf(b []byte) Hash { return sha256.Sum256(b) }

// LeafHash returns the RFC 6962 leaf hash of b, by which entries are known.
func LeafHash(b []byte) Hash {
	h := sha256.New()
	h.Write([]byte{0})
	h.Write(b)
	var sum Hash
	h.Sum(sum[:0])
	return sum
}
