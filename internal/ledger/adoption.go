package ledger

import (
	"fmt"
	"slices"

	"licet/internal/contract"
	"licet/license"
	"licet/strict"
	"licet/tx"
)

// A verb of contracts that names an edition is read with its texts before it is recorded:
// nobody joins or brings in what no node could run. Verifiers, who hold no texts, take
// the members' word for it.

// An adopting finds the texts of contracts: those that travel with the act and those
// that the network has. What travels with another act of the payload is not kept where that
// act is refused.
type adopting struct {
	t     *tx.Transaction
	w     *working
	texts []license.Hash // of the act
}

// checkAdoption refuses an act about a contract whose texts are not what the act says.
// w is the state before the act.
func checkAdoption(a license.Act, t *tx.Transaction, w *working) *license.Refusal {
	ad := &adopting{t: t, w: w}
	switch a := a.(type) {
	case *license.ContractAdopt:
		return ad.version(a.Contract, a.Version, a.Hash, a.Of, a.Among, a.Role, a.Texts)
	case *license.ContractSupersede:
		return ad.version(a.Contract, a.Version, a.Hash, a.Of, a.Among, a.Role, a.Texts)
	case *license.ContractJoin:
		m, r := ad.edition(a.Contract, a.Hash)
		if r == nil {
			r = hasRole(m, a.Role)
		}
		return r
	case *license.ContractAmendParams:
		return ad.amendment(a)
	}
	return nil
}

func badContract(format string, a ...any) *license.Refusal {
	return license.Refuse("contract", "spec/adoption", "The contract cannot be recorded so: %s", fmt.Sprintf(format, a...))
}

// version reads the edition that the act brings, or, without texts, the one that is there.
func (ad *adopting) version(name string, version int64, hash license.Hash, of, among int64, role string, texts []license.Hash) *license.Refusal {
	if len(texts) == 0 {
		m, r := ad.edition(name, hash)
		if r == nil {
			r = hasRole(m, role)
		}
		return r
	}
	m, r := ad.brought(name, hash, texts)
	if r != nil {
		return r
	}
	var share contract.Share
	if m.Amendments != nil {
		share = *m.Amendments
	}
	if m.Version != version || share.Of != of || share.Among != among {
		return badContract("its manifest is of version %d and delegates amendments to %d of %d, the act says version %d and %d of %d.", m.Version, share.Of, share.Among, version, of, among)
	}
	return hasRole(m, role)
}

func hasRole(m *contract.Manifest, role string) *license.Refusal {
	if slices.ContainsFunc(m.Roles, func(r contract.Role) bool { return r.Role == role }) {
		return nil
	}
	return badContract("its manifest has no role %q.", role)
}

// amendment: nothing but parameters may differ from the edition that the board signed.
func (ad *adopting) amendment(a *license.ContractAmendParams) *license.Refusal {
	if len(a.Texts) == 0 {
		return nil // it was read when another board brought it
	}
	m, r := ad.brought(a.Contract, a.Hash, a.Texts)
	if r != nil {
		return r
	}
	was, r := ad.edition(a.Contract, a.Previous)
	if r != nil {
		return r
	}
	now, before := *m, *was
	now.Parameters, before.Parameters = license.Hash{}, license.Hash{}
	if string(strict.Encode(&now)) != string(strict.Encode(&before)) {
		return badContract("its manifest differs from that of edition %s in more than the parameters.", a.Previous)
	}
	return nil
}

// brought reads a contract whose manifest is the first of the texts.
func (ad *adopting) brought(name string, hash license.Hash, texts []license.Hash) (*contract.Manifest, *license.Refusal) {
	ad.texts = texts
	parts := contract.Parts{Manifest: ad.text(texts[0])}
	if contract.HashOf(parts.Manifest) != hash {
		return nil, badContract("its first text is not the manifest whose hash the act names.")
	}
	m := new(contract.Manifest)
	if err := strict.Decode(parts.Manifest, m, contract.ManifestBytesMax); err != nil {
		return nil, badContract("manifest: %v.", err)
	}
	named := []license.Hash{texts[0], m.Source}
	if m.Parameters != (license.Hash{}) {
		named = append(named, m.Parameters)
	}
	for _, s := range m.Scenarios {
		named = append(named, s.Hash)
	}
	for _, h := range named {
		if ad.text(h) == nil {
			return nil, license.Refuse("unknown-text", "spec/adoption", "The manifest names text %s, which neither travels with the act nor is in the network.", h)
		}
	}
	for _, h := range texts {
		if !slices.Contains(named, h) {
			return nil, badContract("text %s travels with it, and its manifest does not name it.", h)
		}
	}
	parts.Source = ad.text(m.Source)
	if m.Parameters != (license.Hash{}) {
		parts.Parameters = ad.text(m.Parameters)
	}
	if _, err := contract.Parse(parts); err != nil {
		return nil, badContract("%v", err)
	}
	if m.Name != name {
		return nil, badContract("its manifest is of contract %q.", m.Name)
	}
	return m, nil
}

// edition reads the manifest of an edition that the network has.
func (ad *adopting) edition(name string, hash license.Hash) (*contract.Manifest, *license.Refusal) {
	var k license.Contract
	ad.w.Get(license.KindContract, name, &k)
	for _, e := range k.Editions {
		if e.Hash != hash {
			continue
		}
		m := new(contract.Manifest)
		if err := strict.Decode(ad.text(e.Manifest), m, contract.ManifestBytesMax); err != nil {
			ad.w.fail(corrupt("manifest %s: %v", e.Manifest, err))
			break
		}
		return m, nil
	}
	return nil, badContract("the network has no edition %s of it.", hash)
}

// text returns a text, or nil. One that the act brings counts although it is not kept yet.
func (ad *adopting) text(h license.Hash) []byte {
	for i := range ad.t.Openings {
		if !slices.Contains(ad.texts, h) {
			break
		}
		if o := &ad.t.Openings[i]; o.Kind == license.OpeningContract && o.Commit() == h {
			return o.Bytes
		}
	}
	var r license.OpeningRecord
	if !ad.w.Get(license.KindOpening, h.String(), &r) || r.Kind != license.OpeningContract {
		return nil
	}
	o, err := ad.w.opening(h)
	ad.w.fail(err)
	if o == nil {
		return nil
	}
	return o.Bytes
}

// opening returns an opening as the block has it, or nil.
func (w *working) opening(h license.Hash) (*license.Opening, error) {
	for x := w; x != nil; x = x.under {
		if b, ok := x.openings[h]; ok {
			return decodeOpening(h, b)
		}
	}
	b, err := get(w.store, key(keyOpening, h[:]))
	if err != nil {
		return nil, err
	}
	return decodeOpening(h, b)
}
