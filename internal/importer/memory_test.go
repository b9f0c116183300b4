package importer

import (
	"bytes"
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"licet/license"
	"licet/strict"
)

const dailyMapping = `
[file]
dates = ["YYYY-MM-DD"]

[board]
id = "us-xx"
name = "An invented board"
public = ["name", "city", "order"]

[constants]
subject = "person"

[license]
number = "NUMBER"
profession = "PROF"
pattern = "##"
number_unique = true

[[profession]]
code = "N"
id = "nurse"
title = "Nurse"

[[profession]]
code = "P"
id = "physician"
title = "Physician"

[term]
from = "FROM"
through = "TO"

[name]
family = "FAMILY"
given = "GIVEN"

[address]
city = "CITY"

[status]
column = "STATUS"

[status.words]
Active = { lifecycle = "active", says = "current", from_file = true }
Planned = { lifecycle = "inactive", from_term = true }
Inactive = { lifecycle = "inactive", says = "over", from_file = true }
Suspended = { authority = "barred", action = "suspension", from_file = true }
`

// A dailyDesk imports a file every day.
type dailyDesk struct {
	*desk
	memory string // its path; "": it keeps none
}

func newDailyDesk(t *testing.T, m *Mapping, remembers bool) *dailyDesk {
	d := &dailyDesk{desk: newDesk(t, m)}
	if remembers {
		d.memory = filepath.Join(t.TempDir(), "board.memory")
	}
	return d
}

// copied lists what files brought in.
func (d *dailyDesk) copied() (ids []string) {
	d.t.Helper()
	for _, id := range universe() {
		hs, err := d.Licenses(context.Background(), []string{id})
		if err != nil {
			d.t.Fatal(err)
		}
		if h := hs[0]; h != nil && h.Record.Source == license.SourceImport && h.Record.Licensee != "" {
			ids = append(ids, id)
		}
	}
	return ids
}

// changed returns the licenses about which there are entries from an index on.
func (d *dailyDesk) changed(from int64) map[string]bool {
	d.t.Helper()
	s, err := d.State()
	if err != nil {
		d.t.Fatal(err)
	}
	defer s.Release()
	es, err := s.EntriesRange(from, s.Head.Size-from)
	if err != nil {
		d.t.Fatal(err)
	}
	changed := map[string]bool{}
	for _, b := range es {
		var e license.Entry
		if err := strict.Decode(b, &e, license.EntryBytesMax); err != nil {
			d.t.Fatal(err)
		}
		changed[e.ID] = true
	}
	return changed
}

// A told import is all that it says, but since when something is missing.
type told struct {
	lines []string
	asked int
}

func (d *dailyDesk) day(file string, day license.Day) (out told) {
	d.t.Helper()
	src, err := NewSource(strings.NewReader(file), int64(len(file)), d.m)
	if err != nil {
		d.t.Fatal(err)
	}
	tell := func(x Result) {
		line := fmt.Sprint(x.Row, " ", x.License, " ", x.Outcome)
		for _, f := range slices.Concat(x.Flaws, x.Notes) {
			line += " " + f.Rule
		}
		out.lines = append(out.lines, line)
	}
	opts := Options{Day: day, Each: tell, sortBytes: 1 << 10}
	if d.memory == "" {
		opts.Copied = listOf(d.copied())
	} else {
		defer d.remember(&opts, day)()
	}
	d.asked = 0
	for b, err := range Plan(context.Background(), src, d, opts) {
		if err != nil {
			d.t.Fatal(err)
		}
		o := d.submit(false, b.Acts, b.Openings, "officer/us-xx/importer", "importer")
		no := map[int64]license.Refusal{}
		for _, f := range o.Refused {
			no[f.Act] = license.Refusal{Code: f.Code, Sentence: f.Sentence}
			if opts.Draft != nil {
				opts.Draft.Forget(b.Rows[f.Act-1].License)
			}
		}
		for _, x := range b.Results(no) {
			tell(x)
		}
	}
	out.asked = d.asked
	slices.Sort(out.lines)
	return out
}

func listOf(ids []string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for _, id := range ids {
			if !yield(id, nil) {
				return
			}
		}
	}
}

// remember does what a command does around an import, and returns its end.
func (d *dailyDesk) remember(opts *Options, day license.Day) func() {
	m, err := OpenMemory(d.memory)
	if err != nil {
		d.t.Fatal(err)
	}
	if opts.Memory = m; m != nil {
		opts.Changed = d.changed(m.Mark.Size)
	} else {
		opts.Copied = listOf(d.copied())
	}
	if opts.Draft, err = NewDraft(d.memory); err != nil {
		d.t.Fatal(err)
	}
	return func() {
		if m != nil {
			_ = m.Close()
		}
		if err := opts.Draft.Keep(Mark{Mapping: d.m.Digest(), Day: day, Size: d.Head().Size}); err != nil {
			d.t.Fatal(err)
		}
	}
}

