package ledger

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"licet/license"
	"licet/proof"
	"licet/strict"
)

var updateBundles = flag.Bool("update-bundles", false, "write docs/spec/vectors/bundles.jsonl and bundles/ anew")

const vectorsDir = "../../docs/spec/vectors"

// A bundleVector is a line of bundles.jsonl (docs/spec/bundle.md, section 8).
type bundleVector struct {
	Name   string          `json:"name,required"`
	Trust  string          `json:"trust"`
	File   string          `json:"file"`  // the bundle, in this directory
	Edits  []bundleEdit    `json:"edits"` // made on the file's bytes, the last one first
	On     license.Day     `json:"on"`
	Known  license.Instant `json:"known"`
	Expect *bundleExpect   `json:"expect"`
	Flaw   string          `json:"flaw"`

	bundle []byte
}

// A bundleEdit replaces the bytes from From up to, without, To.
type bundleEdit struct {
	From int64  `json:"from"`
	To   int64  `json:"to"`
	Text string `json:"text"`
}

type bundleExpect struct {
	Found        string          `json:"found"`
	AsOf         license.Instant `json:"as_of"`
	Set          int64           `json:"set"`
	Day          license.Day     `json:"day"`
	Registration string          `json:"registration"`
	Discipline   string          `json:"discipline"`
	Authority    string          `json:"authority"`
	Primary      string          `json:"primary"`
	Secondary    string          `json:"secondary"`
	Through      license.Day     `json:"through"`
	Name         string          `json:"name"`
	Pending      bool            `json:"pending"`
	Entries      []string        `json:"entries"` // index, act, carried, and "void"
}

func expectOf(v *proof.Verdict) *bundleExpect {
	s := v.Standing
	e := &bundleExpect{
		Found: v.Found, AsOf: v.AsOf, Set: v.Trust.Set, Day: s.Day, Registration: s.Registration, Discipline: s.Discipline,
		Authority: s.Authority, Primary: s.Primary, Secondary: s.Secondary, Through: s.Through, Pending: v.Pending,
	}
	if v.Name != nil {
		e.Name = v.Name.String()
	}
	for _, x := range v.Entries {
		line := fmt.Sprintf("%d %s %s", x.Index, x.Act, x.Carried)
		if x.For != "" {
			line += " for " + x.For
		}
		if x.Voided {
			line += " void"
		}
		e.Entries = append(e.Entries, line)
	}
	return e
}

// A bundleBook gathers vectors.
type bundleBook struct {
	t     testing.TB
	lines []bundleVector
	files map[string][]byte
}

var fileNameGaps = regexp.MustCompile(`[^a-z0-9]+`)

// add verifies a bundle and notes what comes out.
func (b *bundleBook) add(name string, bundle []byte, t proof.Trust, q proof.Question) *proof.Verdict {
	b.t.Helper()
	v, err := proof.Verify(bundle, t, q)
	line := bundleVector{Name: name, Trust: t.String(), On: q.On, Known: q.Known, Flaw: flawCode(err), bundle: bundle}
	if err == nil {
		line.Expect = expectOf(v)
	}
	for file, content := range b.files {
		if bytes.Equal(content, bundle) {
			line.File = file
		}
	}
	if line.File == "" {
		line.File = "bundles/" + strings.Trim(fileNameGaps.ReplaceAllString(strings.ToLower(name), "-"), "-") + ".json"
		if b.files[line.File] != nil {
			b.t.Fatalf("two vectors are called %q", name)
		}
		b.files[line.File] = bundle
	}
	b.lines = append(b.lines, line)
	return v
}

// edited adds a bundle that differs by an edit from one whose file stands already.
func (b *bundleBook) edited(name, file string, t proof.Trust, e bundleEdit) {
	b.t.Helper()
	base := b.files[file]
	if base == nil {
		b.t.Fatalf("there is no file %s", file)
	}
	made := append(append(bytes.Clone(base[:e.From]), e.Text...), base[e.To:]...)
	_, err := proof.Verify(made, t, proof.Question{})
	if err == nil {
		b.t.Errorf("%s: the proof holds", name)
	}
	b.lines = append(b.lines, bundleVector{Name: name, Trust: t.String(), File: file, Edits: []bundleEdit{e}, Flaw: flawCode(err), bundle: made})
}

func flawCode(err error) string {
	if err == nil {
		return ""
	}
	if c := proof.FlawCode(err); c != "" {
		return c
	}
	return "flaw"
}

