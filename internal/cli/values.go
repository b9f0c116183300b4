package cli

import (
	"crypto/rand"
	"encoding/hex"

	"licet/license"
)

// A day is a flag's value like 2026-05-31.
type day license.Day

// UnmarshalText implements encoding.TextUnmarshaler.
func (d *day) UnmarshalText(b []byte) error {
	v, err := license.ParseDay(string(b))
	*d = day(v)
	return err
}

// An instant is a flag's value like 2026-05-31T10:42:07Z.
type instant license.Instant

// UnmarshalText implements encoding.TextUnmarshaler.
func (t *instant) UnmarshalText(b []byte) error {
	v, err := license.ParseInstant(string(b))
	*t = instant(v)
	return err
}

// randomID draws the id of a licensee, an order or a fact: 32 hexadecimal digits.
func randomID() string {
	b := make([]byte, 16)
	_, _ = rand.Read(b) // it never fails: it ends the process first
	return hex.EncodeToString(b)
}

// newOpening salts content and returns the opening with its commitment.
func newOpening(kind string, content []byte) (license.Opening, license.OpeningRef) {
	o := license.Opening{Kind: kind, Salt: make([]byte, license.SaltBytes), Bytes: content}
	_, _ = rand.Read(o.Salt)
	return o, license.OpeningRef{Kind: kind, Commitment: o.Commit()}
}
