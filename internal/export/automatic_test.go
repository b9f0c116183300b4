package export

import (
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"

	"licet/internal/contract"
	"licet/internal/ledgertest"
	"licet/internal/roster"
)

// An order of a contract is exported with the rule that imposed it; one of the board, with
// its document and no rule.
func TestAutomaticOrders(t *testing.T) {
	c := ledgertest.NewCompact(t)
	c.Imlc("../../contracts")
	c.Order(ledgertest.PrincipalID, "revocation", "2026-04-01")
	head := c.License(ledgertest.CompactIL)
	objects := map[string]object{}
	for line := range strings.Lines(take(t, c.Registry, NDJSON, begin(c.Registry, ""), 100, nil)) {
		var o object
		if err := json.Unmarshal([]byte(line), &o); err != nil {
			t.Fatal(err)
		}
		objects[o.ID] = o
	}
	o := objects[ledgertest.CompactIL]
	if len(o.Orders) != 1 || o.Waits != 0 {
		t.Fatalf("%+v", o)
	}
	x, r := o.Orders[0], o.Orders[0].Rule
	if x.ID != head.Orders[0].ID || x.Action != "revocation" || x.Document != nil || r == nil ||
		r.Contract != "imlc" || r.Version != 1 || len(r.Hash) != 64 || r.Function != "on_order" || r.Line == 0 || r.Citation != "IMLC 10(b)" {
		t.Errorf("%+v, %+v", x, r)
	}
	if x := objects[ledgertest.PrincipalID].Orders[0]; x.Rule != nil || x.Action != "" || x.Document == nil {
		t.Errorf("the board's own: %+v", x)
	}

	rows, err := csv.NewReader(strings.NewReader(take(t, c.Registry, CSV, begin(c.Registry, "us-il.physician"), 100, nil))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	found := false
	for _, row := range rows {
		if row[0] == ledgertest.CompactIL {
			found = true
			if row[roster.Action] != "REVOCATION" || row[roster.DisciplineReason] != "IMLC 10(b); automatically by contract imlc" {
				t.Errorf("%q", row)
			}
		}
	}
	if !found {
		t.Errorf("%q", rows)
	}
}

// What contracts have still to do to a license is said: it may change what is exported.
func TestWaitingCalls(t *testing.T) {
	c := ledgertest.NewCompact(t)
	c.Adopt(ledgertest.OneRule("day", contract.Hook{Kind: contract.OnDay, Answers: []string{"term-ends"}, Function: "hook"},
		"def hook(ctx, day):\n    return [notify(day.license, \"no-such-code\")]\n"), "board", "us-il")
	c.Physician("us-il.physician.5", "examination", "2026-03-31")
	c.Until("2026-04-01")
	if s := take(t, c.Registry, NDJSON, begin(c.Registry, "us-il.physician"), 100, nil); !strings.Contains(s, `,"waits":1}`) {
		t.Error(s)
	}
}
