package matching

import (
	"strings"
	"testing"
)

func TestCompare(t *testing.T) {
	doe := Listed{Family: "DOE", Given: "JANE", City: "CAIRO", State: "IL"}
	with := func(change func(*Listed)) Listed {
		p := doe
		change(&p)
		return p
	}
	org := Listed{Legal: "INVENTED SUPPLY INC"}
	for _, c := range []struct {
		who  Listed
		l    License
		want string // strength: what is said; "" could not be
	}{
		{doe, License{Name: "Jane Doe"}, "weak: the same surname, the same given name"},
		{doe, License{Name: "Jane Doe Jr.", City: "Cairo", Board: "us-il-file"}, "weak: the same surname, the same given name; the same city; a board of the same state"},
		{doe, License{Name: "Jané Doë"}, "weak: the same surname, the same given name"},
		{doe, License{Name: "Janet Doe"}, "weak: the same surname, a given name that begins alike"},
		{doe, License{Name: "J Doe"}, "weak: the same surname, a given name that begins alike"},
		{doe, License{Name: "Jame Doe"}, "weak: the same surname, a given name written nearly so"},
		{doe, License{Name: "Ann Jane Doe"}, "weak: the same surname, the given name as another of several"},
		{doe, License{Name: "Jane Doering"}, ""},
		{doe, License{Name: "John Doe"}, ""},
		{doe, License{Name: "Doe Jane"}, "weak: the same words among others, or in another order"},
		{doe, License{Name: ""}, ""},
		{doe, License{Name: "Ann Roe", Others: []string{"Jane Doe"}}, "weak: the same surname, the same given name (a former or other name, Jane Doe)"},
		{with(func(p *Listed) { p.Middle = "X" }), License{Name: "Jane Yvonne Doe"}, "weak: the same surname, the same given name, but another middle name"},
		{with(func(p *Listed) { p.Middle = "Y" }), License{Name: "Jane Yvonne Doe"}, "weak: the same surname, the same given name, a middle name that begins alike"},
		{with(func(p *Listed) { p.NPI = "1234567893" }), License{Name: "Ann Roe", NPI: "1234567893"}, "strong: the same NPI; another name"},
		{with(func(p *Listed) { p.NPI = "1234567893" }), License{Name: "Jane Doe", NPI: "1245319599"}, "weak: the same surname, the same given name; but another NPI"},
		{with(func(p *Listed) { p.NPI = "1234567893" }), License{Name: "Jane Doe"}, "weak: the same surname, the same given name"},
		{with(func(p *Listed) { p.Given = "" }), License{Name: "Jane Doe"}, "weak: the same surname, no given name listed"},
		{Listed{Family: "Do", Given: "An"}, License{Name: "An Do"}, "weak: the same surname, the same given name"},
		{Listed{Family: "Garcias", Given: "Ana"}, License{Name: "Ana Garcia"}, "weak: a surname written nearly so, the same given name"},
		{Listed{Family: "Garcia Lopez", Given: "Ana"}, License{Name: "Ana María García López"}, "weak: the same surname, the same given name"},
		{org, License{Name: "Invented Supply, L.L.C."}, "weak: the same name"},
		{org, License{Name: "Acme Inc. (doing business as Invented Supply)"}, "weak: the same name (a former or other name, Invented Supply)"},
		{org, License{Name: "Invented Supply of Cairo"}, "weak: a name that holds the listed one"},
		{org, License{Name: "Inventet Supply"}, "weak: a name written nearly so"},
		{org, License{Name: "Supply"}, ""},
		{Listed{}, License{Name: "Supply"}, ""},
	} {
		m, could := c.who.Compare(&c.l)
		got := ""
		if could {
			got = m.Strength + ": " + strings.Join(m.Why, "; ")
		}
		if got != c.want {
			t.Errorf("%+v, %+v:\n%s\nnot\n%s", c.who, c.l, got, c.want)
		}
	}
}

func TestSearch(t *testing.T) {
	for _, c := range []struct {
		who  Listed
		want string
	}{
		{Listed{Family: "O'Neil-Doe", Given: "Jane"}, "oneil doe jane"},
		{Listed{Legal: "The Invented Supply Co., Inc."}, "invented supply"},
		{Listed{Legal: "The Company Inc."}, "the company inc"},
		{Listed{Legal: "a1 b1 d1 e1 f1 g1 h1 i1 j1 k1"}, "a1 b1 d1 e1 f1 g1 h1 i1"},
		{Listed{Family: "???"}, ""},
		{Listed{Legal: strings.Repeat("x", 300)}, ""},
	} {
		if got := c.who.Search(); got != c.want {
			t.Errorf("%+v: %q, not %q", c.who, got, c.want)
		}
	}
}
