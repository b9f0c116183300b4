package license

import "testing"

func TestClaim(t *testing.T) {
	b := newBook(t)
	b.must(&MemberSetAct{Set: 2, Members: []Member{{ID: "idfpr", Weight: 10, Root: "ed25519:member"}, {ID: "dsps", Weight: 10, Root: "ed25519:dsps"}}})
	b.must(&BoardCreate{Board: "us-wi", Name: "Wisconsin", Member: "idfpr", Jurisdiction: "us-wi", Root: "ed25519:member", Source: SourceImport})
	claim := func(bend func(*BoardClaim)) *BoardClaim {
		a := &BoardClaim{Board: "us-wi", Count: 1, Old: "ed25519:member", Root: "ed25519:wi", Member: "dsps"}
		bend(a)
		return a
	}
	b.refused("unknown-board", claim(func(a *BoardClaim) { a.Board = "us-mn" }))
	b.refused("stale", claim(func(a *BoardClaim) { a.Count = 2 }))
	b.refused("source", claim(func(a *BoardClaim) { a.Board = "us-il" }))
	b.refused("root-key", claim(func(a *BoardClaim) { a.Old = "ed25519:another" }))
	b.refused("root-key", claim(func(a *BoardClaim) { a.Root = a.Old }))
	b.refused("unknown-member", claim(func(a *BoardClaim) { a.Member = "nobody" }))

	good := claim(func(*BoardClaim) {})
	idfpr, dsps, root := Signer{"member/idfpr", "ed25519:member"}, Signer{"member/dsps", "ed25519:dsps"}, Signer{"board/us-wi", "ed25519:wi"}
	for _, c := range []struct {
		name string
		by   []Signer
		want string
	}{
		{"members and the new root", []Signer{idfpr, dsps, root}, ""},
		{"one member of two", []Signer{idfpr, root}, "no-quorum"},
		{"no member", []Signer{root}, "no-quorum"},
		{"members alone", []Signer{idfpr, dsps}, "under-signed"},
		{"the old root as the board's", []Signer{idfpr, dsps, {"board/us-wi", "ed25519:member"}}, "root-key"},
		{"the new root under another name", []Signer{idfpr, dsps, {"board/us-il", "ed25519:wi"}}, "under-signed"},
	} {
		if got := code(Authorize(good, c.by, b)); got != c.want {
			t.Errorf("%s: %q, not %q", c.name, got, c.want)
		}
	}

	b.must(good)
	b.refused("stale", good)
	var w Board
	b.Get(KindBoard, "us-wi", &w)
	if w.Source != "" || w.Root != "ed25519:wi" || w.Member != "dsps" || w.Name != "Wisconsin" || w.Count != 2 {
		t.Errorf("%+v", w)
	}
	if r := Authorize(&OfficerAppoint{Officer: "us-wi/clerk"}, []Signer{{"board/us-wi", "ed25519:member"}}, b); code(r) != "under-signed" {
		t.Errorf("the importing member still appoints: %v", r)
	}
	if r := Authorize(&OfficerAppoint{Officer: "us-wi/clerk"}, []Signer{root}, b); r != nil {
		t.Error(r)
	}
}
