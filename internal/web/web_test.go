package web

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"licet/internal/answer"
	"licet/internal/ledgertest"
	"licet/internal/lookup"
	"licet/license"
)

var officers = []string{"clerk", "director"}

type site struct {
	*ledgertest.Registry
	mux *http.ServeMux
	t   *testing.T
	l   *lookup.Lookup
}

func newSite(t *testing.T) *site {
	t.Helper()
	return siteOf(t, ledgertest.New(t))
}

func siteOf(t *testing.T, r *ledgertest.Registry) *site {
	t.Helper()
	l, err := lookup.Open(t.TempDir(), r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	w, err := New(Config{Answers: &answer.Registry{Ledger: r, Lookup: l, Now: func() time.Time { return r.Clock }}})
	if err != nil {
		t.Fatal(err)
	}
	s := &site{Registry: r, mux: http.NewServeMux(), t: t, l: l}
	w.Register(s.mux)
	s.mux.HandleFunc("/v1/", http.NotFound) // the API's; patterns that conflict panic
	return s
}

// A seen is a page as a reader gets it.
type seen struct {
	*httptest.ResponseRecorder
	root *html.Node
	text string // of the body, white space folded
}

// get fetches a page, checks what must hold for every page, and reads it.
func (s *site) get(path string, status int) *seen {
	s.t.Helper()
	if err := s.l.CatchUp(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
	w := httptest.NewRecorder()
	s.mux.ServeHTTP(w, httptest.NewRequestWithContext(s.t.Context(), "GET", path, nil))
	if w.Code != status {
		s.t.Fatalf("%s: %d, not %d", path, w.Code, status)
	}
	root, err := html.Parse(strings.NewReader(w.Body.String()))
	if err != nil {
		s.t.Fatal(err)
	}
	p := &seen{w, root, strings.Join(strings.Fields(textOf(root)), " ")}
	checkPage(s.t, path, p)
	if dir := os.Getenv("LICET_PAGES"); dir != "" { // to look at them
		name := strings.NewReplacer("/", "_", "?", "-").Replace(path)
		_ = os.WriteFile(filepath.Join(dir, name+".html"), w.Body.Bytes(), 0o600)
	}
	return p
}

func textOf(n *html.Node) string {
	if n.Type == html.TextNode {
		return n.Data
	}
	var b strings.Builder
	for c := range n.ChildNodes() {
		b.WriteString(textOf(c))
		b.WriteByte(' ')
	}
	return b.String()
}

func attr(n *html.Node, key string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val, true
		}
	}
	return "", false
}

func (p *seen) all(tag string) (out []*html.Node) {
	for n := range p.root.Descendants() {
		if n.Type == html.ElementNode && n.Data == tag {
			out = append(out, n)
		}
	}
	return out
}

