package host

import (
	"fmt"
	"testing"
	"time"

	"licet/internal/keys"
	"licet/license"
	"licet/tx"
)

// Offices are who may sign in a network with the board us-il.
type offices struct{ member, board, clerk, director keys.Key }

// foundBoard founds a network of one with a board that shows its orders.
func foundBoard(t *testing.T, h *Home, name string) offices {
	t.Helper()
	generate := func(purpose string) keys.Key {
		k, err := keys.Generate(purpose, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	o := offices{generate("member one root"), generate("board us-il root"), generate("officer us-il/clerk"), generate("officer us-il/director")}
	var public []license.Audience
	for _, kind := range []string{license.OpeningName, license.OpeningCity, license.OpeningOrder} {
		public = append(public, license.Audience{Kind: kind, Who: license.AudiencePublic})
	}
	both := []string{"clerk", "director"}
	err := h.Found(Founding{
		Name: name, Time: license.InstantOf(time.Now()), Member: license.Member{ID: "one", Name: "One"},
		Root: o.member, Signers: []keys.Key{o.board},
		Acts: []license.Act{
			&license.BoardCreate{Board: "us-il", Name: "Illinois", Member: "one", Jurisdiction: "us-il", Root: string(o.board.Public), Audiences: public},
			&license.BoardCalendar{Board: "us-il", Rows: license.CentralTime()},
			&license.BoardProfession{Profession: "us-il.nurse", Title: "Nurse", Pattern: "041######"},
			&license.OfficerAppoint{Officer: "us-il/clerk", Key: string(o.clerk.Public), Roles: []string{"clerk"}},
			&license.OfficerAppoint{Officer: "us-il/director", Key: string(o.director.Public), Roles: []string{"director"}},
			&license.PolicySet{Board: "us-il", Rules: []license.Rule{
				{Acts: []string{"license.discipline", "license.seal"}, From: both, Signers: 2, Roles: []license.RoleNeed{{Role: "director", Count: 1}}},
				{Acts: []string{"license.*"}, From: both, Signers: 1},
			}},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// sign makes a transaction that these keys sign.
func sign(t *testing.T, origin string, now license.Instant, openings []license.Opening, by []keys.Key, acts ...license.Act) *tx.Transaction {
	t.Helper()
	p := tx.New(origin, true, now.AddSeconds(-5), 86400, acts, openings)
	for _, k := range by {
		who, err := k.By()
		if err != nil {
			t.Fatal(err)
		}
		p.Sign(tx.SignEd25519(who, k.Private(), p.HeaderBytes))
	}
	return p
}

// issue is the act that issues the n-th nurse's license.
func issue(n int, openings ...license.OpeningRef) *license.LicenseIssue {
	return &license.LicenseIssue{
		License: fmt.Sprintf("us-il.nurse.041%06d", n), Licensee: fmt.Sprintf("%032x", n+1), Subject: license.SubjectPerson,
		Issued: "2020-06-01", From: "2024-06-01", Through: "2030-05-31", Openings: openings,
	}
}
