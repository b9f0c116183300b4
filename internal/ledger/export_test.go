package ledger

import (
	"reflect"
	"testing"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"
	"golang.org/x/mod/sumdb/tlog"

	"licet/license"
	"licet/proof"
	"licet/strict"
)

// What the tests outside of the package need of its inside.

const (
	NotesKept     = notesKept
	PruneEvery    = pruneEvery
	TrailStepsMax = trailStepsMax
)

func StepKey(set, height int64) []byte { return stepKey(set, height) }

func (l *Ledger) DB() *pebble.DB { return l.db }

func (l *Ledger) FS() vfs.FS { return l.opts.FS }

func (s *State) Standing(kind, id string, note []byte) (*proof.Bundle, error) {
	return s.standing(kind, id, note)
}

// CheckWhole checks that records are the fold of entries, that every entry stands
// under the log's root and every record under the map's.
func CheckWhole(t *testing.T, l *Ledger) {
	t.Helper()
	s, err := l.State()
	if err != nil {
		t.Fatal(err)
	}
	defer s.Release()
	for i := range s.Head.Size {
		b, err := s.EntryBytes(i)
		if err != nil {
			t.Fatal(err)
		}
		p, err := proof.InclusionPath(s.Head.Size, i, s.Hashes())
		if err != nil {
			t.Fatal(err)
		}
		if err := proof.CheckInclusion(p, s.Head.Size, i, tlog.Hash(s.Head.Root), tlog.Hash(license.LeafHash(b))); err != nil {
			t.Errorf("entry %d: %v", i, err)
		}
	}
	ids, err := s.IDs(license.KindLicense, "", 1000)
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range ids {
		v, _ := s.Value(license.KindLicense, id)
		es, err := s.Entries(license.KindLicense, id)
		if err != nil {
			t.Fatal(err)
		}
		var l license.License
		if err := strict.Decode(v, &l, recordBytesMax); err != nil {
			t.Fatal(err)
		}
		if f := license.FoldLicense(es, ""); !reflect.DeepEqual(&l, f) {
			t.Errorf("%s: record %+v\nfold %+v", id, &l, f)
		}
		p, err := s.Prove(license.KindLicense, id)
		if err != nil {
			t.Fatal(err)
		}
		h := [32]byte(license.HashOf(v))
		if root, err := p.Root(proof.MapKey(license.KindLicense, id), &h); err != nil || root != [32]byte(s.Head.Map) {
			t.Errorf("%s: %v", id, err)
		}
	}
}
