package importer

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strings"

	"licet/license"
)

// A Source is a board's file and the mapping by which it is read. It is read as
// a stream, as often as needed; of its rows none is kept.
type Source struct {
	File    license.Hash // SHA-256 of the bytes
	Size    int64
	Header  []string
	Mapping *Mapping

	in     io.ReaderAt
	file   *os.File    // when Open opened it
	opened os.FileInfo // as it was then
	form   form
	again  *reader // of single rows
	mapper *mapper
	seed   maphash.Seed
}

// Open opens a file, hashes it and checks its header.
func Open(path string, m *Mapping) (*Source, error) {
	f, err := os.Open(filepath.Clean(path))
	if err != nil {
		return nil, fmt.Errorf("the file cannot be read: %w", err)
	}
	st, err := f.Stat()
	if err == nil && !st.Mode().IsRegular() {
		err = fmt.Errorf("%s is not a file", path)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	s, err := NewSource(f, st.Size(), m)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, err), f.Close())
	}
	s.file, s.opened = f, st
	return s, nil
}

// NewSource reads a file that somebody else opened.
func NewSource(in io.ReaderAt, size int64, m *Mapping) (*Source, error) {
	s := &Source{Size: size, Mapping: m, in: in, seed: maphash.MakeSeed()}
	begin := make([]byte, min(size, 1<<10))
	if _, err := io.ReadFull(s.whole(), begin); err != nil {
		return nil, fmt.Errorf("the file cannot be read: %w", err)
	}
	if err := checkBeginning(begin); err != nil {
		return nil, err
	}
	h := sha256.New()
	if _, err := io.Copy(h, s.whole()); err != nil {
		return nil, fmt.Errorf("the file cannot be read: %w", err)
	}
	s.File = license.Hash(h.Sum(nil))
	return s, s.readHeader()
}

// readHeader reads the header; where the mapping names no separator, by the one with
// which it finds its columns.
func (s *Source) readHeader() error {
	separators := separators
	if c := s.Mapping.File.Separator; c != "" {
		separators = c
	}
	var first error
	likeliest := -1
	for i := range len(separators) {
		s.form = form{separators[i], bytesTable(s.Mapping.File.Encoding)}
		header, err := s.headerAs()
		if err == nil {
			s.mapper, err = newMapper(s.Mapping, header)
		}
		if err == nil {
			s.Header = header
			return nil
		}
		if len(header) > likeliest { // of this one is told what is wrong
			first, likeliest = err, len(header)
		}
	}
	if f := (*FileError)(nil); !errors.As(first, &f) { // it is not the mapping's file
		first = &FileError{Reason: first.Error()}
	}
	return first
}

// separators are what may stand between fields, the likeliest first.
const separators = ",\t;|"

func (s *Source) headerAs() (header []string, err error) {
	head, err := s.reader(s.whole()).next()
	switch {
	case errors.Is(err, io.EOF):
		return nil, fileError(0, "the file is empty: it has no header")
	case err != nil:
		return nil, err
	case head.flaw != nil:
		return nil, fileError(head.line, "the header cannot be read: %v", head.flaw)
	}
	for _, c := range head.fields {
		header = append(header, strings.TrimSpace(c))
	}
	return header, nil
}

// Close closes the file that Open opened.
func (s *Source) Close() error {
	if s.file == nil {
		return nil
	}
	return s.file.Close()
}

func (s *Source) whole() io.Reader { return io.NewSectionReader(s.in, 0, s.Size) }

const bufferBytes = 64 << 10

func (s *Source) reader(in io.Reader) *reader {
	r := newReader(in, bufferBytes, s.form, s.seed)
	r.skipMark()
	return r
}

// Rows reads the file's rows in order. An error ends it: the file cannot be read
// on. Rows with flaws are rows like others.
func (s *Source) Rows() iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		h := sha256.New()
		r := s.reader(io.TeeReader(s.whole(), h))
		_, err := r.next() // the header
		for err == nil {
			var rec record
			if rec, err = r.next(); err == nil && !yield(s.mapper.row(rec, s.Header), nil) {
				return
			}
		}
		if errors.Is(err, io.EOF) {
			if bytes.Equal(h.Sum(nil), s.File[:]) && !s.touched() {
				return
			}
			err = ErrChanged
		}
		yield(Row{}, err)
	}
}

// touched says whether somebody wrote to the file since it was opened; he may still
// be adding rows to its end.
func (s *Source) touched() bool {
	if s.file == nil {
		return false
	}
	now, err := s.file.Stat()
	return err != nil || now.Size() != s.opened.Size() || !now.ModTime().Equal(s.opened.ModTime())
}

// ErrChanged says that somebody wrote to the file; nothing of it was sent, or nothing
// more.
var ErrChanged = errors.New("the file changed while it was read; nothing more is imported from it")

// Day reads the file through for the day that it is of, "" when it does not say.
func (s *Source) Day(ctx context.Context) (newest license.Day, err error) {
	for r, err := range s.Rows() {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return "", err
		}
		newest = max(newest, r.Newest)
	}
	return newest, nil
}

// A place is where a row stands, so that it can be read again.
type place struct {
	row, line, offset, size int64
	digest                  uint64
}

// at reads one row again.
func (s *Source) at(p place) (Row, error) {
	if s.again == nil {
		s.again = newReader(nil, 4<<10, s.form, s.seed)
	}
	r := s.again
	r.in.Reset(io.NewSectionReader(s.in, p.offset, p.size))
	r.n, r.line, r.offset = p.row-1, p.line, p.offset
	rec, err := r.next()
	if err == nil && rec.digest != p.digest || errors.Is(err, io.EOF) {
		err = ErrChanged
	}
	if err != nil {
		return Row{}, err
	}
	return s.mapper.row(rec, s.Header), nil
}
