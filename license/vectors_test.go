package license

import (
	"bytes"
	"encoding/hex"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"licet/strict"
)

var update = flag.Bool("update", false, "write docs/spec/vectors anew")

// checkVectors compares lines with the published file, or writes it.
func checkVectors[T any](t *testing.T, file string, lines []T) {
	t.Helper()
	var b bytes.Buffer
	names, said := map[string]bool{}, map[string]string{}
	for i := range lines {
		line := strict.Encode(&lines[i])
		name, rest, _ := strings.Cut(string(line), `",`) // the name comes first
		if same := said[rest]; same != "" {
			t.Errorf("but for their names %s and %s are one vector", same, name)
		}
		said[rest] = name
		if names[name] {
			t.Errorf("two vectors are called %s", name)
		}
		names[name] = true
		b.Write(line)
		b.WriteByte('\n')
	}
	path := "../docs/spec/vectors/" + file
	if *update {
		if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	got := b.Bytes()
	for n := 1; len(got) > 0 || len(want) > 0; n++ {
		var g, w []byte
		g, got, _ = bytes.Cut(got, []byte{'\n'})
		w, want, _ = bytes.Cut(want, []byte{'\n'})
		if !bytes.Equal(g, w) {
			t.Fatalf("%s line %d: now\n%s\npublished\n%s\nRun the test with -update if the law was meant to change.", file, n, g, w)
		}
	}
}

func seeded(n uint64) *rand.Rand { return rand.New(rand.NewPCG(n, 0x11ce7)) }

type actVector struct {
	Name   string       `json:"name"`
	Act    string       `json:"act"`
	Expect string       `json:"expect"`
	Verb   string       `json:"verb"`
	Kind   string       `json:"kind"`
	ID     string       `json:"id"`
	Opens  []OpeningRef `json:"opens"`
}

func TestActVectors(t *testing.T) {
	var lines []actVector
	add := func(name, act string) {
		v := actVector{Name: name, Act: act, Expect: "malformed"}
		if a, err := ParseAct([]byte(act)); err == nil {
			v.Expect, v.Verb, v.Opens = "ok", a.Verb(), a.Opens()
			v.Kind, v.ID = a.Target()
			if !bytes.Equal(EncodeAct(a), []byte(act)) {
				t.Errorf("%s is written back as %s", act, EncodeAct(a))
			}
		}
		if strings.HasPrefix(name, "good: ") != (v.Expect == "ok") {
			t.Errorf("%s: %s", name, v.Expect)
		}
		lines = append(lines, v)
	}
	acts := everyVerb(newBook(t))
	acts = append(acts, EncodeAct(&NetworkFound{Name: "midwest-licensing", Chain: "midwest-1", Time: "2026-01-10T12:00:00Z", Rules: 1}))
	for i, raw := range acts {
		a, _ := ParseAct(raw)
		add(fmt.Sprintf("good: %d %s", i+1, a.Verb()), string(raw))
	}
	good := `{"do":"license.surrender","license":"us-il.nurse.041001","count":2,"from":"2026-04-01"}`
	add("good: a count of 2^53-1", strings.Replace(good, `"count":2`, `"count":9007199254740991`, 1))
	for _, c := range [][3]string{
		{"no verb", `"do":"license.surrender",`, ``},
		{"an unknown verb", `license.surrender`, `license.restore`},
		{"a verb in capitals", `license.surrender`, `License.Surrender`},
		{"an escaped verb", `license.surrender`, `license\u002esurrender`},
		{"the verb twice", `"license":`, `"do":"license.surrender","license":`},
		{"the verb in second place", `{"do":"license.surrender","license":"us-il.nurse.041001"`, `{"license":"us-il.nurse.041001","do":"license.surrender"`},
		{"white space", `"count":2`, `"count": 2`},
		{"white space before", `{"do"`, ` {"do"`},
		{"something after", `}`, `} `},
		{"members in another order", `"count":2,"from":"2026-04-01"`, `"from":"2026-04-01","count":2`},
		{"a member of another act", `"count":2`, `"count":2,"through":"2026-04-02"`},
		{"an unknown member", `"count":2`, `"count":2,"why":"x"`},
		{"a required member missing", `,"from":"2026-04-01"`, ``},
		{"a required member empty", `us-il.nurse.041001`, ``},
		{"a count of zero", `"count":2`, `"count":0`},
		{"a count as text", `"count":2`, `"count":"2"`},
		{"a count beyond 2^53-1", `"count":2`, `"count":9007199254740992`},
		{"a fraction", `"count":2`, `"count":2.0`},
		{"null", `"count":2`, `"count":null`},
		{"no such day", `2026-04-01`, `2026-02-29`},
		{"a day and more", `2026-04-01`, `2026-04-01T00:00:00Z`},
		{"a day before 1600", `2026-04-01`, `1599-12-31`},
		{"longer than 12288 bytes", `041001`, strings.Repeat("0", 12288)},
		{"a list", `{`, `[{`},
		{"nothing", good, ``},
	} {
		if n := strings.Count(good, c[1]); n < 1 {
			t.Fatal(c)
		}
		add("bad: "+c[0], strings.Replace(good, c[1], c[2], 1))
	}
	checkVectors(t, "acts.jsonl", lines)
}

type foldVector struct {
	Name    string   `json:"name"`
	Entries []string `json:"entries"`
	Known   Instant  `json:"known"`
	Record  string   `json:"record"`
}

func TestFoldVectors(t *testing.T) {
	var lines []foldVector
	add := func(name string, es []Recorded, known Instant) {
		v := foldVector{Name: name, Known: known}
		cut := es
		for i, e := range es {
			v.Entries = append(v.Entries, string(strict.Encode(&e.Entry)))
			if known != "" && e.Time > known && len(cut) > i {
				cut = es[:i]
			}
		}
		l := FoldLicense(es, known)
		if n := (naive{cut}).license(); !bytes.Equal(strict.Encode(n), strict.Encode(l)) {
			t.Errorf("%s: fold %s\nnaive %s", name, strict.Encode(l), strict.Encode(n))
		}
		if l != nil {
			v.Record = string(strict.Encode(l))
		}
		lines = append(lines, v)
	}
	b := newBook(t)
	everyVerb(b)
	for _, id := range []string{"us-il.nurse.041001", "us-ia.nurse.T1", "us-il.nurse.041777", "us-il.nurse.041888", "us-ia.nurse.T2"} {
		es := b.Entries(KindLicense, id)
		add(id, es, "")
		add(id+" before", es, es[0].Time.AddSeconds(-1))
		add(id+" at first", es, es[0].Time)
		add(id+" in the middle", es, es[len(es)/2].Time)
	}
	for n := range 40 {
		add(fmt.Sprintf("lawless %d", n+1), lawless(seeded(uint64(n)), 3+n/2), "")
	}
	for name, es := range ruledHistories(t) {
		add(name, es, "")
		add(name+" in the middle", es, es[len(es)/2].Time)
	}
	for n := range 20 {
		add(fmt.Sprintf("lawless contracts %d", n+1), ruledAtWill(seeded(uint64(n)), 4+n/2), "")
	}
	checkVectors(t, "fold.jsonl", lines)
}

// lawless makes entries that no act could: the fold takes any.
func lawless(r *rand.Rand, n int) (es []Recorded) {
	day := func() Day { return Day("2026-01-01").Add(r.IntN(12)) }
	order := func() string { return strings.Repeat([]string{"a", "b"}[r.IntN(2)], 32) }
	hash := func() Hash {
		if len(es) > 0 && r.IntN(8) > 0 {
			return es[r.IntN(len(es))].Hash
		}
		return HashOf(fmt.Append(nil, "elsewhere ", r.IntN(100)))
	}
	perhaps := func() Day {
		if r.IntN(2) == 0 {
			return ""
		}
		return day()
	}
	change := func() Change {
		switch r.IntN(17) {
		case 0:
			return Change{Do: DoIssue, Licensee: strings.Repeat("c", 32), Subject: SubjectPerson, Source: []string{"", SourceImport, SourceImport}[r.IntN(3)], From: day()}
		case 1:
			return Change{Do: DoTerm, From: day(), Through: perhaps()}
		case 2:
			return Change{Do: DoLifecycle, Status: LifecycleInactive, From: day()}
		case 3:
			return Change{Do: DoRoute, Route: "imlc", From: day()}
		case 4:
			return Change{Do: DoOpen, Kind: OpeningCity, Commitment: HashOf(fmt.Append(nil, r.Uint64())), From: day()}
		case 5:
			return Change{Do: DoLink, Other: "us-ia.nurse.T1", From: day()}
		case 6:
			return Change{Do: DoSeal, Order: order()}
		case 7, 8:
			return Change{Do: DoStay, Order: order(), From: day()}
		case 9:
			return Change{Do: DoUnstay, Order: order(), From: day()}
		case 10:
			return Change{Do: DoLift, Order: order(), From: day()}
		case 13:
			return Change{Do: DoIssue, Licensee: strings.Repeat("d", 32), Subject: SubjectPerson, Other: "us-ia.nurse.T1", From: day()}
		case 14:
			return Change{Do: DoRest, Other: "us-wi.nurse.2", From: day()}
		case 11, 12:
			return Change{Do: DoExtend, From: day(), Through: day(), Grace: perhaps()}
		}
		return Change{Do: DoOrder, Order: order(), Authority: AuthorityBarred, Commitment: HashOf(fmt.Append(nil, r.Uint64())), From: day(), Through: perhaps()}
	}
	for i := range n {
		e := Entry{V: 1, Index: int64(i), Block: int64(i), Time: Instant("2026-01-01T00:00:00Z").AddSeconds(int64(i)), Kind: KindLicense, ID: "us-il.nurse.041001"}
		switch r.IntN(5) {
		case 0:
			for range 1 + r.IntN(2) {
				e.Voids = append(e.Voids, hash())
			}
		case 1:
			e.Replaces = hash()
			fallthrough
		default:
			for range 1 + r.IntN(3) {
				e.Changes = append(e.Changes, change())
			}
		}
		if r.IntN(6) == 0 {
			e.Import = &Provenance{File: HashOf(nil), Row: 1, Day: day(), Importer: "idfpr"}
		}
		es = append(es, Recorded{e, LeafHash(strict.Encode(&e))})
	}
	return es
}

func TestFoldIsTotal(t *testing.T) {
	for n := range uint64(3000) {
		es := lawless(seeded(1000+n), int(1+n%40))
		if f, w := FoldLicense(es, ""), (naive{es}).license(); !bytes.Equal(strict.Encode(f), strict.Encode(w)) {
			t.Fatalf("seed %d: fold %s\nnaive %s", n, strict.Encode(f), strict.Encode(w))
		}
	}
}

type idVector struct {
	Name       string `json:"name"`
	ID         string `json:"id"`
	Board      string `json:"board"`
	Profession string `json:"profession"`
	Pattern    string `json:"pattern"`
	Number     string `json:"number"` // hexadecimal digits
	Expect     string `json:"expect"`
}

func TestIDVectors(t *testing.T) {
	var lines []idVector
	verdict := func(ok bool) string {
		if ok {
			return "ok"
		}
		return "bad"
	}
	for _, s := range goodIDs {
		i, err := ParseID(s)
		if err != nil || i.String() != s {
			t.Errorf("%s: %v, %s", s, err, i)
		}
		lines = append(lines, idVector{Name: "id " + s, ID: s, Board: i.Board, Profession: i.Profession, Number: hex.EncodeToString([]byte(i.Number)), Expect: verdict(err == nil)})
	}
	for _, s := range badIDs {
		if _, err := ParseID(s); err == nil {
			t.Errorf("%q is no id", s)
		}
		lines = append(lines, idVector{Name: "no id " + s, ID: s, Expect: "bad"})
	}
	for _, p := range badPatterns {
		if CheckPattern(p) == nil {
			t.Errorf("%q is no pattern", p)
		}
		lines = append(lines, idVector{Name: "no pattern " + p, Pattern: p, Expect: "bad"})
	}
	for _, c := range fits {
		if CheckPattern(c.pattern) != nil || FitsPattern(c.pattern, c.number) != c.fits {
			t.Errorf("%+v", c)
		}
		lines = append(lines, idVector{Name: "number " + c.number + " of " + c.pattern, Pattern: c.pattern, Number: hex.EncodeToString([]byte(c.number)), Expect: verdict(c.fits)})
	}
	checkVectors(t, "ids.jsonl", lines)
}
