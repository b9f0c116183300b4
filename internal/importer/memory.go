package importer

import (
	"bufio"
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"licet/license"
)

// A Memory is what an import leaves for the next one of the same board: of each
// license a digest of its rows, when the registry held all that they say. It saves
// questions and decides nothing: without it, the next import does the same, more
// slowly.
//
// It is a file: one line of JSON, the Mark; then each license, in the order of the
// hashes of its number and its id, as digest, day since which it is missing, length
// of the id in two bytes, id; then the SHA-256 of all before.
type Memory struct {
	Mark Mark

	file *os.File
	at   int64 // of the first license
	size int64 // to the end of the last
}

// A Mark says of what a memory is.
type Mark struct {
	Edition int         `json:"edition"`
	Origin  string      `json:"origin"`  // of the network
	Mapping string      `json:"mapping"` // its digest
	Day     license.Day `json:"day"`     // of the file
	Size    int64       `json:"size"`    // entries of the log that the import saw
	Last    string      `json:"last"`    // hash of the last of them
}

// memoryEdition counts the changes of the file, of what a row's digest covers, and of
// what a mapping's words do.
const memoryEdition = 3

// A digest stands for the rows of a license. The zero digest says that they are not
// remembered, and that nobody knows whether the registry holds the license.
type digest [16]byte

func (d digest) uncertain() bool { return d == digest{} }

// listedDigest is no row's: the registry lists the license.
var listedDigest = digest{0: 1}

// A remembered license.
type remembered struct {
	number, license [keyBytes]byte
	digest          digest
	since           license.Day // day of the first file that did not hold it; none: the last file did
	id              string
}

func (m remembered) compare(x remembered) int {
	return cmp.Or(bytes.Compare(m.number[:], x.number[:]), bytes.Compare(m.license[:], x.license[:]))
}

// rememberedID remembers nothing of a license but its id.
func rememberedID(id string) (m remembered, ok bool) {
	l, err := license.ParseID(id)
	if err != nil {
		return m, false
	}
	return remembered{number: [keyBytes]byte(key(l.Number)), license: [keyBytes]byte(key(id)), id: id}, true
}

// OpenMemory opens a memory. One that is not there, is damaged, or was written by
// another edition of this program is none: then it is nil, and why is said.
func OpenMemory(path string) (m *Memory, why error) {
	f, err := os.Open(filepath.Clean(path))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	m = &Memory{file: f}
	if err := m.check(); err != nil {
		return nil, errors.Join(fmt.Errorf("%s cannot be used: %w", path, err), f.Close())
	}
	return m, nil
}

const markBytesMax = 4 << 10

func (m *Memory) check() error {
	st, err := m.file.Stat()
	if err != nil {
		return err
	}
	m.size = st.Size() - sha256.Size
	if m.size < 0 {
		return errors.New("it is too short")
	}
	h := sha256.New()
	if _, err := io.CopyBuffer(h, io.NewSectionReader(m.file, 0, m.size), make([]byte, 1<<18)); err != nil {
		return err
	}
	sum := make([]byte, sha256.Size)
	if _, err := m.file.ReadAt(sum, m.size); err != nil {
		return err
	}
	if !bytes.Equal(sum, h.Sum(nil)) {
		return errors.New("it is damaged")
	}
	line, err := bufio.NewReader(io.NewSectionReader(m.file, 0, min(m.size, markBytesMax))).ReadBytes('\n')
	if err != nil {
		return err
	}
	m.at = int64(len(line))
	if err := json.Unmarshal(line, &m.Mark); err != nil {
		return err
	}
	if m.Mark.Edition != memoryEdition {
		return fmt.Errorf("it is of edition %d, and this program keeps edition %d", m.Mark.Edition, memoryEdition)
	}
	return nil
}

// Close closes the file.
func (m *Memory) Close() error { return m.file.Close() }