func (b *bundleBook) encode() []byte {
	var out []byte
	for i := range b.lines {
		out = append(strict.Append(out, &b.lines[i]), '\n')
	}
	return out
}

// settle writes the vectors anew or compares them with the files.
func (b *bundleBook) settle() {
	b.t.Helper()
	files := map[string][]byte{"bundles.jsonl": b.encode()}
	for name, content := range b.files {
		files[name] = content
	}
	if *updateBundles {
		if err := os.RemoveAll(filepath.Join(vectorsDir, "bundles")); err != nil {
			b.t.Fatal(err)
		}
		if err := os.MkdirAll(filepath.Join(vectorsDir, "bundles"), 0o755); err != nil {
			b.t.Fatal(err)
		}
		for name, content := range files {
			if err := os.WriteFile(filepath.Join(vectorsDir, name), content, 0o644); err != nil {
				b.t.Fatal(err)
			}
		}
		return
	}
	for name, content := range files {
		have, err := os.ReadFile(filepath.Join(vectorsDir, name))
		if err != nil || !bytes.Equal(have, content) {
			b.t.Errorf("%s is not what the code makes now; run go test ./internal/ledger -run TestBundleVectors -update-bundles (%v)", name, err)
		}
	}
}

func TestBundleVectors(t *testing.T) {
	b := &bundleBook{t: t, files: map[string][]byte{}}
	goodBundles(b)
	n := len(b.lines)
	for _, l := range b.lines {
		if l.Flaw != "" {
			t.Errorf("%s: %s", l.Name, l.Flaw)
		}
	}
	brokenBundles(b)
	forgedBundles(b)
	t.Logf("%d good, %d bad", n, len(b.lines)-n)
	b.settle()
}

// A history is told by acts whose entries are named later.
func goodBundles(b *bundleBook) {
	ask := func(w *world, name string, history bool, id string, q proof.Question) *proof.Verdict {
		return b.add(name, w.bundle(history, license.KindLicense, id), w.trust(), q)
	}
	b.oneLicense(ask)
	b.absences(ask)
	b.imports(ask)
	b.sets()
	b.succession()
	b.otherKinds()
	b.registrations(ask)
	b.undone(ask)
	b.alerts(ask)
	b.claimed()
	b.organization()
	b.settled()
	b.claims()
	b.contracts()
	b.privileges()
	b.effects(ask)
	b.turned(ask)
	b.recovered()
}

type asker func(w *world, name string, history bool, id string, q proof.Question) *proof.Verdict

const nurse = "us-il.nurse.041000001"

func (b *bundleBook) oneLicense(ask asker) {
	w := newWorld(b.t)
	w.issue(nurse, "clerk", license.Name{Family: "Lee", Given: "Ann", Middle: "B."}, "2026-05-31")
	ask(w, "active, standing", false, nurse, proof.Question{})
	ask(w, "active, history", true, nurse, proof.Question{})
	ask(w, "on the last day of the term", true, nurse, proof.Question{On: "2026-05-31"})
	ask(w, "on the day after it", true, nurse, proof.Question{On: "2026-06-01"})
	ask(w, "before the first term", false, nurse, proof.Question{On: "2024-05-31"})
	before := license.InstantOf(w.clock)
	w.clock = w.clock.Add(time.Hour)
	order, _ := w.order(nurse, license.AuthorityBarred, "2026-01-10", "fine", "suspension")
	ask(w, "suspended, standing", false, nurse, proof.Question{})
	ask(w, "suspended, signed by two officers", true, nurse, proof.Question{})
	ask(w, "suspended, as known before", true, nurse, proof.Question{Known: before})
	ask(w, "suspended, as known before the first entry", true, nurse, proof.Question{Known: start})
	w.act(nil, both, &license.LicenseStay{License: nurse, Order: order, Count: 1, From: "2026-01-12"})
	ask(w, "stayed", true, nurse, proof.Question{On: "2026-01-12"})
	ask(w, "on the day before the stay", true, nurse, proof.Question{On: "2026-01-11"})
	w.act(nil, both, &license.LicenseUnstay{License: nurse, Order: order, Count: 2, From: "2026-01-20"})
	lift := w.act(nil, both, &license.LicenseLift{License: nurse, Order: order, Count: 3, From: "2026-02-01"})
	ask(w, "lifted", true, nurse, proof.Question{On: "2026-02-01"})
	w.act(nil, both, &license.LicenseVoid{License: nurse, Entries: []license.Hash{lift}})
	ask(w, "the lift is void", true, nurse, proof.Question{On: "2026-02-01"})
	w.corrections(ask)
	w.seals(ask)
	w.clinic(ask)
	w.desk(ask)
}