// stands writes what the registry holds, but ids and salts.
func (d *dailyDesk) stands() (out []string) {
	d.t.Helper()
	for _, id := range d.copied() {
		h := d.held(id)
		l := h.Record
		line := fmt.Sprint(id, l.Issued, l.Terms, l.Lifecycles, h.names(d.t), l.Counts.Imports, l.Copied)
		for _, o := range l.Orders {
			line += fmt.Sprint(o.Authority, o.Start, o.End)
		}
		out = append(out, line)
	}
	return out
}

const universeSize = 14

func universe() (ids []string) {
	for i := range universeSize {
		for _, p := range []string{"nurse", "physician"} {
			ids = append(ids, fmt.Sprintf("us-xx.%s.%02d", p, i))
		}
	}
	return ids
}

// A made-up roster changes a little each day.
type roster struct{ rows [universeSize][]string }

func randomRow(r *rand.Rand, i int) string {
	pick := func(s ...string) string { return s[r.IntN(len(s))] }
	prof := pick("N", "N", "N", "N", "N", "N", "N", "P")
	family := pick("ONE", "ONE", "ONE", "ONE", "ONE", "TWO")
	term := pick("2025-01-01,2026-12-31", "2025-01-01,2026-12-31", "2025-01-01,2026-03-03", "2026-03-04,2028-03-03", "2026-01-01,2020-01-01")
	return fmt.Sprintf("%02d,%s,%s%02d,%s,%s,%s,%s\n", i, prof, family, i, pick("ANN", "BEA"), pick("CAIRO", "ALTON"), term,
		pick("Active", "Active", "Active", "Inactive", "Suspended", "Planned", "Odd"))
}

func (x *roster) step(r *rand.Rand, change int) {
	for i := range x.rows {
		if x.rows[i] != nil && r.IntN(100) >= change {
			continue
		}
		x.rows[i] = nil
		for range []int{0, 1, 1, 1, 1, 2}[r.IntN(6)] {
			x.rows[i] = append(x.rows[i], randomRow(r, i))
		}
	}
}

func (x *roster) file() string {
	out := "NUMBER,PROF,FAMILY,GIVEN,CITY,FROM,TO,STATUS\n"
	for _, rows := range x.rows {
		out += strings.Join(rows, "")
	}
	return out
}

// A registry that is imported into with a memory, whenever it is lost, and one without
// are told the same every day, and are the same.
func TestMemoryChangesNothing(t *testing.T) {
	m, err := ParseMapping("daily", []byte(dailyMapping))
	if err != nil {
		t.Fatal(err)
	}
	saved := 0
	for seed := range uint64(16) {
		r := rand.New(rand.NewPCG(seed, 1)) // #nosec G404 -- a test's
		with, without := newDailyDesk(t, m, true), newDailyDesk(t, m, false)
		var x roster
		x.step(r, 100)
		for n := range 7 {
			day := license.Day(fmt.Sprintf("2026-03-%02d", n+1))
			a, b := with.day(x.file(), day), without.day(x.file(), day)
			if !slices.Equal(a.lines, b.lines) {
				t.Fatalf("seed %d, day %d: with a memory\n%s\nand without\n%s\nof\n%s", seed, n, strings.Join(a.lines, "\n"), strings.Join(b.lines, "\n"), x.file())
			}
			if a, b := with.stands(), without.stands(); !slices.Equal(a, b) {
				t.Fatalf("seed %d, day %d: with a memory\n%s\nand without\n%s", seed, n, strings.Join(a, "\n"), strings.Join(b, "\n"))
			}
			saved += b.asked - a.asked
			switch r.IntN(5) {
			case 0:
				if err := os.Remove(with.memory); err != nil {
					t.Fatal(err)
				}
			case 1, 2: // somebody else acts
				ids := with.copied()
				id := ids[r.IntN(len(ids))]
				for _, d := range []*dailyDesk{with, without} {
					d.submit(false, []license.Act{&license.LicenseInactivate{License: id, Count: d.held(id).Record.Counts.Term, From: day}}, nil, "board/us-xx", "member")
				}
			}
			x.step(r, 15)
		}
	}
	if saved < 50 {
		t.Errorf("the memory saved %d questions", saved)
	}
}

// A memory that is cut off or changed is none, and never half of one.
func TestMemoryDamaged(t *testing.T) {
	path := filepath.Join(t.TempDir(), "board.memory")
	d, err := NewDraft(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range universe() {
		one, _ := rememberedID(id)
		if err := d.add(one); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.Keep(Mark{Origin: "test", Day: "2026-03-01", Size: 7}); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if m, why := OpenMemory(path); m == nil || why != nil || m.Mark.Size != 7 {
		t.Fatal(m, why)
	}
	for n := 0; n < len(whole); n += 13 {
		changed := bytes.Clone(whole)
		changed[n] ^= 1
		for _, b := range [][]byte{whole[:n], changed} {
			if err := os.WriteFile(path, b, 0o600); err != nil {
				t.Fatal(err)
			}
			if m, why := OpenMemory(path); m != nil || why == nil {
				t.Fatalf("with byte %d changed, or cut there: %v, %v", n, m, why)
			}
		}
	}
}
