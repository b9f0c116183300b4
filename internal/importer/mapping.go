package importer

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"

	"licet/license"
)

// MappingBytesMax is the size that no mapping passes.
const MappingBytesMax = 256 << 10

// A Mapping says which column of a board's file means what. Clerks write it in
// TOML; docs/import.md tells how. Columns are named as the header names them.
type Mapping struct {
	File       FileRules         `toml:"file"`
	Board      BoardRules        `toml:"board"`
	License    LicenseRules      `toml:"license"`
	Profession []ProfessionRules `toml:"profession"`
	Term       TermRules         `toml:"term"`
	Name       NameRules         `toml:"name"`
	Address    AddressRules      `toml:"address"`
	Subject    SubjectRules      `toml:"subject"`
	Status     StatusRules       `toml:"status"`
	Order      OrderRules        `toml:"order"`
	Claim      ClaimRules        `toml:"claim"`
	Exclusion  ExclusionRules    `toml:"exclusion"`
	Constants  Constants         `toml:"constants"`
	Labels     map[string]string `toml:"labels"` // the board's words for standing codes

	layouts []layout
	never   []license.Day
	source  string // name, for messages
	digest  license.Hash
}

// FileRules say how the file is written.
type FileRules struct {
	Holds     string   `toml:"holds"`     // none: licenses
	Separator string   `toml:"separator"` // none: the one with which the header has the mapping's columns
	Encoding  string   `toml:"encoding"`  // none: UTF-8
	Missing   []string `toml:"missing"`   // values that mean that there is none, besides the empty one
	Dates     []string `toml:"dates"`     // layouts, such as MM/DD/YYYY
	Newest    []string `toml:"newest"`    // columns whose newest date is the day that the file is of
	Refuse    []string `toml:"refuse"`    // rules of notes that refuse the row: NoteRules

	// Undescribed lets orders bring in licenses that the registry does not hold, with what
	// the row tells: the number, the name, no issue, no term.
	Undescribed bool `toml:"undescribed"`
}

// BoardRules say whose licenses the file holds.
type BoardRules struct {
	ID           string         `toml:"id"`
	Name         string         `toml:"name"`
	Jurisdiction string         `toml:"jurisdiction"` // none: the id
	Calendar     string         `toml:"calendar"`     // "us-central" or none: UTC
	Public       []string       `toml:"public"`       // kinds of openings that everybody may see
	Coverage     *CoverageRules `toml:"coverage"`     // none: nothing can be said to be absent
}

// CoverageRules say what the file holds completely.
type CoverageRules struct {
	IssuedFrom string `toml:"issued_from"`
	CompleteAs string `toml:"complete_as"`
	Except     string `toml:"except"`
}

// LicenseRules say which license a row is about.
type LicenseRules struct {
	Number       string `toml:"number"`     // column
	Profession   string `toml:"profession"` // column with the codes of the profession tables
	ByPattern    bool   `toml:"by_pattern"` // the profession is the one whose own pattern the number fits
	Issued       string `toml:"issued"`     // column of the original issue; none: first day of the earliest term
	Pattern      string `toml:"pattern"`    // of numbers, where a profession has none of its own
	Drop         string `toml:"drop"`       // characters of the file that the written form of a number has not
	NumberUnique bool   `toml:"number_unique"`
}

// ProfessionRules are one of the board's professions.
type ProfessionRules struct {
	Code    string `toml:"code"` // as the file writes it; none where professions are a constant
	ID      string `toml:"id"`   // as license ids have it
	Title   string `toml:"title"`
	Pattern string `toml:"pattern"`
}

// TermRules say from when to when a row licenses.
type TermRules struct {
	From      string      `toml:"from"`
	Through   string      `toml:"through"`
	Never     []string    `toml:"never"`     // days that mean no end
	Extends   bool        `toml:"extends"`   // From is the first day of all terms: a later last day adds a term to those held
	Otherwise []Otherwise `toml:"otherwise"` // where From holds none
}

// Otherwise names another column for the first day of a term, in rows that hold
// the given values.
type Otherwise struct {
	Column string            `toml:"column"`
	When   map[string]string `toml:"when"` // column → value
}

// NameRules say what the holder is called.
type NameRules struct {
	Family string `toml:"family"`
	Given  string `toml:"given"`
	Middle string `toml:"middle"`
	Suffix string `toml:"suffix"`
	Legal  string `toml:"legal"`
	DBA    string `toml:"dba"`
	Full   string `toml:"full"` // column with all of it
	Form   string `toml:"form"` // of Full: FormFamilyGiven, or none: it is not taken apart
}

// FormFamilyGiven is a full name whose surname stands before a comma.
const FormFamilyGiven = "family, given"

// SubjectRules say whether a row is about a person or an organization, where not all
// of a file are one.
type SubjectRules struct {
	Column string            `toml:"column"`
	Words  map[string]string `toml:"words"`   // word → person or organization
	ByName bool              `toml:"by_name"` // a person where there is a surname or given name, else an organization
}

// AddressRules say where the holder is.
type AddressRules struct {
	Street string `toml:"street"`
	City   string `toml:"city"`
	State  string `toml:"state"`
	Zip    string `toml:"zip"`
}

