package importer

import (
	"bytes"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// However little is held in memory, what comes out is sorted and all there, and
// comes out again.
func TestSorter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const width = 3
		records := rapid.SliceOfN(rapid.SliceOfN(rapid.ByteRange('a', 'c'), width, width), 0, 60).Draw(t, "records")
		s := newSorter(width, rapid.IntRange(1, 80).Draw(t, "limit"))
		defer s.close()
		for _, r := range records {
			if err := s.add(r); err != nil {
				t.Fatal(err)
			}
		}
		slices.SortFunc(records, bytes.Compare)
		for range 2 {
			var got [][]byte
			for r, err := range s.sorted() {
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, bytes.Clone(r))
			}
			if !slices.EqualFunc(got, records, bytes.Equal) {
				t.Fatalf("%q, not %q", got, records)
			}
		}
	})
}