// checkPage checks what assistive programs rely on, and what keeps scripts out.
func checkPage(t *testing.T, path string, p *seen) {
	t.Helper()
	one := func(tag string) *html.Node {
		if ns := p.all(tag); len(ns) == 1 {
			return ns[0]
		}
		t.Errorf("%s: %d of <%s>, not one", path, len(p.all(tag)), tag)
		return &html.Node{}
	}
	if lang, _ := attr(one("html"), "lang"); lang != "en-US" {
		t.Errorf("%s: language %q", path, lang)
	}
	for _, tag := range []string{"h1", "main", "header", "footer", "title"} {
		one(tag)
	}
	if len(p.all("script"))+len(p.all("style")) > 0 {
		t.Errorf("%s holds a script or a style of its own", path)
	}
	ids, labels := map[string]bool{}, map[string]bool{}
	for n := range p.root.Descendants() {
		for _, a := range n.Attr {
			if strings.HasPrefix(a.Key, "on") || a.Key == "style" || (a.Key == "href" || a.Key == "action") && !strings.HasPrefix(a.Val, "/") && !strings.HasPrefix(a.Val, "#") {
				t.Errorf("%s: <%s> has %s", path, n.Data, a.Key)
			}
			if a.Key == "id" && ids[a.Val] {
				t.Errorf("%s: id %q stands twice", path, a.Val)
			}
		}
		if id, ok := attr(n, "id"); ok {
			ids[id] = true
		}
	}
	for _, l := range p.all("label") {
		f, _ := attr(l, "for")
		labels[f] = true
	}
	for _, in := range p.all("input") {
		if id, _ := attr(in, "id"); !labels[id] {
			t.Errorf("%s: input %q has no label", path, id)
		}
	}
	for _, th := range p.all("th") {
		if scope, _ := attr(th, "scope"); scope != "col" && scope != "row" {
			t.Errorf("%s: a heading cell %q without scope", path, textOf(th))
		}
	}
	for _, a := range p.all("a") {
		h, _ := attr(a, "href")
		if f, ok := strings.CutPrefix(h, "#"); ok && !ids[f] || strings.TrimSpace(textOf(a)) == "" {
			t.Errorf("%s: link %q leads nowhere or says nothing", path, h)
		}
	}
	for _, h := range []string{"Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy"} {
		if p.Header().Get(h) == "" {
			t.Errorf("%s: no %s", path, h)
		}
	}
	checkHeadings(t, path, p)
	if !strings.Contains(p.text, "TEST NETWORK.") || !strings.HasPrefix(textOf(one("title")), "TEST: ") {
		t.Errorf("%s: a test network's page is not marked", path)
	}
}

// checkHeadings: no level is skipped.
func checkHeadings(t *testing.T, path string, p *seen) {
	t.Helper()
	last := byte('0')
	for n := range p.root.Descendants() {
		if n.Type == html.ElementNode && len(n.Data) == 2 && n.Data[0] == 'h' && n.Data[1] >= '1' && n.Data[1] <= '6' {
			if n.Data[1] > last+1 {
				t.Errorf("%s: <%s> after level %c", path, n.Data, last)
			}
			last = n.Data[1]
		}
	}
}

func (p *seen) says(t *testing.T, texts ...string) {
	t.Helper()
	for _, s := range texts {
		if !strings.Contains(p.text, s) {
			t.Errorf("the page does not say %q:\n%s", s, p.text)
		}
	}
}

func (p *seen) keeps(t *testing.T, texts ...string) {
	t.Helper()
	for _, s := range texts {
		if strings.Contains(p.Body.String(), s) {
			t.Errorf("the page says %q:\n%s", s, p.text)
		}
	}
}

func suspension() license.OrderDocument {
	return license.OrderDocument{
		Entity: "Department of Professional Regulation", Issued: "2026-01-09", Appeal: "2026-02-13", Bases: []string{"A6", "F1"},
		Text:    "The respondent practiced without supervision.\nThe license is suspended until she has completed 20 hours of education.",
		Actions: []license.OrderAction{{Code: "suspension", Indefinite: true}, {Code: "fine", Terms: "$500"}},
	}
}

func probation() license.OrderDocument {
	return license.OrderDocument{Entity: "Department", Actions: []license.OrderAction{{Code: "probation", TermYears: 2, TermMonths: 1, Terms: "quarterly reports"}}}
}

func TestHome(t *testing.T) {
	s := newSite(t)
	p := s.get("/", 200)
	p.says(t, "License registry of the network "+s.Head().Origin, "Registered nurse Illinois 041###### complete since 1998", "Barber Illinois 006.######|B-### not declared complete")
	if f := p.all("form"); len(f) != 1 {
		t.Error("no form")
	}
}