func (w *world) corrections(ask asker) {
	const id = "us-il.nurse.041000002"
	issue := w.issue(id, "second", license.Name{Family: "Roe", Given: "Jo"}, "2026-05-31")
	renew := w.act(nil, []string{"clerk"}, &license.LicenseRenew{License: id, Count: 1, From: "2026-06-01", Through: "2028-05-30", Grace: "2028-07-30"})
	w.act(nil, both, &license.LicenseCorrect{License: id, Entry: renew, Changes: []license.Change{{Do: license.DoTerm, From: "2026-06-01", Through: "2028-05-31", Grace: "2028-07-30"}}})
	ask(w, "a corrected term", true, id, proof.Question{On: "2028-05-31"})
	ask(w, "in the days of grace", true, id, proof.Question{On: "2028-06-01"})
	_, first := w.order(id, license.AuthorityBarred, "2026-01-15", "suspension")
	ordered := license.InstantOf(w.clock)
	w.order(id, license.AuthorityNone, "2026-01-20", "reprimand")
	w.order(id, license.AuthorityConditions, "2026-01-25", "supervision")
	ask(w, "two conditions and a reprimand", true, id, proof.Question{On: "2026-02-01"})
	w.act(nil, both, &license.LicenseVoid{License: id, Count: 1, Entries: []license.Hash{first}})
	ask(w, "an order is void", true, id, proof.Question{On: "2026-02-01"})
	if v := ask(w, "an order is void, as known before", true, id, proof.Question{On: "2026-02-01", Known: ordered}); v.Standing.Primary != "SUSPENSION" {
		w.t.Errorf("the voided order is called %q", v.Standing.Primary)
	}
	o, ref := w.opening(license.OpeningName, license.Name{Family: "Doe", Given: "Jo"})
	w.act([]license.Opening{o}, []string{"clerk"}, &license.LicenseAmend{License: id, Count: 2, From: "2026-01-11", Openings: []license.OpeningRef{ref}})
	ask(w, "a new name", true, id, proof.Question{On: "2026-01-11"})
	ask(w, "the old name", true, id, proof.Question{On: "2026-01-10"})
	w.act(nil, []string{"clerk"}, &license.LicenseSurrender{License: id, Count: 4 - 1, From: "2026-03-01"})
	ask(w, "surrendered", true, id, proof.Question{On: "2026-03-01"})
	w.act(nil, both, &license.LicenseVoid{License: id, Count: 2, Entries: []license.Hash{issue}})
	ask(w, "its issue is void", true, id, proof.Question{})
	ask(w, "its issue is void, as known before", true, id, proof.Question{On: "2026-02-01", Known: ordered})
}

func (w *world) seals(ask asker) {
	const id = "us-il.nurse.041000003"
	w.issue(id, "clerk", license.Name{Family: "Poe", Given: "Al"}, "2027-05-31")
	order, _ := w.order(id, license.AuthorityConditions, "2026-01-10", "fine")
	before := license.InstantOf(w.clock)
	w.clock = w.clock.Add(2 * time.Hour) // later than every header that names the order
	w.act(nil, both, &license.LicenseSeal{License: id, Order: order, Count: 1})
	ask(w, "sealed", true, id, proof.Question{})
	ask(w, "sealed, as known before", true, id, proof.Question{Known: before})
	ask(w, "sealed, standing", false, id, proof.Question{})
}

func (w *world) clinic(ask asker) {
	const id = "us-il.clinic.CAB12"
	w.issue(id, "clerk", license.Name{Legal: "Care Inc.", DBA: "Care"}, "")
	o, ref := w.opening(license.OpeningCity, []byte("Springfield"))
	s, street := w.opening(license.OpeningStreet, []byte("1 Main St"))
	w.act([]license.Opening{o, s}, []string{"clerk"}, &license.LicenseAmend{License: id, Count: 2, From: "2026-01-10", Route: "endorsement", Openings: []license.OpeningRef{ref, street}})
	ask(w, "an organization without end of its term", true, id, proof.Question{})
}