// licenses reads what is remembered, in order.
func (m *Memory) licenses() iter.Seq2[remembered, error] {
	return func(yield func(remembered, error) bool) {
		in := bufio.NewReaderSize(io.NewSectionReader(m.file, m.at, m.size-m.at), 1<<18)
		head := make([]byte, rememberedBytes)
		for {
			_, err := io.ReadFull(in, head)
			if errors.Is(err, io.EOF) {
				return
			}
			var r remembered
			if err == nil {
				r, err = readRemembered(head, in)
			}
			if !yield(r, err) || err != nil {
				return
			}
		}
	}
}

const rememberedBytes = len(digest{}) + dayBytes + 2

func readRemembered(head []byte, in *bufio.Reader) (r remembered, err error) {
	b := make([]byte, binary.BigEndian.Uint16(head[len(r.digest)+dayBytes:]))
	if _, err := io.ReadFull(in, b); err != nil {
		return r, err
	}
	r, ok := rememberedID(string(b))
	if !ok {
		return r, fmt.Errorf("%q is no license", b)
	}
	r.digest, r.since = digest(head), dayOf(bytes.Clone(head[len(r.digest):]))
	return r, nil
}

func (m remembered) append(b []byte) []byte {
	b = append(b, m.digest[:]...)
	b = appendDay(b, m.since)
	b = binary.BigEndian.AppendUint16(b, uint16(len(m.id))) // #nosec G115 -- ids are short
	return append(b, m.id...)
}

// A Draft is a memory that is being written while an import goes on. Of licenses that
// the registry does not hold as the file has them, Forget is told.
type Draft struct {
	path      string
	file      *os.File
	out       *bufio.Writer
	mu        sync.Mutex
	forgotten map[[keyBytes]byte]bool
}

// NewDraft begins a memory that will stand at path.
func NewDraft(path string) (*Draft, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".memory-")
	if err != nil {
		return nil, err
	}
	return &Draft{path: path, file: f, out: bufio.NewWriterSize(f, 1<<18), forgotten: map[[keyBytes]byte]bool{}}, nil
}

func (d *Draft) add(m remembered) error {
	_, err := d.out.Write(m.append(nil))
	return err
}

// Forget says that the rows of a license are to be compared again next time.
func (d *Draft) Forget(id string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.forgotten[[keyBytes]byte(key(id))] = true
}

// Drop ends the draft without a memory; one from before stays.
func (d *Draft) Drop() {
	_ = d.file.Close()
	_ = os.Remove(d.file.Name())
}

// Keep makes the draft the memory of imports to come.
func (d *Draft) Keep(mark Mark) (err error) {
	defer d.Drop()
	if err := d.out.Flush(); err != nil {
		return err
	}
	st, err := d.file.Stat()
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(d.path), ".memory-")
	if err != nil {
		return err
	}
	if err := errors.Join(d.write(f, mark, st.Size()), f.Sync(), f.Close()); err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return os.Rename(f.Name(), d.path)
}

func (d *Draft) write(f io.Writer, mark Mark, size int64) error {
	mark.Edition = memoryEdition
	line, err := json.Marshal(mark)
	if err != nil {
		return err
	}
	h := sha256.New()
	out := bufio.NewWriterSize(io.MultiWriter(f, h), 1<<18)
	_, _ = out.Write(append(line, '\n'))
	draft := &Memory{file: d.file, size: size}
	for m, err := range draft.licenses() {
		if err != nil {
			return err
		}
		if d.forgotten[m.license] {
			m.digest = digest{}
		}
		_, _ = out.Write(m.append(nil))
	}
	if err := out.Flush(); err != nil {
		return err
	}
	_, err = f.Write(h.Sum(nil))
	return err
}

// A list of licenses from the registry stands in for a memory: it says only that they
// are there.
type list struct {
	order *sorter // by number, license: where the id stands
	ids   *idFile
}

// newList sorts the registry's licenses as the rows of a file are.
func newList(ids iter.Seq2[string, error], limit int) (_ *list, err error) {
	l := &list{order: newSorter(2*keyBytes+idPlaceBytes, limit)}
	if l.ids, err = newIDFile(); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			l.close()
		}
	}()
	for id, err := range ids {
		if err != nil {
			return nil, err
		}
		m, ok := rememberedID(id)
		if !ok {
			return nil, fmt.Errorf("%q is no license", id)
		}
		at, err := l.ids.put(func() string { return id })
		if err != nil {
			return nil, err
		}
		b := append(slices.Clone(m.number[:]), m.license[:]...)
		if err := l.order.add(at.append(b)); err != nil {
			return nil, err
		}
	}
	return l, nil
}

