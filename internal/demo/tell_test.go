package demo

import (
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"licet/internal/keys"
	"licet/internal/ledger"
	"licet/license"
	"licet/proof"
	"licet/tx"
)

var errStopped = errors.New("stopped")

// A stage is the demo's network without an engine: every transaction is a block.
type stage struct {
	Stage
	Signers
	t     *testing.T
	now   time.Time
	until int // transactions until the machine stops; below 0: never
}

func key(t *testing.T, purpose string) keys.Key {
	k, err := keys.Generate(purpose, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func newStage(t *testing.T) *stage {
	return newStageAt(t, time.Date(2026, 11, 20, 15, 0, 0, 0, time.UTC))
}

func newStageAt(t *testing.T, now time.Time) *stage {
	t.Helper()
	l, err := ledger.Open("store", ledger.Options{FS: vfs.NewMem()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	s := &stage{t: t, until: -1, now: now, Signers: Signers{
		Member: key(t, "member "+MemberID+" root"), Clerk: key(t, "officer "+Clerk), Director: key(t, "officer "+Director),
	}}
	root := key(t, "board "+Board+" root")
	s.Root = root
	validator, cosigns := key(t, "validates"), key(t, "cosigns")
	cosigner, err := proof.NewCosigner(MemberID, cosigns.Private())
	if err != nil {
		t.Fatal(err)
	}
	at := license.InstantOf(s.now)
	acts := append([]license.Act{
		&license.NetworkFound{Name: Network, Chain: "test-demo", Time: at, Rules: license.RulesFounding, Offset: Offset},
		&license.MemberSetAct{Set: 1, Members: []license.Member{{
			ID: MemberID, Name: MemberName, Weight: 10, Cosign: cosigner.VKey().String(), Root: string(s.Member.Public),
			Validator: base64.StdEncoding.EncodeToString(validator.Private().Public().(ed25519.PublicKey)),
		}}},
	}, Acts(root, s.Clerk, s.Director)...)
	p := tx.New(Network, true, at.AddSeconds(Offset), 86400, acts, nil)
	for _, k := range []keys.Key{s.Member, root} {
		by, err := k.By()
		if err != nil {
			t.Fatal(err)
		}
		p.Sign(tx.SignEd25519(by, k.Private(), p.HeaderBytes))
	}
	if _, _, err := l.Genesis(s.now, p.Encode()); err != nil {
		t.Fatal(err)
	}
	s.Stage = Stage{Ledger: l, Submit: s.submit, Now: func() time.Time { return s.now }}
	return s
}

// submit makes a block of a transaction, a second after the last one.
func (s *stage) submit(_ context.Context, transaction []byte) (o ledger.Outcome, err error) {
	if s.until == 0 {
		return o, errStopped
	}
	s.until--
	s.now = s.now.Add(time.Second)
	_, os, _, err := s.Ledger.Finalize(s.Ledger.Head().Height+1, s.now, [][]byte{transaction})
	if err == nil {
		err = s.Ledger.Commit()
	}
	if err != nil {
		s.t.Fatal(err)
	}
	return os[0], nil
}

func (s *stage) run() error {
	if err := s.Tell(s.t.Context(), s.Signers); err != nil {
		return err
	}
	_, err := s.Copy(s.t.Context(), s.Signers, "2026-11-19")
	return err
}

// entries counts the entries about each record of the demo, orders' and licensees'
// random ids left out.
func (s *stage) entries() map[string]int {
	state, err := s.Ledger.State()
	if err != nil {
		s.t.Fatal(err)
	}
	defer state.Release()
	n := map[string]int{}
	for _, kind := range []string{license.KindLicense, license.KindFact, license.KindBoard, license.KindOfficer, license.KindProfession} {
		ids, err := state.IDs(kind, "", 10_000)
		if err != nil {
			s.t.Fatal(err)
		}
		for _, id := range ids {
			es, err := state.Entries(kind, id)
			if err != nil {
				s.t.Fatal(err)
			}
			n[kind+" "+id] = len(es)
		}
	}
	return n
}

// However often it is stopped, the demo is told and copied once.
func TestStoppedAndGoneOn(t *testing.T) {
	whole := newStage(t)
	if err := whole.run(); err != nil {
		t.Fatal(err)
	}
	want := whole.entries()
	facts, copied := 0, 0
	for id := range want {
		if strings.HasPrefix(id, "fact ") {
			facts++
		}
		if strings.HasPrefix(id, "license us-il-synthetic.") {
			copied++
		}
	}
	if facts != 18 || copied < RosterLicenses*8/10 {
		t.Fatalf("%d facts, %d licenses of the roster", facts, copied)
	}
	if err := whole.run(); err != nil || len(whole.entries()) != len(want) {
		t.Fatalf("told again: %v", err)
	}
	again := newStage(t)
	for stops := 0; ; stops++ {
		again.until = 9
		err := again.run()
		if err == nil {
			if stops < 5 {
				t.Errorf("it was stopped %d times only", stops)
			}
			break
		}
		if !errors.Is(err, errStopped) || stops > 50 {
			t.Fatalf("after %d stops: %v", stops, err)
		}
	}
	got := again.entries()
	if len(got) != len(want) {
		t.Errorf("%d records, %d without a stop", len(got), len(want))
	}
	for id, n := range want {
		if got[id] != n {
			t.Errorf("%s has %d entries, %d without a stop", id, got[id], n)
		}
	}
}

// Whenever the demo is founded, its contracts refuse none of its acts and do what the law
// says: a revocation reaches compact licenses until each board acts, a suspension those of
// other states for ninety days, a privilege follows the license on which it rests, a nurse
// has one home state, and a late renewal leaves a gap.
func TestContracts(t *testing.T) {
	now := time.Date(2026, 1, 5, 3, 0, 0, 0, time.UTC)
	for range 9 {
		now = now.AddDate(0, 0, 83)
		s := newStageAt(t, now)
		if err := s.Tell(t.Context(), s.Signers); err != nil {
			t.Fatalf("%v: %v", now, err)
		}
		c := calendarDay{now}
		state, err := s.Ledger.State()
		if err != nil {
			t.Fatal(err)
		}
		on := func(id string, daysAgo int) string {
			var l license.License
			if ok, err := state.Record(license.KindLicense, id, &l); !ok || err != nil {
				t.Fatal(id, err)
			}
			return l.StandingOn(c.ago(daysAgo), nil, nil).Primary
		}
		for _, x := range []struct {
			id      string
			daysAgo int
			want    string
		}{
			{"us-il.physician.036000106", 149, "MAY NOT PRACTICE BY ORDER"},
			{"us-il.physician.036000106", 89, "ACTIVE"},
			{"us-ia.physician.MD-40106", 151, "ACTIVE"},
			{"us-ia.physician.MD-40106", 150, "REVOKED"},
			{"us-ia.physician.MD-40106", 89, "REVOKED"},
			{"us-ia.physician.MD-40106", 40, "ACTIVE"},
			{"us-mn.physician.MD-40106", 0, "REVOKED"},
			{"us-wi.physician.MD-40106", 100, "ACTIVE"},
			{"us-il.physician.036000107", 62, "ACTIVE"},
			{"us-il.physician.036000107", 61, "SUSPENDED"},
			{"us-il.physician.036000107", -28, "SUSPENDED"},
			{"us-il.physician.036000107", -29, "ACTIVE"},
			{"us-mn.physician.MD-40107", 31, "SUSPENDED"},
			{"us-mn.physician.MD-40107", 30, "ACTIVE"},
			{"us-wi.physician.MD-40107", -300, "MAY NOT PRACTICE BY ORDER"},
			{"us-ia-nursing.rn-privilege.P-70301", 102, "ACTIVE"},
			{"us-ia-nursing.rn-privilege.P-70301", 99, "INACTIVE"},
			{"us-wi-nursing.rn.RN-70302", 122, "ACTIVE"},
			{"us-wi-nursing.rn.RN-70302", 119, "INACTIVE"},
			{"us-ia-nursing.rn.RN-70302", 0, "ACTIVE"},
		} {
			if got := on(x.id, x.daysAgo); got != x.want {
				t.Errorf("%v: %s %d days ago: %s, not %s", now, x.id, x.daysAgo, got, x.want)
			}
		}
		var nurse license.License
		if ok, err := state.Record(license.KindLicense, "us-il.nurse.041000206", &nurse); !ok || err != nil {
			t.Fatal(err)
		}
		end := nurse.Terms[0].Through
		for n, want := range []string{"ACTIVE", "NOT RENEWED", "NOT RENEWED", "ACTIVE"} {
			if got := nurse.StandingOn(end.Add([]int{0, 1, 19, 20}[n]), nil, nil).Primary; got != want {
				t.Errorf("%v: the nurse who renewed late, %d: %s, not %s", now, n, got, want)
			}
		}
		state.Release()
	}
}
