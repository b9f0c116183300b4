package ledger_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"licet/internal/ledger"
	"licet/internal/ledgertest"
	"licet/license"
	"licet/strict"
	"licet/tx"
)

// A furnished registry has everything that a refusal may be about.
type furnished struct {
	*ledgertest.Registry
	t                          *testing.T
	a, b, c, d, wi             string // licenses: in force, surrendered, another board's, void, copied
	open, stayed, ended, wrong string // orders of a; the last one is void
	entry                      map[string]license.Hash
	fact, over                 string
	used                       license.OpeningRef
	old                        license.Opening
}

func furnish(t *testing.T) *furnished {
	f := &furnished{Registry: ledgertest.New(t), t: t, entry: map[string]license.Hash{}}
	last := func(o ledger.Outcome) license.Hash { return o.Applied[len(o.Applied)-1].Entry }
	both := []string{"clerk", "director"}
	f.founders()
	f.a, f.b, f.d, f.c, f.wi = f.Issue("041000001", annLee, "2026-05-31"), f.Issue("041000002", annLee, "2026-05-31"), f.Issue("041000003", annLee, "2026-05-31"), "us-ia.nurse.T1", "us-wi.nurse.1"
	f.put("us-ia", &license.LicenseIssue{License: f.c, Licensee: f.ID(), Subject: license.SubjectPerson, Issued: "2020-01-01", From: "2020-01-01"})
	f.old, f.used = f.Opening(license.OpeningCity, []byte("Peoria"))
	f.Act([]license.Opening{f.old}, both, &license.LicenseAmend{License: f.a, Count: 3, From: "2026-01-01", Openings: []license.OpeningRef{f.used}})
	order := func(through license.Day) string {
		o, ref := f.Opening(license.OpeningOrder, license.OrderDocument{Entity: "Board"})
		id := f.ID()
		f.entry[id] = last(f.Act([]license.Opening{o}, both, &license.LicenseDiscipline{License: f.a, Order: id, Commitment: ref.Commitment, Authority: "none", From: "2026-01-10", Through: through}))
		return id
	}
	f.open, f.stayed, f.ended, f.wrong = order(""), order(""), order("2026-02-01"), order("")
	gone := order("")
	f.Act(nil, both, &license.LicenseStay{License: f.a, Order: f.stayed, Count: 1, From: "2026-02-01"})
	f.entry["void"] = last(f.Act(nil, both, &license.LicenseVoid{License: f.a, Entries: []license.Hash{f.entry[f.wrong]}}))
	f.entry["renewal"] = last(f.Act(nil, both, &license.LicenseRenew{License: f.a, Count: 1, From: "2026-06-01", Through: "2027-05-31"}))
	f.Act(nil, both, &license.LicenseCorrect{License: f.a, Count: 1, Entry: f.entry["renewal"], Changes: []license.Change{{Do: "term", From: "2026-06-01", Through: "2028-05-31"}}})
	f.entry["link"] = last(f.Act(nil, both, &license.LicenseeLink{License: f.a, Other: f.c, Effective: "2026-01-01"}))
	f.Act(nil, both, &license.LicenseSurrender{License: f.b, Count: 1, From: "2026-02-01"})
	f.Act(nil, both, &license.LicenseVoid{License: f.d, Entries: []license.Hash{f.License(f.d).Last}})
	f.fact, f.over = "us-il/"+f.ID(), "us-il/"+f.ID()
	for _, id := range []string{f.fact, f.over} {
		f.Act(nil, both, &license.FactRecord{Fact: id, About: f.a, Code: "notice", Day: "2026-01-01"})
	}
	f.Act(nil, both, &license.FactEnd{Fact: f.over, Count: 1, Day: "2026-01-02"})
	f.Clock = f.Clock.Add(48 * time.Hour)
	f.entry["seal"] = last(f.Act(nil, both, &license.LicenseSeal{License: f.a, Order: gone, Count: 1}))
	f.open = order("") // young enough that it cannot be sealed
	return f
}

