package main

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"licet/internal/ledger"
	"licet/license"
	"licet/strict"
)

// What the registry holds after an import, as rows for the peer: for each license
// one, and one for each entry about it. They wait in a file, so that while the peer
// is measured they only have to be read.

// rowsForPeer writes the rows of the imported registry.
func (x *imported) rowsForPeer(b *bench) string {
	l := must(ledger.Open(filepath.Join(x.home(), "registry"), ledger.Options{}))
	defer func() { check(l.Close()) }()
	s := must(l.State())
	defer s.Release()
	path := b.store("rows")
	f := must(os.Create(path))
	w := &rowWriter{state: s, out: bufio.NewWriterSize(f, 1<<20), seq: map[string]int{}}
	const each = 20_000
	for first := int64(0); first < s.Head.Size; first += each {
		for _, e := range must(s.EntriesRange(first, each)) {
			w.entry(e)
		}
	}
	check(w.out.Flush())
	check(f.Close())
	return path
}

type rowWriter struct {
	state *ledger.State
	out   *bufio.Writer
	seq   map[string]int // entries about a license so far
}

// entry writes the row of an entry, and before the first about a license the license's.
func (w *rowWriter) entry(b []byte) {
	var e license.Entry
	check(strict.Decode(b, &e, license.EntryBytesMax))
	if e.Kind != license.KindLicense {
		return
	}
	if w.seq[e.ID] == 0 {
		w.license(e.ID)
	}
	w.seq[e.ID]++
	from := e.Import
	if from == nil {
		from = &license.Provenance{}
	}
	w.write(
		e.ID, fmt.Sprint(w.seq[e.ID]), string(e.Time), e.Act, string(e.Effective),
		`\x`+from.File.String(), fmt.Sprint(from.Row), string(from.Day), from.Importer, w.changes(e.Changes),
	)
}

// A told change is a change with what was opened in the place of its commitment.
type toldChange struct {
	Do        string          `json:"do"`
	Status    string          `json:"status,omitempty"`
	Kind      string          `json:"kind,omitempty"`
	Order     string          `json:"order,omitempty"`
	Authority string          `json:"authority,omitempty"`
	From      license.Day     `json:"from,omitempty"`
	Through   license.Day     `json:"through,omitempty"`
	Text      json.RawMessage `json:"text,omitempty"`
}

func (w *rowWriter) changes(cs []license.Change) string {
	told := []toldChange{}
	for _, c := range cs {
		told = append(told, toldChange{c.Do, c.Status, c.Kind, c.Order, c.Authority, c.From, c.Through, w.opened(c.Commitment)})
	}
	return string(must(json.Marshal(told)))
}

// opened is what stands behind a commitment, as JSON; nil when that is nothing.
func (w *rowWriter) opened(c license.Hash) json.RawMessage {
	o := must(w.state.Opening(c))
	switch {
	case c == license.Hash{} || o == nil:
		return nil
	case json.Valid(o.Bytes):
		return o.Bytes
	}
	return must(json.Marshal(string(o.Bytes)))
}

func (w *rowWriter) license(id string) {
	var l license.License
	if found := must(w.state.Record(license.KindLicense, id, &l)); !found {
		panic("no record of " + id)
	}
	i := must(license.ParseID(id))
	text := func(kind string) string {
		o := must(w.state.Opening(l.OpeningOn(kind, license.DayMax)))
		if o == nil {
			return ""
		}
		return string(o.Bytes)
	}
	type order struct {
		ID, Authority string
		Start, End    license.Day
		Document      json.RawMessage
	}
	orders := []order{}
	for _, o := range l.Orders {
		orders = append(orders, order{o.ID, o.Authority, o.Start, o.End, w.opened(o.Commitment)})
	}
	w.write(
		id, i.Board, i.Profession, i.Number, l.Licensee, l.Subject, string(l.Issued), string(l.Copied),
		text(license.OpeningName), text(license.OpeningCity), text(license.OpeningState), text(license.OpeningZip),
		list(l.Terms), list(l.Lifecycles), list(orders),
	)
}

// list writes a list as JSON; "" for one that is empty.
func list[T any](s []T) string {
	if len(s) == 0 {
		return ""
	}
	return string(must(json.Marshal(s)))
}

// write writes the fields of a row.
func (w *rowWriter) write(fields ...string) {
	b := binary.AppendUvarint(nil, uint64(len(fields)))
	for _, f := range fields {
		b = append(binary.AppendUvarint(b, uint64(len(f))), f...)
	}
	must(w.out.Write(b))
}

type rowReader struct {
	file *os.File
	in   *bufio.Reader
}

func openRows(path string) *rowReader {
	f := must(os.Open(path))
	return &rowReader{f, bufio.NewReaderSize(f, 1<<20)}
}

func (r *rowReader) close() { check(r.file.Close()) }

// next returns the fields of the next row, absent ones as nil; nil after the last.
func (r *rowReader) next() []any {
	n, err := binary.ReadUvarint(r.in)
	if errors.Is(err, io.EOF) {
		return nil
	}
	check(err)
	fields := make([]any, n)
	for i := range fields {
		b := make([]byte, must(binary.ReadUvarint(r.in)))
		must(io.ReadFull(r.in, b))
		if len(b) > 0 {
			fields[i] = string(b)
		}
	}
	return fields
}
