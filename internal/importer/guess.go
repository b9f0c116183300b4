package importer

import (
	"bytes"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// guessRows is how many rows a guess looks at.
const guessRows = 200_000

// A Guess is a mapping that is proposed for a file that nobody described yet.
type Guess struct {
	Text   []byte // TOML, with doubts as comments
	Doubts int    // comments that ask for a decision
}

// GuessMapping proposes a mapping by a file's header and values. It says what it is
// not sure of; what it cannot know, a clerk writes.
func GuessMapping(in io.ReaderAt, size int64, name string) (Guess, error) {
	g, err := look(in, size, guessRows)
	if err != nil {
		return Guess{}, err
	}
	g.name = name
	g.assign()
	return g.write()
}

// A guesser is what is known of a file without a mapping.
type guesser struct {
	name      string
	in        io.ReaderAt
	size      int64
	form      form
	encoding  string
	header    []string
	terms     []string // of the header
	columns   []*column
	rows      int64
	all       bool // the whole file was looked at
	flawed    int64
	at        map[string]int    // key of a mapping → column
	loose     map[string]bool   // found by a part of the name
	reason    map[string]string // why a field was found by values
	holds     string
	dates     []string
	reissued  bool // a number has several issue dates
	extends   bool
	nameForm  string
	extraNote []string
}

// look reads a file's header and rows.
func look(in io.ReaderAt, size, rows int64) (*guesser, error) {
	g := &guesser{in: in, size: size, at: map[string]int{}, loose: map[string]bool{}}
	begin := make([]byte, min(size, 1<<20))
	if _, err := io.ReadFull(io.NewSectionReader(in, 0, size), begin); err != nil {
		return nil, fmt.Errorf("the file cannot be read: %w", err)
	}
	if err := checkBeginning(begin[:min(len(begin), 1<<10)]); err != nil {
		return nil, err
	}
	if err := g.findSeparator(begin); err != nil {
		return nil, err
	}
	if err := g.readRows(rows); err != nil {
		return nil, err
	}
	return g, nil
}

func (g *guesser) sectionReader() *reader {
	return g.reader(io.NewSectionReader(g.in, 0, g.size), g.form)
}

func (g *guesser) reader(in io.Reader, f form) *reader {
	r := newReader(in, bufferBytes, f, maphash.MakeSeed())
	r.skipMark()
	return r
}

// findSeparator takes the separator that makes the most of the header and of rows as
// wide as it.
func (g *guesser) findSeparator(begin []byte) error {
	best := 0
	var last error
	for i := range len(separators) {
		f := form{separator: separators[i], table: bytesTable(Latin1)} // any bytes
		r := g.reader(bytes.NewReader(begin), f)
		head, err := r.next()
		if err != nil || head.flaw != nil {
			if last = err; err == nil {
				last = fileError(head.line, "the header cannot be read: %v", head.flaw)
			}
			continue
		}
		same := 1
		for range 50 {
			rec, err := r.next()
			if err != nil {
				break
			}
			if len(rec.fields) == len(head.fields) {
				same++
			}
		}
		if score := same * (len(head.fields) - 1); score > best {
			best, g.form = score, form{separator: separators[i]}
		}
	}
	switch {
	case best > 0:
		return nil
	case errors.Is(last, io.EOF):
		return fileError(0, "the file is empty: it has no header")
	case last != nil:
		return last
	}
	return fileError(1, "the header has one column, whatever separates it: this is no table, its header does not stand in the first line, or its separator is none of comma, tab, semicolon and bar")
}

// readRows reads the header and looks at rows. An open quotation mark ends it: what
// came before it is looked at.
func (g *guesser) readRows(rows int64) error {
	var err error
	if g.encoding, err = g.findEncoding(); err != nil {
		return err
	}
	g.form.table = bytesTable(g.encoding)
	r := g.sectionReader()
	head, err := r.next()
	if err != nil {
		return err
	}
	if head.flaw != nil {
		return fileError(head.line, "the header cannot be read: %v", head.flaw)
	}
	for _, h := range head.fields {
		g.header = append(g.header, strings.TrimSpace(h))
		g.terms = append(g.terms, headerTerm(h))
		g.columns = append(g.columns, newColumn())
	}
	for g.rows < rows {
		rec, err := r.next()
		if err != nil {
			var f *FileError
			if errors.As(err, &f) {
				g.extraNote = append(g.extraNote, f.Error())
				return nil
			}
			g.all = errors.Is(err, io.EOF)
			if g.all {
				return nil
			}
			return err
		}
		g.rows++
		if rec.flaw != nil || len(rec.fields) != len(g.header) {
			g.flawed++
			continue
		}
		for i, v := range rec.fields {
			g.columns[i].add(strings.TrimSpace(v))
		}
	}
	return nil
}

// findEncoding looks for bytes that are not UTF-8. Which encoding of one byte they
// are, no byte tells; Windows-1252 is by far the most frequent.
func (g *guesser) findEncoding() (string, error) {
	const piece, most = 64 << 10, 64 << 20
	in := io.NewSectionReader(g.in, 0, min(g.size, most))
	buf := make([]byte, 0, piece+utf8.UTFMax)
	for {
		n, err := io.ReadFull(in, buf[len(buf):len(buf)+piece])
		buf = buf[:len(buf)+n]
		for len(buf) > 0 {
			r, size := utf8.DecodeRune(buf)
			if r == utf8.RuneError && size == 1 {
				if !utf8.FullRune(buf) && err == nil {
					break // the rest of the character comes
				}
				return Windows1252, nil
			}
			buf = buf[size:]
		}
		if err != nil {
			if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
				return "", nil
			}
			return "", err
		}
		buf = append(make([]byte, 0, piece+utf8.UTFMax), buf...)
	}
}

