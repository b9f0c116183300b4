package demo

import (
	"bytes"
	"context"
	"fmt"

	"licet/internal/importer"
	"licet/internal/ledger"
	"licet/internal/synthetic"
	"licet/license"
)

// The demo's roster: so many made-up licenses of one seed, copied into the
// registry as a member copies any board's file.
const (
	RosterLicenses = 2000
	rosterSeed     = 1
	importOfficer  = "/importer"
)

// rosterMapping reads the roster.
func rosterMapping() (*importer.Mapping, error) {
	return importer.ParseMapping("of the demo's roster", synthetic.Mapping())
}

// A Copied says what became of the roster's rows.
type Copied struct{ Asserted, Refused int64 }

// Copy copies the roster of a day, or what an interrupted start left of it.
// The clerk's key signs the assertions, for a board that is the member's.
func (n Stage) Copy(ctx context.Context, s Signers, day license.Day) (c Copied, err error) {
	var file bytes.Buffer
	if _, err := synthetic.Write(&file, synthetic.Options{Licenses: RosterLicenses, Seed: rosterSeed, Day: day}); err != nil {
		return c, err
	}
	m, err := rosterMapping()
	if err != nil {
		return c, err
	}
	if err := n.rosterBoard(ctx, s, m); err != nil {
		return c, fmt.Errorf("the board of the demo's roster: %w", err)
	}
	src, err := importer.NewSource(bytes.NewReader(file.Bytes()), int64(file.Len()), m)
	if err == nil {
		err = n.copyFile(ctx, s, src, day, &c)
	}
	if err != nil {
		return c, fmt.Errorf("the demo's roster: %w", err)
	}
	return c, nil
}

// rosterBoard brings the roster's board in.
func (n Stage) rosterBoard(ctx context.Context, s Signers, m *importer.Mapping) error {
	create, rest := importer.BoardActs(m, MemberID, string(s.Member.Public), string(s.Clerk.Public))
	made := func(kind, id string) (bool, error) {
		state, err := n.Ledger.State()
		if err != nil {
			return false, err
		}
		defer state.Release()
		v, err := state.Value(kind, id)
		return v != nil, err
	}
	if there, err := made(license.KindBoard, m.Board.ID); err != nil || !there {
		if err == nil {
			_, err = n.send(ctx, true, []license.Act{create}, nil, signer{"member/" + MemberID, s.Member})
		}
		if err != nil {
			return err
		}
	}
	if there, err := made(license.KindOfficer, m.Board.ID+importOfficer); err != nil || there {
		return err
	}
	_, err := n.send(ctx, true, rest, nil, signer{"board/" + m.Board.ID, s.Member})
	return err
}

func (n Stage) copyFile(ctx context.Context, s Signers, src *importer.Source, day license.Day, c *Copied) error {
	count := func(r importer.Result) {
		switch {
		case r.Outcome == importer.Asserted:
			c.Asserted++
		case r.Outcome == importer.Refused:
			c.Refused++
		}
	}
	by := signer{"officer/" + src.Mapping.Board.ID + importOfficer, s.Clerk}
	for batch, err := range importer.Plan(ctx, src, held{n.Ledger}, importer.Options{Day: day, Each: count}) {
		if err != nil {
			return err
		}
		o, err := n.send(ctx, false, batch.Acts, batch.Openings, by)
		if err != nil {
			return err
		}
		refused := map[int64]license.Refusal{}
		for _, x := range o.Refused {
			refused[x.Act] = license.Refusal{Code: x.Code, Sentence: x.Sentence, Citation: x.Citation}
		}
		for _, r := range batch.Results(refused) {
			count(r)
		}
	}
	return nil
}

// held is the registry as a plan asks about it.
type held struct{ ledger *ledger.Ledger }

// Licenses returns what the registry holds of licenses.
func (h held) Licenses(_ context.Context, ids []string) ([]*importer.Held, error) {
	s, err := h.ledger.State()
	if err != nil {
		return nil, err
	}
	defer s.Release()
	out := make([]*importer.Held, len(ids))
	for i, id := range ids {
		if out[i], err = heldIn(s, id); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func heldIn(s *ledger.State, id string) (*importer.Held, error) {
	x := &importer.Held{Record: new(license.License)}
	if there, err := s.Record(license.KindLicense, id, x.Record); err != nil || !there {
		return nil, err
	}
	es, err := s.Entries(license.KindLicense, id)
	if err != nil {
		return nil, err
	}
	x.Copied = importer.CopiedRows(es)
	for _, d := range x.Record.Openings {
		o, err := s.Opening(d.Commitment)
		if err != nil {
			return nil, err
		}
		if o != nil {
			x.Openings = append(x.Openings, *o)
		}
	}
	return x, nil
}