// A board with many professions does not bury the others': its list is folded up.
func TestHomeWithManyProfessions(t *testing.T) {
	s := newSite(t)
	if n := len(s.get("/", 200).all("details")); n != 0 {
		t.Fatalf("%d lists are folded up", n)
	}
	var acts []license.Act
	for i := range professionsShown {
		acts = append(acts, &license.BoardProfession{Profession: fmt.Sprintf("us-il.trade-%d", i), Title: fmt.Sprintf("Trade %d", i), Pattern: "T-####"})
	}
	s.Act(nil, []string{"root"}, acts...)
	p := s.get("/", 200)
	p.says(t, "Illinois: 32 professions", "Professions of Illinois", "Registered nurse 041###### complete since 1998", "Trade 7 T-#### not declared complete")
	if n := len(p.all("details")); n != 1 {
		t.Errorf("%d lists are folded up", n)
	}
}

func TestLicensePage(t *testing.T) {
	s := newSite(t)
	id := s.Issue("041000001", license.Name{Family: "Lee", Given: "Ann"}, "2026-05-31")
	issued := s.Head().Time
	s.get("/licenses/"+id, 200).says(t, "As of January 10, 2026, 6:01 a.m. CST (just now): may practice. This proves the past; ask again for today.", "Status on January 10, 2026",
		"Status ACTIVE", "Term through May 31, 2026", "First issued June 1, 2020", "Obtained by examination", "None on January 10, 2026 that the board shows.")
	s.Discipline(id, license.AuthorityConditions, probation(), "2026-01-10")
	s.Discipline(id, license.AuthorityBarred, suspension(), "2026-01-10")
	s.Rename(id, s.License(id).Counts.Identity, license.Name{Family: "Kim-Lee", Given: "Ann"}, "2026-01-10")
	p := s.get("/licenses/"+id, 200)
	first := strings.Join(strings.Fields(textOf(p.all("main")[0])), " ")
	if !strings.HasPrefix(first, "As of January 10, 2026, 6:04 a.m. CST (just now): may not practice: SUSPENDED.") {
		t.Errorf("the first line is not the verdict: %.100s", first)
	}
	p.says(t, "Ann Kim-Lee Registered nurse · 041000001 · Illinois", "Registration The term has its last day on May 31, 2026, which gives no right to practice while the order is in force",
		"SUSPENDED in force Bars practice from January 10, 2026 until lifted.", "By Department of Professional Regulation, ordered January 9, 2026. May be appealed until February 13, 2026.",
		"SUSPENDED, indefinitely FINE: $500 Grounds (NPDB basis codes): A6, F1.", "PROBATION for two years and one month: quarterly reports",
		"Name June 1, 2020 Ann Lee City June 1, 2020 Springfield Name January 10, 2026 Ann Kim-Lee",
		"January 10, 2026, 6:02 a.m. CST January 10, 2026 Order (PROBATION): conditions on practice from January 10, 2026 until lifted. signed by Illinois Licensing clerk (us-il/clerk); Director (us-il/director)",
		"licet verify us-il.nurse.041000001.json --trust TRUST.txt")
	if a := p.all("a"); !slices.ContainsFunc(a, func(n *html.Node) bool { h, _ := attr(n, "href"); return h == "/v1/bundles/license/"+id+"?history=1" }) {
		t.Error("no link to the bundle")
	}

	p = s.get("/licenses/"+id+"?on=2025-08-01&known=2026-01-10T06:01", 200)
	p.says(t, ", for August 1, 2025, as known on January 10, 2026, 6:01 a.m. CST: may practice.", "Everything recorded by January 10, 2026, 6:01 a.m. CST",
		"licet verify us-il.nurse.041000001.history.json --trust TRUST.txt --on 2025-08-01 --known "+string(issued))
	p.keeps(t, "Kim-Lee", "SUSPENDED")
	for _, in := range p.all("input") {
		if name, _ := attr(in, "name"); name == "known" {
			if v, _ := attr(in, "value"); v != "2026-01-10T06:01:00" {
				t.Errorf("the form forgot what was asked: %q", v)
			}
		}
	}
	s.get("/licenses/"+id+"?known=2026-01-10T06:00", 200).says(t, ": not known to this network then.", "Nothing was recorded by then.")
	s.get("/licenses/"+id+"?on=tomorrow", 400).says(t, "is not a day: write it like 2026-05-31", "Back to the license")
	s.get("/licenses/"+id+"?known=x", 400).says(t, "As known at:")
	s.get("/licenses/"+id+"?known=2036-01-01", 400).says(t, "Nothing is known yet of January 1, 2036, 11:59 p.m. CST")
}

