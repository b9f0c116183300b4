package answer

import (
	"errors"
	"strings"

	"licet/internal/ledger"
	"licet/internal/wording"
	"licet/license"
)

// professionsMax bounds how many professions a page lists.
const professionsMax = 1000

// A Profession is one of a board's, for people who look for where to search.
type Profession struct {
	ID        string
	Title     string
	BoardName string
	Pattern   string
	Coverage  string // in words
}

// Professions lists what the network has licenses of.
func (r *Registry) Professions() (out []Profession, err error) {
	s, err := r.state()
	if err != nil {
		return nil, err
	}
	defer s.Release()
	err = eachProfession(s, func(id string, p *license.Profession, b *license.Board) error {
		out = append(out, Profession{id, p.Title, b.Name, p.Pattern, wording.Coverage(p.Coverage)})
		return nil
	})
	return out, err
}

func eachProfession(s *ledger.State, do func(id string, p *license.Profession, b *license.Board) error) error {
	ids, err := s.IDs(license.KindProfession, "", professionsMax)
	if err != nil {
		return err
	}
	for _, id := range ids {
		var p license.Profession
		var b license.Board
		if _, err := s.Record(license.KindProfession, id, &p); err != nil {
			return err
		}
		if _, err := s.Record(license.KindBoard, license.BoardOf(license.KindProfession, id), &b); err != nil {
			return err
		}
		if err := do(id, &p, &b); err != nil {
			return err
		}
	}
	return nil
}

// Absences says what it means that a search for a number found nothing. Of a whole
// id it says so for that profession alone; else of every profession whose numbers
// are written like this one. Each can be proved, but that of an unknown profession.
func (r *Registry) Absences(number string) (out []*Absent, err error) {
	s, err := r.state()
	if err != nil {
		return nil, err
	}
	defer s.Release()
	var byID *Absent
	if _, err := r.about(s, strings.TrimSpace(number)); errors.As(err, &byID) && byID.Known {
		return []*Absent{byID}, nil
	}
	if out, err = r.numberAbsences(s, number); err == nil && len(out) == 0 && byID != nil && strings.Trim(byID.Parts.Board, "0123456789") != "" {
		out = append(out, byID) // a number that has dots in it, 036.000.102, is no board's
	}
	return out, err
}

func (r *Registry) numberAbsences(s *ledger.State, number string) (out []*Absent, err error) {
	number = strings.ToUpper(strings.TrimSpace(number))
	err = eachProfession(s, func(id string, p *license.Profession, _ *license.Board) error {
		if !license.FitsPattern(p.Pattern, number) {
			return nil
		}
		board, code, _ := strings.Cut(id, ".")
		a := &License{Parts: license.ID{Board: board, Profession: code, Number: number}, AsOf: asOf(s), Now: r.legalNow(s)}
		a.ID = a.Parts.String()
		if _, err := license.ParseID(a.ID); err != nil {
			return nil // no number that an id can hold
		}
		if v, err := s.Value(license.KindLicense, a.ID); err != nil || v != nil {
			return err
		}
		if _, err := a.read(s, a.Parts); err != nil {
			return err
		}
		out = append(out, a.absent(true))
		return nil
	})
	return out, err
}