// founders adds boards and officers in every condition.
func (f *furnished) founders() {
	f.record("member + ia", &license.BoardCreate{Board: "us-ia", Name: "Iowa", Member: "idfpr", Jurisdiction: "us-ia", Root: ledgertest.Spec("root ia")})
	f.record("member", &license.BoardCreate{Board: "us-wi", Name: "Wisconsin", Member: "idfpr", Jurisdiction: "us-wi", Root: ledgertest.Spec("member"), Source: "import"})
	f.put("us-ia", &license.BoardProfession{Profession: "us-ia.nurse", Title: "Nurse", Pattern: "T*+"})
	f.put("us-ia", &license.OfficerAppoint{Officer: "us-ia/clerk", Key: ledgertest.Spec("clerk ia"), Roles: []string{"clerk"}})
	f.put("us-wi", &license.BoardProfession{Profession: "us-wi.nurse", Title: "Nurse", Pattern: "#+"})
	f.put("us-wi", &license.ImportAssert{License: "us-wi.nurse.1", File: license.HashOf(nil), Row: 1, Day: "2026-01-01", Licensee: f.ID(), Subject: "person", Issued: "2001-01-01"})
	for _, n := range []string{"held", "gone", "guard"} {
		f.put("us-il", &license.OfficerAppoint{Officer: "us-il/" + n, Key: ledgertest.Spec(n), Roles: []string{map[bool]string{true: "guard", false: "clerk"}[n == "guard"]}})
	}
	f.put("us-il", &license.OfficerSuspend{Officer: "us-il/held", Count: 1})
	f.put("us-il", &license.OfficerEnd{Officer: "us-il/gone", Count: 1})
}

// names of keys, and in whose name they sign.
var whoSigns = map[string]string{
	"clerk": "officer/us-il/clerk", "director": "officer/us-il/director", "root": "board/us-il", "member": "member/idfpr", "us-il": "board/us-il",
	"ia": "board/us-ia", "mn": "board/us-mn", "wi": "board/us-wi", "held": "officer/us-il/held", "gone": "officer/us-il/gone", "guard": "officer/us-il/guard",
	"clerk ia": "officer/us-ia/clerk", "nobody": "officer/us-il/nobody", "false clerk": "officer/us-il/clerk", "false root": "board/us-il",
}

var keyOf = map[string]string{"us-il": "root", "ia": "root ia", "mn": "root mn", "wi": "member"}

func keyName(who string) string {
	if k := keyOf[who]; k != "" {
		return k
	}
	return who
}

func (f *furnished) signed(bend func(*tx.Transaction), openings []license.Opening, who string, acts ...license.Act) []byte {
	p := tx.New(f.Head().Origin, true, license.InstantOf(f.Clock), 86400, acts, openings)
	if bend != nil {
		bend(p)
		p.HeaderBytes = strict.Encode(&p.Header)
	}
	for _, w := range strings.Split(who, " + ") {
		if by := whoSigns[w]; by != "" {
			p.Sign(tx.SignEd25519(by, ledgertest.Key(keyName(w)), p.HeaderBytes))
		}
	}
	return p.Encode()
}

func (f *furnished) record(who string, acts ...license.Act) {
	f.t.Helper()
	if o := f.Block(f.signed(nil, nil, who, acts...))[0]; o.Code != "" {
		f.t.Fatalf("%s: %v", acts[0].Verb(), o.Refusal())
	}
}

// put lets a board's root decide.
func (f *furnished) put(board string, a license.Act) {
	f.t.Helper()
	f.record(map[string]string{"us-il": "us-il", "us-ia": "ia", "us-wi": "wi"}[board], a)
}

// A refusalCase is a transaction that is refused with a code.
type refusalCase struct {
	code string
	make func(f *furnished) []byte
}

func one(who string, a func(f *furnished) license.Act) func(*furnished) []byte {
	return func(f *furnished) []byte { return f.signed(nil, nil, who, a(f)) }
}

// bent bends a good transaction.
func bent(bend func(*tx.Transaction)) func(*furnished) []byte {
	return func(f *furnished) []byte {
		return f.signed(bend, nil, "clerk", &license.LicenseSurrender{License: f.a, Count: f.License(f.a).Counts.Term, From: "2026-04-01"})
	}
}

// with opens something.
func with(who, kind string, content any, a func(f *furnished, ref license.OpeningRef) license.Act) func(*furnished) []byte {
	return func(f *furnished) []byte {
		o, ref := f.Opening(kind, content)
		return f.signed(nil, []license.Opening{o}, who, a(f, ref))
	}
}