// valuesMax is how many different values of a column are remembered.
const valuesMax = 2000

// A column is what stands in one column.
type column struct {
	filled int64
	values map[string]int64 // up to valuesMax; more says if there are others
	more   bool
	shapes map[string]int64
	dates  []int64 // values that each of guessLayouts reads
	empty  map[string]int64
	commas int64
	sample []string
}

func newColumn() *column {
	return &column{values: map[string]int64{}, shapes: map[string]int64{}, dates: make([]int64, len(guessLayouts)), empty: map[string]int64{}}
}

// guessLayouts are layouts of dates that files have, the strict before the loose.
var guessLayouts = func() (ls []layout) {
	for _, s := range []string{
		"MM/DD/YYYY", "YYYY-MM-DD", "YYYYMMDD", "MM/DD/YYYY TIME", "YYYY-MM-DDTTIME", "YYYY-MM-DD TIME", "M/D/YYYY", "M/D/YYYY TIME", "DD.MM.YYYY", "D.M.YYYY",
		"DD/MM/YYYY", "D/M/YYYY", "DD-MON-YYYY", "D-MON-YYYY", "MM-DD-YYYY", "DD-MM-YYYY", "YYYY/MM/DD", "MON D YYYY", "D MON YYYY", "YYYYMMDD TIME", "YYYY.MM.DD", "YYYY.MM.DD.", "YYYY. MM. DD.",
	} {
		l, err := parseLayout(s)
		if err != nil {
			panic(err)
		}
		ls = append(ls, l)
	}
	return ls
}()

const shapesMax = 200

func (c *column) add(v string) {
	if v == "" {
		return
	}
	if isPlaceholder[v] {
		c.empty[v]++
		return
	}
	c.filled++
	if _, ok := c.values[v]; ok || len(c.values) < valuesMax && len(v) <= 200 {
		c.values[v]++
	} else {
		c.more = true
	}
	if s := shape(v); len(s) <= 64 {
		if _, ok := c.shapes[s]; ok || len(c.shapes) < shapesMax {
			c.shapes[s]++
		}
	}
	if strings.Contains(v, ",") {
		c.commas++
	}
	if len(v) >= 8 && len(v) <= 32 && v[0] <= '9' || len(v) == 11 {
		for i := range guessLayouts {
			if guessLayouts[i].read(v) != "" {
				c.dates[i]++
			}
		}
	}
	if len(c.sample) < 5 && !slices.Contains(c.sample, v) {
		c.sample = append(c.sample, v)
	}
}

// shape writes a value as a number pattern would: # for digits, @ for capitals.
func shape(v string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9':
			return '#'
		case r >= 'A' && r <= 'Z':
			return '@'
		}
		return r
	}, v)
}

// isDate says whether most of what stands in the column are days.
func (c *column) isDate() bool {
	best := slices.Max(c.dates)
	return c.filled > 0 && best*10 >= c.filled*8
}

// layout returns which layout reads most of the column; both says that days and
// months may be exchanged in all of them.
func (c *column) layout() (name string, both bool) {
	if !c.isDate() {
		return "", false
	}
	best := slices.Max(c.dates)
	i := slices.Index(c.dates, best)
	name = guessLayouts[i].text
	for j := i + 1; j < len(c.dates); j++ {
		other := guessLayouts[j].text
		if c.dates[j] == best && strings.NewReplacer("D", "M", "M", "D").Replace(strings.TrimSuffix(other, "TIME")) == strings.TrimSuffix(name, "TIME") {
			both = true
		}
	}
	return name, both
}

// states are the codes that US files write for states.
const states = " AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY PR GU VI "

// isState says whether most of what stands in the column are codes of states.
func (c *column) isState() bool {
	n := int64(0)
	for v, k := range c.values {
		if len(v) == 2 && strings.Contains(states, " "+strings.ToUpper(v)+" ") {
			n += k
		}
	}
	return c.filled > 0 && n*2 > c.filled
}

// are says whether all values, few as they are, satisfy a test.
func (c *column) are(most int, is func(string) bool) bool {
	if c.more || len(c.values) == 0 || len(c.values) > most {
		return false
	}
	for v := range c.values {
		if !is(v) {
			return false
		}
	}
	return true
}

func (c *column) yesNo() bool {
	return c.are(4, func(v string) bool {
		return slices.Contains([]string{"Y", "N", "YES", "NO", "TRUE", "FALSE", "0", "1"}, strings.ToUpper(v))
	})
}
