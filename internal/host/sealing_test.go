package host

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"licet/internal/keys"
	"licet/internal/ledgertest"
	"licet/license"
	"licet/proof"
	"licet/strict"
)

// What stands in the order that is sealed, and in what stays.
const (
	sealedWords  = "Tuesdays at the sanatorium of Wolkersdorf, room eleven"
	revisedWords = "No more Tuesdays, says the court of Mistelbach"
	keptName     = "Wilhelmine Querfurth"
)

// TestSealedWordsAreNowhere plants words in an order, shows that the search below
// finds them all over a running node, seals the order, and searches again: in the
// state, at every address that the node answers, in the registry's files also
// inside compressed blocks, and in the index for searches.
//
// The engine's blocks and its log hold transactions as they came, openings and
// all, until the retention window has passed; they are not searched here.
func TestSealedWordsAreNowhere(t *testing.T) {
	home := open(t, t.TempDir())
	who := foundBoard(t, home, "test/seal")
	s, err := Start(home, Config{Listener: listen(t), Heartbeat: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	stopped := false
	defer func() {
		if !stopped {
			stop(t, s)
		}
	}()
	if err := s.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	w := &searcher{t: t, s: s, who: who}
	order := w.plant()

	before := w.visit()
	w.mustFind(before, sealedWords, "/v1/openings/")
	w.mustFind(before, revisedWords, "/v1/licenses/"+w.license, "/v1/openings/", "/v1/bundles/", "/licenses/"+w.license)
	for _, words := range []string{sealedWords, revisedWords} {
		if len(w.openingsWith(words)) != 1 || len(ledgertest.Traces(t, home.Path("registry"), words)) == 0 {
			t.Fatalf("the search finds %q in neither state nor files", words)
		}
	}
	if len(ledgertest.Traces(t, home.Path("lookup"), keptName)) == 0 {
		t.Fatal("the search does not find a name in the index")
	}

	w.submit(nil, []keys.Key{who.member}, &license.ClockAdvance{Seconds: 2 * 86400})
	w.clock += 2 * 86400
	w.submit(nil, []keys.Key{who.clerk, who.director}, &license.LicenseSeal{License: w.license, Order: order, Count: 2})

	after := w.visit(slices.Collect(maps.Keys(before))...) // also what was there before
	for _, words := range []string{sealedWords, revisedWords} {
		w.mustFind(after, words)
		if hits := w.openingsWith(words); len(hits) != 0 {
			t.Errorf("%q stands in the state: %v", words, hits)
		}
	}
	w.mustFind(after, keptName, "/v1/licenses/"+w.license) // only the order is gone

	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := s.Ledger.Forgotten(ctx); err != nil {
		t.Fatal(err)
	}
	stop(t, s)
	stopped = true
	for _, words := range []string{sealedWords, revisedWords} {
		for _, dir := range []string{"registry", "lookup", "keys"} {
			if found := ledgertest.Traces(t, home.Path(dir), words); len(found) != 0 {
				t.Errorf("%q stands in %s: %v", words, dir, found)
			}
		}
	}
}

// A searcher acts on a node and searches it.
type searcher struct {
	t       *testing.T
	s       *Host
	who     offices
	clock   int64 // seconds that legal time is ahead
	license string
	sent    []license.Hash // payloads
}

func (w *searcher) submit(openings []license.Opening, by []keys.Key, acts ...license.Act) {
	w.t.Helper()
	p := sign(w.t, w.s.Ledger.Head().Origin, license.InstantOf(time.Now()).AddSeconds(w.clock), openings, by, acts...)
	res, err := http.Post(w.s.URL+"/v1/acts?wait=1", "application/json", bytes.NewReader(p.Encode()))
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	if b, _ := io.ReadAll(res.Body); res.StatusCode != http.StatusOK {
		w.t.Fatalf("%s: %s %s", acts[0].Verb(), res.Status, b)
	}
	w.sent = append(w.sent, p.HeaderHash)
}

func opening(n byte, kind string, content []byte) (license.Opening, license.OpeningRef) {
	o := license.Opening{Kind: kind, Salt: bytes.Repeat([]byte{n}, license.SaltBytes), Bytes: content}
	return o, license.OpeningRef{Kind: kind, Commitment: o.Commit()}
}

// plant issues a license, puts an order on it and revises the order.
func (w *searcher) plant() (order string) {
	w.t.Helper()
	both := []keys.Key{w.who.clerk, w.who.director}
	name, nameRef := opening(1, license.OpeningName, strict.Encode(&license.Name{Given: "Wilhelmine", Family: "Querfurth"}))
	is := issue(1, nameRef)
	w.license, order = is.License, fmt.Sprintf("%032x", 99)
	w.submit([]license.Opening{name}, both[:1], is)
	for i, words := range []string{sealedWords, revisedWords} {
		doc, ref := opening(byte(2+i), license.OpeningOrder, strict.Encode(&license.OrderDocument{
			Entity: "Illinois", Report: "initial", Issued: "2026-01-02", Effective: "2026-01-02", Text: words,
			Actions: []license.OrderAction{{Code: "probation", Indefinite: true, Terms: words}},
		}))
		w.submit([]license.Opening{doc}, both, &license.LicenseDiscipline{
			License: w.license, Order: order, Count: int64(i), Commitment: ref.Commitment, Authority: license.AuthorityConditions, From: "2026-01-02",
		})
	}
	return order
}

// openingsWith lists the commitments whose openings hold the words, over all that
// the state knows of.
func (w *searcher) openingsWith(words string) (hits []string) {
	w.t.Helper()
	st, err := w.s.Ledger.State()
	if err != nil {
		w.t.Fatal(err)
	}
	defer st.Release()
	ids, err := st.IDs(license.KindOpening, "", 1000)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, id := range ids {
		c, err := license.ParseHash(id)
		if err != nil {
			w.t.Fatal(err)
		}
		o, err := st.Opening(c)
		if err != nil {
			w.t.Fatal(err)
		}
		if o != nil && ledgertest.Holds(o.Bytes, ledgertest.Forms(words)) {
			hits = append(hits, id)
		}
	}
	return hits
}

// visit fetches every address that the node answers and these besides, and
// returns the bodies by path.
func (w *searcher) visit(besides ...string) map[string][]byte {
	w.t.Helper()
	seen := map[string][]byte{}
	for _, path := range append(w.paths(), besides...) {
		if _, ok := seen[path]; ok {
			continue
		}
		res, err := http.Get(w.s.URL + path)
		if err != nil {
			w.t.Fatal(err)
		}
		b, err := io.ReadAll(res.Body)
		_ = res.Body.Close()
		if err != nil {
			w.t.Fatal(err)
		}
		if res.StatusCode >= 500 && res.StatusCode != http.StatusNotImplemented {
			w.t.Errorf("%s: %s %s", path, res.Status, b)
		}
		seen[path] = b
	}
	return seen
}

// paths are what can be asked of the node about everything in it.
func (w *searcher) paths() []string {
	w.t.Helper()
	st, err := w.s.Ledger.State()
	if err != nil {
		w.t.Fatal(err)
	}
	defer st.Release()
	id := w.license
	paths := []string{
		"/", "/licenses/" + id, "/licenses/" + id + "?on=2026-02-01", "/search?q=Wilhelmine", "/search?q=sanatorium", "/search?q=041000001", "/search?status=PROBATION", "/openapi.json", "/healthz", "/readyz", "/metrics",
		"/checkpoint", "/v1/trust", "/.well-known/licet", "/v1/trail?from=1", "/v1/network", "/v1/clock",
		"/v1/licenses/" + id, "/v1/licenses/" + id + "?on=2026-02-01", "/v1/licenses/" + id + "/history",
	}
	for _, q := range []string{"name=Querfurth", "number=041000001", "q=Wilhelmine", "q=sanatorium", "q=" + url.QueryEscape(sealedWords), "profession=us-il.nurse", "status=PROBATION", "status=MAY+NOT+PRACTICE", "jurisdiction=us-il", "name=wolkersdorf", "name=olkersdor", "name=wolkersdrof", "city=Wolkersdorf"} {
		paths = append(paths, "/v1/licenses?"+q)
	}
	for _, kind := range []string{license.KindLicense, license.KindBoard, license.KindOfficer, license.KindOpening, license.KindLicensee, license.KindPolicy} {
		ids, err := st.IDs(kind, "", 1000)
		if err != nil {
			w.t.Fatal(err)
		}
		for _, id := range ids {
			paths = append(paths, "/v1/records/"+kind+"/"+id, "/v1/bundles/"+kind+"/"+id, "/v1/bundles/"+kind+"/"+id+"?history=1")
			if kind == license.KindOpening {
				paths = append(paths, "/v1/openings/"+id+"?of=license/"+w.license)
			}
		}
	}
	for _, h := range w.sent {
		paths = append(paths, "/v1/acts/"+h.String())
	}
	return append(append(paths, w.logPaths(st.Head.Size)...), fmt.Sprintf("/v1/consistency?from=%d", st.Head.Size-1))
}

// logPaths are entries, what was signed for them, and every tile at every width.
func (w *searcher) logPaths(size int64) (paths []string) {
	w.t.Helper()
	st, err := w.s.Ledger.State()
	if err != nil {
		w.t.Fatal(err)
	}
	defer st.Release()
	for i := range size {
		paths = append(paths, fmt.Sprintf("/v1/entries/%d", i), fmt.Sprintf("/v1/entries/%d?format=tlog-proof", i))
		b, err := st.EntryBytes(i)
		if err != nil {
			w.t.Fatal(err)
		}
		var e license.Entry
		if err := strict.Decode(b, &e, license.EntryBytesMax); err != nil {
			w.t.Fatal(err)
		}
		if e.Cause != nil {
			payload := "/v1/payloads/" + e.Cause.Header.String()
			paths = append(paths, payload+"/header", payload+"/signatures/"+e.Cause.Signatures.String(), fmt.Sprintf("%s/acts/%d", payload, e.Cause.Act))
		}
		for _, level := range []int{proof.EntryLevel, 0} {
			paths = append(paths, "/"+proof.TilePath(tlog.Tile{H: proof.TileHeight, L: level, W: int(i + 1)}))
		}
	}
	return paths
}

// mustFind wants the words at paths that begin like each of these; with none, it
// wants them nowhere.
func (w *searcher) mustFind(bodies map[string][]byte, words string, at ...string) {
	w.t.Helper()
	forms, hit := ledgertest.Forms(words), map[string]bool{}
	for path, b := range bodies {
		if !ledgertest.Holds(b, forms) {
			continue
		}
		for _, a := range at {
			if strings.HasPrefix(path, a) {
				hit[a] = true
			}
		}
		if len(at) == 0 {
			w.t.Errorf("%q stands at %s", words, path)
		}
	}
	for _, a := range at {
		if !hit[a] {
			w.t.Errorf("the search does not find %q at %s", words, a)
		}
	}
}