func TestEveryRefusalChangesNothing(t *testing.T) {
	f := furnish(t)
	seen := map[string]bool{}
	for _, c := range allRefusals() {
		seen[c.code] = true
		before, sum := f.Head(), f.Head().Map
		raw := c.make(f)
		o := f.Block(raw)[0]
		after := f.Head()
		if o.Code != c.code || len(o.Applied) > 0 {
			t.Errorf("%s: got %q: %s", c.code, o.Code, o.Sentence)
		}
		if before.AppHash() != after.AppHash() || before.Size != after.Size || sum != after.Map || after.Height != before.Height+1 {
			t.Fatalf("%s: the refusal changed the state", c.code)
		}
		if o.Sentence == "" || !strings.HasSuffix(strings.TrimRight(o.Sentence, `")`), ".") && !strings.Contains(o.Sentence, ": ") || o.Citation == "" {
			t.Errorf("%s: no sentence or citation: %+v", c.code, o)
		}
	}
	for _, code := range slices.Concat(genesisRefusals(t), rulesRefusals(t), contractRefusals(t), privilegeRefusals(t), recoveryRefusals(t)) {
		seen[code] = true
	}
	seen["record-too-large"] = true // TestRecordTooLarge
	// Of the hooks before acts: TestFaults, TestBusy.
	seen["contract-fault"], seen["busy"] = true, true
	// Of an effect, which makes its call a fault and never leaves it: TestAutomatic in license.
	seen["timer"], seen["reach"] = true, true
	codes := codesInSource(t)
	for code := range codes {
		if !seen[code] {
			t.Errorf("no test in which %q occurs", code)
		}
	}
	for code := range seen {
		if !codes[code] {
			t.Errorf("no source says %q", code)
		}
	}
	ledger.CheckWhole(t, f.Ledger)
}

// codesInSource finds every code with which something is refused.
func codesInSource(t *testing.T) map[string]bool {
	codes := map[string]bool{}
	says := regexp.MustCompile(`(?:[rR]efuse|malformed)\(\s*"([a-z-]+)"`)
	for _, dir := range []string{".", "../../license", "../../tx"} {
		files, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil || len(files) == 0 {
			t.Fatal(dir, err)
		}
		for _, name := range files {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			src, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range says.FindAllSubmatch(src, -1) {
				codes[string(m[1])] = true
			}
		}
	}
	return codes
}

// genesisRefusals are those that only a founding can meet.
func genesisRefusals(t *testing.T) (codes []string) {
	for _, c := range []struct {
		code string
		bend func(n *license.NetworkFound)
	}{
		{"rules", func(n *license.NetworkFound) { n.Rules = license.RulesNewest + 1 }},
		{"network-name", func(n *license.NetworkFound) { n.Name = "Midwest" }},
		{"not-test", func(n *license.NetworkFound) { n.Name, n.Offset = "midwest", 1 }},
		{"clock", func(n *license.NetworkFound) { n.Offset = 1 << 40 }},
	} {
		acts := ledgertest.FoundingActs(ledgertest.Name)
		n := acts[0].(*license.NetworkFound)
		c.bend(n)
		p := tx.New(n.Name, true, ledgertest.Start, 86400, acts, nil)
		p.Sign(tx.SignEd25519("member/idfpr", ledgertest.Key("member"), p.HeaderBytes))
		p.Sign(tx.SignEd25519("board/us-il", ledgertest.Key("root"), p.HeaderBytes))
		l, err := ledger.Open("store", ledger.Options{FS: vfs.NewMem()})
		if err != nil {
			t.Fatal(err)
		}
		_, _, err = l.Genesis(ledgertest.Start.Time(), p.Encode())
		if err == nil || !strings.Contains(err.Error(), "["+c.code+";") || l.Head().Origin != "" || l.Head().Size != 0 {
			t.Errorf("%s: %v, head %+v", c.code, err, l.Head())
		}
		if err := l.Close(); err != nil {
			t.Error(err)
		}
		codes = append(codes, c.code)
	}
	return codes
}