// StatusRules say what the status words do.
type StatusRules struct {
	Column string                `toml:"column"`
	Since  string                `toml:"since"` // column of the day from which the word holds
	Words  map[string]StatusWord `toml:"words"` // each word that the file may hold
}

// A StatusWord is what one word does. All absent: nothing beyond the term.
type StatusWord struct {
	Lifecycle  string `toml:"lifecycle"`   // registration status from the day on
	Authority  string `toml:"authority"`   // an order with this effect, from the day on
	Action     string `toml:"action"`      // the order's action code
	Says       string `toml:"says"`        // what it claims of the term: current or over; it does nothing, and what contradicts the days is noted
	FromFile   bool   `toml:"from_file"`   // the day is the file's: nobody knows since when
	FromTerm   bool   `toml:"from_term"`   // the day is the term's first, not the Since column's
	WithinTerm bool   `toml:"within_term"` // the day is within the row's term, else the row contradicts itself
}

// Constants stand for every row, where the file has no column for them.
type Constants struct {
	Subject    string `toml:"subject"`    // person or organization
	Profession string `toml:"profession"` // a profession's id
	City       string `toml:"city"`
	State      string `toml:"state"`
}

//go:embed maps/*.toml
var shipped embed.FS

// Shipped returns the names of the mappings that come with the program.
func Shipped() (names []string) {
	es, _ := shipped.ReadDir("maps")
	for _, e := range es {
		names = append(names, strings.TrimSuffix(e.Name(), ".toml"))
	}
	return names
}

// ReadMapping reads a mapping from a file, or the shipped one of that name:
// "chicago".
func ReadMapping(path string) (*Mapping, error) {
	if slices.Contains(Shipped(), path) {
		b, err := shipped.ReadFile("maps/" + path + ".toml")
		if err != nil {
			return nil, err
		}
		return ParseMapping(path, b)
	}
	f, err := os.Open(filepath.Clean(path))
	if err != nil {
		return nil, fmt.Errorf("the mapping cannot be read: %w (shipped with this program: %s)", err, strings.Join(Shipped(), ", "))
	}
	defer func() { _ = f.Close() }()
	b, err := io.ReadAll(io.LimitReader(f, MappingBytesMax+1))
	if err != nil {
		return nil, fmt.Errorf("the mapping cannot be read: %w", err)
	}
	return ParseMapping(path, b)
}

// ParseMapping reads a mapping and checks all that needs no file. name stands in
// messages.
func ParseMapping(name string, b []byte) (*Mapping, error) {
	if len(b) > MappingBytesMax {
		return nil, fmt.Errorf("mapping %s has more than %d bytes", name, MappingBytesMax)
	}
	m := &Mapping{source: name, digest: sha256.Sum256(b)}
	if err := toml.NewDecoder(bytes.NewReader(b)).DisallowUnknownFields().Decode(m); err != nil {
		return nil, mappingError(name, err)
	}
	if err := m.check(); err != nil {
		return nil, fmt.Errorf("mapping %s: %w", name, err)
	}
	return m, nil
}

// mappingError says on which line a mapping is wrong.
func mappingError(name string, err error) error {
	var unknown *toml.StrictMissingError
	if errors.As(err, &unknown) {
		var all []error
		for i := range unknown.Errors {
			e := &unknown.Errors[i]
			line, _ := e.Position()
			all = append(all, fmt.Errorf("mapping %s, line %d: a mapping has no key %q; docs/import.md lists them", name, line, strings.Join(e.Key(), ".")))
		}
		return errors.Join(all...)
	}
	var broken *toml.DecodeError
	if errors.As(err, &broken) {
		line, column := broken.Position()
		return fmt.Errorf("mapping %s, line %d, column %d: %w", name, line, column, err)
	}
	return fmt.Errorf("mapping %s: %w", name, err)
}

func (w StatusWord) acts() bool { return w.Lifecycle != "" || w.Authority != "" }

func (m *Mapping) pattern(p ProfessionRules) string {
	if p.Pattern != "" {
		return p.Pattern
	}
	return m.License.Pattern
}

// columns returns every column that the mapping names, once each.
func (m *Mapping) columns() (cs []string) {
	add := func(names ...string) {
		for _, n := range names {
			if n != "" && !slices.Contains(cs, n) {
				cs = append(cs, n)
			}
		}
	}
	add(m.License.Number, m.License.Profession, m.License.Issued, m.Term.From, m.Term.Through)
	for _, o := range m.Term.Otherwise {
		add(o.Column)
		add(slices.Sorted(maps.Keys(o.When))...)
	}
	add(m.Name.Family, m.Name.Given, m.Name.Middle, m.Name.Suffix, m.Name.Legal, m.Name.DBA)
	add(m.Name.Full, m.Subject.Column)
	add(m.Address.Street, m.Address.City, m.Address.State, m.Address.Zip)
	add(m.Status.Column, m.Status.Since)
	add(m.Order.Action, m.Order.Case, m.Order.Since, m.Order.Through, m.Order.Reason)
	add(m.Claim.NPI, m.Claim.Entity) // claims stand in as many groups as the file has
	e := &m.Exclusion
	add(e.NPI, e.Born, e.Kind, e.From, e.Reinstated, e.Waived)
	add(m.File.Newest...)
	return cs
}