// desk: passkeys, and payloads of many acts of which some are refused.
func (w *world) desk(ask asker) {
	const id = "us-il.nurse.041000004"
	w.issue(id, "passkey", license.Name{Family: "Key", Given: "Pat"}, "2026-05-31")
	ask(w, "signed with a passkey", true, id, proof.Question{})
	var acts []license.Act
	for i := range 5 {
		acts = append(acts, &license.LicenseRenew{License: fmt.Sprintf("us-il.nurse.04100000%d", i), Count: 1, From: "2026-06-01", Through: "2028-05-31"})
	}
	if o := w.block(w.payload(false, acts, nil, "passkey")); len(o[0].Applied) != 2 {
		w.t.Fatalf("%+v", o[0])
	}
	ask(w, "one act of a payload of five", true, id, proof.Question{On: "2028-05-31"})
	w.linked(ask, id)
}

func (w *world) linked(ask asker, id string) {
	const other = "us-ia.nurse.7"
	w.issue(other, "root us-ia", license.Name{Family: "Key", Given: "Pat"}, "2026-05-31")
	w.act(nil, []string{"clerk"}, &license.LicenseeLink{License: id, Other: other, Effective: "2026-01-12"})
	w.act(nil, []string{"root us-ia"}, &license.LicenseeLink{License: other, Other: id, Effective: "2026-01-13"})
	w.act(nil, []string{"clerk"}, &license.LicenseeUnlink{License: id, Count: 1, Other: other, Effective: "2026-02-01"})
	ask(w, "linked and unlinked", true, id, proof.Question{})
	ask(w, "linked by the other board, whose name is withheld", true, other, proof.Question{})
}

func (b *bundleBook) absences(ask asker) {
	w := newWorld(b.t)
	ask(w, "no such number", false, "us-il.nurse.041999999", proof.Question{})
	ask(w, "no such number, history", true, "us-il.nurse.041999999", proof.Question{})
	ask(w, "not a number", false, "us-il.nurse.41", proof.Question{})
	ask(w, "no coverage", false, "us-il.barber.B-1", proof.Question{})
	ask(w, "no such profession", false, "us-il.dentist.1", proof.Question{})
	ask(w, "no such board", false, "us-wi.nurse.1", proof.Question{})
	ask(w, "a number with escapes", false, "us-xx.nurse.RN%2F12%20A", proof.Question{})
	w.late = map[string]int64{"il": 0, "ia": -5, "wi": 3, "mn": -60}
	w.block()
	ask(w, "as-of of cosignatures that differ", false, "us-il.nurse.041999999", proof.Question{})
	w.absent = []string{"mn", "wi"}
	w.block()
	ask(w, "two of four members, with five of seven parts of the weight", false, "us-il.nurse.041999999", proof.Question{})
}

func (b *bundleBook) imports(ask asker) {
	w := newWorld(b.t)
	const id = "us-xx.nurse.RN%2F12"
	file := license.HashOf([]byte("a file"))
	o, ref := w.opening(license.OpeningName, license.Name{Family: "Fox", Given: "Ida"})
	row := &license.ImportAssert{
		License: id, File: file, Row: 12, Day: "2025-12-31", Licensee: w.id(), Subject: license.SubjectPerson, Issued: "2001-02-03",
		Changes:  []license.Change{{Do: license.DoTerm, From: "2024-01-01", Through: "2026-12-31"}, {Do: license.DoLifecycle, Status: license.LifecycleActive, From: "2024-01-01"}},
		Openings: []license.OpeningRef{ref}, From: "2001-02-03",
	}
	first := w.act([]license.Opening{o}, []string{"keeper us-xx"}, row)
	ask(w, "copied from a file", true, id, proof.Question{})
	w.act(nil, []string{"keeper us-xx"}, &license.ImportAssert{
		License: id, Count: 1, Previous: first, File: license.HashOf([]byte("a newer file")), Row: 13, Day: "2026-01-09",
		Changes: []license.Change{{Do: license.DoTerm, From: "2024-01-01", Through: "2026-12-31"}, {Do: license.DoLifecycle, Status: license.LifecycleInactive, From: "2026-01-01"}},
	})
	ask(w, "copied from a newer file", true, id, proof.Question{})
}

