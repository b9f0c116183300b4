package lookup

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"licet/internal/ledgertest"
	"licet/license"
)

// A desk records names under which business is done.
type desk struct {
	*ledgertest.Registry
	about string
	drawn int
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	r := ledgertest.New(t)
	r.Act(nil, []string{"root"}, &license.BoardAmend{
		Board: "us-il", Count: 1, Name: "Illinois",
		Audiences: []license.Audience{{Kind: "city", Who: "public"}, {Kind: "fact", Who: "public"}, {Kind: "name", Who: "public"}},
	})
	return &desk{Registry: r, about: r.Issue("041000001", license.Name{Legal: "Prairie Assets LLC"}, "")}
}

func (d *desk) fact(code, name, party string, day license.Day) string {
	d.drawn++
	f := &license.FactRecord{Fact: fmt.Sprintf("us-il/%032x", d.drawn), About: d.about, Code: code, Day: day, Party: party}
	var os []license.Opening
	if name != "" {
		o, ref := d.Opening(license.OpeningFact, []byte(name))
		os, f.Commitment = append(os, o), ref.Commitment
	}
	d.Act(os, officers, f)
	return f.Fact
}

func (d *desk) dba(name string, day license.Day) string {
	return d.fact(license.FactDBA, name, "", day)
}

func (d *desk) amend(fact string, count int64, name string, day license.Day) {
	o, ref := d.Opening(license.OpeningFact, []byte(name))
	d.Act([]license.Opening{o}, officers, &license.FactAmend{Fact: fact, Count: count, Day: day, Commitment: ref.Commitment})
}

func (d *desk) end(fact string, count int64, day license.Day) {
	d.Act(nil, officers, &license.FactEnd{Fact: fact, Count: count, Day: day})
}

// A holder is found by the names under which it does and did business, whenever they
// are recorded, amended and ended; by a mistake it is not found; and a copy that
// followed is the same as one made at the end.
func TestBusinessNames(t *testing.T) {
	d := newDesk(t)
	dir := t.TempDir()
	l := openOn(t, dir, d.Registry)
	wallet := d.dba("Zephyr Wallet", "2026-01-10")
	corner := d.dba("Corner\nof Coins", "2026-01-12")
	catchUp(t, l)
	typo := d.dba("Quarck Bank", "2026-01-11")
	wrong := d.dba("Nobodys Bank", "2026-01-11")
	d.fact(license.FactDBA, "", "Partyname Traders", "2026-01-09")
	d.fact(license.FactControl, "Xavier Control", "", "2026-01-10")
	catchUp(t, l)
	if got := ids(t, l, Query{Name: "quarck"}); len(got) != 1 {
		t.Errorf("before it was amended: %v", got)
	}
	d.amend(typo, 1, "Quark Bank", "2026-01-11")     // a slip
	d.amend(wallet, 1, "Yonder Money", "2026-02-01") // another name from then on
	catchUp(t, l)
	d.end(wallet, 2, "2026-03-01")
	d.end(wrong, 1, "2026-01-11")
	catchUp(t, l)
	for _, name := range []string{"prairie", "zephyr wallet", "yonder", "corner of coins", "quark bank", "partyname", "yondr money"} {
		if got := ids(t, l, Query{Name: name}); !reflect.DeepEqual(got, []string{d.about}) {
			t.Errorf("name %q: %v", name, got)
		}
	}
	for _, name := range []string{"quarck bank", "nobodys", "xavier", "corner wallet"} {
		p, err := l.Search(t.Context(), Query{Name: name})
		if err != nil || p.Total > 0 && p.Match != MatchNear {
			t.Errorf("name %q: %+v, %v", name, p, err)
		}
	}
	p, err := l.Search(t.Context(), Query{ID: d.about})
	want := []string{"Corner of Coins", "Quark Bank", "Partyname Traders", "Yonder Money", "Zephyr Wallet"}
	if err != nil || !reflect.DeepEqual(p.Rows[0].Others, want) {
		t.Errorf("called %q, not %q, %v", p.Rows[0].Others, want, err)
	}
	for _, gone := range []string{"quarck", "nobodys"} {
		if got := holds(t, dir, gone); got != nil {
			t.Errorf("%q stands in %v", gone, got)
		}
	}
	if got := dump(t, openOn(t, t.TempDir(), d.Registry)); got != dump(t, l) {
		t.Errorf("rebuilt:\n%s\nfollowed:\n%s", got, dump(t, l))
	}
	d.amend(corner, 1, strings.Repeat("long ", 2000), "2026-04-01")
	catchUp(t, l)
	if got := ids(t, l, Query{Name: "corner of coins"}); len(got) != 1 {
		t.Errorf("beside a very long name: %v", got)
	}
}

// What a board does not show of facts, nobody is found by.
func TestBusinessNamesWithheld(t *testing.T) {
	d := newDesk(t)
	dir := t.TempDir()
	l := openOn(t, dir, d.Registry)
	d.dba("Zephyr Wallet", "2026-01-10")
	catchUp(t, l)
	d.Act(nil, []string{"root"}, &license.BoardAmend{Board: "us-il", Count: 2, Name: "Illinois", Audiences: []license.Audience{{Kind: "name", Who: "public"}}})
	catchUp(t, l)
	if got := ids(t, l, Query{Name: "zephyr"}); got != nil {
		t.Errorf("found %v", got)
	}
	if got := holds(t, dir, "zephyr"); got != nil {
		t.Errorf("it stands in %v", got)
	}
}
