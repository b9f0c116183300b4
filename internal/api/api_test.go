package api

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"licet/internal/ledger"
	"licet/internal/ledgertest"
	"licet/internal/lookup"
	"licet/internal/node"
	"licet/license"
	"licet/proof"
	"licet/strict"
	"licet/tx"
)

// A site is an API over a registry, served.
type site struct {
	*ledgertest.Registry
	*httptest.Server
	api *API
	t   *testing.T
}

func newSite(t *testing.T, change ...func(*Backend)) *site {
	t.Helper()
	return newSiteOver(t, ledgertest.New(t), change...)
}

// newSiteOver serves a registry that is there.
func newSiteOver(t *testing.T, r *ledgertest.Registry, change ...func(*Backend)) *site {
	t.Helper()
	l, err := lookup.Open(t.TempDir(), r)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- l.Follow(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		_ = l.Close()
	})
	signer, err := proof.NewLogSigner(r.Head().Origin, ledgertest.Key("log"))
	if err != nil {
		t.Fatal(err)
	}
	b := Backend{
		Ledger: r, Lookup: l, Node: ledgertest.Node{Registry: r}, Bundles: LedgerBundles, LogSigner: &signer,
		Now: func() time.Time { return r.Clock },
	}
	for _, c := range change {
		c(&b)
	}
	s := &site{Registry: r, api: New(b), t: t}
	mux := http.NewServeMux()
	s.api.Register(mux)
	s.Server = httptest.NewServer(mux)
	t.Cleanup(s.Server.Close)
	return s
}

// settle waits until the lookup has everything.
func (s *site) settle() {
	s.t.Helper()
	if err := s.api.Lookup.Wait(s.t.Context(), s.Head().Size); err != nil {
		s.t.Fatal(err)
	}
}

// an answer of the site.
type reply struct {
	status int
	header http.Header
	body   []byte
}

func (s *site) do(method, path string, body []byte, header ...string) reply {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), method, s.URL+path, bytes.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return reply{res.StatusCode, res.Header, b}
}

// get fetches a path and fails the test when the status is another.
func (s *site) get(path string, status int) reply {
	s.t.Helper()
	a := s.do("GET", path, nil)
	if a.status != status {
		s.t.Fatalf("GET %s: %d, not %d: %s", path, a.status, status, a.body)
	}
	return a
}

func (a reply) read(t *testing.T, v any) {
	t.Helper()
	if err := json.Unmarshal(a.body, v); err != nil {
		t.Fatalf("%v: %s", err, a.body)
	}
}

// code returns the code of a problem, and checks its form.
func (a reply) code(t *testing.T) string {
	t.Helper()
	var p problemBody
	a.read(t, &p)
	if ct := a.header.Get("Content-Type"); ct != "application/problem+json" || p.Status != a.status || p.Type != "urn:licet:problem:"+p.Code ||
		p.Detail == "" || p.Title == "" || a.header.Get("Cache-Control") != "no-store" {
		t.Errorf("the problem is not well formed: %s %s", ct, a.body)
	}
	return p.Code
}

func (s *site) sign(acts []license.Act, openings []license.Opening, by ...string) []byte {
	return s.Registry.Sign(true, acts, openings, by...)
}

