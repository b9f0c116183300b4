package api

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"licet/internal/contract"
	"licet/internal/ledgertest"
	"licet/license"
)

// What a contract did is told with its rule, wherever a license's standing or history is.
func TestAutomatic(t *testing.T) {
	c := ledgertest.NewCompact(t)
	s := newSiteOver(t, c.Registry)
	c.Imlc("../../contracts")
	c.Order(ledgertest.PrincipalID, "revocation", "2026-04-01")
	s.settle()
	const sentence = "Revoked automatically on April 1, 2026 under IMLC 10(b), because Wisconsin revoked its license; holds until the board ends it."
	wi := c.Entries(ledgertest.PrincipalID)
	cause := wi[len(wi)-1]
	rule := func(r *ruleBody) {
		t.Helper()
		if r == nil || r.Contract != "imlc" || r.Version != 1 || len(r.Hash) != 64 || r.Function != "on_order" || r.Line == 0 || r.Citation != "IMLC 10(b)" ||
			r.Trigger == nil || r.Trigger.Hash != cause.Hash.String() || *r.Trigger.Index != cause.Index || r.Trigger.License != ledgertest.PrincipalID {
			t.Errorf("%+v", r)
		}
	}
	var h historyBody
	s.get("/v1/licenses/"+ledgertest.CompactIL+"/history", 200).read(t, &h)
	last := h.Entries[len(h.Entries)-1]
	if last.Sentence != sentence || last.Act != "contract.impose" || h.Entries[0].Rule != nil {
		t.Errorf("%+v", last)
	}
	rule(last.Rule)
	var l licenseBody
	s.get("/v1/licenses/"+ledgertest.CompactIL+"?on=2026-04-02", 200).read(t, &l)
	if len(l.Automatic) != 1 || l.Automatic[0].Sentence != sentence || l.Automatic[0].Entry != last.Hash || l.Waits != nil || l.Standing.Orders[0].Contract != "imlc" || l.Standing.Orders[0].Action != "revocation" {
		t.Fatalf("%+v", l)
	}
	rule(l.Automatic[0].Rule)
	var found searchBody
	s.get("/v1/licenses?number=2&on=2026-04-02", 200).read(t, &found)
	if len(found.Items) != 1 || !found.Items[0].Automatic || found.Items[0].Waits || found.Items[0].Status != "REVOKED" {
		t.Errorf("%+v", found.Items)
	}
	found = searchBody{}
	s.get("/v1/licenses?number=2&on=2026-03-31", 200).read(t, &found)
	if len(found.Items) != 1 || found.Items[0].Automatic {
		t.Errorf("the day before: %+v", found.Items)
	}
}

// Notices are listed in parts, each once.
func TestNotices(t *testing.T) {
	c := ledgertest.NewCompact(t)
	s := newSiteOver(t, c.Registry)
	c.Adopt(ledgertest.OneRule("tell", contract.Hook{Kind: contract.On, Answers: []string{"license.issue"}, Function: "hook"},
		"def hook(ctx, act):\n    return [notify(act.license, \"told\")]\n"), "board", "us-il")
	const all = 103
	for i := range all {
		c.Physician(fmt.Sprintf("us-il.physician.%d", i), "examination", "2027-12-31")
	}
	told := map[string]bool{}
	after := ""
	for parts := 1; ; parts++ {
		var p noticesBody
		s.get("/v1/boards/us-il/notices"+after, 200).read(t, &p)
		for _, n := range p.Items {
			if n.Words != "Somebody is told." || n.Citation != "Act 1" || n.Contract != "tell" || n.Version != 1 || !strings.HasPrefix(n.ID, "us-il/") {
				t.Fatalf("%+v", n)
			}
			told[n.License] = true
		}
		if after = "?after=" + p.Next; p.Next == "" {
			if len(told) != all || parts != 2 {
				t.Errorf("%d licenses in %d parts", len(told), parts)
			}
			break
		}
	}
	var p noticesBody
	if s.get("/v1/boards/us-wi/notices", 200).read(t, &p); len(p.Items) != 0 || p.Items == nil {
		t.Errorf("%+v", p)
	}
	if code := s.get("/v1/boards/us-xx/notices", 404).code(t); code != "unknown-board" {
		t.Error(code)
	}
	if code := s.get("/v1/boards/us-wi/notices?after=us-il/00", 400).code(t); code != "bad-after" {
		t.Error(code)
	}
	id := fmt.Sprintf("us-il.physician.%d", 7)
	if b := s.get("/v1/licenses/"+id+"/history", 200).body; strings.Contains(string(b), license.KindNotice+"/") {
		t.Errorf("%s", b)
	}
}

// How much a contract changed is counted by board and month.
func TestChanges(t *testing.T) {
	c := ledgertest.NewCompact(t)
	s := newSiteOver(t, c.Registry)
	c.Imlc("../../contracts")
	var b contractBody
	s.get("/v1/contracts/imlc", 200).read(t, &b)
	if b.Changes != nil {
		t.Errorf("before: %+v", b.Changes)
	}
	c.Order(ledgertest.PrincipalID, "revocation", "2026-04-01")
	if err := s.api.Lookup.Wait(t.Context(), c.Head().Size); err != nil {
		t.Fatal(err)
	}
	month := string(license.InstantOf(c.Clock)[:7])
	s.get("/v1/contracts/imlc", 200).read(t, &b)
	if want := []deedBody{{"us-ia", month, 1}, {"us-il", month, 1}}; !slices.Equal(b.Changes, want) {
		t.Errorf("%+v", b.Changes)
	}
}
