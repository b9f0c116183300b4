package ledger

import (
	"fmt"
	"slices"
	"strings"

	"licet/license"
	"licet/proof"
	"licet/strict"
	"licet/tx"
)

// Bundles answer from one state and the note over it, so that everything in a
// bundle stands under the same checkpoint. What is sealed at this moment is left
// out, whatever state is proved.

// StandingBundle proves a record of the state, or that there is none, under the
// note: the cosigned checkpoint over this state's log.
func (s *State) StandingBundle(kind, id string, note []byte) ([]byte, error) {
	if i, err := license.ParseID(id); kind == license.KindLicense && err == nil && len(note) > 0 {
		return s.licenseBundle(i, id, note)
	}
	u, err := s.standing(kind, id, note)
	if err != nil {
		return nil, err
	}
	u.Type = proof.BundleStanding
	return strict.Encode(u), nil
}

func (s *State) standing(kind, id string, note []byte) (*proof.Bundle, error) {
	u := &proof.Bundle{V: 1, Origin: s.Head.Origin, Kind: kind, ID: id, Checkpoint: string(note)}
	var err error
	if u.Block, err = s.entryProof(s.Head.Size - 1); err != nil {
		return nil, err
	}
	about := [][2]string{{kind, id}}
	if kind == license.KindLicense {
		i, err := license.ParseID(id)
		if err != nil {
			return nil, err
		}
		about = append(about, [2]string{license.KindBoard, i.Board}, [2]string{license.KindProfession, i.ProfessionID()}, [2]string{license.KindCalendar, i.Board})
		if u.Openings, err = s.publicOpenings(id, i.Board); err != nil {
			return nil, err
		}
	}
	changing, err := s.changingSet(u.Block)
	if err != nil {
		return nil, err
	}
	if changing {
		about = append(about, [2]string{license.KindMembers, "set"})
	}
	for _, a := range about {
		if err := s.prove(u, a[0], a[1]); err != nil {
			return nil, err
		}
	}
	return u, nil
}

// changingSet says whether the newest member set is another than the one that the
// block entry names. It is so for as long as no later block changes anything, also
// when the new set has long begun to sign.
func (s *State) changingSet(block *proof.EntryProof) (bool, error) {
	var e license.Entry
	if err := strict.Decode(block.Entry, &e, license.EntryBytesMax); err != nil || e.End == nil {
		return false, corrupt("entry %d is not the end of a block", s.Head.Size-1)
	}
	return e.End.Set != s.Head.Set, nil
}

// prove adds a record with its proof, once.
func (s *State) prove(u *proof.Bundle, kind, id string) error {
	if slices.ContainsFunc(u.Records, func(r proof.RecordProof) bool { return r.Kind == kind && r.ID == id }) {
		return nil
	}
	v, err := s.Value(kind, id)
	if err != nil {
		return err
	}
	p, err := s.Prove(kind, id)
	if err != nil {
		return err
	}
	u.Records = append(u.Records, proof.RecordProof{Kind: kind, ID: id, Value: v, Proof: p})
	return nil
}

func (s *State) entryProof(index int64) (*proof.EntryProof, error) {
	b, err := s.EntryBytes(index)
	if err != nil {
		return nil, err
	}
	path, err := proof.InclusionPath(s.Head.Size, index, s.Hashes())
	if err != nil {
		return nil, err
	}
	return &proof.EntryProof{Entry: b, Path: proof.HexPath(path)}, nil
}

// publicOpenings returns the license's openings that the board lets the public
// see and that are still kept.
func (s *State) publicOpenings(id, board string) ([]license.Opening, error) {
	var l license.License
	if ok, err := s.Record(license.KindLicense, id, &l); err != nil || !ok {
		return nil, err
	}
	var want []license.OpeningRef
	for _, o := range l.Openings {
		want = append(want, license.OpeningRef{Kind: o.Kind, Commitment: o.Commitment})
	}
	for _, o := range l.Orders {
		if o.Contract != "" { // it has no document
			continue
		}
		want = append(want, license.OpeningRef{Kind: license.OpeningOrder, Commitment: o.Commitment})
	}
	return s.shown(board, want)
}

// pastOpenings returns the same of every state that the license has had: also those
// of an order that was voided, and of a name that was corrected.
func (s *State) pastOpenings(id, board string, now []license.Opening) ([]license.Opening, error) {
	es, err := s.Entries(license.KindLicense, id)
	if err != nil {
		return nil, err
	}
	has := map[license.Hash]bool{}
	for i := range now {
		has[now[i].Commit()] = true
	}
	es = license.WithoutOrders(es, license.SealedOrders(es))
	var want []license.OpeningRef
	for _, r := range license.CommittedBy(es) {
		if !has[r.Commitment] {
			has[r.Commitment] = true
			want = append(want, r)
		}
	}
	past, err := s.shown(board, want)
	return append(now, past...), err
}

// shown returns what a board lets the public see of these openings.
func (s *State) shown(board string, want []license.OpeningRef) (out []license.Opening, err error) {
	var b license.Board
	if _, err := s.Record(license.KindBoard, board, &b); err != nil {
		return nil, err
	}
	for _, w := range want {
		if b.AudienceOf(w.Kind) != license.AudiencePublic {
			continue
		}
		o, err := s.Opening(w.Commitment)
		if err != nil {
			return nil, err
		}
		if o != nil {
			out = append(out, *o)
		}
	}
	return out, nil
}

