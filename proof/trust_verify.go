package proof

import (
	"maps"
	"slices"
	"sort"
)

// CosignedAt says that a member cosigned, and when.
type CosignedAt struct {
	Name string // the member's, as in the trust file
	Time int64  // seconds since 1970
}

// VerifyNote opens a cosigned checkpoint. More than two thirds of the members'
// weight must have cosigned it. asOf, in seconds since 1970, is the latest time
// t such that more than two thirds of the weight cosigned at t or later.
//
// A line of a trusted key that does not verify fails the note; lines of other
// keys are ignored. Of several lines of one key the latest time counts.
func (t Trust) VerifyNote(msg []byte) (c Checkpoint, signed []CosignedAt, asOf int64, err error) {
	return t.verifyNote(msg, false)
}

// VerifyNoteStrict is VerifyNote for bundles: the note may hold nothing but one
// line of each trusted key that signed, in the order of their bytes.
func (t Trust) VerifyNoteStrict(msg []byte) (c Checkpoint, signed []CosignedAt, asOf int64, err error) {
	return t.verifyNote(msg, true)
}

func (t Trust) verifyNote(msg []byte, strict bool) (Checkpoint, []CosignedAt, int64, error) {
	fail := func(err error) (Checkpoint, []CosignedAt, int64, error) { return Checkpoint{}, nil, 0, err }
	n, err := parseNote(msg)
	if err != nil {
		return fail(err)
	}
	c, err := ParseCheckpoint(n.text)
	if err != nil {
		return fail(err)
	}
	if c.Origin != t.Origin {
		return fail(flawf("note-origin", "the checkpoint is of %s, not of %s", c.Origin, t.Origin))
	}
	keys, err := t.keys()
	if err != nil {
		return fail(err)
	}
	if strict {
		if err := keys.onlyTheseOnce(n.lines); err != nil {
			return fail(err)
		}
	}
	signed, err := keys.verify(n)
	if err != nil {
		return fail(err)
	}
	asOf, err := t.asOf(signed)
	if err != nil {
		return fail(err)
	}
	return c, signed, asOf, nil
}

// Prune keeps of a note what a bundle may hold: of each trusted key the line
// that verifies, with the latest time. Other lines, bad ones too, are left out.
// It asks for no quorum and for at least one line.
func (t Trust) Prune(msg []byte) ([]byte, error) {
	n, err := parseNote(msg)
	if err != nil {
		return nil, err
	}
	keys, err := t.keys()
	if err != nil {
		return nil, err
	}
	type best struct {
		line string
		time int64
	}
	kept := map[string]best{}
	for _, l := range n.lines {
		k, ok := keys[l.key]
		if !ok {
			continue
		}
		unix, err := k.verify(n.text, l.ext)
		if old, have := kept[l.key]; err == nil && (!have || old.time < unix) {
			kept[l.key] = best{l.text, unix}
		}
	}
	if len(kept) == 0 {
		return nil, flawf("note-unsigned", "the note has no line of a trusted key that verifies")
	}
	var lines []string
	for _, b := range kept {
		lines = append(lines, b.line)
	}
	return AssembleNote(n.text, lines), nil
}

// asOf applies the quorum rule to each member's latest cosignature.
func (t Trust) asOf(signed []CosignedAt) (int64, error) {
	weight := map[string]int64{}
	for _, m := range t.Members {
		weight[m.Name] = m.Weight
	}
	newestFirst := slices.Clone(signed)
	sort.Slice(newestFirst, func(i, j int) bool { return newestFirst[i].Time > newestFirst[j].Time })
	var sum int64
	for _, s := range newestFirst {
		if sum += weight[s.Name]; exceedsTwoThirds(sum, t.Total()) {
			return s.Time, nil
		}
	}
	return 0, flawf("note-quorum", "members with weight %d of %d cosigned; more than two thirds are needed", sum, t.Total())
}

// trustedKeys holds the keys whose lines are verified, by name and key id.
type trustedKeys map[string]*trustedKey

type trustedKey struct {
	knownKey
	member string // whose cosignature key it is, or "" for a log key
}

func lineKey(name string, id uint32) string {
	return name + "+" + string([]byte{byte(id >> 24), byte(id >> 16), byte(id >> 8), byte(id)})
}

func (t Trust) keys() (trustedKeys, error) {
	keys := trustedKeys{}
	publicKeys := map[string]bool{}
	add := func(vkey, member string) error {
		v, err := parseVKey(vkey)
		if err != nil {
			return err
		}
		key := lineKey(v.Name, v.id)
		if _, ok := keys[key]; ok || publicKeys[string(v.Key)] {
			// One line could mean two keys, or one key would count twice.
			return flawf("trust-duplicate", "the trusted key %s stands twice, or shares name and key id with another", vkey)
		}
		publicKeys[string(v.Key)] = true
		keys[key] = &trustedKey{v, member}
		return nil
	}
	for _, m := range t.Members {
		if err := add(m.VKey, m.Name); err != nil {
			return nil, err
		}
	}
	for _, l := range t.Logs {
		if err := add(l, ""); err != nil {
			return nil, err
		}
	}
	return keys, nil
}

// verify returns the time of a cosignature, and 0 for a log's signature.
func (k *trustedKey) verify(text string, ext []byte) (int64, error) {
	if k.member == "" {
		return 0, k.VerifyLogSignature(text, ext)
	}
	return k.verifyCosignature(k.id, text, ext)
}

// verify checks every line of a trusted key and returns each member's latest
// cosignature, ascending by name.
func (keys trustedKeys) verify(n signedNote) ([]CosignedAt, error) {
	latest := map[string]int64{}
	for i, l := range n.lines {
		k, ok := keys[l.key]
		if !ok {
			continue
		}
		unix, err := k.verify(n.text, l.ext)
		if err != nil {
			return nil, flawf("note-signature", "signature line %d: %v; a note with a bad line of a trusted key is refused whole", i+1, err)
		}
		if k.member != "" {
			latest[k.member] = max(latest[k.member], unix)
		}
	}
	var signed []CosignedAt
	for _, name := range slices.Sorted(maps.Keys(latest)) {
		signed = append(signed, CosignedAt{name, latest[name]})
	}
	return signed, nil
}

func (keys trustedKeys) onlyTheseOnce(lines []signatureLine) error {
	seen := map[string]bool{}
	var last string
	for i, l := range lines {
		if _, ok := keys[l.key]; !ok {
			return flawf("note-stranger", "signature line %d is of %.80q, key id %08x, which is no trusted key", i+1, l.name, l.keyID())
		}
		if seen[l.key] {
			return flawf("note-repeated", "signature line %d is the second one of %s", i+1, l.name)
		}
		seen[l.key] = true
		if l.text <= last {
			return flawf("note-order", "signature line %d: lines do not stand in ascending order of their bytes", i+1)
		}
		last = l.text
	}
	return nil
}
