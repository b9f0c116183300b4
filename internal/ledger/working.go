package ledger

import (
	"maps"
	"strings"

	"github.com/cockroachdb/pebble/v2"

	"licet/license"
	"licet/strict"
)

// A working state is what a decision sees: the committed store, below what the
// block has changed so far, below what the payload and the act at hand have. It
// is thrown away as a whole when an act is refused, and merged down when it is
// applied.
type working struct {
	under *working // nil: the store is next
	store pebble.Reader
	known *memory // of the store's records
	now   license.Instant
	block int64 // its height

	records  map[recordID][]byte     // nil value: removed
	ids      []recordID              // of records, in order; set when the block is complete
	openings map[license.Hash][]byte // nil value: forgotten
	entries  []newEntry
	about    map[recordID][]int               // which of entries are about a record
	headers  map[license.Hash]license.Instant // not_after of payloads applied in this block
	base     int64                            // index of the first of entries
	due      []due                            // days to come of what was written
	facts    map[string][]string              // license → facts about it that were written
	timers   map[string][]string              // license → its timers that were written, their ids
	links    map[string][]string              // license → licenses whose links with it were written
	next     map[string]license.Day           // board → day whose calls are to be made before the block's transactions, or stopped
	err      error                            // the store failed: the block cannot go on
}

type recordID struct{ kind, id string }

// A newEntry is an entry on its way into the log.
type newEntry struct {
	license.Recorded
	bytes []byte
	act   []byte // that it records; nil: none
}

func (w *working) over() *working {
	return &working{
		under: w, store: w.store, known: w.known, now: w.now, block: w.block, base: w.base + int64(len(w.entries)),
		records: map[recordID][]byte{}, openings: map[license.Hash][]byte{}, headers: map[license.Hash]license.Instant{},
		about: map[recordID][]int{}, next: w.next,
	}
}

// merge puts what w changed into the state under it.
func (w *working) merge() {
	u := w.under
	maps.Copy(u.records, w.records)
	maps.Copy(u.openings, w.openings)
	maps.Copy(u.headers, w.headers)
	for _, e := range w.entries {
		u.add(e)
	}
	u.due = append(u.due, w.due...)
	for about, ids := range w.facts {
		if u.facts == nil {
			u.facts = map[string][]string{}
		}
		u.facts[about] = append(u.facts[about], ids...)
	}
	for id, timers := range w.timers {
		u.timed(id, timers...)
	}
	for id, others := range w.links {
		u.linked(id, others...)
	}
	u.fail(w.err)
}

func (w *working) timed(id string, timers ...string) {
	if w.timers == nil {
		w.timers = map[string][]string{}
	}
	w.timers[id] = append(w.timers[id], timers...)
}

func (w *working) linked(id string, others ...string) {
	if w.links == nil {
		w.links = map[string][]string{}
	}
	w.links[id] = append(w.links[id], others...)
}

func (w *working) add(e newEntry) {
	w.about[recordID{e.Kind, e.ID}] = append(w.about[recordID{e.Kind, e.ID}], len(w.entries))
	w.entries = append(w.entries, e)
}

func (w *working) fail(err error) {
	for x := w; x != nil && err != nil; x = x.under {
		if x.err == nil {
			x.err = err
		}
	}
}

// value returns a record's bytes, or nil.
func (w *working) value(kind, id string) []byte {
	if r := w.record(recordID{kind, id}); r != nil {
		return r.value
	}
	return nil
}

func (w *working) record(k recordID) *remembered {
	for x := w; x != nil; x = x.under {
		if v, ok := x.records[k]; ok {
			if v == nil {
				return nil
			}
			return &remembered{value: v}
		}
	}
	r, err := w.known.get(k)
	w.fail(err)
	if r == nil || r.value == nil {
		return nil
	}
	return r
}

// Get implements license.View.
func (w *working) Get(kind, id string, r any) bool {
	v := w.record(recordID{kind, id})
	if v == nil {
		return false
	}
	if err := v.into(r); err != nil {
		w.fail(corrupt("record %s %s: %v", kind, id, err))
		return false
	}
	return true
}

// Entries implements license.View. A record that is not there has none: what
// entries are about stays, also when all of them are void.
func (w *working) Entries(kind, id string) []license.Recorded {
	if w.value(kind, id) == nil {
		return nil
	}
	out, err := entriesOf(w.store, kind, id)
	w.fail(err)
	return w.newEntries(kind, id, out)
}

func (w *working) newEntries(kind, id string, out []license.Recorded) []license.Recorded {
	if w.under != nil {
		out = w.under.newEntries(kind, id, out)
	}
	for _, i := range w.about[recordID{kind, id}] {
		out = append(out, w.entries[i].Recorded)
	}
	return out
}

// NotAfter implements license.View.
func (w *working) NotAfter(header license.Hash) license.Instant {
	for x := w; x != nil; x = x.under {
		if t, ok := x.headers[header]; ok {
			return t
		}
	}
	t, err := notAfter(w.store, header)
	w.fail(err)
	return t
}

// Now implements license.View.
func (w *working) Now() license.Instant { return w.now }

// Height implements license.View.
func (w *working) Height() int64 { return w.block }

// write puts one applied act into the working state: the record, what is written
// beside, and the entry that states both.
func (w *working) write(e *license.Effect, verb string, cause *license.Cause, height int64) (*newEntry, *license.Refusal) {
	en, body := e.Entry(verb)
	en.Index, en.Block, en.Time = w.base+int64(len(w.entries)), height, w.now
	en.Prev, en.Cause = lastOf(w.value(e.Kind, e.ID)), cause
	b := strict.Encode(&en)
	if len(b) > license.EntryBytesMax {
		return nil, license.Refuse("entry-too-large", "spec/entry", "The act would write an entry of %d bytes; %d are the most. Split it.", len(b), license.EntryBytesMax)
	}
	if len(body) > recordBytesMax-100 {
		return nil, license.Refuse("record-too-large", "spec/entry", "The record would have %d bytes; %d are the most.", len(body), recordBytesMax)
	}
	w.add(newEntry{license.Recorded{Entry: en, Hash: license.LeafHash(b)}, b, nil})
	n := &w.entries[len(w.entries)-1]
	w.records[recordID{e.Kind, e.ID}] = license.ValueWithLast(body, n.Hash)
	w.notes(e)
	for _, pair := range linkedBy(&en) {
		w.linked(pair[0], pair[1])
	}
	for _, a := range en.Also {
		w.records[recordID{a.Kind, a.ID}] = a.Value
		if id, _, ok := strings.Cut(a.ID, "~"); ok && a.Kind == license.KindTimer {
			w.timed(id, a.ID)
		}
	}
	for _, h := range e.Forget {
		w.openings[h] = nil
	}
	return n, nil
}

// recordBytesMax bounds a record, so that a bundle with it stays small.
const recordBytesMax = 128 << 10

// lastOf reads the member "last" of a record's bytes.
func lastOf(value []byte) license.Hash {
	n := len(value)
	if n < 66+len(`"last":"`) {
		return license.Hash{}
	}
	h, err := license.ParseHash(string(value[n-66 : n-2]))
	if err != nil {
		return license.Hash{}
	}
	return h
}
