package importer

import (
	"fmt"
	"strconv"
	"strings"

	"licet/license"
)

// ClaimRules say which licenses practitioners claim in a file that no board made. In
// the four group columns {} stands for the number of the group, counted from 1.
type ClaimRules struct {
	NPI      string `toml:"npi"`
	Entity   string `toml:"entity"` // 1: a person, 2: an organization
	Number   string `toml:"number"`
	State    string `toml:"state"`
	Taxonomy string `toml:"taxonomy"`
	Primary  string `toml:"primary"`
	Groups   int    `toml:"groups"` // at most; a file may hold fewer
}

// ExclusionRules say who is excluded from federal programs: a list to match licensees
// with, and no license.
type ExclusionRules struct {
	NPI        string `toml:"npi"`
	Born       string `toml:"born"`
	Kind       string `toml:"kind"`
	From       string `toml:"from"`
	Reinstated string `toml:"reinstated"`
	Waived     string `toml:"waived"`
}

// An Exclusion is one line of such a list.
type Exclusion struct {
	NPI, Kind                      string
	Born, From, Reinstated, Waived license.Day
}

// FitsNPI says whether n is written as an NPI is: an NPI begins with a 1 or a 2.
func FitsNPI(n string) bool {
	return license.FitsNPI(n) && (n[0] == '1' || n[0] == '2')
}

func (m *mapper) readNPI(r *Row, column string) string {
	n := m.value(r, column)
	if n != "" && !FitsNPI(n) {
		r.refuse(flaw(column, n, "npi", "This is no NPI: ten digits, the last of which checks the others."))
	}
	return n
}

func groupColumn(template string, n int) string {
	return strings.ReplaceAll(template, "{}", strconv.Itoa(n))
}

// columnsOfGroup returns the columns of one claim.
func (c *ClaimRules) columnsOfGroup(n int) (cs []string) {
	for _, t := range []string{c.Number, c.State, c.Taxonomy, c.Primary} {
		if t != "" {
			cs = append(cs, groupColumn(t, n))
		}
	}
	return cs
}

// readClaims reads what a row claims. A group without a number claims nothing.
func (m *mapper) readClaims(r *Row) {
	c := &m.Claim
	if r.NPI = m.readNPI(r, c.NPI); r.NPI == "" {
		m.refuseMissing(r, c.NPI, "npi-missing")
	}
	for n := 1; n <= m.groups; n++ {
		number := m.value(r, groupColumn(c.Number, n))
		if number == "" {
			continue
		}
		state := m.value(r, groupColumn(c.State, n))
		if state == "" {
			r.Notes = append(r.Notes, *flaw(groupColumn(c.Number, n), number, "claim-state-missing", "The claim names no state, so nobody can say which board's number it is."))
			continue
		}
		claim := license.Claim{Number: number, State: state, Primary: m.value(r, groupColumn(c.Primary, n)) == "Y"}
		if c.Taxonomy != "" {
			claim.Taxonomy = m.value(r, groupColumn(c.Taxonomy, n))
		}
		if len(number) > license.ClaimNumberMax || max(len(state), len(claim.Taxonomy)) > license.ClaimTextMax || len(r.Claims) == license.ClaimsMax {
			r.refuse(flaw(groupColumn(c.Number, n), number, "claim-long", "A row claims at most %d licenses, each with a number of at most %d bytes, and a state and a taxonomy of at most %d.", license.ClaimsMax, license.ClaimNumberMax, license.ClaimTextMax))
			return
		}
		r.Claims = append(r.Claims, claim)
	}
}

func (m *mapper) readExclusion(r *Row) {
	e := &m.Exclusion
	x := &Exclusion{
		NPI: m.readNPI(r, e.NPI), Kind: m.value(r, e.Kind), Born: m.readDay(r, e.Born), From: m.readDay(r, e.From),
		Reinstated: m.readDay(r, e.Reinstated), Waived: m.readDay(r, e.Waived),
	}
	r.NPI = x.NPI
	if x.From == "" {
		m.refuseMissing(r, e.From, "exclusion-day-missing")
	}
	m.readTexts(r)
	r.Exclusion = x
}

func (m *Mapping) checkClaims(no func(string, ...any)) {
	switch m.File.Holds {
	case HoldsClaims:
		if m.Board.Name == "" {
			no("board.name is missing: who makes the file")
		}
		if _, err := license.ParseID(license.ID{Board: m.Board.ID, Profession: "any", Number: "1"}.String()); err != nil {
			no("board.id, under which claims are recorded: %v", err)
		}
		if m.Claim.NPI == "" || m.Claim.Number == "" || m.Claim.State == "" {
			no("claim.npi, claim.number and claim.state are needed in a file of claims")
		}
		if m.Claim.Groups < 1 || m.Claim.Groups > 100 {
			no("claim.groups is how often the columns of a claim stand in a row: 1 to 100")
		}
	case HoldsExclusions:
		if m.Exclusion.From == "" {
			no("exclusion.from is missing: the column of the day from which somebody is excluded")
		}
	}
}

// What a file holds.
const (
	HoldsLicenses   = "licenses"
	HoldsOrders     = "orders"     // on licenses that the registry has from elsewhere
	HoldsClaims     = "claims"     // of practitioners, which decide nothing
	HoldsExclusions = "exclusions" // a list to match licensees with
)

// WhyNotRecorded says why a file of this kind is read and looked at only; "": it is
// recorded.
func (m *Mapping) WhyNotRecorded() string {
	if m.File.Holds == HoldsExclusions {
		return fmt.Sprintf("mapping %s reads a list to match licensees with, and no licenses: licet match FILE --map %s says which licenses could be of somebody on it", m.source, m.source)
	}
	return ""
}

// Look says of a row that is not recorded what there is to say of it.
func (r Row) Look() Result {
	x := Result{Row: r.Number, Line: r.Line, Outcome: Unchanged, Flaws: r.Flaws, Notes: r.Notes}
	if len(r.Flaws) > 0 {
		x.Outcome = Refused
	}
	return x
}
