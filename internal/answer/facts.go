package answer

import (
	"cmp"
	"slices"

	"licet/internal/wording"
	"licet/license"
	"licet/strict"
)

// Limits of an answer: how many facts about one license it looks at, and shows.
const (
	factsReadMax = 10_000
	factsMax     = 200
)

// factsShown are the kinds of facts that an answer about a license lists. Others, such
// as reports and charges, are no part of the look-up.
var factsShown = append([]string{"role", "bond"}, license.OrganizationFacts...)

// A Fact is a dated fact about an organization, or another holder.
type Fact struct {
	ID string
	license.Fact
	Holds     bool   // on the day that was asked about
	Label     string // "Branch", "Responsible person"
	Text      string // what its opening says; "" none, or withheld
	Withheld  bool
	PartyName string // name of the license that the party names, where it is shown
	Sentence  string // what it says, with its days
}

// factsOf finds the facts about a license as known, those of one kind together, in the
// order of factsShown, then of their days.
func (a *License) factsOf(v view) error {
	ids, err := v.FactsAbout(a.ID, factsReadMax)
	if err != nil {
		return err
	}
	a.MoreFacts = len(ids) == factsReadMax
	for _, id := range ids {
		f, err := v.factAt(id, a.Known)
		if err != nil {
			return err
		}
		if f != nil && slices.Contains(factsShown, f.Code) {
			a.Facts = append(a.Facts, Fact{ID: id, Fact: *f, Holds: f.HoldsOn(a.On), Label: wording.FactLabel(f.Code)})
		}
	}
	slices.SortStableFunc(a.Facts, func(x, y Fact) int {
		return cmp.Or(slices.Index(factsShown, x.Code)-slices.Index(factsShown, y.Code), cmp.Compare(x.Day, y.Day))
	})
	a.Vacant = vacant(a.Facts, a.On)
	if len(a.Facts) > factsMax {
		a.Facts, a.MoreFacts = a.Facts[:factsMax], true
	}
	for i := range a.Facts {
		if err := a.Facts[i].read(v, a.On); err != nil {
			return err
		}
	}
	return nil
}

// read reads what the fact's opening says, and who its party is.
func (x *Fact) read(v view, on license.Day) (err error) {
	if x.Text, err = v.text(license.OpeningFact, x.Commitment); err != nil {
		return err
	}
	x.Withheld = x.Text == "" && x.Commitment != license.Hash{}
	if x.PartyName, err = v.partyName(x.Party, on); err != nil {
		return err
	}
	x.Sentence = wording.Fact(&x.Fact, x.Text, x.PartyName)
	return nil
}

// vacant says that a holder who had a responsible person has none on the day.
func vacant(facts []Fact, on license.Day) bool {
	had := false
	for _, f := range facts {
		if f.Code == license.FactResponsible && f.Day <= on {
			if f.Holds {
				return false
			}
			had = true
		}
	}
	return had
}

// factAt returns a fact as known at an instant, nil when it was not.
func (v view) factAt(id string, known license.Instant) (*license.Fact, error) {
	f := new(license.Fact)
	if known == "" {
		there, err := v.Record(license.KindFact, id, f)
		if !there {
			return nil, err
		}
		return f, err
	}
	es, err := v.Entries(license.KindFact, id)
	if err != nil {
		return nil, err
	}
	es = slices.DeleteFunc(es, func(e license.Recorded) bool { return e.Time > known })
	if len(es) == 0 {
		return nil, nil
	}
	return f, strict.Decode(es[len(es)-1].Body, f, license.EntryBytesMax)
}

// partyName returns the name on a day of the license that a party names, as that
// license's own board shows it.
func (v view) partyName(id string, on license.Day) (string, error) {
	if _, err := license.ParseID(id); err != nil {
		return "", nil
	}
	var l license.License
	other := view{State: v.State, context: new(Context)}
	if there, err := v.Record(license.KindLicense, id, &l); err != nil || !there {
		return "", err
	}
	if _, err := v.Record(license.KindBoard, license.BoardOf(license.KindLicense, id), &other.context.Board); err != nil {
		return "", err
	}
	return other.text(license.OpeningName, l.OpeningOn(license.OpeningName, on))
}
