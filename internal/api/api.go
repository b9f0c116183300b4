// Package api answers over HTTP: JSON about licenses, bundles and trust for
// verifiers, the log as C2SP tiles, and the door through which signed acts come
// in. openapi.json describes every route.
package api

import (
	"context"
	_ "embed"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"licet/internal/answer"
	"licet/internal/ledger"
	"licet/internal/lookup"
	"licet/internal/node"
	"licet/license"
	"licet/proof"
)

// A Ledger is the registry's state; *ledger.Ledger is one.
type Ledger interface {
	answer.Ledger
	Head() ledger.Head
	Read(transaction []byte) (payload license.Hash, r *license.Refusal)
	RecordedPayload(header license.Hash) (*ledger.Outcome, error)
	Checkpoint(height int64) (proof.Checkpoint, license.Instant, bool)
	Note(height int64) ([]byte, error)
	TrailBundle(from, until int64) ([]byte, error)
	VotersOf(height int64) (license.MemberSet, error)
}

// A Node takes acts and makes checkpoints; *node.Node is one.
type Node interface {
	Submit(ctx context.Context, tx []byte) (node.Outcome, error)
	WaitCheckpoint(ctx context.Context, height int64) error
	Checkpointed() int64 // newest height with a quorum of cosignatures, -1: none yet
	Status() node.Status
}

// Bundles make what verifiers check. Each is given the state that the note is
// over; *ledger.State has them as methods.
type Bundles struct {
	Standing    func(s *ledger.State, kind, id string, note []byte) ([]byte, error)
	History     func(s *ledger.State, kind, id string, note []byte) ([]byte, error)
	Consistency func(s *ledger.State, older proof.Checkpoint, olderNote, note []byte) ([]byte, error)
}

// LedgerBundles are the ledger's own.
var LedgerBundles = Bundles{
	Standing: (*ledger.State).StandingBundle, History: (*ledger.State).HistoryBundle,
	Consistency: (*ledger.State).ConsistencyBundle,
}

// A Backend is what the API speaks for.
type Backend struct {
	Ledger  Ledger
	Lookup  *lookup.Lookup
	Node    Node
	Bundles Bundles
	// LogSigner adds the log's own signature to the checkpoint, for outside
	// witnesses; nil: none. It counts for no quorum.
	LogSigner *proof.LogSigner
	Now       func() time.Time // nil: time.Now
	Logger    *slog.Logger     // nil: none
	// SubmitWithin bounds how long POST /v1/acts waits; 0: 30 s.
	SubmitWithin time.Duration
}

// An API serves one backend.
type API struct {
	Backend
	answers *answer.Registry
	counts  counts
	exports chan struct{} // one for each part of an export that is being made
	helds   chan struct{} // one for each question about many licenses

	exportLine atomic.Int64 // requests for parts that are being made or wait
}

// New makes the API of a backend.
func New(b Backend) *API {
	if b.Logger == nil {
		b.Logger = slog.New(slog.DiscardHandler)
	}
	if b.Now == nil {
		b.Now = time.Now
	}
	if b.SubmitWithin == 0 {
		b.SubmitWithin = 30 * time.Second
	}
	return &API{Backend: b, exports: make(chan struct{}, exportsAtOnce), helds: make(chan struct{}, heldAtOnce), answers: &answer.Registry{Ledger: b.Ledger, Lookup: b.Lookup, Now: b.Now}}
}

// Answers is what the API answers from; pages answer from it too.
func (a *API) Answers() *answer.Registry { return a.answers }

const submitPattern = "POST /v1/acts"

// readWithin bounds how long a question may take.
const readWithin = 15 * time.Second

// fetchWithin is how long a client may take to fetch an answer, after readWithin
// or SubmitWithin. Answers are made before their first byte goes out, so that who
// fetches slowly holds nothing but the bytes.
const fetchWithin = 2 * time.Minute

// A handler answers or says why not.
type handler func(w http.ResponseWriter, r *http.Request) error

// A route is a pattern of net/http's, who handles it, and what may stand after
// the "?".
type route struct {
	pattern string
	handle  handler
	params  []string
}