// HistoryBundle is the standing bundle with every entry about the record, and all
// that shows who signed them: payloads, and the histories of board, policy,
// officers, calendar, profession and members.
func (s *State) HistoryBundle(kind, id string, note []byte) ([]byte, error) {
	u, err := s.standing(kind, id, note)
	if err != nil {
		return nil, err
	}
	u.Type = proof.BundleHistory
	h := historian{State: s, u: u}
	if err := h.add(kind, id); err != nil {
		return nil, err
	}
	if board := license.BoardOf(kind, id); board != "" {
		for _, k := range []string{license.KindBoard, license.KindPolicy, license.KindCalendar} {
			if err := h.add(k, board); err != nil {
				return nil, err
			}
		}
	}
	if i, err := license.ParseID(id); kind == license.KindLicense && err == nil {
		if err := h.add(license.KindProfession, i.ProfessionID()); err != nil {
			return nil, err
		}
		if u.Openings, err = s.pastOpenings(id, i.Board, u.Openings); err != nil {
			return nil, err
		}
	}
	for _, k := range []string{license.KindMembers, license.KindNetwork} {
		if err := h.add(k, map[string]string{license.KindMembers: "set", license.KindNetwork: "network"}[k]); err != nil {
			return nil, err
		}
	}
	if err := h.signers(); err != nil {
		return nil, err
	}
	return strict.Encode(u), nil
}

// A historian gathers what a history bundle needs.
type historian struct {
	*State
	u        *proof.Bundle
	payloads []tx.Signature // every signature seen, for the officers behind them
}

// add adds a record's proof, entries and payloads, once.
func (h *historian) add(kind, id string) error {
	if slices.ContainsFunc(h.u.Histories, func(r proof.RecordHistory) bool { return r.Kind == kind && r.ID == id }) {
		return nil
	}
	if err := h.prove(h.u, kind, id); err != nil {
		return err
	}
	es, err := h.Entries(kind, id)
	if err != nil || len(es) == 0 {
		return err
	}
	r := proof.RecordHistory{Kind: kind, ID: id}
	for _, e := range es {
		p, err := h.entryProof(e.Index)
		if err != nil {
			return err
		}
		r.Entries = append(r.Entries, *p)
		if e.Signed() {
			if err := h.payload(e.Cause, e.Index); err != nil {
				return err
			}
		}
	}
	h.u.Histories = append(h.u.Histories, r)
	// What contracts did rests on the board's signature under them.
	if slices.ContainsFunc(es, func(e license.Recorded) bool { return e.ByContract() != "" }) {
		return h.add(license.KindContracts, license.BoardOf(kind, id))
	}
	return nil
}

// payload adds the signed act that the entry at index names as its cause.
func (h *historian) payload(c *license.Cause, index int64) error {
	kept, err := h.Payload(c)
	if err != nil {
		return err
	}
	act, err := h.Act(index)
	if err != nil {
		return err
	}
	path, err := kept.ActPath(c.Act)
	if err != nil {
		return err
	}
	ap := proof.ActProof{Number: c.Act, Act: act}
	for _, p := range path {
		ap.Path = append(ap.Path, p.String())
	}
	i := slices.IndexFunc(h.u.Payloads, func(p proof.Payload) bool {
		return license.HashOf(p.Header) == c.Header && license.HashOf(p.Signatures) == c.Signatures
	})
	if i < 0 {
		i = len(h.u.Payloads)
		h.u.Payloads = append(h.u.Payloads, proof.Payload{Header: kept.Header, Signatures: kept.Signatures})
		var ss []tx.Signature
		if err := strict.Decode(kept.Signatures, &ss, tx.TransactionBytesMax); err != nil {
			return corrupt("signatures %s: %v", c.Signatures, err)
		}
		h.payloads = append(h.payloads, ss...)
	}
	p := &h.u.Payloads[i]
	if !slices.ContainsFunc(p.Acts, func(a proof.ActProof) bool { return a.Number == c.Act }) {
		p.Acts = append(p.Acts, ap)
	}
	return nil
}

// signers adds the histories of the officers who signed. Their payloads may name
// more officers; the list grows while it is walked.
func (h *historian) signers() error {
	for i := 0; i < len(h.payloads); i++ {
		id, ok := strings.CutPrefix(h.payloads[i].By, license.KindOfficer+"/")
		if !ok {
			continue
		}
		if err := h.add(license.KindOfficer, id); err != nil {
			return fmt.Errorf("officer %s: %w", id, err)
		}
	}
	return nil
}

// ConsistencyBundle proves that the log of an older note is this log's beginning.
func (s *State) ConsistencyBundle(older proof.Checkpoint, olderNote, note []byte) ([]byte, error) {
	path, err := proof.ConsistencyPath(s.Head.Size, older.Size, s.Hashes())
	if err != nil {
		return nil, err
	}
	return strict.Encode(&proof.Bundle{
		V: 1, Type: proof.BundleConsistency, Origin: s.Head.Origin,
		Older: string(olderNote), Path: proof.HexPath(path), Checkpoint: string(note),
	}), nil
}