func TestAbsentPages(t *testing.T) {
	s := newSite(t)
	s.get("/licenses/us-il.nurse.041999999", 404).says(t, "No such number", ": no such number among the licenses of Illinois for “Registered nurse”, complete since 1998.", "licet verify us-il.nurse.041999999.json")
	s.get("/licenses/us-il.nurse.7", 422).says(t, "Not a number of this profession", "“7” is not a number of this profession; its numbers are written 041###### (# a digit)")
	s.get("/licenses/us-il.barber.B-123", 404).says(t, "Unknown", "Ask the board.")
	s.get("/licenses/us-il.pilot.7", 404).says(t, "Unknown", "nothing about such a board or profession")
	s.get("/licenses/pilot", 400).says(t, "is not a license id")
	s.get("/nowhere", 404).says(t, "No such page")
}

func TestSearchPage(t *testing.T) {
	s := newSite(t)
	var ids []string
	for _, n := range []string{"041000001", "041000002", "041000003"} {
		ids = append(ids, s.Issue(n, license.Name{Family: "Lee", Given: "Ann " + n[8:]}, "2026-05-31"))
	}
	s.Discipline(ids[0], license.AuthorityBarred, suspension(), "2026-01-10")
	s.get("/search?q=041-000.002", 200).says(t, "One license found for “041-000.002”", "Ann 2 Lee Registered nurse 041000002 Illinois Springfield ACTIVE may practice")
	s.get("/search?q=lee", 200).says(t, "Three licenses found", "SUSPENDED may not practice: SUSPENDED")
	s.get("/search?q=041999999", 200).says(t, "No license found", "no such number among the licenses of Illinois", "Proof for Registered nurse 041999999")
	// Of a whole id that is not there, the words are those of its page.
	p := s.get("/search?q=us-il.nurse.041999999", 200)
	p.says(t, "No license found", ": no such number among the licenses of Illinois for “Registered nurse”, complete since 1998.", "Proof for Registered nurse 041999999")
	p.keeps(t, "As typed", "unknown:")
	s.get("/search?q=+us-il.nurse.7", 200).says(t, ": “7” is not a number of this profession; its numbers are written 041###### (# a digit).")
	s.get("/search?q=us-il.barber.B-123", 200).says(t, ": unknown: the network does not say that it has all such licenses.")
	s.get("/search?q=us-il.barber.B", 200).says(t, ": “B” is not a number of this profession")
	p = s.get("/search?q=us-il.pilot.7", 200)
	p.says(t, ": unknown: this network has no such board or profession.")
	p.keeps(t, "Proof for")
	s.get("/search?q=036.000.102", 200).says(t, "As typed, this is not written")
	s.get("/search?q=99", 200).says(t, "As typed, this is not written as any profession")
	s.get("/search?q=nobody", 200).says(t, "proves nothing")
	s.get("/search?q=", 200).says(t, "Type a license number or a name, or choose below the box.")
	s.get("/search?q=...", 400).says(t, "The name has no letter.")
	s.get("/search?q=lee&cursor=x", 400)
}