// A copy with a bad signature does not stand in the way of the good one.
func TestPoisonedCopy(t *testing.T) {
	r := ledgertest.New(t)
	id := r.Issue("041000001", annLee, "2026-05-31")
	good := r.Sign(true, []license.Act{&license.LicenseSurrender{License: id, Count: 1, From: "2026-04-01"}}, nil, "clerk")
	p, no := tx.Parse(good)
	if no != nil {
		t.Fatal(no)
	}
	p.Signatures[0].Sig[3] ^= 1
	poisoned := p.Encode()
	p.Signatures = nil
	bare := p.Encode()
	p.Sign(tx.SignEd25519("officer/us-il/clerk", ledgertest.Key("somebody"), p.HeaderBytes))
	foreign := p.Encode()
	p.Signatures = nil
	p.Sign(tx.SignEd25519("officer/us-il/clerk", ledgertest.Key("clerk"), p.HeaderBytes))
	p.Sign(tx.SignEd25519("officer/us-il/director", ledgertest.Key("somebody"), p.HeaderBytes)) // a stranger's signature beside it counts for nothing, and hurts nothing
	beside := p.Encode()
	os := r.Block(poisoned, bare, foreign, beside, good, beside)
	for i, want := range []string{"bad-signature", "under-signed", "officer-key", "", "stale", "stale"} {
		if os[i].Code != want {
			t.Errorf("copy %d: %q, want %q", i, os[i].Code, want)
		}
	}
	// Sending the recorded one again hides nothing of what became of it.
	r.Block(beside)
	if o, err := r.Recorded(license.HashOf(beside)); err != nil || o == nil || o.Code != "" || len(o.Applied) != 1 {
		t.Errorf("the outcome is now %+v, %v", o, err)
	}
	ledger.CheckWhole(t, r.Ledger)
}

func TestAllOrEachForItself(t *testing.T) {
	r := ledgertest.New(t)
	id, other := "us-il.nurse.041000001", "us-il.nurse.041000002"
	issue := func(id string) *license.LicenseIssue {
		return &license.LicenseIssue{License: id, Licensee: r.ID(), Subject: license.SubjectPerson, Issued: "2024-06-01", From: "2024-06-01", Through: "2026-05-31"}
	}
	renew := func(id string, n int64) *license.LicenseRenew {
		return &license.LicenseRenew{License: id, Count: n, From: license.Day(fmt.Sprintf("%d-06-01", 2025+n)), Through: license.Day(fmt.Sprintf("%d-05-31", 2026+n))}
	}
	before := r.Head()
	acts := []license.Act{issue(id), renew(id, 1), renew(id, 3), renew(id, 2), issue("us-il.nurse.1"), issue(other)}
	if o := r.Block(r.Sign(true, acts, nil, "clerk"))[0]; o.Code != "stale" || o.Act != 3 || len(o.Applied) > 0 || before.AppHash() != headOf(r).AppHash() {
		t.Errorf("all or none: %+v", o)
	}
	each := r.Sign(false, acts, nil, "clerk")
	o := r.Block(each)[0]
	if o.Code != "" || len(o.Applied) != 4 || len(o.Refused) != 2 || o.Refused[0].Act != 3 || o.Refused[0].Code != "stale" || o.Refused[1].Code != "number-pattern" {
		t.Fatalf("each for itself: %+v", o)
	}
	if n := len(r.License(id).Terms); n != 3 {
		t.Errorf("%d terms", n)
	}
	// The third act names count 3, which the license has by now.
	if o := r.Block(each)[0]; len(o.Applied) != 1 || o.Applied[0].Act != 3 {
		t.Errorf("the rest may come again: %+v", o)
	}
	// What is told of the payload is what both times did.
	told, err := r.RecordedPayload(o.Payload)
	if err != nil || len(told.Applied) != 5 || len(told.Refused) != 1 || told.Refused[0].Act != 5 {
		t.Errorf("of both times: %+v, %v", told, err)
	}
	if same, err := r.Recorded(license.HashOf(each)); err != nil || !reflect.DeepEqual(same, told) {
		t.Errorf("by the transaction: %+v, %v", same, err)
	}
	before = r.Head()
	if o := r.Block(each)[0]; o.Code != "licensee-taken" || len(o.Refused) != 6 || before.AppHash() != headOf(r).AppHash() {
		t.Errorf("nothing is left: %+v", o)
	}
	ledger.CheckWhole(t, r.Ledger)
}

