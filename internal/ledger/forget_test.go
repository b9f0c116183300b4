package ledger_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2"

	"licet/internal/ledger"
	"licet/internal/ledgertest"
	"licet/license"
)

// secret stands in the order that is sealed and nowhere else.
const secret = "Tuesdays at the sanatorium of Wolkersdorf, room eleven"

// sealable is a registry on disk with an order whose payload is past not_after.
func sealable(t *testing.T, dir string) (r *ledgertest.Registry, seal *license.LicenseSeal) {
	t.Helper()
	r = ledgertest.NewOnDisk(t, dir)
	id := r.Issue("041000001", license.Name{Given: "Mara", Family: "Voss"}, "2026-05-31")
	doc := license.OrderDocument{
		Entity: "Illinois", Report: "initial", Issued: "2026-01-02", Effective: "2026-01-02",
		Actions: []license.OrderAction{{Code: "probation", Indefinite: true}}, Text: secret,
	}
	order := r.Discipline(id, license.AuthorityConditions, doc, "2026-01-02")
	r.Issue("041000002", license.Name{Given: "Jo", Family: "Ito"}, "2026-05-31")
	r.Clock = r.Clock.Add(48 * time.Hour)
	return r, &license.LicenseSeal{License: id, Order: order, Count: 1}
}

func forgotten(t *testing.T, l *ledger.Ledger) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := l.Forgotten(ctx); err != nil {
		t.Fatal(err)
	}
}

func mustClose(t *testing.T, l *ledger.Ledger) {
	t.Helper()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
}

func wantTraces(t *testing.T, dir, when string, want bool) {
	t.Helper()
	if found := ledgertest.Traces(t, dir, secret); (len(found) > 0) != want {
		t.Fatalf("%s the secret stands in %q", when, found)
	}
}

// settle moves everything to the store's lowest level, as months do.
func settle(t *testing.T, dir string) {
	t.Helper()
	db, err := pebble.Open(dir, &pebble.Options{FormatMajorVersion: pebble.FormatNewest})
	if err == nil {
		err = errors.Join(db.Compact(t.Context(), []byte{0}, []byte{0xff}, false), db.Close())
	}
	if err != nil {
		t.Fatal(err)
	}
}

// A seal takes the order's words out of the files, whether they stand in the
// write-ahead log alone, in a new table, or at the bottom.
func TestSealedWordsLeaveTheFiles(t *testing.T) {
	for _, age := range []string{"in the log", "in a table", "settled"} {
		dir := t.TempDir()
		r, seal := sealable(t, dir)
		wantTraces(t, dir, "before the seal", true)
		if age != "in the log" { // what a log held stands in a table after a restart
			mustClose(t, r.Ledger)
			if age == "settled" {
				settle(t, dir)
			}
			var err error
			if r.Ledger, err = ledger.Open(dir, ledger.Options{}); err != nil {
				t.Fatal(err)
			}
			wantTraces(t, dir, "after a restart", true)
		}
		before, err := r.State() // somebody still reads
		if err != nil {
			t.Fatal(err)
		}
		r.Act(nil, []string{"clerk", "director"}, seal)
		ended, cancel := context.WithCancel(context.Background())
		cancel()
		if err := r.Forgotten(ended); err == nil {
			t.Error("forgotten, while a reader holds a state that has it")
		}
		before.Release()
		forgotten(t, r.Ledger)
		root := r.Head().Map
		mustClose(t, r.Ledger)
		wantTraces(t, dir, "after the seal", false)

		l, err := ledger.Open(dir, ledger.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if l.Head().Map != root {
			t.Error("forgetting changed the state")
		}
		forgotten(t, l) // nothing is left to do
		mustClose(t, l)
	}
}

// Without a checkpoint over the seal older states must stay, for proofs. A
// restart lets them go.
func TestForgettingWaitsForTheCheckpoint(t *testing.T) {
	dir := t.TempDir()
	r, seal := sealable(t, dir)
	r.NoQuorum = true
	r.Act(nil, []string{"clerk", "director"}, seal)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := r.Forgotten(ctx); err == nil {
		t.Error("forgotten without a checkpoint")
	}
	if old, err := r.StateAt(r.Head().Size - 2); err != nil {
		t.Errorf("the state before the seal: %v", err)
	} else {
		old.Release()
	}
	r.NoQuorum = false
	r.Issue("041000003", license.Name{Given: "An", Family: "Oda"}, "2026-05-31")
	forgotten(t, r.Ledger)
	if _, err := r.StateAt(r.Head().Size - 4); err == nil {
		t.Error("the state before the seal is still held")
	}
	mustClose(t, r.Ledger)
	wantTraces(t, dir, "after the checkpoint", false)
}

// A crash between the seal and the rewriting of files loses no forgetting: the
// next start does it.
func TestForgettingOutlivesACrash(t *testing.T) {
	dir := t.TempDir()
	r, seal := sealable(t, dir)
	r.NoQuorum = true
	r.Act(nil, []string{"clerk", "director"}, seal)
	crashed := filepath.Join(t.TempDir(), "crashed")
	if err := os.CopyFS(crashed, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	mustClose(t, r.Ledger)
	for name, dir := range map[string]string{"crash": crashed, "orderly end": dir} {
		wantTraces(t, dir, "after the "+name, true)
		l, err := ledger.Open(dir, ledger.Options{})
		if err != nil {
			t.Fatal(err)
		}
		forgotten(t, l)
		mustClose(t, l)
		wantTraces(t, dir, "after "+name+" and restart", false)
	}
}