func TestSubmit(t *testing.T) {
	s := newSite(t)
	name, ref := s.Opening(license.OpeningName, license.Name{Family: "Lee", Given: "Ann"})
	const id = "us-il.nurse.041000001"
	issue := s.sign([]license.Act{&license.LicenseIssue{
		License: id, Licensee: s.ID(), Subject: license.SubjectPerson, Issued: "2020-06-01", From: "2024-06-01", Openings: []license.OpeningRef{ref},
	}}, []license.Opening{name}, "clerk")
	a := s.do("POST", "/v1/acts?wait=1", issue)
	var o outcomeBody
	a.read(t, &o)
	if a.status != 200 || len(o.Applied) != 1 || o.Applied[0].ID != id || o.State != "" || o.Block != s.Head().Height {
		t.Fatalf("%d %s", a.status, a.body)
	}
	// Whoever waited finds it.
	var p searchBody
	s.get("/v1/licenses?number=041-000-001", 200).read(t, &p)
	if p.Total != 1 || p.Items[0].ID != id || p.Items[0].Name != "Ann Lee" || p.AsOf.Index != s.Head().Size {
		t.Errorf("%+v", p)
	}
	var again outcomeBody
	s.get("/v1/acts/"+o.Payload, 200).read(t, &again)
	if again.Applied[0] != o.Applied[0] {
		t.Errorf("asked again: %+v", again)
	}
	if c := s.get("/v1/acts/"+strings.Repeat("0", 64), 404).code(t); c != "unknown-payload" {
		t.Error(c)
	}

	// A refusal says which act, why and by which rule.
	seal := s.sign([]license.Act{&license.LicenseRenew{License: id, Count: 7, From: "2026-06-01"}}, nil, "clerk")
	a = s.do("POST", "/v1/acts?wait=1", seal)
	var pr problemBody
	a.read(t, &pr)
	if a.status != 422 || a.code(t) != "stale" || pr.Act != 1 || pr.Citation == "" || len(pr.Payload) != 64 {
		t.Errorf("%d %s", a.status, a.body)
	}
	for name, c := range map[string]struct {
		body   []byte
		status int
		code   string
	}{
		"malformed": {[]byte("{}"), 400, "malformed"},
		"too large": {make([]byte, tx.TransactionBytesMax+1), 413, "too-large"},
		"tampered":  {bytes.Replace(issue, []byte("041000001"), []byte("041000002"), 1), 422, "acts-root"},
		"at the door": {func() []byte {
			t := tx.New("test/other/0000000000000000", true, license.InstantOf(s.Clock), 60, []license.Act{&license.LicenseRenew{License: id, From: "2026-06-01"}}, nil)
			return t.Encode()
		}(), 422, "wrong-origin"},
	} {
		if a := s.do("POST", "/v1/acts", c.body); a.status != c.status || a.code(t) != c.code {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
}

// A slow network answers how far an act has come.
func TestSubmitPending(t *testing.T) {
	s := newSite(t, func(b *Backend) { b.SubmitWithin = time.Millisecond })
	s.NoQuorum = true
	act := s.sign([]license.Act{&license.BoardAmend{Board: "us-il", Count: 1, Name: "Illinois"}}, nil, "root")
	a := s.do("POST", "/v1/acts?wait=1", act)
	var o outcomeBody
	a.read(t, &o)
	if a.status != 202 || o.State != stateRecorded || len(o.Applied) != 1 {
		t.Errorf("without a checkpoint: %d %s", a.status, a.body)
	}
	s.api.Node = failing{node.ErrPending}
	a = s.do("POST", "/v1/acts?wait=1", act)
	if a.read(t, &o); a.status != 202 || o.State != stateSigned || len(o.Payload) != 64 {
		t.Errorf("without a block: %d %s", a.status, a.body)
	}
	s.api.Node = failing{fmt.Errorf("%w (7 wait)", node.ErrBusy)}
	if a = s.do("POST", "/v1/acts", act); a.status != 503 || a.code(t) != "busy" || a.header.Get("Retry-After") == "" {
		t.Errorf("busy: %d %s", a.status, a.body)
	}
	s.api.Node = failing{fmt.Errorf("a secret of the machine")}
	if a = s.do("POST", "/v1/acts", act); a.status != 500 || a.code(t) != "internal" || bytes.Contains(a.body, []byte("secret")) {
		t.Errorf("internal: %d %s", a.status, a.body)
	}
}

// failing is a network that takes nothing in.
type failing struct{ err error }

func (f failing) Submit(context.Context, []byte) (node.Outcome, error) { return node.Outcome{}, f.err }
func (f failing) WaitCheckpoint(context.Context, int64) error          { return f.err }
func (f failing) Checkpointed() int64                                  { return -1 }
func (f failing) Status() node.Status                                  { return node.Status{Checkpointed: f.Checkpointed()} }

func TestLicenseAndHistory(t *testing.T) {
	s := newSite(t)
	id := s.Issue("041000001", license.Name{Family: "Lee <b>&", Given: "Ann"}, "2026-05-31")
	issued := s.Head().Time
	s.Discipline(id, license.AuthorityConditions, license.OrderDocument{Entity: "Board", Actions: []license.OrderAction{{Code: "probation"}}}, "2026-01-10")
	a := s.get("/v1/licenses/"+id, 200)
	var l struct {
		licenseBody
		Record *license.License
	}
	a.read(t, &l)
	if !l.KnownToNetwork || l.Standing.Secondary != "PROBATION" || len(l.Standing.Orders) != 1 || l.Standing.Orders[0].Document == nil ||
		l.Board.Name != "Illinois" || l.Profession.ID != "us-il.nurse" || l.Name != "Ann Lee <b>&" || l.Copied || len(l.Openings) != 2 {
		t.Errorf("%s", a.body)
	}
	if !bytes.Contains(a.body, strict.Encode(s.License(id))) {
		t.Errorf("the record is not the exact one: %s", a.body)
	}
	if !strings.HasPrefix(l.Verdict, "As of January 10, 2026, 6:02 a.m. CST (just now): may practice, one condition.") {
		t.Error(l.Verdict)
	}
	s.get("/v1/licenses/"+id+"?on=2026-06-01&known="+string(issued), 200).read(t, &l)
	if l.Standing.Primary != "NOT RENEWED" || l.On != "2026-06-01" || l.Known != issued || len(l.Standing.Orders) != 0 {
		t.Errorf("%+v", l)
	}
	var h historyBody
	s.get("/v1/licenses/"+id+"/history", 200).read(t, &h)
	if len(h.Entries) != 2 || h.Entries[1].Sentence != "Order (PROBATION): conditions on practice from January 10, 2026 until lifted." || *h.Entries[1].Index == 0 {
		t.Errorf("%+v", h)
	}
	for path, want := range map[string]string{
		"/v1/licenses/us-il.nurse.041000009":                  "404 unknown-license",
		"/v1/licenses/us-il.nurse.9":                          "422 number-pattern",
		"/v1/licenses/us-il.pilot.9":                          "404 unknown-profession",
		"/v1/licenses/pilot":                                  "400 bad-id",
		"/v1/licenses/us-il.nurse.041000009/history":          "404 unknown-license",
		"/v1/licenses/" + id + "?on=tomorrow":                 "400 bad-on",
		"/v1/licenses/" + id + "?known=2026-01-01":            "400 bad-known",
		"/v1/licenses/" + id + "?known=2036-01-01T00:00:00Z":  "422 known-later",
		"/v1/licenses?limit=1000":                             "400 bad-limit",
		"/v1/licenses?limit=x":                                "400 bad-limit",
		"/v1/licenses?number=.":                               "400 bad-number",
		"/v1/records/license/" + id:                           "404 unknown-kind",
		"/v1/records/board/us-wi":                             "404 unknown-record",
		"/v1/entries/99999":                                   "404 unknown-entry",
		"/v1/entries/99999?format=tlog-proof":                 "404 unknown-entry",
		"/v1/entries/-1":                                      "400 bad-index",
		"/v1/entries/1?format=pdf":                            "400 bad-format",
		"/v1/payloads/zz/header":                              "400 bad-hash",
		"/v1/payloads/" + strings.Repeat("0", 64) + "/header": "404 unknown-header",
		"/v1/payloads/" + strings.Repeat("0", 64) + "/signatures/" + strings.Repeat("0", 64): "404 unknown-signatures",
		"/v1/payloads/" + strings.Repeat("0", 64) + "/acts/0":                                "404 unknown-act",
		"/v1/payloads/" + strings.Repeat("0", 64) + "/acts/-1":                               "400 bad-number",
		"/v1/openings/" + strings.Repeat("0", 64):                                            "400 bad-of",
		"/v1/openings/" + strings.Repeat("0", 64) + "?of=license/us-il.nurse.041000001":      "404 unknown-opening",
		"/v1/bundles/license/pilot":                                                          "400 bad-id",
		"/v1/consistency?from=0":                                                             "400 bad-from",
		"/v1/consistency?from=99999":                                                         "404 unknown-checkpoint",
		"/v1/signed?from=-1&to=3":                                                            "400 bad-from",
		"/v1/signed?from=3&to=3":                                                             "400 bad-to",
		"/v1/signed?from=3&to=99999":                                                         "404 unknown-entry",
		"/v1/trail?from=0":                                                                   "400 bad-from",
		"/v1/trail?from=1":                                                                   "404 newest-set",
		"/v1/trail?from=2":                                                                   "404 unknown-set",
		"/v1/nowhere":                                                                        "404 unknown-path",
		"/tile/8/000":                                                                        "404 no-tile",
		"/tile/0/000":                                                                        "404 no-tile",
		"/tile/entries/000.p/255":                                                            "404 no-tile",
	} {
		a := s.do("GET", path, nil)
		if got := fmt.Sprintf("%d %s", a.status, a.code(t)); got != want {
			t.Errorf("%s: %s, not %s", path, got, want)
		}
	}
}

func TestRecordsAndNetwork(t *testing.T) {
	s := newSite(t)
	for kind, id := range map[string]string{"board": "us-il", "officer": "us-il/clerk", "network": "network", "members": "set", "profession": "us-il.nurse"} {
		var rec struct {
			Kind, ID string
			Value    json.RawMessage
		}
		s.get("/v1/records/"+kind+"/"+id, 200).read(t, &rec)
		st, err := s.State()
		if err != nil {
			t.Fatal(err)
		}
		want, _ := st.Value(kind, id)
		st.Release()
		if rec.Kind != kind || rec.ID != id || !bytes.Equal(rec.Value, want) {
			t.Errorf("%s %s: %s", kind, id, rec.Value)
		}
	}
	a := s.get("/v1/network", 200)
	if want := fmt.Sprintf(`{"origin":%q,"name":"test/ledger","test":true,"height":0,"size":%d,"time":%q,"checkpoint_height":0,"set":1,"rules":1}`, s.Head().Origin, s.Head().Size, s.Head().Time); strings.TrimSpace(string(a.body)) != want {
		t.Errorf("%s", a.body)
	}
	advance := s.sign([]license.Act{&license.ClockAdvance{Seconds: 86400}}, nil, "member")
	if a := s.do("POST", "/v1/acts", advance); a.status != 200 {
		t.Fatalf("%s", a.body)
	}
	if a := s.get("/v1/clock", 200); strings.TrimSpace(string(a.body)) != `{"offset":86400}` {
		t.Errorf("%s", a.body)
	}
}

// Openings for the public are shown byte for byte until they are sealed.
func TestOpenings(t *testing.T) {
	s := newSite(t)
	id := s.Issue("041000001", license.Name{Family: "Lee", Given: "Ann"}, "2026-05-31")
	order := s.Discipline(id, license.AuthorityNone, license.OrderDocument{Entity: "Board", Text: "Shame."}, "2026-01-10")
	c := s.License(id).Orders[0].Commitment
	path := "/v1/openings/" + c.String() + "?of=license/"
	a := s.get(path+id, 200)
	var o license.Opening
	if err := strict.Decode(a.body, &o, 1<<20); err != nil || o.Commit() != c || a.header.Get("Cache-Control") != "no-store" {
		t.Errorf("%s, %v", a.body, err)
	}
	other := s.Issue("041000002", license.Name{Family: "Ray", Given: "Bo"}, "2026-05-31")
	s.get(path+other, 404)
	// The board's table of today counts, as in answers.
	var b license.Board
	st, err := s.State()
	if err != nil {
		t.Fatal(err)
	}
	defer st.Release()
	if _, err := st.Record(license.KindBoard, "us-il", &b); err != nil {
		t.Fatal(err)
	}
	shown := b.Audiences
	s.Act(nil, []string{"root"}, &license.BoardAmend{Board: "us-il", Count: b.Count, Name: b.Name})
	s.get(path+id, 404)
	s.Act(nil, []string{"root"}, &license.BoardAmend{Board: "us-il", Count: b.Count + 1, Name: b.Name, Audiences: shown})
	s.get(path+id, 200)
	s.Clock = s.Clock.AddDate(0, 0, 3)
	s.Act(nil, []string{"clerk", "director"}, &license.LicenseSeal{License: id, Order: order, Count: 1})
	s.get(path+id, 404)
}

// Bundles, trust and consistency check offline.
func TestProofs(t *testing.T) {
	s := newSite(t)
	older := s.Head()
	id := s.Issue("041000001", license.Name{Family: "Lee", Given: "Ann"}, "2026-05-31")
	a := s.get("/v1/trust", 200)
	trust, err := proof.ParseTrust(a.body)
	if err != nil {
		t.Fatal(err)
	}
	if same := s.get("/.well-known/licet", 200); !bytes.Equal(same.body, a.body) || a.header.Get("Licet-Fingerprint") != trust.Fingerprint() {
		t.Error("the two trust files differ, or the fingerprint does")
	}
	verify := func(path, found string) {
		t.Helper()
		v, err := proof.Verify(s.get(path, 200).body, trust, proof.Question{})
		if err != nil || v.Found != found {
			t.Errorf("%s: %+v, %v", path, v, err)
		}
	}
	verify("/v1/bundles/license/"+id, proof.FoundPresent)
	verify("/v1/bundles/license/"+id+"?history=1", proof.FoundPresent)
	verify("/v1/bundles/license/us-il.nurse.041000009", proof.FoundAbsent)
	verify("/v1/bundles/officer/us-il/clerk", proof.FoundPresent)
	verify(fmt.Sprintf("/v1/consistency?from=%d", older.Size), proof.FoundConsistent)

	p, err := proof.ParseTlogProof(s.get("/v1/entries/3?format=tlog-proof", 200).body)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := p.Verify(trust, s.get("/v1/entries/3", 200).body); err != nil {
		t.Error(err)
	}
}

func TestNoCheckpointYet(t *testing.T) {
	s := newSite(t, func(b *Backend) { b.Node = failing{} })
	for _, path := range []string{"/checkpoint", "/v1/bundles/board/us-il", "/v1/entries/1?format=tlog-proof", "/v1/consistency?from=1"} {
		if a := s.get(path, 503); a.code(t) != "no-checkpoint-yet" || a.header.Get("Retry-After") == "" {
			t.Errorf("%s: %s", path, a.body)
		}
	}
	if a := s.get("/readyz", 503); a.code(t) != "not-ready" {
		t.Errorf("%s", a.body)
	}
}

// Whoever trusts the founding's members follows to the newest ones, and then reads
// what those signed.
func TestTrail(t *testing.T) {
	s := newSite(t)
	founded, err := proof.ParseTrust(s.get("/v1/trust", 200).body)
	if err != nil {
		t.Fatal(err)
	}
	var set license.MemberSet
	for range 3 {
		var rec struct{ Value json.RawMessage }
		s.get("/v1/records/members/set", 200).read(t, &rec)
		if err := json.Unmarshal(rec.Value, &set); err != nil {
			t.Fatal(err)
		}
		set.Members[0].URL = fmt.Sprintf("https://moved%d.example", set.Set)
		s.Act(nil, []string{"member"}, &license.MemberSetAct{Set: set.Set + 1, Members: set.Members})
	}
	s.Block()
	s.Block()
	v, err := proof.Verify(s.get("/v1/trail?from=1", 200).body, founded, proof.Question{})
	if err != nil {
		t.Fatal(err)
	}
	now := s.get("/v1/trust", 200).body
	if v.Found != proof.FoundSuccession || v.Trust.String() != string(now) || v.Trust.Set != 4 {
		t.Errorf("%s: the trail leads to\n%s, and the node's trust file is\n%s", v.Found, v.Trust, now)
	}
	if _, err := proof.Verify(s.get("/v1/bundles/board/us-il", 200).body, v.Trust, proof.Question{}); err != nil {
		t.Error(err)
	}
	v, err = proof.Verify(s.get("/v1/trail?from=3", 200).body, v.Trust, proof.Question{})
	if err == nil {
		t.Errorf("a trail from set 3 holds under set %d", v.Trust.Set)
	}
}

// What was signed is told in runs, each act under its header.
func TestSigned(t *testing.T) {
	s := newSite(t)
	for n := range 3 {
		s.Issue(fmt.Sprintf("04100000%d", n), license.Name{Family: "Lee", Given: "Ann"}, "2026-05-31")
	}
	size := s.Head().Size
	signed, err := proof.ParseSigned(s.get(fmt.Sprintf("/v1/signed?from=0&to=%d", size), 200).body)
	if err != nil {
		t.Fatal(err)
	}
	if signed.From != 0 || signed.Next != size || len(signed.Payloads) != 4 || len(signed.Payloads[0].Acts) != len(ledgertest.FoundingActs(ledgertest.Name)) {
		t.Errorf("from %d to %d, %d payloads", signed.From, signed.Next, len(signed.Payloads))
	}
	for _, p := range signed.Payloads {
		var h tx.Header
		if err := strict.Decode(p.Header, &h, tx.HeaderBytesMax); err != nil {
			t.Fatal(err)
		}
		for i := range p.Acts {
			if err := p.Acts[i].CheckAct(h.Acts, h.Root); err != nil {
				t.Error(err)
			}
		}
	}
	one, err := proof.ParseSigned(s.get("/v1/signed?from=2&to=3", 200).body)
	if err != nil || one.Next != 3 || len(one.Payloads) != 1 || len(one.Payloads[0].Acts) != 1 || one.Payloads[0].Acts[0].Number != 2 {
		t.Errorf("one entry: %+v, %v", one, err)
	}
}

// A reader who trusts only the checkpoint reads the whole log through the tiles.
func TestTiles(t *testing.T) {
	s := newSite(t)
	s.Issue("041000001", license.Name{Family: "Lee", Given: "Ann"}, "2026-05-31")
	trust, err := proof.ParseTrust(s.get("/v1/trust", 200).body)
	if err != nil {
		t.Fatal(err)
	}
	a := s.get("/checkpoint", 200)
	c, _, _, err := trust.VerifyNote(a.body)
	if err != nil || c.Size != s.Head().Size || a.header.Get("Content-Type") != plainText {
		t.Fatal(c, err)
	}
	if n := strings.Count(string(a.body), "\n— "); n != 2 {
		t.Errorf("%d signatures, not the member's and the log's: %s", n, a.body)
	}
	fetch := func(path string) ([]byte, error) {
		a := s.get("/"+path, 200)
		if !strings.Contains(a.header.Get("Cache-Control"), "immutable") || a.header.Get("Content-Type") != "application/octet-stream" {
			t.Errorf("%s: %v", path, a.header)
		}
		return a.body, nil
	}
	path := proof.TilePath(tlog.Tile{H: proof.TileHeight, L: proof.EntryLevel, W: int(c.Size)})
	b, _ := fetch(path)
	es, err := proof.DecodeEntries(b, int(c.Size))
	if err != nil {
		t.Fatal(err)
	}
	if err := proof.VerifyEntries(c, 0, es, proof.HashReader(c, fetch)); err != nil {
		t.Error(err)
	}
	tag := s.get("/"+path, 200).header.Get("ETag")
	if a := s.do("GET", "/"+path, nil, "If-None-Match", `"x", W/`+tag); a.status != 304 || len(a.body) != 0 {
		t.Errorf("fetched again: %d", a.status)
	}
}

// Headers, signatures and acts are served as the entries name them.
func TestKept(t *testing.T) {
	s := newSite(t)
	id := s.Issue("041000001", license.Name{Family: "Lee", Given: "Ann"}, "2026-05-31")
	cause := s.Entries(id)[0].Cause
	if b := s.get("/v1/payloads/"+cause.Header.String()+"/header", 200).body; license.HashOf(b) != cause.Header {
		t.Errorf("header %s", b)
	}
	if b := s.get("/v1/payloads/"+cause.Header.String()+"/signatures/"+cause.Signatures.String(), 200).body; license.HashOf(b) != cause.Signatures {
		t.Errorf("signatures %s", b)
	}
	b := s.get(fmt.Sprintf("/v1/payloads/%s/acts/%d", cause.Header, cause.Act), 200).body
	if a, err := license.ParseAct(b); err != nil || a.Verb() != "license.issue" {
		t.Errorf("act %s, %v", b, err)
	}
	s.get(fmt.Sprintf("/v1/payloads/%s/acts/1", cause.Header), 404)
}

func TestHealth(t *testing.T) {
	s := newSite(t)
	s.settle()
	for _, path := range []string{"/healthz", "/readyz"} {
		if a := s.get(path, 200); string(a.body) != "ok\n" {
			t.Errorf("%s: %s", path, a.body)
		}
	}
	s.Clock = s.Clock.Add(7 * time.Second)
	m := string(s.get("/metrics", 200).body)
	for _, line := range []string{
		"licet_block_height 0", fmt.Sprintf("licet_log_entries %d", s.Head().Size), fmt.Sprintf("licet_lookup_entries %d", s.Head().Size),
		"licet_checkpoint_height 0", "licet_checkpoint_age_seconds 7", `licet_requests_total{route="GET /readyz",status="200"} 1`,
	} {
		if !strings.Contains(m, "\n"+line+"\n") {
			t.Errorf("no %s in\n%s", line, m)
		}
	}
}

// Every route stands in the document, and every path of the document is a route.
func TestOpenAPI(t *testing.T) {
	s := newSite(t)
	var doc struct {
		OpenAPI string
		Paths   map[string]map[string]struct {
			OperationID string
			Parameters  []struct{ Name, In string }
			Responses   map[string]any
		}
	}
	s.get("/openapi.json", 200).read(t, &doc)
	var listed, routed []string
	for path, methods := range doc.Paths {
		for m, op := range methods {
			listed = append(listed, strings.ToUpper(m)+" "+path)
			for _, p := range op.Parameters {
				if p.In == "path" && !strings.Contains(path, "{"+p.Name+"}") {
					t.Errorf("%s has no {%s}", path, p.Name)
				}
			}
			if op.OperationID == "" || op.Responses["200"] == nil || op.Responses["default"] == nil {
				t.Errorf("%s %s is not described", m, path)
			}
		}
	}
	for _, r := range s.api.routes() {
		routed = append(routed, strings.ReplaceAll(r.pattern, "...}", "}"))
	}
	slices.Sort(listed)
	slices.Sort(routed)
	if doc.OpenAPI != "3.1.0" || !slices.Equal(listed, routed) {
		t.Errorf("listed %v\nrouted %v", listed, routed)
	}
}

var (
	_ Ledger = (*ledger.Ledger)(nil)
	_ Node   = (*node.Node)(nil)
)
