package main

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"licet/internal/answer"
	"licet/internal/api"
	"licet/internal/ledger"
	"licet/internal/lookup"
	"licet/internal/node"
	"licet/license"
	"licet/strict"
	"licet/tx"
)

// Searches over licenses whose names, as people's, are few and often the same: by
// number over HTTP, beside a handler that writes the same bytes and does nothing
// else; by name and whatever else can be asked, one after the other on one core.

const searchClients = 32

func searches(b *bench) {
	n := size(b, 1_000_000, 20_000)
	x := &searched{names: newNames(), n: n}
	x.l = founded(b.store("search"), ledger.Options{Verify: func(tx.Signature, []byte) error { return nil }})
	defer func() { check(x.l.Close()) }()
	for i := 0; i < n; i += 2000 {
		block(x.l, x.issue(i, 500), x.issue(i+500, 500), x.issue(i+1000, 500), x.issue(i+1500, 500))
	}
	var err error
	x.lookup, err = lookup.Open(b.store("lookup"), x.l)
	check(err)
	defer func() { check(x.lookup.Close()) }()
	began := time.Now()
	check(x.lookup.CatchUp(context.Background()))
	fmt.Printf("  %d licenses\n", n)
	row("taken into the lookup", series{perSecond(n, time.Since(began))}, "licenses/s", "")
	x.byNumber(b)
	for _, q := range x.questions() {
		x.ask(b, q.name, q.of)
	}
}

type searched struct {
	n      int
	names  *names
	l      *ledger.Ledger
	lookup *lookup.Lookup
}

// names are drawn as often as real ones are, roughly: the first of 100,000 family
// names has one person in a hundred.
type names struct {
	random              *rand.Rand
	family, given, city []string
	drawF, drawG, drawC *rand.Zipf
}

func newNames() *names {
	r := rand.New(rand.NewPCG(7, 7))
	word := func(syllables int) string {
		var w strings.Builder
		for range syllables {
			w.WriteByte("bcdfghklmnprstvz"[r.IntN(16)])
			w.WriteByte("aeiou"[r.IntN(5)])
			if r.IntN(3) == 0 {
				w.WriteByte("nrlst"[r.IntN(5)])
			}
		}
		return w.String()
	}
	words := func(n, syllables int) (out []string) {
		for range n {
			out = append(out, word(syllables+r.IntN(2)))
		}
		return out
	}
	return &names{
		random: r, family: words(100_000, 2), given: words(8_000, 2), city: words(1_500, 3),
		drawF: rand.NewZipf(r, 1.05, 30, 99_999), drawG: rand.NewZipf(r, 1.1, 8, 7_999), drawC: rand.NewZipf(r, 1.3, 2, 1_499),
	}
}

func (s *names) aFamily() string { return s.family[s.drawF.Uint64()] }
func (s *names) aGiven() string  { return s.given[s.drawG.Uint64()] }
func (s *names) aCity() string   { return s.city[s.drawC.Uint64()] }

// issue makes a payload of licenses with names and cities.
func (x *searched) issue(first, n int) []byte {
	var acts []license.Act
	var openings []license.Opening
	h := x.l.Head()
	for i := first; i < first+n; i++ {
		var refs []license.OpeningRef
		for kind, content := range map[string][]byte{
			license.OpeningName: strict.Encode(&license.Name{Family: x.names.aFamily(), Given: x.names.aGiven()}),
			license.OpeningCity: []byte(x.names.aCity()),
		} {
			salt := sha256.Sum256(fmt.Appendf(nil, "%s %d", kind, i))
			o := license.Opening{Kind: kind, Salt: salt[:], Bytes: content}
			openings = append(openings, o)
			refs = append(refs, license.OpeningRef{Kind: kind, Commitment: o.Commit()})
		}
		id := sha256.Sum256(fmt.Appendf(nil, "searched licensee %d", i))
		acts = append(acts, &license.LicenseIssue{
			License: licenseID(i), Licensee: fmt.Sprintf("%x", id[:16]), Subject: license.SubjectPerson,
			Issued: "2020-06-01", From: "2024-06-01", Through: license.Day(fmt.Sprintf("202%d-05-31", 5+i%4)), Openings: refs,
		})
	}
	return sign(h.Origin, h.Time, acts, openings)
}

