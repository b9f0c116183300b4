package license

import (
	"slices"
	"testing"
)

// An order that a file holds travels with its document, as a board's own does.
func TestImportOpensTheDocumentsOfItsOrders(t *testing.T) {
	name, order := HashOf([]byte("name")), HashOf([]byte("order"))
	a := &ImportAssert{
		Openings: []OpeningRef{{OpeningName, name}},
		Changes: []Change{
			{Do: DoTerm, From: "2011-12-01", Through: "2013-12-15"},
			{Do: DoOrder, Order: "00112233445566778899aabbccddeeff", Authority: AuthorityBarred, Commitment: order, From: "2013-02-22"},
		},
	}
	want := []OpeningRef{{OpeningName, name}, {OpeningOrder, order}}
	if got := a.Opens(); !slices.Equal(got, want) {
		t.Errorf("opens %v, not %v", got, want)
	}
	if len(a.Openings) != 1 {
		t.Errorf("the act itself changed: %v", a.Openings)
	}
}

type setView struct{ set MemberSet }

func (v setView) Get(kind, _ string, r any) bool {
	if s, ok := r.(*MemberSet); ok && kind == KindMembers {
		*s = v.set
		return true
	}
	return false
}
func (setView) Entries(string, string) []Recorded { return nil }
func (setView) NotAfter(Hash) Instant             { return "" }
func (setView) Now() Instant                      { return "" }
func (setView) Height() int64                     { return 0 }

// A board of source import has its member's key as root, and a key signs once: so
// the member's signature stands for both.
func TestMemberSignsForItsImportedBoard(t *testing.T) {
	v := setView{MemberSet{Set: 1, Members: []Member{{ID: "idfpr", Weight: 10, Root: "key"}, {ID: "other", Weight: 1, Root: "foreign"}}}}
	signed := []Signer{{KindMember + "/idfpr", "key"}}
	a := &BoardCreate{Board: "us-il-chicago", Member: "idfpr", Root: "key", Source: SourceImport}
	if r := Authorize(a, signed, v); r != nil {
		t.Error(r)
	}
	if r := Authorize(&BoardCreate{Board: "us-il-chicago", Member: "other", Root: "foreign", Source: SourceImport}, signed, v); r == nil || r.Code != "under-signed" {
		t.Errorf("without the importing member: %v", r)
	}
	if r := Authorize(&BoardCreate{Board: "us-il", Member: "idfpr", Root: "key"}, signed, v); r == nil || r.Code != "under-signed" {
		t.Errorf("a board of its own without its root: %v", r)
	}
}
