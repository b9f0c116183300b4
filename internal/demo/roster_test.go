package demo

import (
	"bytes"
	"context"
	"testing"

	"licet/internal/importer"
	"licet/internal/synthetic"
	"licet/license"
)

type nothing struct{}

func (nothing) Licenses(_ context.Context, ids []string) ([]*importer.Held, error) {
	return make([]*importer.Held, len(ids)), nil
}

// The mapping reads every row of the roster, and what it refuses is dirt that was
// put in.
func TestRoster(t *testing.T) {
	m, err := rosterMapping()
	if err != nil {
		t.Fatal(err)
	}
	dirt := map[string]bool{
		"number-missing": true, "number-pattern": true, "issued-missing": true, "term-from-missing": true,
		"term-through-missing": true, "term-reversed": true, "term-differs": true,
	}
	for _, day := range []license.Day{synthetic.DefaultDay, "2026-12-01", "2029-02-28"} {
		var file bytes.Buffer
		rows, err := synthetic.Write(&file, synthetic.Options{Licenses: RosterLicenses, Seed: rosterSeed, Day: day})
		if err != nil {
			t.Fatal(err)
		}
		src, err := importer.NewSource(bytes.NewReader(file.Bytes()), int64(file.Len()), m)
		if err != nil {
			t.Fatal(err)
		}
		var read, refused, asserted int64
		each := func(r importer.Result) {
			read++
			if r.Outcome == importer.Refused {
				refused++
				for _, f := range r.Flaws {
					if !dirt[f.Rule] {
						t.Errorf("%s: row %d is refused for %s: %s %q: %s", day, r.Row, f.Rule, f.Column, f.Value, f.Reason)
					}
				}
			}
		}
		for b, err := range importer.Plan(context.Background(), src, nothing{}, importer.Options{Each: each}) {
			if err != nil {
				t.Fatal(err)
			}
			asserted += int64(len(b.Acts))
			for _, a := range b.Acts {
				if a := a.(*license.ImportAssert); a.Day != day {
					t.Fatalf("a file of %s says that it is of %s", day, a.Day)
				}
			}
		}
		if read+asserted != rows || asserted < rows*85/100 || refused < rows/50 {
			t.Errorf("%s: of %d rows %d were asserted, %d refused", day, rows, asserted, refused)
		}
	}
}