// Outcomes of refused transactions go after their days; what was recorded is told
// for ever by its payload.
func TestOldOutcomesGo(t *testing.T) {
	r := ledgertest.New(t)
	id := r.Issue("041000001", annLee, "2026-05-31")
	sent := r.Sign(true, []license.Act{&license.LicenseSurrender{License: id, Count: 1, From: "2026-04-01"}}, nil, "clerk")
	payload := r.Block(sent)[0].Payload
	refused := r.Sign(true, []license.Act{&license.LicenseSurrender{License: id, Count: 1, From: "2026-04-02"}}, nil, "clerk")
	r.Block(refused)
	blocks := func(until time.Time) {
		for range 2 * ledger.PruneEvery {
			until = until.Add(time.Second)
			r.Clock = until
			r.Block()
		}
	}
	day := r.Clock
	for _, kept := range []bool{true, false} {
		if kept {
			blocks(day.AddDate(0, 0, ledger.OutcomeDays).Add(-time.Hour))
		} else {
			blocks(day.AddDate(0, 0, ledger.OutcomeDays).Add(time.Hour))
		}
		for _, raw := range [][]byte{sent, refused} {
			if o, err := r.Recorded(license.HashOf(raw)); err != nil || (o != nil) != kept {
				t.Errorf("kept %v: %+v, %v", kept, o, err)
			}
		}
		if o, err := r.RecordedPayload(payload); err != nil || o == nil || len(o.Applied) != 1 {
			t.Errorf("the payload: %+v, %v", o, err)
		}
	}
}

func headOf(r *ledgertest.Registry) *ledger.Head {
	h := r.Head()
	return &h
}

// Boundaries of time: a payload lives through the second that not_after names.
func TestLifeOfAPayload(t *testing.T) {
	r := ledgertest.New(t)
	id := r.Issue("041000001", annLee, "2026-05-31")
	next := license.InstantOf(r.Clock.Add(time.Minute))
	send := func(signedAt license.Instant, life int64) string {
		p := tx.New(r.Head().Origin, true, signedAt, life, []license.Act{&license.LicenseSurrender{License: id, Count: 99, From: "2026-04-01"}}, nil)
		p.Sign(tx.SignEd25519("officer/us-il/clerk", ledgertest.Key("clerk"), p.HeaderBytes))
		code := r.Block(p.Encode())[0].Code
		next = license.InstantOf(r.Clock.Add(time.Minute))
		return code
	}
	for _, c := range []struct {
		offset, life int64
		want         string
	}{
		{0, 0, "stale"}, {-5, 5, "stale"}, {-5, 4, "expired"}, {10, 5, "stale"}, {11, 5, "signed-later"}, {-90 * 86400, 90 * 86400, "stale"},
	} {
		if got := send(next.AddSeconds(c.offset), c.life); got != c.want {
			t.Errorf("signed %d s after the block, for %d s: %q, want %q", c.offset, c.life, got, c.want)
		}
	}
}

func TestSetChangesOnceABlock(t *testing.T) {
	r := ledgertest.New(t)
	set := func(n, weight int64) license.Act {
		a := *ledgertest.FoundingActs(ledgertest.Name)[1].(*license.MemberSetAct)
		a.Set, a.Members = n, append([]license.Member(nil), a.Members...)
		a.Members[0].Weight = weight
		return &a
	}
	two := r.Sign(true, []license.Act{set(2, 20)}, nil, "member")
	three := r.Sign(true, []license.Act{set(3, 30)}, nil, "member")
	o := r.Block(two, three)
	if o[0].Code != "" || o[1].Code != "set-once" {
		t.Fatalf("%+v", o)
	}
	if o := r.Block(three)[0]; o.Code != "" {
		t.Errorf("in the next block: %v", o.Refusal())
	}
	if !bytes.Contains(mustRecord(t, r, license.KindMembers, "set"), []byte(`"weight":30`)) || r.Head().Set != 3 {
		t.Error(r.Head().Set)
	}
}

func mustRecord(t *testing.T, r *ledgertest.Registry, kind, id string) []byte {
	t.Helper()
	s, err := r.State()
	if err != nil {
		t.Fatal(err)
	}
	defer s.Release()
	v, err := s.Value(kind, id)
	if err != nil || v == nil {
		t.Fatal(v, err)
	}
	return v
}