// The fields below the box narrow a search, alone too, and keep what was chosen.
func TestSearchFilters(t *testing.T) {
	s := newSite(t)
	kim := s.Issue("041000001", license.Name{Family: "Lee", Given: "Ann"}, "2026-05-31")
	s.Rename(kim, s.License(kim).Counts.Identity, license.Name{Family: "Kim", Given: "Ann"}, "2026-01-10")
	s.Issue("041000002", license.Name{Family: "García", Given: "José"}, "2028-05-31")
	s.IssueAs("us-il.barber.B-123", license.Name{Family: "Garcia", Given: "Eva"}, "2028-05-31")
	s.get("/search?q=lee", 200).says(t, "One license found for “lee”", "Ann Kim also Ann Lee Registered nurse 041000001")
	p := s.get("/search?q=garcia&profession=us-il.barber&city=springfield&status=ACTIVE&on=2027-01-01", 200)
	p.says(t, "One license found for “garcia”, Barber, city springfield, ACTIVE on January 1, 2027", "Eva Garcia")
	p.keeps(t, "José")
	var chosen []string
	for _, o := range p.all("option") {
		if _, ok := attr(o, "selected"); ok {
			v, _ := attr(o, "value")
			chosen = append(chosen, v)
		}
	}
	for _, in := range p.all("input") {
		v, _ := attr(in, "value")
		chosen = append(chosen, v)
	}
	if !slices.Equal(chosen, []string{"us-il.barber", "ACTIVE", "garcia", "springfield", "2027-01-01"}) {
		t.Errorf("the form forgot what was asked: %q", chosen)
	}
	s.get("/search?status=not+renewed&on=2026-06-01", 200).says(t, "One license found for NOT RENEWED on June 1, 2026", "As of January 10, 2026, 12:04 p.m. UTC, for June 1, 2026", "Ann Kim")
	s.get("/search?city=Springfield", 200).says(t, "Three licenses found for city Springfield")
	s.get("/search?q=gacria", 200).says(t, "Two licenses found for “gacria”", "Nothing fits as typed. These names are written nearly so.")
	s.get("/search?q=arci", 200).says(t, "Nothing fits as typed. These names hold it inside their words.")
	p = s.get("/search?q=lee&city=Cairo", 200)
	p.says(t, "No license found for “lee”, city Cairo", "proves nothing")
	p.keeps(t, "as typed")
	s.get("/search?status=happy", 400).says(t, "is no status here")
	s.get("/search?on=x&q=lee", 400).says(t, "On the day:")
	s.get("/search?npi=1234567890", 400).says(t, "Look for a typing error.")
	s.get("/search?q=1234567893", 200).says(t, "No license found")
}