// sets goes through three changes of the member set.
func (b *bundleBook) sets() {
	w := newWorld(b.t)
	w.issue(nurse, "clerk", license.Name{Family: "Lee", Given: "Ann"}, "2026-05-31")
	founded := w.trust()
	roots := []string{"root of il", "root of ia", "root of wi", "root of mn"}
	members := worldMembers()
	members[3].Weight = 15
	var steps []proof.TrailStep
	change := func(set int64, ms []license.Member, by ...string) {
		w.act(nil, by, &license.MemberSetAct{Set: set, Members: ms})
		s := b.step(w)
		if set == 2 {
			b.add("while the member set changes", w.bundle(false, license.KindLicense, nurse), founded, proof.Question{})
		}
		w.block()
		w.block()
		steps = append(steps, s)
	}
	change(2, members, roots...)
	ohio := worldMember("oh", 10, false)
	change(3, append(members[:4:4], ohio), append(roots, "root of oh")...)
	change(4, []license.Member{worldMember("il", 10, false), worldMember("ia", 10, false), worldMember("wi", 10, false), ohio}, append(roots, "root of oh")...)
	head := proof.Bundle{V: 1, Type: proof.BundleTrust, Origin: w.Head().Origin}
	for n := 1; n <= 3; n++ {
		u := head
		u.Trail = steps[:n]
		b.add(fmt.Sprintf("a trust file over %d changes of the member set", n), strict.Encode(&u), founded, proof.Question{})
	}
	b.add("under the newest member set", w.bundle(true, license.KindLicense, nurse), w.trust(), proof.Question{})
	var u proof.Bundle
	if err := strict.Decode(w.bundle(false, license.KindLicense, nurse), &u, 1<<20); err != nil {
		b.t.Fatal(err)
	}
	u.Trail = steps
	b.add("with the trail from the founding set", strict.Encode(&u), founded, proof.Question{})

	v := newWorld(b.t)
	oldNote := v.note()
	older, _, _ := v.Checkpoint(v.Head().Height)
	v.issue(nurse, "clerk", license.Name{Family: "Lee", Given: "Ann"}, "2026-05-31")
	s, err := v.State()
	if err != nil {
		b.t.Fatal(err)
	}
	defer s.Release()
	c, err := s.ConsistencyBundle(older, oldNote, v.note())
	if err != nil {
		b.t.Fatal(err)
	}
	b.add("consistency", c, v.trust(), proof.Question{})
}

// step is the trail's step to the newest member set in the map.
func (b *bundleBook) step(w *world) proof.TrailStep {
	b.t.Helper()
	s, err := w.State()
	if err != nil {
		b.t.Fatal(err)
	}
	defer s.Release()
	var u proof.Bundle
	if err := strict.Decode(w.bundle(false, license.KindMembers, "set"), &u, 1<<20); err != nil {
		b.t.Fatal(err)
	}
	return proof.TrailStep{Members: u.Records[0], Block: *u.Block, Checkpoint: u.Checkpoint}
}

// succession replaces a board's root twice; trust files may name any of the three.
func (b *bundleBook) succession() {
	w := newWorld(b.t)
	w.issue(nurse, "clerk", license.Name{Family: "Lee", Given: "Ann"}, "2026-05-31")
	for i, k := range []string{"second root", "third root"} {
		old := []string{"root us-il", "second root"}[i]
		p := w.payload(true, []license.Act{&license.BoardSucceed{Board: "us-il", Count: int64(i + 1), Old: spec(old), Root: spec(k)}}, nil)
		for _, key := range []string{old, k} {
			s := w.signature("root us-il", p.HeaderBytes)
			p.Sign(signAs(s.By, key, p.HeaderBytes))
		}
		if o := w.block(p); o[0].Code != "" {
			b.t.Fatal(o[0].Refusal())
		}
	}
	p := w.payload(true, []license.Act{&license.OfficerAppoint{Officer: "us-il/third", Key: spec("third"), Roles: []string{"clerk"}}}, nil)
	p.Sign(signAs("board/us-il", "third root", p.HeaderBytes))
	if o := w.block(p); o[0].Code != "" {
		b.t.Fatal(o[0].Refusal())
	}
	w.act(nil, []string{"third"}, &license.LicenseRenew{License: nurse, Count: 1, From: "2026-06-01", Through: "2028-05-31"})
	h := w.bundle(true, license.KindLicense, nurse)
	for _, k := range []string{"root us-il", "second root", "third root"} {
		t := w.trust()
		t.Boards = []proof.TrustBoard{{ID: "us-il", Key: spec(k)}}
		b.add("two successions, trusting the "+strings.TrimSuffix(k, " us-il"), h, t, proof.Question{})
	}
	t := w.trust()
	t.Boards = []proof.TrustBoard{{ID: "us-il", Key: spec("another root")}}
	b.add("a root that the board never had", h, t, proof.Question{})
	t.Boards = nil
	b.add("no root of the board", h, t, proof.Question{})
}

