package host

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"licet/internal/keys"
	"licet/internal/ledger"
	"licet/internal/node"
	"licet/license"
	"licet/proof"
)

// The member changes its checkpoint key three times; long after the notes of that
// time were let go, and after a restart, whoever trusts the founding's key walks to
// the newest one.
func TestTrailOnARunningNode(t *testing.T) {
	p := newPlant(t)
	cosigners := []proof.Cosigner{p.cosign}
	for range 3 {
		k, err := keys.Generate("cosign one", time.Now())
		if err != nil {
			t.Fatal(err)
		}
		c, err := cosignerOf(k)
		if err != nil {
			t.Fatal(err)
		}
		cosigners = append(cosigners, c)
	}
	_, found, err := ledger.Founding(p.payload)
	if err != nil {
		t.Fatal(err)
	}
	start := func() (*ledger.Ledger, *node.Node) {
		l, err := ledger.Open("registry", ledger.Options{FS: p.fs, Cache: 8 << 20, NotesKept: 20})
		if err != nil {
			t.Fatal(err)
		}
		n, err := node.Start(
			node.Config{Home: p.dir, Heartbeat: time.Second, Stores: &node.Stores{FS: p.fs, Dir: "engine"}},
			node.Genesis{ChainID: found.Chain, Time: found.Time.Time(), AppState: p.payload},
			machine{l}, cosigners...)
		if err != nil {
			t.Fatal(err)
		}
		return l, n
	}
	record := func(n *node.Node, raw []byte) {
		t.Helper()
		if o, err := n.Submit(t.Context(), raw); err != nil || o.Code != "" {
			t.Fatalf("%s %s %v", o.Code, o.Data, err)
		}
	}
	l, n := start()
	origin, set := l.Head().Origin, l.Head().Sets[0].Set
	first := proof.TrustOf(origin, set, nil)
	for i := range 3 {
		set = license.MemberSet{Set: set.Set + 1, Members: append([]license.Member(nil), set.Members...)}
		set.Members[0].Cosign = cosigners[i+1].VKey().String()
		record(n, sign(t, origin, license.InstantOf(time.Now()), nil, []keys.Key{p.member}, &license.MemberSetAct{Set: set.Set, Members: set.Members}).Encode())
		for range 10 {
			record(n, p.next(origin))
		}
	}
	for range 20 {
		record(n, p.next(origin))
	}
	if err := errors.Join(n.Stop(), l.Close()); err != nil {
		t.Fatal(err)
	}
	l, n = start()
	defer func() {
		if err := errors.Join(n.Stop(), l.Close()); err != nil {
			t.Error(err)
		}
	}()
	record(n, p.next(origin))
	changes := l.SetChanges()
	if len(changes) != 3 || l.Head().Height < changes[2]+20 {
		t.Fatalf("the set changed at %d, the height is %d", changes, l.Head().Height)
	}
	if note, _ := l.Note(changes[2] + 1); note != nil {
		t.Error("later notes are kept too: the test proves nothing")
	}
	b, err := l.TrailBundle(1, 4)
	if err != nil {
		t.Fatal(err)
	}
	v, err := proof.Verify(b, first, proof.Question{})
	if err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(v.Trust) != fmt.Sprint(proof.TrustOf(origin, set, nil)) {
		t.Errorf("the trail leads to\n%s", v.Trust)
	}
	if err := n.WaitCheckpoint(t.Context(), l.Head().Height); err != nil {
		t.Fatal(err)
	}
	s, err := l.State()
	if err != nil {
		t.Fatal(err)
	}
	defer s.Release()
	note, err := l.Note(n.Checkpointed())
	if err != nil {
		t.Fatal(err)
	}
	if b, err = s.StandingBundle(license.KindBoard, "us-il", note); err != nil {
		t.Fatal(err)
	}
	if _, err := proof.Verify(b, v.Trust, proof.Question{}); err != nil {
		t.Error(err)
	}
}