// byNumber asks over HTTP for random numbers.
func (x *searched) byNumber(b *bench) {
	mux := http.NewServeMux()
	api.New(api.Backend{Ledger: x.l, Lookup: x.lookup, Node: nobody{}, Bundles: api.LedgerBundles}).Register(mux)
	served := httptest.NewServer(mux)
	defer served.Close()
	path := func(i int) string { return fmt.Sprintf("/v1/licenses?number=41-%07d", i) }
	body := fetch(http.DefaultClient, served.URL+path(0))
	plain := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(body)
	}))
	defer plain.Close()
	var ours, peer series
	for range b.runs {
		d := size(b, 4*time.Second, time.Second)
		peer = append(peer, x.fetches(plain.URL, d, path))
		ours = append(ours, x.fetches(served.URL, d, path))
	}
	row("answers by number over HTTP", ours, "/s", "")
	row("peer: a handler that writes the same bytes", peer, "/s", "")
	row("ratio", ours.over(peer), "", "≥ 0.25")
}

// nobody is a node that nothing is asked of here.
type nobody struct{ api.Node }

func (nobody) Submit(context.Context, []byte) (node.Outcome, error) {
	return node.Outcome{}, node.ErrStopped
}

func fetch(c *http.Client, url string) []byte {
	res := must(c.Get(url))
	defer func() { _ = res.Body.Close() }()
	b := must(io.ReadAll(res.Body))
	if res.StatusCode != http.StatusOK {
		panic(fmt.Sprintf("%s: %s %s", url, res.Status, b))
	}
	return b
}

func (x *searched) fetches(base string, d time.Duration, path func(int) string) float64 {
	c := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: searchClients}}
	defer c.CloseIdleConnections()
	var made atomic.Int64
	var wg sync.WaitGroup
	began := time.Now()
	for i := range searchClients {
		wg.Go(func() {
			r := rand.New(rand.NewPCG(9, uint64(i)))
			for time.Since(began) < d {
				fetch(c, base+path(r.IntN(x.n)))
				made.Add(1)
			}
		})
	}
	wg.Wait()
	return perSecond(int(made.Load()), time.Since(began))
}

type searchKind struct {
	name string
	of   func() answer.Search
}

func (x *searched) questions() []searchKind {
	s, day := x.names, license.Day("2026-06-15")
	by := func(q lookup.Query) answer.Search { return answer.Search{Query: q} }
	wrong := func(w string) string { i := 1 + s.random.IntN(len(w)-1); return w[:i] + "x" + w[i+1:] }
	return []searchKind{
		{"family name", func() answer.Search { return by(lookup.Query{Name: s.aFamily()}) }},
		{"family and given name", func() answer.Search { return by(lookup.Query{Name: s.aFamily() + " " + s.aGiven()}) }},
		{"beginnings of both", func() answer.Search { return by(lookup.Query{Name: s.aFamily()[:3] + " " + s.aGiven()[:2]}) }},
		{"a part of the family name", func() answer.Search { return by(lookup.Query{Name: s.aFamily()[2:]}) }},
		{"family name with a letter wrong", func() answer.Search { return by(lookup.Query{Name: wrong(s.aFamily())}) }},
		{"family name and city", func() answer.Search { return by(lookup.Query{Name: s.aFamily(), City: s.aCity()}) }},
		{"given name and city", func() answer.Search { return by(lookup.Query{Name: s.aGiven(), City: s.aCity()}) }},
		{"family name and status", func() answer.Search {
			return answer.Search{Query: lookup.Query{Name: s.aFamily(), On: day}, Status: "ACTIVE"}
		}},
		{"status that nobody has", func() answer.Search { return answer.Search{Query: lookup.Query{On: "2150-01-01"}, Status: "ACTIVE"} }},
		{"the two commonest given names", func() answer.Search {
			return by(lookup.Query{Name: s.given[s.random.IntN(10)] + " " + s.given[10+s.random.IntN(10)]})
		}},
	}
}

// ask measures one kind of question, one after the other.
func (x *searched) ask(b *bench, name string, of func() answer.Search) {
	answers := &answer.Registry{Ledger: x.l, Lookup: x.lookup}
	var middle, slow series
	for range b.runs {
		var took []float64
		for range size(b, 500, 100) {
			q := of()
			began := time.Now()
			must(answers.Search(context.Background(), q))
			took = append(took, float64(time.Since(began).Microseconds())/1000)
		}
		slices.Sort(took)
		middle, slow = append(middle, took[len(took)/2]), append(slow, took[len(took)*99/100])
	}
	row(name+", median", middle, "ms", "")
	row("  99 of 100", slow, "ms", "< 25")
}
