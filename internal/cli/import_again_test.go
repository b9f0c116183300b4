package cli

import (
	"fmt"
	"slices"
	"testing"

	"licet/internal/importer"
)

func TestOvertakenRowsAreToldOnce(t *testing.T) {
	var told []string
	o := newOvertaken(func(x importer.Result) { told = append(told, fmt.Sprintf("%d %s", x.Row, x.Outcome)) })
	stale := func(row int64) importer.Result {
		return importer.Result{Row: row, Outcome: importer.Refused, Flaws: []importer.Flaw{{Rule: "stale"}}}
	}
	o.take(importer.Result{Row: 1, Outcome: importer.Asserted})
	o.take(stale(2))
	o.take(stale(3))
	if !o.again() {
		t.Fatal("rows 2 and 3 are not planned again")
	}
	o.take(importer.Result{Row: 1, Outcome: importer.Unchanged}) // told before
	o.take(importer.Result{Row: 2, Outcome: importer.Unchanged})
	for o.take(stale(3)); o.again(); o.take(stale(3)) {
		o.take(importer.Result{Outcome: importer.Vanished}) // of the whole file, told before
	}
	if want := []string{"1 asserted", "2 unchanged", "3 refused"}; !slices.Equal(told, want) {
		t.Errorf("told %q", told)
	}
}
