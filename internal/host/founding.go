package host

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"licet/internal/digest"
	"licet/internal/keys"
	"licet/internal/ledger"
	"licet/license"
	"licet/proof"
	"licet/strict"
	"licet/tx"
)

// A FoundingFile goes round among the agencies that found a network together.
// First each adds itself, with keys that it made at its own site; then each signs
// the founding payload, which the first of them to sign makes of what stands there.
// When all have signed, all put the same file into their homes.
type FoundingFile struct {
	V       int64     `json:"v,required"`
	Network string    `json:"network,required"` // the bare name
	Rules   int64     `json:"rules,required"`
	Offset  int64     `json:"offset"` // test networks: seconds that legal time is ahead of real time
	Members []Founder `json:"members,required"`
	Payload []byte    `json:"payload"` // the founding transaction, with the signatures so far; absent: members may still be added
}

// A Founder is an agency as it adds itself.
type Founder struct {
	Member license.Member  `json:"member,required"`
	Peer   string          `json:"peer,required"` // where its node listens for others: ID@host:port
	Boards []FoundingBoard `json:"boards"`
}

// A FoundingBoard is a board of a member from the beginning.
type FoundingBoard struct {
	ID   string `json:"id,required"`
	Name string `json:"name,required"`
	Root string `json:"root,required"` // ed25519:…
}

const (
	foundingFileVersion  = 1
	foundingFileBytesMax = 4 << 20
)

// NewFoundingFile begins a founding.
func NewFoundingFile(network string, rules, offset int64) *FoundingFile {
	return &FoundingFile{V: foundingFileVersion, Network: network, Rules: cmp.Or(rules, license.RulesFounding), Offset: offset}
}

// ParseFoundingFile reads a founding file. What stands in it beside the payload
// is what the payload says, or it is refused: nobody signs what he was not shown.
func ParseFoundingFile(b []byte) (*FoundingFile, error) {
	f := new(FoundingFile)
	if err := strict.Decode(bytes.TrimSpace(b), f, foundingFileBytesMax); err != nil {
		return nil, fmt.Errorf("it is no founding file: %w", err)
	}
	if f.V != foundingFileVersion {
		return nil, fmt.Errorf("it is a founding file of version %d; this program knows version %d", f.V, foundingFileVersion)
	}
	if err := license.CheckNetworkName(f.Network); err != nil {
		return nil, err
	}
	for i := range f.Members {
		if err := f.Members[i].check(); err != nil {
			return nil, err
		}
	}
	if f.Payload == nil {
		return f, nil
	}
	t, found, err := ledger.Founding(f.Payload)
	if err != nil {
		return nil, fmt.Errorf("its payload cannot be read: %w", err)
	}
	if same := f.transaction(found.Time); !bytes.Equal(same.HeaderBytes, t.HeaderBytes) {
		return nil, errors.New("its payload is not of the members and boards that it shows: somebody changed it after the first signature. Do not sign it; ask who had it before you")
	}
	return f, nil
}

// Encode writes the file.
func (f *FoundingFile) Encode() []byte { return append(strict.Encode(f), '\n') }

func (m *Founder) check() error {
	if err := proof.CheckMember(m.Member); err != nil {
		return err
	}
	if _, err := parsePeer(m.Peer); err != nil {
		return fmt.Errorf("member %s: %w", m.Member.ID, err)
	}
	return nil
}

// Add adds a member, or puts what it now says of itself in the place of what it said.
func (f *FoundingFile) Add(m Founder) error {
	if f.Payload != nil {
		return errors.New("the founding file is signed already, so no member can be added; found anew, or let the member join later")
	}
	if err := m.check(); err != nil {
		return err
	}
	at := slices.IndexFunc(f.Members, func(o Founder) bool { return o.Member.ID == m.Member.ID })
	switch {
	case at < 0:
		f.Members = append(f.Members, m)
	case f.Members[at].Member.Root != m.Member.Root:
		return fmt.Errorf("there is a member %s already, with another root key", m.Member.ID)
	default:
		f.Members[at] = m
	}
	slices.SortFunc(f.Members, func(a, b Founder) int { return strings.Compare(a.Member.ID, b.Member.ID) })
	return nil
}

// Close makes the payload, after which nobody can be added. It may be called again.
func (f *FoundingFile) Close(now license.Instant) error {
	if f.Payload != nil {
		return nil
	}
	if len(f.Members) == 0 {
		return errors.New("the founding file names no member")
	}
	f.Payload = f.transaction(now).Encode()
	return nil
}

// transaction makes the founding payload without signatures.
func (f *FoundingFile) transaction(at license.Instant) *tx.Transaction {
	var members []license.Member
	var boards []license.Act
	for i := range f.Members {
		m := &f.Members[i]
		members = append(members, m.Member)
		for _, b := range m.Boards {
			boards = append(boards, BoardCreate(b.ID, b.Name, m.Member.ID, b.Root))
		}
	}
	return Founding{Name: f.Network, Time: at, Offset: f.Offset, Rules: f.Rules, Acts: boards}.transaction(members)
}

// BoardCreate is a board as it stands in a founding: what its Act makes public
// everywhere is public.
func BoardCreate(id, name, member, root string) *license.BoardCreate {
	a := &license.BoardCreate{Board: id, Name: name, Member: member, Jurisdiction: id, Root: root}
	for _, kind := range []string{license.OpeningName, license.OpeningCity, license.OpeningState, license.OpeningOrder} {
		a.Audiences = append(a.Audiences, license.Audience{Kind: kind, Who: license.AudiencePublic})
	}
	return a
}

