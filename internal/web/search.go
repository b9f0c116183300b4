package web

import (
	"cmp"
	"net/http"
	"net/url"
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
	Contracts   bool // boards have adopted some
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
	ps, err := s.professions()
	if err != nil {
		return nil, err
	}
	page := &homePage{frame: s.frame("Look up a license"), Contracts: s.Answers.HasContracts()}
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

// professions lists them by board and title.
func (s *Site) professions() ([]answer.Profession, error) {
	ps, err := s.Answers.Professions()
	slices.SortStableFunc(ps, func(a, b answer.Profession) int {
		return cmp.Or(cmp.Compare(a.BoardName, b.BoardName), cmp.Compare(a.Title, b.Title))
	})
	return ps, err
}

type searchPage struct {
	frame
	filters
	AsOf     string // of which state, and for which day, statuses are
	Heading  string
	Note     string // how what was found fits what was asked
	Items    []foundLicense
	Absences []absence
	First    string // link to the first page, "" on it
	Next     string
	NextWord string
	Hint     string
}

// filters are the fields below the search box, and what is in them.
type filters struct {
	Boards   []optionGroup // professions, by board
	Statuses []option
	City     string
	On       license.Day
}

type optionGroup struct {
	Label   string
	Options []option
}

type option struct {
	Value, Text string
	Chosen      bool
}

type foundLicense struct {
	Link, Name, Others, Title, Number, Board, City string
	Status, Secondary, Answer                      string
	Copied                                         string // from what, in words
	Contracts                                      string // what contracts did, or have still to do
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
	q, err := searchOf(v)
	if err != nil {
		return nil, err
	}
	typed := strings.TrimSpace(q.Any + q.Number + q.Name + q.NPI)
	page := &searchPage{frame: s.frame("Search"), Heading: "Nothing asked", Hint: "Type a license number or a name, or choose below the box."}
	page.Query = typed
	if err := s.fillFilters(&page.filters, &q); err != nil {
		return nil, err
	}
	if typed == "" && q.Profession == "" && q.Jurisdiction == "" && q.City == "" && q.Status == "" {
		return &rendered{"search.html", http.StatusOK, page}, nil
	}
	found, err := s.Answers.Search(r.Context(), q)
	if err != nil {
		return nil, err
	}
	asked := page.asked(typed, found)
	page.fill(found, asked)
	page.links(v, found)
	if found.Total == 0 && found.Next == "" {
		err = s.nothing(page, typed, asked)
	}
	return &rendered{"search.html", http.StatusOK, page}, err
}

func searchOf(v url.Values) (q answer.Search, err error) {
	q.Any, q.Status = v.Get("q"), v.Get("status")
	q.Query = lookup.Query{
		Number: v.Get("number"), Name: v.Get("name"), NPI: v.Get("npi"), Profession: v.Get("profession"), Jurisdiction: v.Get("jurisdiction"),
		City: v.Get("city"), Cursor: v.Get("cursor"),
	}
	if on := v.Get("on"); on != "" {
		if q.On, err = license.ParseDay(on); err != nil {
			return q, &answer.Problem{Code: "bad-on", Detail: "On the day: " + err.Error() + "."}
		}
	}
	return q, nil
}

// fillFilters puts into the fields what can be chosen, and what was.
func (s *Site) fillFilters(f *filters, q *answer.Search) error {
	ps, err := s.professions()
	if err != nil {
		return err
	}
	for _, p := range ps {
		if n := len(f.Boards); n == 0 || f.Boards[n-1].Label != p.BoardName {
			f.Boards = append(f.Boards, optionGroup{Label: p.BoardName})
		}
		g := &f.Boards[len(f.Boards)-1]
		g.Options = append(g.Options, option{p.ID, p.Title, p.ID == q.Profession})
	}
	statuses, err := s.Answers.Statuses()
	for _, st := range statuses {
		f.Statuses = append(f.Statuses, option{st.Word, st.Word, strings.EqualFold(st.Word, q.Status)})
	}
	f.City, f.On = q.City, q.On
	return err
}

// asked says in words what was asked.
func (p *searchPage) asked(typed string, found *answer.SearchPage) string {
	var parts []string
	if typed != "" {
		parts = append(parts, "“"+typed+"”")
	}
	for _, g := range p.Boards {
		for _, o := range g.Options {
			if o.Chosen {
				parts = append(parts, o.Text)
			}
		}
	}
	if p.City != "" {
		parts = append(parts, "city "+p.City)
	}
	for _, o := range p.Statuses {
		if o.Chosen {
			parts = append(parts, o.Text)
		}
	}
	s := strings.Join(parts, ", ")
	if found.On != "" {
		s += " on " + found.On.Long()
	}
	return strings.TrimSpace(s)
}

func (p *searchPage) fill(found *answer.SearchPage, asked string) {
	p.AsOf = "As of " + wording.Moment(found.AsOf.Time, nil)
	if found.On != "" {
		p.AsOf += ", for " + found.On.Long()
	}
	p.read(found.AsOf, nil)
	p.Heading, p.Hint = capital(wording.Count(int(found.Total), "license"))+" found", ""
	if found.AtLeast {
		p.Heading = "At least " + wording.Count(int(found.Total), "license") + " found"
		p.Hint = "Another word, a city or a profession makes the list shorter."
	}
	if found.Total == 0 {
		p.Heading = "None found so far"
	}
	if asked != "" {
		p.Heading += " for " + asked
	}
	switch found.Match {
	case lookup.MatchPart:
		p.Note = "Nothing fits as typed. These names hold it inside their words."
	case lookup.MatchNear:
		p.Note = "Nothing fits as typed. These names are written nearly so."
	}
	for _, it := range found.Items {
		p.Items = append(p.Items, foundOf(&it))
	}
	if sameNames(p.Items) {
		p.Note = strings.TrimSpace(p.Note + " Some of these licenses are under the same name. They may be different people’s: compare number, profession and city.")
	}
}

// sameNames says whether two of the licenses are under one name.
func sameNames(items []foundLicense) bool {
	for i := range items {
		if slices.ContainsFunc(items[:i], func(o foundLicense) bool { return strings.EqualFold(o.Name, items[i].Name) }) && items[i].Name != withheld {
			return true
		}
	}
	return false
}

const withheld = "Name withheld"

func foundOf(it *answer.Item) foundLicense {
	f := foundLicense{
		Link: licensePath(it.ID), Name: it.Name, Others: strings.Join(it.Others, ", "), Title: it.Title, Number: it.Number, Board: it.BoardName, City: it.City,
		Status: it.Standing.Primary, Secondary: wording.Further(it.Standing.Discipline, it.Standing.Secondary, false), Answer: it.Answer,
	}
	if it.Copied {
		f.Copied = "copied from a file"
	}
	if it.CopiedDay != "" {
		f.Copied += " of " + it.CopiedDay.Long()
	}
	f.Contracts = wording.Found(it.Automatic, it.Waits)
	if it.Undescribed {
		f.Copied += ", " + wording.Undescribed
	}
	if f.Name == "" {
		f.Name = withheld
	}
	return f
}

// links go to the first page and to the next one.
func (p *searchPage) links(v url.Values, found *answer.SearchPage) {
	if v.Get("cursor") != "" {
		first := url.Values{}
		for name := range v {
			if name != "cursor" && v.Get(name) != "" {
				first.Set(name, v.Get(name))
			}
		}
		p.First = "/search?" + first.Encode()
	}
	if found.Next != "" {
		v.Set("cursor", found.Next)
		p.Next, p.NextWord = "/search?"+v.Encode(), "Next page"
		if len(found.Items) == 0 {
			p.NextWord = "Look further"
		}
	}
}

// nothing says what it means that a search found nothing: of a number, within
// which coverage it is absent; of a name, nothing at all.
func (s *Site) nothing(p *searchPage, typed, asked string) error {
	p.Heading = "No license found for " + asked
	if _, err := license.ParseID(typed); err != nil && !strings.ContainsAny(typed, "0123456789") {
		p.Hint = "That no license was found by a name proves nothing: names are written in many ways, and boards may withhold them. Search by the number."
		return nil
	}
	as, err := s.Answers.Absences(typed)
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

func capital(s string) string { return strings.ToUpper(s[:min(1, len(s))]) + s[min(1, len(s)):] }