func (a *API) routes() []route {
	return []route{
		{"GET /v1/network", a.network, nil},
		{"GET /v1/clock", a.clock, nil},
		{"GET /v1/status", a.status, nil},
		{"GET /v1/licenses", a.search, searchParams},
		{"POST /v1/licenses/lookup", a.held, nil},
		{"GET /v1/licenses/{id}", a.license, []string{"on", "known"}},
		{"GET /v1/licenses/{id}/history", a.history, []string{"known"}},
		{"GET /v1/claims/{npi}", a.claims, nil},
		{"POST /v1/claims/lookup", a.claimRecords, nil},
		{"GET /v1/export", a.export, []string{"format", "only", "cursor", "limit"}},
		{"GET /v1/boards/{id}/files", a.files, nil},
		{"GET /v1/boards/{id}/copied", a.copied, []string{"after"}},
		{"GET /v1/boards/{id}/contracts", a.boardContracts, nil},
		{"GET /v1/contracts", a.contracts, []string{"after"}},
		{"GET /v1/contracts/{name}", a.contract, nil},
		{"GET /v1/contracts/{name}/texts/{hash}", a.contractText, nil},
		{"GET /v1/boards/{id}/calls", a.calls, []string{"contract"}},
		{"GET /v1/boards/{id}/recoveries", a.recoveries, nil},
		{"GET /v1/boards/{id}/notices", a.notices, []string{"after"}},
		{"GET /v1/records/{kind}/{id...}", a.record, nil},
		{"GET /v1/openings/{commitment}", a.opening, []string{"of"}},
		{submitPattern, a.submit, []string{"wait"}},
		{"GET /v1/acts/{payload}", a.outcome, nil},
		{"GET /v1/bundles/{kind}/{id...}", a.bundle, []string{"history"}},
		{"GET /v1/consistency", a.consistency, []string{"from"}},
		{"GET /v1/trust", a.trust, nil},
		{"GET /.well-known/licet", a.trust, nil},
		{"GET /v1/trail", a.trail, []string{"from"}},
		{"GET /v1/entries/{index}", a.entry, []string{"format"}},
		{"GET /v1/signed", a.signed, []string{"from", "to"}},
		{"GET /v1/payloads/{hash}/header", a.header, nil},
		{"GET /v1/payloads/{hash}/signatures/{signatures}", a.signatures, nil},
		{"GET /v1/payloads/{hash}/acts/{n}", a.act, nil},
		{"GET /checkpoint", a.checkpoint, nil},
		{"GET /tile/{path...}", a.tile, nil},
		{"GET /openapi.json", a.openAPI, nil},
		{"GET /healthz", a.health, nil},
		{"GET /readyz", a.ready, nil},
		{"GET /metrics", a.metrics, nil},
	}
}

// Register puts every route on a mux.
func (a *API) Register(mux *http.ServeMux) {
	for _, r := range a.routes() {
		mux.Handle(r.pattern, a.wrap(r))
	}
	// What stands under these and is no route is answered in JSON too.
	mux.Handle("/v1/", a.wrap(route{"/v1/", unknownPath, nil}))
}

func unknownPath(_ http.ResponseWriter, r *http.Request) error {
	return &problem{status: http.StatusNotFound, code: "unknown-path", detail: "There is nothing at " + r.Method + " " + r.URL.Path + "; /openapi.json lists what there is."}
}

// wrap counts requests, sets what all answers have in common, and turns errors
// into problem details.
func (a *API) wrap(rt route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		// All of it is public, and verifiers run in browsers.
		h.Set("Access-Control-Allow-Origin", "*")
		h.Set("Cache-Control", "no-cache")
		within := a.SubmitWithin
		if rt.pattern != submitPattern { // it has a bound of its own
			within = readWithin
			ctx, cancel := context.WithTimeout(answer.AskedBy(r), readWithin)
			defer cancel()
			r = r.WithContext(ctx)
		}
		// Not every server below can set it; then the server's own limits hold.
		_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(within + fetchWithin))
		c := &counted{ResponseWriter: w, status: http.StatusOK}
		err := error(nil)
		if rt.pattern != "/v1/" {
			err = checkQuery(r, rt.params)
		}
		if err == nil {
			err = rt.handle(c, r)
		}
		if err != nil {
			a.fail(c, r, err)
		}
		a.counts.add(rt.pattern, c.status)
	})
}

//go:embed openapi.json
var openAPIDocument []byte

func (a *API) openAPI(w http.ResponseWriter, r *http.Request) error {
	return send(w, r, "application/json", openAPIDocument)
}