// Signers returns who must sign, and who has, with signatures that hold.
func (f *FoundingFile) Signers() (must []string, has map[string]bool, err error) {
	roots := map[string]string{}
	for _, m := range f.Members {
		by := "member/" + m.Member.ID
		must, roots[by] = append(must, by), m.Member.Root
		for _, b := range m.Boards {
			by := "board/" + b.ID
			must, roots[by] = append(must, by), b.Root
		}
	}
	has = map[string]bool{}
	if f.Payload == nil {
		return must, has, nil
	}
	t, _, err := ledger.Founding(f.Payload)
	if err != nil {
		return nil, nil, err
	}
	for _, s := range t.Signatures {
		has[s.By] = string(s.Key) == roots[s.By] && s.Verify(t.HeaderBytes) == nil
	}
	return must, has, nil
}

// Sign adds signatures of root keys. Their order is fixed, so that whoever signs
// last, all hold the same bytes, whose hash names the network.
func (f *FoundingFile) Sign(ks ...keys.Key) error {
	t, _, err := ledger.Founding(f.Payload)
	if err != nil {
		return err
	}
	for _, k := range ks {
		by, err := k.By()
		if err != nil {
			return err
		}
		t.Signatures = slices.DeleteFunc(t.Signatures, func(s tx.Signature) bool { return s.By == by })
		t.Sign(tx.SignEd25519(by, k.Private(), t.HeaderBytes))
	}
	return f.keep(t)
}

// Merge takes over the signatures of another copy of the same founding.
func (f *FoundingFile) Merge(other *FoundingFile) error {
	if f.Payload == nil || other.Payload == nil {
		return errors.New("one of the two is not signed yet")
	}
	t, _, err := ledger.Founding(f.Payload)
	if err != nil {
		return err
	}
	o, _, err := ledger.Founding(other.Payload)
	if err != nil {
		return err
	}
	if !bytes.Equal(t.HeaderBytes, o.HeaderBytes) {
		return errors.New("they are two different foundings: somebody signed another list of members. Agree on one file, and sign that")
	}
	for _, s := range o.Signatures {
		if !slices.ContainsFunc(t.Signatures, func(have tx.Signature) bool { return have.By == s.By }) {
			t.Sign(s)
		}
	}
	return f.keep(t)
}

func (f *FoundingFile) keep(t *tx.Transaction) error {
	slices.SortFunc(t.Signatures, func(a, b tx.Signature) int { return strings.Compare(a.By, b.By) })
	b := t.Encode()
	if _, r := tx.Parse(b); r != nil {
		return errors.New(r.Sentence)
	}
	f.Payload = b
	return nil
}

// Missing lists who has not signed yet.
func (f *FoundingFile) Missing() (missing []string, err error) {
	must, has, err := f.Signers()
	for _, by := range must {
		if !has[by] {
			missing = append(missing, by)
		}
	}
	return missing, err
}

// Ready says why the network cannot begin; nil: it can.
func (f *FoundingFile) Ready() error {
	missing, err := f.Missing()
	if err != nil {
		return err
	}
	if len(missing) > 0 {
		return fmt.Errorf("the founding is not signed by all; missing: %s", strings.Join(missing, ", "))
	}
	_, found, err := ledger.Founding(f.Payload)
	if err != nil {
		return err
	}
	return rehearse(found.Time, f.Payload)
}

// Begin puts a founding that all have signed into the home of one of its members.
func (h *Home) Begin(f *FoundingFile) error {
	if founded, err := h.Founded(); err != nil || founded {
		return cmp.Or(err, fmt.Errorf("%s holds a network already", h.Dir))
	}
	if err := f.Ready(); err != nil {
		return err
	}
	self, err := h.self(f)
	if err != nil {
		return err
	}
	p, err := h.Peers()
	if err != nil {
		return err
	}
	p.Nodes = nil
	for _, m := range f.Members {
		if m.Member.ID != self {
			p.Nodes = append(p.Nodes, Peer{Member: m.Member.ID, Address: m.Peer})
		}
	}
	if err := h.SetPeers(p); err != nil {
		return err
	}
	if err := writeWhole(h.Path(foundingFile), f.Payload); err != nil {
		return fmt.Errorf("the founding payload cannot be written: %w", err)
	}
	return nil
}

// self is the member whose node this home is.
func (h *Home) self(f *FoundingFile) (string, error) {
	k, err := keys.Load(h.KeyPath(keyCosign), nil)
	if err != nil {
		return "", err
	}
	c, err := cosignerOf(k)
	if err != nil {
		return "", err
	}
	for _, m := range f.Members {
		if m.Member.Cosign == c.VKey().String() {
			return m.Member.ID, nil
		}
	}
	return "", fmt.Errorf("no member of the founding file has the checkpoint key of %s: this home was not added to it", h.Dir)
}

// Words are the six words by which people compare what they sign.
func (f *FoundingFile) Words() string {
	t, _, err := ledger.Founding(f.Payload)
	if err != nil {
		return ""
	}
	return digest.Words(t.HeaderHash)
}

// Origin names the network, once all have signed.
func (f *FoundingFile) Origin() string { return ledger.OriginOf(f.Network, f.Payload) }
