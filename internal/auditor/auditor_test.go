package auditor

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"licet/internal/ledgertest"
	"licet/license"
	"licet/proof"
	"licet/strict"
)

// lived founds a registry in which something happened: licenses, a new name, an
// order, a void.
func lived(t *testing.T) *ledgertest.Registry {
	r := ledgertest.New(t)
	a := r.Issue("041000001", license.Name{Given: "Mara", Family: "Voss"}, "2026-05-31")
	r.Issue("041000002", license.Name{Given: "Jo", Family: "Ito"}, "2026-05-31")
	r.Rename(a, r.License(a).Counts.Identity, license.Name{Given: "Mara", Family: "Lind"}, "2026-01-05")
	r.Discipline(a, license.AuthorityConditions, license.OrderDocument{
		Entity: "Illinois", Report: "initial", Issued: "2026-01-02", Effective: "2026-01-02",
		Actions: []license.OrderAction{{Code: license.ActionCodes[0], Indefinite: true}},
	}, "2026-01-02")
	return r
}

func auditorOf(t *testing.T, b *switchboard, trust proof.Trust) *Auditor {
	return &Auditor{Base: b.URL, Dir: t.TempDir(), Trust: trust}
}

func mustAudit(t *testing.T, a *Auditor) *Report {
	t.Helper()
	r, err := a.Audit()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// mustAlarm audits and wants an alarm that says this.
func mustAlarm(t *testing.T, a *Auditor, says string) *Alarm {
	t.Helper()
	_, err := a.Audit()
	var alarm *Alarm
	if !errors.As(err, &alarm) {
		t.Fatalf("no alarm but: %v", err)
	}
	if !strings.Contains(alarm.Error(), says) {
		t.Fatalf("the alarm does not say %q:\n%v", says, alarm)
	}
	return alarm
}

func TestCleanAuditGoesOnWhereItStopped(t *testing.T) {
	r := lived(t)
	b := newSwitchboard(t, siteOf(t, r))
	a := auditorOf(t, b, trustIn(t, r))
	first := mustAudit(t, a)
	if first.Origin != r.Head().Origin || first.Size != r.Head().Size || first.New != first.Size || first.Blocks != 5 || first.Records < 10 {
		t.Errorf("first audit: %+v of a log of %d", first, r.Head().Size)
	}
	if want := license.InstantUnix(ledgertest.Start.Unix() + 86400); first.AsOf != want {
		t.Errorf("as of %s, cosigned at %s", first.AsOf, want)
	}

	if again := mustAudit(t, a); again.New != 0 || again.Blocks != 0 || again.Size != first.Size || again.Records != first.Records {
		t.Errorf("an audit of nothing new: %+v", again)
	}

	l, err := lock(filepath.Join(a.Dir, "records"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Audit(); !errors.Is(err, ErrInUse) {
		t.Errorf("two audits at once: %v", err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}

	r.Issue("041000003", license.Name{Given: "An", Family: "Oda"}, "2026-05-31")
	b.site = siteOf(t, r)
	more := mustAudit(t, a)
	if more.Blocks != 1 || more.New != r.Head().Size-first.Size || more.Size != r.Head().Size {
		t.Errorf("after one more block: %+v", more)
	}
}

// Full entry bundles that were checked are not fetched again.
func TestBlockOverSeveralBundles(t *testing.T) {
	r := ledgertest.New(t)
	before := r.Head().Size
	var txs [][]byte
	for n := range 6 {
		var acts []license.Act
		for i := range 100 {
			acts = append(acts, &license.LicenseIssue{
				License: fmt.Sprintf("us-il.nurse.041%06d", 100*n+i), Licensee: r.ID(), Subject: license.SubjectPerson,
				Issued: "2020-06-01", From: "2024-06-01", Through: "2026-05-31",
			})
		}
		txs = append(txs, r.Sign(true, acts, nil, "clerk"))
	}
	for _, o := range r.Block(txs...) {
		if o.Code != "" {
			t.Fatal(o.Refusal())
		}
	}
	b := newSwitchboard(t, siteOf(t, r))
	a := auditorOf(t, b, trustIn(t, r))
	report := mustAudit(t, a)
	if report.Blocks != 2 || report.Size != before+601 {
		t.Errorf("%+v, with %d entries before the block of 601", report, before)
	}
	r.Issue("041999999", license.Name{Given: "An", Family: "Oda"}, "2026-05-31")
	b.site = siteOf(t, r)
	if report := mustAudit(t, a); report.Blocks != 1 || report.New != 2 {
		t.Errorf("after one more block: %+v", report)
	}
	if slices.Contains(b.site.asked, "tile/entries/000") || slices.Contains(b.site.asked, "tile/entries/001") {
		t.Errorf("the second audit fetched entries that it had checked: %s", b.site.asked)
	}
}

// An audit that is broken off keeps what it checked, and knows whose it was.
func TestBrokenOffAudit(t *testing.T) {
	r := lived(t)
	s := siteOf(t, r)
	b := newSwitchboard(t, s)
	a := auditorOf(t, b, trustIn(t, r))
	s.spoil = func(path string, body []byte) []byte {
		if strings.HasPrefix(path, "tile/entries/") {
			return nil
		}
		return body
	}
	var alarm *Alarm
	if _, err := a.Audit(); err == nil || errors.As(err, &alarm) || !strings.Contains(err.Error(), "404") {
		t.Fatalf("a node that lacks a file: %v", err)
	}
	b.Server.Config.SetKeepAlivesEnabled(false)
	// The node now shows another log than the one under the checkpoint it gave.
	b.site = s.forged(func(es []license.Entry) []license.Entry {
		es[len(es)-2].Effective = "2026-01-03"
		return es
	})
	mustAlarm(t, a, "does not continue")
	s.spoil = nil
	b.site = s
	mustAudit(t, a)
	b.Close()
	if _, err := a.Audit(); err == nil || errors.As(err, &alarm) || !strings.Contains(err.Error(), "does not answer") {
		t.Fatalf("a node that is down: %v", err)
	}
}

func TestRewrittenHistories(t *testing.T) {
	r := lived(t)
	honest := siteOf(t, r)
	last := func(es []license.Entry, do func(e *license.Entry)) []license.Entry {
		do(&es[len(es)-2])
		return es
	}
	for name, tt := range map[string]struct {
		bend func(es []license.Entry) []license.Entry
		says string
	}{
		"the last entry": {func(es []license.Entry) []license.Entry {
			return last(es, func(e *license.Entry) { e.Effective = "2026-01-03" })
		}, "does not continue"},
		"an early entry, and a longer log": {func(es []license.Entry) []license.Entry {
			es[3].Effective = "2020-01-01"
			return append(es, es[len(es)-1])
		}, "does not continue"},
		"a shorter log": {func(es []license.Entry) []license.Entry { return es[:len(es)-2] }, "now has"},
		"an empty log":  {func([]license.Entry) []license.Entry { return nil }, "now has 0"},
	} {
		t.Run(name, func(t *testing.T) {
			b := newSwitchboard(t, honest)
			a := auditorOf(t, b, trustIn(t, r))
			mustAudit(t, a)
			b.site = honest.forged(tt.bend)
			alarm := mustAlarm(t, a, tt.says)
			var kept [][]byte
			for _, path := range alarm.Kept {
				note, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				kept = append(kept, note)
			}
			if len(kept) != 2 || !bytes.Equal(kept[0], honest.note()) || !bytes.Equal(kept[1], b.site.note()) {
				t.Errorf("the evidence is not both checkpoints: %q", kept)
			}
			// The shout is repeated until somebody looks; the honest log still holds.
			mustAlarm(t, a, tt.says)
			b.site = honest
			mustAudit(t, a)
		})
	}
}

// A member who holds the checkpoint key can cosign any log. What its entries say
// must still add up.
func TestBentEntries(t *testing.T) {
	r := lived(t)
	honest := siteOf(t, r)
	find := func(es []license.Entry, kind, act string) *license.Entry {
		for i := range es {
			if es[i].Kind == kind && es[i].Act == act {
				return &es[i]
			}
		}
		t.Fatalf("no entry %s %s", kind, act)
		return nil
	}
	discipline := func(es []license.Entry) *license.Entry { return find(es, license.KindLicense, "license.discipline") }
	other := license.HashOf([]byte("another"))
	const record, root, law = "names another record", "names map root", "says something else than the act that was signed"
	for name, tt := range map[string]struct {
		bend func(es []license.Entry)
		says string
	}{
		"another result": {func(es []license.Entry) { discipline(es).Result = other }, record},
		"a milder order": {func(es []license.Entry) { discipline(es).Changes[0].Authority = license.AuthorityNone }, record},
		"a policy of nothing": {func(es []license.Entry) {
			e := find(es, license.KindPolicy, "policy.set")
			e.Body, e.Result = nil, license.HashOf(nil)
		}, record},
		"a policy that is five": {func(es []license.Entry) {
			e := find(es, license.KindPolicy, "policy.set")
			e.Body, e.Result = []byte("5"), license.HashOf([]byte("5"))
		}, record},
		"a policy of two signs": {func(es []license.Entry) {
			e := find(es, license.KindPolicy, "policy.set")
			e.Body, e.Result = []byte("50"), license.HashOf([]byte("50"))
		}, record},
		"another policy": {func(es []license.Entry) {
			e := find(es, license.KindPolicy, "policy.set")
			e.Body, e.Result = []byte(`{"count":7}`), license.HashOf([]byte(`{"count":7}`))
		}, law},
		"a history cut": {func(es []license.Entry) { discipline(es).Prev = license.Hash{} }, "does not continue the history"},
		"a board in passing": {func(es []license.Entry) {
			e := discipline(es)
			e.Also = append(e.Also, license.Write{Kind: license.KindBoard, ID: "us-il", Value: []byte("{}")})
		}, "beside its own record"},
		"an opening's own entry": {func(es []license.Entry) {
			e := discipline(es)
			e.Kind, e.ID, e.Prev = license.KindOpening, other.String(), license.Hash{}
		}, "no entries of their own"},
		"an opening too many": {func(es []license.Entry) {
			e := discipline(es)
			e.Also = append(e.Also, license.Write{Kind: license.KindOpening, ID: other.String(), Value: []byte(`{"kind":"order"}`)})
		}, law},
		"an opening too few":   {func(es []license.Entry) { discipline(es).Also = nil }, law},
		"an opening taken out": {func(es []license.Entry) { discipline(es).Also[0].Value = nil }, law},
		"another map root":     {func(es []license.Entry) { es[len(es)-1].End.Map = other }, root},
		"another index":        {func(es []license.Entry) { discipline(es).Index++ }, "calls itself"},
		"another block":        {func(es []license.Entry) { es[len(es)-1].Block++ }, "in the middle of block"},
		"another time":         {func(es []license.Entry) { es[len(es)-1].Time = "2030-01-01T00:00:00Z" }, "in the middle of block"},
		"an older block": {func(es []license.Entry) {
			es[len(es)-1].Block, es[len(es)-2].Block = 1, 1
		}, "comes after block"},
		"an older time": {func(es []license.Entry) {
			es[len(es)-1].Time, es[len(es)-2].Time = ledgertest.Start, ledgertest.Start
		}, "comes after block"},
		"an end that writes": {func(es []license.Entry) { es[len(es)-1].Kind = license.KindBoard }, "ends a block and writes"},
	} {
		t.Run(name, func(t *testing.T) {
			b := newSwitchboard(t, honest.forged(func(es []license.Entry) []license.Entry { tt.bend(es); return es }))
			a := auditorOf(t, b, trustIn(t, r))
			mustAlarm(t, a, tt.says)
			mustAlarm(t, a, tt.says) // and again: nothing of the bent block is kept
		})
	}
	t.Run("a block without end", func(t *testing.T) {
		b := newSwitchboard(t, honest.forged(func(es []license.Entry) []license.Entry { return es[:len(es)-1] }))
		mustAlarm(t, auditorOf(t, b, trustIn(t, r)), "in the middle of a block")
	})
	for name, raw := range map[string]string{"no JSON": "nonsense", "another writing": `{"v":1, "index":0}`, "an unknown member": `{"v":1,"x":1}`, "nothing": ""} {
		t.Run(name, func(t *testing.T) {
			s := honest.forged(func(es []license.Entry) []license.Entry { return es })
			s.add([]byte(raw))
			mustAlarm(t, auditorOf(t, newSwitchboard(t, s), trustIn(t, r)), "cannot be read")
		})
	}
}

func TestForgedCheckpoints(t *testing.T) {
	r := lived(t)
	s := siteOf(t, r)
	b := newSwitchboard(t, s)
	a := auditorOf(t, b, trustIn(t, r))
	s.cosign = cosigner(t, "somebody else")
	alarm := mustAlarm(t, a, "does not hold")
	if kept, err := os.ReadFile(alarm.Kept[0]); err != nil || !bytes.Equal(kept, s.note()) {
		t.Errorf("evidence: %q, %v", kept, err)
	}
	s.cosign = cosigner(t, "cosign")
	for name, spoil := range map[string]func(note []byte) []byte{
		"another size":  func(note []byte) []byte { return bytes.Replace(note, []byte("\n"), []byte("\n1"), 1) },
		"no signature":  func(note []byte) []byte { return note[:bytes.Index(note, []byte("\n\n"))+2] },
		"nonsense":      func([]byte) []byte { return []byte("hello") },
		"a long answer": func(note []byte) []byte { return append(note, bytes.Repeat([]byte("x"), noteBytesMax)...) },
		"nothing":       func([]byte) []byte { return []byte{} },
	} {
		s.spoil = func(path string, body []byte) []byte { return spoil(body) }
		if _, err := a.Audit(); err == nil {
			t.Errorf("%s: the checkpoint was believed", name)
		}
	}
}

// What a node sends is bounded, and is believed only under the checkpoint.
func TestSpoiledTiles(t *testing.T) {
	r := lived(t)
	for n := range 60 { // tiles of more than one level
		r.Issue(fmt.Sprintf("0411%05d", n), license.Name{Given: "An", Family: "Oda"}, "2026-05-31")
		r.Issue(fmt.Sprintf("0412%05d", n), license.Name{Given: "An", Family: "Oda"}, "2026-05-31")
	}
	s := siteOf(t, r)
	if len(s.entries) < 256 {
		t.Fatalf("%d entries fill no tile", len(s.entries))
	}
	for _, prefix := range []string{"tile/entries/", "tile/0/", "tile/1/"} {
		for name, spoil := range map[string]func(b []byte) []byte{
			"a bit":      func(b []byte) []byte { b = bytes.Clone(b); b[len(b)-1] ^= 1; return b },
			"short":      func(b []byte) []byte { return b[:len(b)-1] },
			"empty":      func([]byte) []byte { return []byte{} },
			"oversized":  func(b []byte) []byte { return append(bytes.Clone(b), make([]byte, entriesBytesMax)...) },
			"other data": func(b []byte) []byte { return bytes.Repeat([]byte{7}, len(b)) },
		} {
			t.Run(prefix+name, func(t *testing.T) {
				b := newSwitchboard(t, s)
				a := auditorOf(t, b, trustIn(t, r))
				hit := 0
				s.spoil = func(path string, body []byte) []byte {
					if body == nil || !strings.HasPrefix(path, prefix) {
						return body
					}
					hit++
					return spoil(body)
				}
				defer func() { s.spoil = nil }()
				_, err := a.Audit()
				if hit > 0 && err == nil {
					t.Fatal("spoiled tiles were believed")
				}
				if hit == 0 {
					t.Skip("not asked for")
				}
				s.spoil = nil
				mustAudit(t, a) // nothing of it was kept
			})
		}
	}
}

// The members change their keys: who audits regularly follows.
func TestMembersChange(t *testing.T) {
	r := lived(t)
	b := newSwitchboard(t, siteOf(t, r))
	a := auditorOf(t, b, trustIn(t, r))
	mustAudit(t, a)

	set := r.Head().Sets[0].Set
	set.Members = slices.Clone(set.Members)
	set.Members[0].Cosign = cosigner(t, "next cosign").VKey().String()
	r.Act(nil, []string{"member"}, &license.MemberSetAct{Set: 2, Members: set.Members})
	late := auditorOf(t, b, trustIn(t, r)) // has the first trust file and saw nothing yet
	b.site = siteOf(t, r)
	mustAudit(t, a) // under the old key: set 1 still signs

	r.Issue("041000007", license.Name{Given: "An", Family: "Oda"}, "2026-05-31")
	b.site = siteOf(t, r)
	b.site.cosign = cosigner(t, "next cosign")
	mustAudit(t, a)
	mustAlarm(t, late, "fetch a new one")
}

func TestDirectoryOfAnotherNetwork(t *testing.T) {
	r := lived(t)
	b := newSwitchboard(t, siteOf(t, r))
	a := auditorOf(t, b, trustIn(t, r))
	mustAudit(t, a)
	o := ledgertest.NewNamed(t, "test/other")
	b.site = siteOf(t, o)
	a.Trust = trustIn(t, o)
	if _, err := a.Audit(); err == nil || !strings.Contains(err.Error(), "use another directory") {
		t.Errorf("the directory of another network: %v", err)
	}
}

// Every entry of a true log reads as written: the forgeries above differ in what
// they say only.
func TestForgingNothing(t *testing.T) {
	r := lived(t)
	s := siteOf(t, r)
	f := s.forged(func(es []license.Entry) []license.Entry { return es })
	if f.point() != s.point() {
		t.Error("decoding and encoding entries changes the log")
	}
	var e license.Entry
	if err := strict.Decode(s.entries[0], &e, license.EntryBytesMax); err != nil {
		t.Error(err)
	}
	mustAudit(t, auditorOf(t, newSwitchboard(t, f), trustIn(t, r)))
}
