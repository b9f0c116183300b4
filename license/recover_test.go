package license

import (
	"testing"

	"licet/strict"
)

// A recovery waits, in the open; then it takes effect by itself. Until then, whoever
// may amend or end the officer ends it.
func TestRecovery(t *testing.T) {
	b := governed(t)
	const id = "us-il/clerk"
	old, next := officer(id), Signer{"officer/" + id, "ed25519:recovered"}
	issues := func(s Signer) string {
		return code(authorizeBoard("license.issue", "us-il", []Signer{s}, b))
	}
	recover := func(id string, count int64, from Instant) string {
		return code(b.do(&OfficerRecover{Officer: id, Count: count, From: from, Title: "Clerk", Key: next.Key, Roles: []string{"clerk"}}))
	}
	week := b.now.AddSeconds(recoverAfter)
	for want, from := range map[string]Instant{"wait": week.AddSeconds(-1), "": week} {
		if got := recover(id, 1, from); got != want {
			t.Fatalf("from %s: %q, not %q", from, got, want)
		}
		if want != "" {
			continue
		}
	}
	if got := recover(id, 2, b.now.AddSeconds(recoverWithin+1)); got != "wait" {
		t.Fatalf("too far away: %q", got)
	}
	if issues(old) != "" || issues(next) != "officer-key" {
		t.Fatalf("before its time: old %q, next %q", issues(old), issues(next))
	}
	b.must(&OfficerSuspend{Officer: id, Count: 2}) // the old key was stolen; the recovery goes on
	b.now = week.AddSeconds(-1)
	if issues(old) != "officer-suspended" || issues(next) != "officer-key" {
		t.Fatalf("a second before: old %q, next %q", issues(old), issues(next))
	}
	b.now = week
	if issues(old) != "officer-key" || issues(next) != "" {
		t.Fatalf("at its time: old %q, next %q", issues(old), issues(next))
	}
	// What is recorded next starts from what he is by now.
	b.must(&OfficerSuspend{Officer: id, Count: 3})
	var o Officer
	if b.Get(KindOfficer, id, &o); o.Next != nil || o.Key != next.Key || o.Status != OfficerSuspended {
		t.Fatalf("after a suspension: %+v", o)
	}
	if issues(next) != "officer-suspended" {
		t.Fatal("the suspension does not count")
	}
}

func TestRecoveryEnded(t *testing.T) {
	b := governed(t)
	week := b.now.AddSeconds(8 * 86400)
	roles := []string{"clerk"}
	// Of an officer who acts, of one who ended, of one who never was.
	for id, count := range map[string]int64{"us-il/clerk": 1, "us-il/gone": 2, "us-il/never": 0} {
		b.must(&OfficerRecover{Officer: id, Count: count, From: week, Key: "ed25519:next " + id, Roles: roles})
		if id != "us-il/clerk" {
			if r := b.do(&OfficerSuspend{Officer: id, Count: count + 1}); code(r) != "officer-ended" {
				t.Errorf("%s is suspended: %v", id, r)
			}
		}
		b.must(&OfficerAmend{Officer: id, Count: count + 1, Key: "ed25519:" + id, Roles: roles})
		var o Officer
		b.Get(KindOfficer, id, &o)
		if o.Next != nil || (o.Status == OfficerEnded) != (id != "us-il/clerk") {
			t.Errorf("%s after the end of its recovery: %s", id, strict.Encode(&o))
		}
	}
	b.must(&OfficerRecover{Officer: "us-il/gone", Count: 4, From: week, Key: "ed25519:back", Roles: roles})
	b.now = week
	if r := authorizeBoard("license.issue", "us-il", []Signer{{"officer/us-il/gone", "ed25519:back"}}, b); r != nil {
		t.Error(r)
	}
}

// From rules 3 on the root does not decide at once what a rule gives the officers.
func TestRootRecoversUnderRules3(t *testing.T) {
	b := governed(t)
	root := []Signer{{"board/us-il", "ed25519:root us-il"}}
	director := []Signer{officer("us-il/director")}
	for rules, want := range map[int64]string{2: "", 3: "not-officer"} {
		b.records[KindNetwork+"\x00network"] = strict.Encode(&Network{Name: "test/book", Rules: rules, Count: 1})
		if got := code(Authorize(&PolicySet{Board: "us-il"}, root, b)); got != want {
			t.Errorf("rules %d, policy.set by the root: %q, not %q", rules, got, want)
		}
		if got := code(Authorize(&PolicySet{Board: "us-il"}, director, b)); got != "" {
			t.Errorf("rules %d, policy.set by the director: %q", rules, got)
		}
		// What no rule covers stays the root's.
		if got := code(Authorize(&OfficerAmend{Officer: "us-il/clerk"}, root, b)); got != "" {
			t.Errorf("rules %d, officer.amend by the root: %q", rules, got)
		}
		if got := code(Authorize(&OfficerRecover{Officer: "us-il/clerk"}, root, b)); got != "" {
			t.Errorf("rules %d, officer.recover by the root: %q", rules, got)
		}
		if got := code(Authorize(&OfficerRecover{Officer: "us-il/clerk"}, director, b)); got != "under-signed" {
			t.Errorf("rules %d, officer.recover by the director: %q", rules, got)
		}
	}
	if r := b.do(&PolicySet{Board: "us-il", Count: 2, Rules: []Rule{{Acts: []string{"officer.recover"}, From: []string{"clerk"}, Signers: 1}}}); code(r) != "rule" {
		t.Errorf("a rule about officer.recover: %v", r)
	}
}