func (l *list) close() {
	l.order.close()
	l.ids.close()
}

func (l *list) licenses() iter.Seq2[remembered, error] {
	return func(yield func(remembered, error) bool) {
		for b, err := range l.order.sorted() {
			m := remembered{digest: listedDigest}
			if err == nil {
				copy(m.number[:], b)
				copy(m.license[:], b[keyBytes:])
				m.id, err = l.ids.get(idPlaceOf(b[2*keyBytes:]))
			}
			if !yield(m, err) || err != nil {
				return
			}
		}
	}
}

// An idFile keeps ids of licenses while rows are sorted. A nil one keeps none.
type idFile struct {
	file *os.File
	out  *bufio.Writer
	at   uint64
}

func newIDFile() (*idFile, error) {
	f, err := os.CreateTemp("", "licet-import-")
	if err != nil {
		return nil, fmt.Errorf("rows cannot be sorted: %w", err)
	}
	_ = os.Remove(f.Name()) // where a system refuses it of an open file, close does it
	return &idFile{file: f, out: bufio.NewWriterSize(f, 1<<18)}, nil
}

// An idPlace is where an id stands.
type idPlace struct {
	at     uint64
	length uint16
}

const idPlaceBytes = 8 + 2

func (p idPlace) append(b []byte) []byte {
	return binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint64(b, p.at), p.length)
}

func idPlaceOf(b []byte) idPlace {
	return idPlace{binary.BigEndian.Uint64(b), binary.BigEndian.Uint16(b[8:])}
}

func (f *idFile) put(id func() string) (p idPlace, err error) {
	if f == nil {
		return p, nil
	}
	s := id()
	p = idPlace{f.at, uint16(len(s))} // #nosec G115 -- ids are short
	f.at += uint64(len(s))
	_, err = f.out.WriteString(s)
	return p, err
}

func (f *idFile) get(p idPlace) (string, error) {
	if f.out.Buffered() > 0 {
		if err := f.out.Flush(); err != nil {
			return "", err
		}
	}
	b := make([]byte, p.length)
	_, err := f.file.ReadAt(b, int64(p.at)) // #nosec G115 -- put wrote it
	return string(b), err
}

func (f *idFile) close() {
	if f != nil {
		_ = f.file.Close()
		_ = os.Remove(f.file.Name())
	}
}

// A rowDigest makes digests of rows: of all cells that the mapping reads, but the day
// of the file.
type rowDigest struct {
	columns []int // fields
	buffer  []byte
}

func (d *rowDigest) of(fields []string) digest {
	b := d.buffer[:0]
	for _, c := range d.columns {
		b = binary.AppendUvarint(b, uint64(len(fields[c])))
		b = append(b, fields[c]...)
	}
	d.buffer = b
	sum := sha256.Sum256(b)
	return digest(sum[:])
}

// with adds a row to those before.
func (d digest) with(row digest) digest {
	sum := sha256.Sum256(append(d[:], row[:]...))
	return digest(sum[:])
}

// MemoryName names the file for a mapping's memory: the same as long as it describes
// the same licenses.
func (m *Mapping) MemoryName() string {
	h := sha256.New()
	put := func(h hash.Hash, s string) { _, _ = h.Write(append([]byte(s), 0)) }
	put(h, m.File.Holds)
	var ids []string
	for _, p := range m.Profession {
		ids = append(ids, p.ID)
	}
	slices.Sort(ids)
	for _, id := range ids {
		put(h, id)
	}
	return m.Board.ID + "-" + hex.EncodeToString(h.Sum(nil)[:4]) + ".memory"
}

// Digest is the SHA-256 of the mapping's text.
func (m *Mapping) Digest() string { return m.digest.String() }

// digestColumns are all columns that are read, but those that only date the file.
func (m *Mapping) digestColumns() []string {
	x := *m
	x.File.Newest = nil
	return x.columns()
}
