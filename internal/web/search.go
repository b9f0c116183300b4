package web

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"licet/internal/answer"
	"licet/internal/lookup"
	"licet/internal/wording"
	"licet/license"
)

type homePage struct {
	frame
	Professions []answer.Profession
	Many        []manyProfessions
}

// manyProfessions are those of a board that has more than a page shows at once.
type manyProfessions struct {
	Board       string
	Professions []answer.Profession
}

// professionsShown is how many professions of a board stand on the front page
// without being asked for.
const professionsShown = 30

func (s *Site) home(*http.Request) (*rendered, error) {
	ps, err := s.Answers.Professions()
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(ps, func(a, b answer.Profession) int {
		return cmp.Or(cmp.Compare(a.BoardName, b.BoardName), cmp.Compare(a.Title, b.Title))
	})
	page := &homePage{frame: s.frame("Look up a license")}
	for len(ps) > 0 {
		n := slices.IndexFunc(ps, func(p answer.Profession) bool { return p.BoardName != ps[0].BoardName })
		if n < 0 {
			n = len(ps)
		}
		if n > professionsShown {
			page.Many = append(page.Many, manyProfessions{ps[0].BoardName, ps[:n]})
		} else {
			page.Professions = append(page.Professions, ps[:n]...)
		}
		ps = ps[n:]
	}
	return &rendered{"home.html", http.StatusOK, page}, nil
}

type searchPage struct {
	frame
	AsOf     string // of the search, in words
	Heading  string
	Items    []foundLicense
	Absences []absence
	Next     string
	Hint     string
}

type foundLicense struct {
	Link, Name, Title, Number, Board, City string
	Status, Secondary, Answer              string
	Copied                                 string // from what, in words
}

// An absence is what is said of a number that professions do not have, and where
// that is proved.
type absence struct {
	Verdict string
	Proofs  []proofLink
}

type proofLink struct{ Link, Title, Number string }

func (s *Site) search(r *http.Request) (*rendered, error) {
	v := r.URL.Query()
	q := answer.Search{Any: v.Get("q"), Query: lookup.Query{Number: v.Get("number"), Name: v.Get("name"), Cursor: v.Get("cursor")}}
	asked := strings.TrimSpace(q.Any + q.Number + q.Name)
	page := &searchPage{frame: s.frame("Search"), Heading: "Nothing asked", Hint: "Type a license number or a name."}
	page.Query = asked
	if asked == "" {
		return &rendered{"search.html", http.StatusOK, page}, nil
	}
	found, err := s.Answers.Search(r.Context(), q)
	if err != nil {
		return nil, err
	}
	page.fill(found)
	if found.Next != "" {
		v.Set("cursor", found.Next)
		page.Next = "/search?" + v.Encode()
	}
	if found.Total == 0 {
		err = s.nothing(page, asked)
	}
	return &rendered{"search.html", http.StatusOK, page}, err
}

func (p *searchPage) fill(found *answer.SearchPage) {
	p.AsOf = wording.Moment(found.AsOf.Time, nil)
	p.read(found.AsOf, nil)
	p.Heading, p.Hint = capital(wording.Count(int(found.Total), "license"))+" found for “"+p.Query+"”", ""
	for _, it := range found.Items {
		f := foundLicense{
			Link: licensePath(it.ID), Name: it.Name, Title: it.Title, Number: it.Number, Board: it.BoardName, City: it.City,
			Status: it.Standing.Primary, Secondary: it.Standing.Secondary, Answer: it.Answer,
		}
		if it.Copied {
			f.Copied = "copied from a file"
		}
		if it.CopiedDay != "" {
			f.Copied += " of " + it.CopiedDay.Long()
		}
		if f.Name == "" {
			f.Name = "Name withheld"
		}
		p.Items = append(p.Items, f)
	}
}

// nothing says what it means that a search found nothing: of a number, within
// which coverage it is absent; of a name, nothing at all.
func (s *Site) nothing(p *searchPage, asked string) error {
	p.Heading = "No license found for “" + asked + "”"
	if _, err := license.ParseID(asked); err != nil && !strings.ContainsAny(asked, "0123456789") {
		p.Hint = "That no license was found by a name proves nothing: names are written in many ways, and boards may withhold them. Search by the number."
		return nil
	}
	as, err := s.Answers.Absences(asked)
	// What can be said to be absent comes first, and what is unknown is said once.
	slices.SortStableFunc(as, func(a, b *answer.Absent) int { return cmp.Compare(vague(a), vague(b)) })
	for _, a := range as {
		v, n := a.Verdict.String(), len(p.Absences)
		if n == 0 || p.Absences[n-1].Verdict != v {
			p.Absences = append(p.Absences, absence{Verdict: v})
			n++
		}
		if !a.Known {
			continue // of a board that is not here nothing is proved
		}
		last := &p.Absences[n-1]
		last.Proofs = append(last.Proofs, proofLink{licensePath(a.ID), a.Profession.Title, a.Parts.Number})
	}
	if len(as) == 0 {
		p.Hint = "As typed, this is not written as any profession’s numbers here are. The front page says how they are written."
	}
	return err
}

// vague is 1 when the board does not say that it has all such licenses.
func vague(a *answer.Absent) int {
	if a.Profession.Coverage == nil {
		return 1
	}
	return 0
}

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
