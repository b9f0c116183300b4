package license

import "testing"

func TestSettle(t *testing.T) {
	b := newBook(t)
	const id = "us-il.nurse.041777" // which no file has brought in
	settle := func(count int64) *ImportSettle {
		return &ImportSettle{License: id, Count: count, Commitment: b.hash("settlement")}
	}
	b.refused("stale", &ImportWithdraw{License: id, Count: 1})
	b.refused("stale", settle(1))
	b.refused("bad-id", &ImportSettle{License: "us-il.nurse", Commitment: b.hash("settlement")})
	first := settle(0)
	b.must(first)
	b.refused("opening-used", &ImportSettle{License: id, Count: 1, Commitment: first.Commitment})
	b.refused("stale", settle(0))
	second := settle(1)
	b.must(second) // takes the place of the first
	var s Settlement
	if b.Get(KindSettlement, id, &s); s.Commitment != second.Commitment || s.Count != 2 {
		t.Errorf("settled as %+v", s)
	}
	b.refused("stale", &ImportWithdraw{License: id, Count: 1})
	b.must(&ImportWithdraw{License: id, Count: 2})
	b.refused("nothing", &ImportWithdraw{License: id, Count: 3})
	b.must(settle(3))
	if b.Get(KindLicense, id, new(License)) {
		t.Error("a settlement brought the license in")
	}
}

// The opening names people: whoever may see names may see it, and nobody else, unless
// the board says so.
func TestSettlementAudience(t *testing.T) {
	named := Audience{Kind: OpeningName, Who: AudiencePublic}
	for _, c := range []struct {
		audiences []Audience
		want      string
	}{
		{nil, AudienceBoard},
		{[]Audience{{Kind: OpeningOrder, Who: AudiencePublic}}, AudienceBoard},
		{[]Audience{named}, AudiencePublic},
		{[]Audience{named, {Kind: OpeningSettlement, Who: AudienceBoard}}, AudienceBoard},
		{[]Audience{{Kind: OpeningSettlement, Who: AudiencePublic}}, AudiencePublic},
	} {
		b := Board{Audiences: c.audiences}
		if got := b.AudienceOf(OpeningSettlement); got != c.want {
			t.Errorf("%v: %s, not %s", c.audiences, got, c.want)
		}
	}
}
