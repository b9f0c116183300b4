package host

import (
	"bytes"
	"errors"
	"fmt"

	"licet/internal/digest"
	"licet/license"
	"licet/proof"
	"licet/strict"
)

// An Admission is what an agency says of itself when it asks to come into a network
// that runs. Its node writes it, at its own site. It holds no secret and is signed by
// nobody: members who admit it sign an act that holds the same, and so does its root.
type Admission struct {
	V      int64          `json:"v,required"`
	Origin string         `json:"origin,required"` // the network that it wants to come into
	Member license.Member `json:"member,required"`
	Peer   string         `json:"peer"` // where its node listens for others: ID@host:port; absent: it listens to nobody
}

const (
	admissionVersion  = 1
	admissionBytesMax = 64 << 10
)

// NewAdmission asks for a member's admission to a network.
func NewAdmission(origin string, m license.Member, peer string) (*Admission, error) {
	a := &Admission{V: admissionVersion, Origin: origin, Member: m, Peer: peer}
	return a, a.check()
}

// ParseAdmission reads what Encode writes.
func ParseAdmission(b []byte) (*Admission, error) {
	a := new(Admission)
	if err := strict.Decode(bytes.TrimSpace(b), a, admissionBytesMax); err != nil {
		return nil, fmt.Errorf("it asks for no admission: %w", err)
	}
	if a.V != admissionVersion {
		return nil, fmt.Errorf("it asks for admission in version %d; this program knows version %d", a.V, admissionVersion)
	}
	return a, a.check()
}

// check looks at everything that members would otherwise find out too late. An
// observer needs no keys of a node; those that it names must be some.
func (a *Admission) check() error {
	if a.Origin == "" {
		return errors.New("the admission names no network")
	}
	m := a.Member
	switch {
	case m.ID == "" || m.Name == "":
		return errors.New("the admission needs an id and a name of the member")
	case m.Root == "":
		return fmt.Errorf("member %s: the admission names no root key", m.ID)
	}
	if m.Weight == 0 && (m.Cosign != "" || m.Validator != "") {
		m.Weight = 1
	}
	if err := proof.CheckMember(m); err != nil {
		return err
	}
	if m.Cosign != "" {
		if k, err := proof.ParseVKey(m.Cosign); err != nil || k.Name != m.ID {
			return fmt.Errorf("member %s: %q is not the checkpoint key of a member with this id", m.ID, m.Cosign)
		}
	}
	if a.Peer != "" {
		if _, err := parsePeer(a.Peer); err != nil {
			return fmt.Errorf("member %s: %w", m.ID, err)
		}
	}
	return nil
}

// Encode writes the file.
func (a *Admission) Encode() []byte { return append(strict.Encode(a), '\n') }

// Words are the six words by which the agency that asks and those who admit it make
// sure, by telephone, that they mean the same keys.
func (a *Admission) Words() string { return digest.Words(license.HashOf(strict.Encode(a))) }
