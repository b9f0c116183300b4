package roster

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestColumns(t *testing.T) {
	if len(Columns) != Width || Columns[DisciplineReason] != "Discipline Reason" || Columns[Zip] != "Zip" || Columns[Case] != "Case Number" {
		t.Fatalf("%d columns for places 0 to %d", len(Columns), Width-1)
	}
}

// Whatever stands in cells, a reader of comma-separated values finds it again,
// and no guarded cell starts like a formula.
func TestWriter(t *testing.T) {
	cell := rapid.OneOf(rapid.String(), rapid.StringMatching(`['=+\-@＝ 	,"a]{0,6}`))
	rapid.Check(t, func(t *rapid.T) {
		guard := rapid.Bool().Draw(t, "guard")
		var rows []Row
		for range rapid.IntRange(1, 5).Draw(t, "rows") {
			r := Row{}
			for i := range r {
				// encoding/csv reads CR LF in a cell as LF.
				r[i] = strings.ReplaceAll(cell.Draw(t, "cell"), "\r", "")
			}
			rows = append(rows, r)
		}
		var b bytes.Buffer
		w := NewWriter(&b)
		w.Guard = guard
		w.Header()
		for i := range rows {
			w.Write(&rows[i])
		}
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
		back, err := csv.NewReader(&b).ReadAll()
		if err != nil || len(back) != len(rows)+1 {
			t.Fatalf("%d rows back, %v", len(back), err)
		}
		for i, r := range rows {
			for j, want := range r {
				got := back[i+1][j]
				if guard {
					if runs(got) {
						t.Fatalf("%q is run as a formula", got)
					}
					got = Unguarded(got)
				}
				if got != want {
					t.Fatalf("%q was written, %q came back", want, got)
				}
			}
		}
	})
}

func TestGuarded(t *testing.T) {
	for in, want := range map[string]string{
		"=1+1": "'=1+1", "@SUM(A1)": "'@SUM(A1)", "-2": "'-2", "+1": "'+1", "\tx": "'\tx", " =x": "' =x", "＝1": "'＝1",
		"'=x": "''=x", "O'BRIEN": "O'BRIEN", "'x": "'x", "": "", "A-B": "A-B",
	} {
		if got := Guarded(in); got != want {
			t.Errorf("%q is written %q, not %q", in, got, want)
		}
	}
}
