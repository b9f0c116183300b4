package importer

import (
	"bufio"
	"errors"
	"hash/maphash"
	"io"
)

// Limits of a file. What is longer is read over and reported, never kept.
const (
	FieldBytesMax = 8 << 10
	RowBytesMax   = 128 << 10
	ColumnsMax    = 1000
)

// A record is one row of the file, header included, before it means anything.
type record struct {
	n      int64 // data row, counted from 1; the header is 0
	line   int64 // line on which it starts, counted from 1
	offset int64 // of its first byte
	size   int64 // in bytes, line end included
	digest uint64
	fields []string
	flaw   *Flaw // why the fields cannot be used
	column int   // the field that flaw is about; -1: the row
}

// A reader reads separated values after RFC 4180: fields in quotation marks hold
// separators, line ends and doubled marks. It ends a row at LF or CR LF. Where
// the text breaks these rules the row is flawed, and reading goes on after it.
type reader struct {
	in     *bufio.Reader
	form   form
	seed   maphash.Seed
	n      int64
	line   int64
	offset int64

	rec   record
	hash  maphash.Hash
	field []byte
	size  int64
	width int // fields of the row before
}

func newReader(in io.Reader, buffer int, f form, seed maphash.Seed) *reader {
	r := &reader{in: bufio.NewReaderSize(in, buffer), form: f, seed: seed, n: -1, line: 1}
	r.hash.SetSeed(seed)
	return r
}

var byteOrderMark = []byte("\xef\xbb\xbf")

// skipMark passes over the byte order mark that some programs write first.
func (r *reader) skipMark() {
	if b, err := r.in.Peek(3); err == nil && string(b) == string(byteOrderMark) {
		_, _ = r.in.Discard(3)
		r.offset += 3
	}
}

// next returns the next row that is not an empty line, or io.EOF.
func (r *reader) next() (record, error) {
	for {
		err := r.read()
		if err != nil {
			return record{}, err
		}
		if len(r.rec.fields) == 1 && r.rec.fields[0] == "" && r.rec.flaw == nil {
			continue
		}
		r.n++
		r.rec.n = r.n
		return r.rec, nil
	}
}

func (r *reader) byte() (byte, error) {
	c, err := r.in.ReadByte()
	if err == nil {
		r.offset++
		r.size++
		_ = r.hash.WriteByte(c)
		if c == '\n' {
			r.line++
		}
	}
	return c, err
}

// read reads one row into r.rec. It returns io.EOF only when nothing was left.
func (r *reader) read() error {
	r.hash.Reset()
	r.rec = record{line: r.line, offset: r.offset, column: -1}
	r.field, r.size = r.field[:0], 0
	r.rec.fields = make([]string, 0, r.width)
	for {
		r.plain(r.form.separator)
		c, err := r.byte()
		if err != nil {
			return r.end(err)
		}
		switch {
		case c == '\n':
			r.endField()
			return r.endRow()
		case c == '\r':
			if b, err := r.in.Peek(1); err == nil && b[0] == '\n' {
				continue
			}
			r.bad("csv-line", "A carriage return stands alone; a row ends with a line feed.")
		case c == r.form.separator:
			r.endField()
		case c == '"' && len(r.field) == 0:
			if err := r.quoted(); err != nil {
				return err
			}
		case c == '"':
			r.bad("csv-quote", "A quotation mark stands within a field that does not start with one.")
		default:
			r.put(c)
		}
	}
}

// quoted reads a field from after its first quotation mark to its last. What may
// follow is a separator or the end of the row.
func (r *reader) quoted() error {
	start := r.line
	for {
		r.plain('"')
		c, err := r.byte()
		if errors.Is(err, io.EOF) {
			return fileError(start, "the quotation mark that opens a field on this line is never closed, so nothing after it can be read")
		}
		if err != nil {
			return err
		}
		if c == '\r' { // a line end within a field is one line feed, as it is outside
			if b, err := r.in.Peek(1); err == nil && b[0] == '\n' {
				continue
			}
		}
		if c != '"' {
			r.put(c)
			continue
		}
		b, err := r.in.Peek(1)
		if err == nil && b[0] == '"' {
			_, _ = r.byte()
			r.put('"')
			continue
		}
		if err == nil && b[0] != r.form.separator && b[0] != '\n' && b[0] != '\r' {
			r.bad("csv-quote", "Text follows the quotation mark that closes the field.")
		}
		return nil
	}
}

// plain takes what is in the buffer up to a character that means something: a line
// end, a quotation mark, or stop.
func (r *reader) plain(stop byte) {
	b, _ := r.in.Peek(r.in.Buffered())
	i := 0
	for i < len(b) && b[i] != stop && b[i] != '"' && b[i] != '\n' && b[i] != '\r' {
		i++
	}
	if i == 0 {
		return
	}
	b = b[:i]
	r.offset += int64(i)
	r.size += int64(i)
	_, _ = r.hash.Write(b)
	r.put(b...)
	_, _ = r.in.Discard(i)
}

func (r *reader) put(b ...byte) {
	switch room := FieldBytesMax - len(r.field); {
	case r.size > RowBytesMax:
		r.bad("row-long", "The row has more than %d bytes.", RowBytesMax)
	case len(b) > room:
		r.field = append(r.field, b[:room]...)
		r.bad("field-long", "The field has more than %d bytes.", FieldBytesMax)
	default:
		r.field = append(r.field, b...)
	}
}

// bad marks the row, once; the field is shown as far as it was read.
func (r *reader) bad(rule, format string, a ...any) {
	if r.rec.flaw == nil {
		r.rec.flaw = flaw("", string(r.field), rule, format, a...)
		r.rec.column = len(r.rec.fields)
	}
}

func (r *reader) endField() {
	text, ok := r.form.decode(r.field)
	switch {
	case ok:
	case r.form.table == nil:
		r.bad("not-utf-8", "The bytes are not UTF-8. Save the file as UTF-8, or let the mapping's file.encoding say what it is.")
	default:
		r.bad("not-encoded", "A byte is no character in the encoding that the mapping's file.encoding names.")
	}
	if len(r.rec.fields) >= ColumnsMax {
		r.bad("csv-width", "The row has more than %d fields.", ColumnsMax)
	} else {
		r.rec.fields = append(r.rec.fields, text)
	}
	r.field = r.field[:0]
}

func (r *reader) end(err error) error {
	if !errors.Is(err, io.EOF) || r.size == 0 {
		return err
	}
	r.endField()
	return r.endRow()
}

func (r *reader) endRow() error {
	if r.rec.flaw == nil && r.size > RowBytesMax { // all of it separators
		r.bad("row-long", "The row has more than %d bytes.", RowBytesMax)
	}
	r.width = len(r.rec.fields)
	r.rec.size, r.rec.digest = r.size, r.hash.Sum64()
	return nil
}
