package importer

import (
	"bytes"
	"context"
	"os"
	"testing"

	"licet/internal/ledger"
	"licet/internal/ledgertest"
	"licet/license"
	"licet/tx"
)

// A desk is where the tests import: a ledger with the board of a mapping in it.
type desk struct {
	*ledgertest.Registry
	t     testing.TB
	m     *Mapping
	asked int // licenses that plans asked about
}

func publicKey(name string) string {
	return string(tx.SignEd25519("", ledgertest.Key(name), nil).Key)
}

// newDesk brings the board of a mapping into a new ledger.
func newDesk(t testing.TB, m *Mapping) *desk {
	t.Helper()
	d := &desk{Registry: ledgertest.New(t), t: t, m: m}
	create, rest := BoardActs(m, "idfpr", publicKey("member"), publicKey("importer"))
	d.recorded(d.submit(true, []license.Act{create}, nil, "member/idfpr", "member"))
	d.recorded(d.submit(true, rest, nil, "board/"+m.Board.ID, "member"))
	return d
}

// submit records a payload signed by one signer with one key.
func (d *desk) submit(all bool, acts []license.Act, os []license.Opening, by, key string) ledger.Outcome {
	d.t.Helper()
	p := tx.New(d.Head().Origin, all, license.InstantOf(d.Clock), 86400, acts, os)
	p.Sign(tx.SignEd25519(by, ledgertest.Key(key), p.HeaderBytes))
	return d.Block(p.Encode())[0]
}

func (d *desk) recorded(o ledger.Outcome) {
	d.t.Helper()
	if o.Code != "" {
		d.t.Fatal(o.Refusal())
	}
}

// Licenses implements Registry over the newest state.
func (d *desk) Licenses(_ context.Context, ids []string) ([]*Held, error) {
	s, err := d.State()
	if err != nil {
		return nil, err
	}
	defer s.Release()
	out := make([]*Held, len(ids))
	for i, id := range ids {
		d.asked++
		if out[i], err = heldIn(s, id); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func heldIn(s *ledger.State, id string) (*Held, error) {
	h := &Held{}
	var cs []license.Hash
	settled := new(license.Settlement)
	if ok, err := s.Record(license.KindSettlement, id, settled); err != nil {
		return nil, err
	} else if ok {
		h.Settlement, cs = settled, append(cs, settled.Commitment)
	}
	l := new(license.License)
	if ok, err := s.Record(license.KindLicense, id, l); err != nil || !ok && h.Settlement == nil {
		return nil, err
	} else if ok {
		h.Record = l
	}
	es, err := s.Entries(license.KindLicense, id)
	if err != nil {
		return nil, err
	}
	h.Copied = CopiedRows(es)
	for _, o := range l.Openings {
		cs = append(cs, o.Commitment)
	}
	for _, o := range l.Orders {
		cs = append(cs, o.Commitment)
	}
	for _, c := range cs {
		if o, err := s.Opening(c); err != nil {
			return nil, err
		} else if o != nil {
			h.Openings = append(h.Openings, *o)
		}
	}
	return h, nil
}

func (d *desk) held(id string) *Held {
	d.t.Helper()
	hs, err := d.Licenses(context.Background(), []string{id})
	if err != nil || hs[0] == nil {
		d.t.Fatalf("%s: %v, %v", id, hs, err)
	}
	return hs[0]
}

// names returns the names of a license with the days from which they hold.
func (h *Held) names(t testing.TB) (out []string) {
	texts := newStanding(h, license.Hash{}).texts
	for _, o := range h.Record.Openings {
		if o.Kind == license.OpeningName {
			n, err := license.ParseName(texts[o.Commitment])
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, string(o.From)+" "+n.String())
		}
	}
	return out
}

// A run is what one import of a file did.
type run struct {
	Summary
	refused     []Result
	noted       []Result
	quarantined []Result
	batches     int
}

// imports plans a file, submits the batches and counts.
func (d *desk) imports(file []byte) (r run) {
	d.t.Helper()
	src, err := NewSource(bytes.NewReader(file), int64(len(file)), d.m)
	if err != nil {
		d.t.Fatal(err)
	}
	tell := func(x Result) {
		r.Add(x)
		if x.Outcome == Refused {
			r.refused = append(r.refused, x)
		}
		if x.Outcome == Quarantined {
			r.quarantined = append(r.quarantined, x)
		}
		if len(x.Notes) > 0 {
			r.noted = append(r.noted, x)
		}
	}
	for b, err := range Plan(context.Background(), src, d, Options{Each: tell}) {
		if err != nil {
			d.t.Fatal(err)
		}
		r.batches++
		o := d.submit(false, b.Acts, b.Openings, "officer/"+d.m.Board.ID+"/importer", "importer")
		if o.Code != "" && len(o.Refused) == 0 {
			d.t.Fatal(o.Refusal())
		}
		no := map[int64]license.Refusal{}
		for _, f := range o.Refused {
			no[f.Act] = license.Refusal{Code: f.Code, Sentence: f.Sentence, Citation: f.Citation}
		}
		for _, x := range b.Results(no) {
			tell(x)
		}
	}
	return r
}

func chicago(t testing.TB) *Mapping {
	t.Helper()
	m, err := ReadMapping("chicago")
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func invented(t testing.TB) []byte {
	t.Helper()
	b, err := os.ReadFile("testdata/chicago_invented.csv")
	if err != nil {
		t.Fatal(err)
	}
	return b
}