// A page that the browser has already is not sent again.
func TestConditional(t *testing.T) {
	s := newSite(t)
	s.Issue("041000001", license.Name{Family: "Lee", Given: "Ann"}, "2026-05-31")
	for _, path := range []string{"/", "/search?q=lee", "/licenses/us-il.nurse.041000001"} {
		s.get(path, 200)
		ask := func(tag string) *httptest.ResponseRecorder {
			w := httptest.NewRecorder()
			r := httptest.NewRequestWithContext(t.Context(), "GET", path, nil)
			r.Header.Set("If-None-Match", tag)
			s.mux.ServeHTTP(w, r)
			return w
		}
		tag := ask("").Header().Get("ETag")
		if w := ask(tag); w.Code != 304 || w.Body.Len() != 0 || tag == "" {
			t.Errorf("%s: %d", path, w.Code)
		}
		if w := ask(`"other"`); w.Code != 200 || w.Body.Len() == 0 {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
}

func TestSearchPages(t *testing.T) {
	s := newSite(t)
	for i := range lookup.LimitDefault + 2 {
		s.Issue("0410001"+string(rune('0'+i/10))+string(rune('0'+i%10)), license.Name{Family: "Lee", Given: "Ann"}, "")
	}
	p := s.get("/search?q=lee", 200)
	for _, a := range p.all("a") {
		if rel, _ := attr(a, "rel"); rel == "next" {
			h, _ := attr(a, "href")
			if p = s.get(h, 200); len(p.all("tbody")) != 1 || len(p.all("tr")) != 3 {
				t.Errorf("the second page: %s", p.text)
			}
			p.says(t, "First page")
			p.keeps(t, "Next page")
			return
		}
	}
	t.Error("no next page")
}

// A name is text, whatever it looks like.
func TestHostileNames(t *testing.T) {
	s := newSite(t)
	for i, evil := range []string{
		`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `' onfocus='alert(1)`, `{{.Origin}}`, "javascript:alert(1)",
		`</title><script>`, "\u202eevil", `--><svg/onload=alert(1)>`, "&lt;b&gt;",
	} {
		id := s.Issue("04100000"+string(rune('0'+i)), license.Name{Family: evil, Given: "Ann"}, "2026-05-31")
		doc := license.OrderDocument{Entity: evil, Text: evil, Bases: []string{evil}, Actions: []license.OrderAction{{Code: "other", Terms: evil}}}
		s.Discipline(id, license.AuthorityConditions, doc, "2026-01-10")
		p := s.get("/licenses/"+id, 200) // checkPage finds scripts and handlers
		p.says(t, strings.Join(strings.Fields("Ann "+evil), " "))
		p = s.get("/search?q="+url.QueryEscape(evil+" 1"), 200)
		p.says(t, strings.Join(strings.Fields(evil), " "))
		s.get("/licenses/"+url.PathEscape("us-il.nurse."+evil), 400)
		s.get("/licenses/"+id+"?on="+url.QueryEscape(evil), 400)
		s.get("/licenses/"+id+"?known="+url.QueryEscape(evil), 400)
	}
	s.get("/search?q=ann", 200)
}

// A sealed order leaves one confidential row, and nothing of what it said.
func TestSealedPage(t *testing.T) {
	s := newSite(t)
	id := s.Issue("041000001", license.Name{Family: "Lee", Given: "Ann"}, "2026-05-31")
	before := s.Head().Time
	order := s.Discipline(id, license.AuthorityConditions, probation(), "2026-01-10")
	s.get("/licenses/"+id, 200).says(t, "quarterly reports")
	s.Clock = s.Clock.AddDate(0, 0, 3)
	s.Act(nil, officers, &license.LicenseSeal{License: id, Order: order, Count: 1})
	for _, query := range []string{"", "?known=2026-01-12", "?on=2026-01-11&known=2026-01-12"} {
		p := s.get("/licenses/"+id+query, 200)
		p.says(t, ": may practice.", "One confidential entry.")
		p.keeps(t, order, "quarterly", "PROBATION", "conditions on practice", "6:02 a.m.")
	}
	p := s.get("/licenses/"+id+"?known="+string(before), 200)
	p.keeps(t, "confidential")
}

// What was copied says so before anything else about its status.
func TestCopiedPage(t *testing.T) {
	s := newSite(t)
	name, ref := s.Opening(license.OpeningName, license.Name{Family: "Ray", Given: "Bo"})
	street, streetRef := s.Opening(license.OpeningStreet, []byte("12 Elm Street"))
	const id = "us-il.nurse.041000002"
	s.Act([]license.Opening{name, street}, []string{"clerk"}, &license.ImportAssert{
		License: id, File: license.HashOf([]byte("file")), Row: 12, Day: "2026-01-01", Licensee: s.ID(), Subject: license.SubjectPerson,
		Issued: "2019-05-01", Changes: []license.Change{{Do: license.DoTerm, From: "2024-06-01", Through: "2026-05-31"}},
		Openings: []license.OpeningRef{ref, streetRef},
	})
	p := s.get("/licenses/"+id, 200)
	p.says(t, "may practice, as copied from a file of January 1, 2026; the registry holds nothing newer.", "Copied from a file of January 1, 2026 by IDFPR (row 12). It says what the file said;", "copied from a file by IDFPR", "Street January 1, 2026 withheld")
	p.keeps(t, "Elm Street")
	s.get("/search?q=ray", 200).says(t, "copied from a file of January 1, 2026")
}

func TestAssets(t *testing.T) {
	s := newSite(t)
	p := s.get("/", 200)
	for _, l := range p.all("link") {
		h, _ := attr(l, "href")
		w := httptest.NewRecorder()
		s.mux.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), "GET", h, nil))
		if w.Code != 200 || w.Body.Len() == 0 || w.Header().Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %d", h, w.Code)
		}
	}
}