// recovered: after its waiting time an officer signs with a new key, and a verifier
// holds each act to the key of its time.
func (b *bundleBook) recovered() {
	w := newWorld(b.t)
	w.issue(nurse, "clerk", license.Name{Family: "Lee", Given: "Ann"}, "2026-05-31")
	members := []string{"root of il", "root of ia"}
	w.act(nil, members, &license.RulesAdopt{Count: 1, Rules: 2, Height: w.Head().Height + 3})
	w.block()
	w.block()
	w.act(nil, members, &license.RulesAdopt{Count: 2, Rules: 3, Height: w.Head().Height + 3})
	w.block()
	w.block()
	w.act(nil, []string{"root us-il"}, &license.OfficerRecover{Officer: "us-il/clerk", Count: 1, From: w.Head().Time.AddSeconds(8 * 86400), Title: "Clerk", Key: spec("clerk again"), Roles: []string{"clerk"}})
	w.act(nil, []string{"clerk"}, &license.LicenseRenew{License: nurse, Count: 1, From: "2026-06-01", Through: "2027-05-31"})
	w.clock = w.clock.Add(9 * 24 * time.Hour)
	p := w.payload(true, []license.Act{&license.LicenseRenew{License: nurse, Count: 2, From: "2027-06-01", Through: "2028-05-31"}}, nil)
	p.Sign(signAs("officer/us-il/clerk", "clerk again", p.HeaderBytes))
	if o := w.block(p); o[0].Code != "" {
		b.t.Fatal(o[0].Refusal())
	}
	if v := b.add("an officer who was recovered", w.bundle(true, license.KindLicense, nurse), w.trust(), proof.Question{}); v == nil {
		b.t.Fatal("no verdict")
	}
	b.add("the record of an officer who was recovered", w.bundle(true, license.KindOfficer, "us-il/clerk"), w.trust(), proof.Question{})
}

func (b *bundleBook) otherKinds() {
	w := newWorld(b.t)
	w.issue(nurse, "clerk", license.Name{Family: "Lee", Given: "Ann"}, "2026-05-31")
	fact := "us-il/" + w.id()
	o, ref := w.opening(license.OpeningFact, []byte("a notice"))
	w.act([]license.Opening{o}, []string{"clerk"}, &license.FactRecord{Fact: fact, About: nurse, Code: "notice", Day: "2026-01-10", Commitment: ref.Commitment})
	w.act(nil, []string{"director"}, &license.FactEnd{Fact: fact, Count: 1, Day: "2026-01-11"})
	w.act(nil, []string{"director"}, &license.OfficerSuspend{Officer: "us-il/second", Count: 1})
	w.act(nil, []string{"director"}, &license.OfficerResume{Officer: "us-il/second", Count: 2})
	w.act(nil, []string{"root us-il"}, &license.OfficerAmend{Officer: "us-il/second", Count: 3, Key: spec("second again"), Roles: []string{"clerk"}})
	w.act(nil, []string{"root us-il"}, &license.OfficerEnd{Officer: "us-il/second", Count: 4})
	w.act(nil, []string{"root us-il"}, &license.BoardAmend{Board: "us-il", Count: 1, Name: "Illinois", Audiences: worldAudiences()[:1]})
	w.act(nil, []string{"root us-il"}, &license.BoardCalendar{Board: "us-il", Count: 1, Rows: []license.OffsetRow{{From: "2007-01-01T06:00:00Z", Minutes: -360}}})
	w.act(nil, []string{"root of il", "root of ia"}, &license.ClockAdvance{Seconds: 86400})
	for _, r := range [][2]string{{"fact", fact}, {"officer", "us-il/second"}, {"policy", "us-il"}, {"board", "us-il"}, {"members", "set"}, {"network", "network"}, {"policy", "us-ia"}} {
		b.add("the "+r[0]+" "+r[1], w.bundle(true, r[0], r[1]), w.trust(), proof.Question{})
	}
	b.add("after the clock was advanced", w.bundle(true, license.KindLicense, nurse), w.trust(), proof.Question{})
}
