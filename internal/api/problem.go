package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"licet/internal/answer"
	"licet/internal/ledger"
	"licet/internal/lookup"
	"licet/internal/node"
	"licet/license"
	"licet/proof"
)

// A problem is an error as RFC 9457 writes it.
type problem struct {
	status   int
	code     string
	detail   string
	citation string
	act      int64        // of the payload, counted from 1; 0: the payload as such
	payload  license.Hash // zero: none
	refused  []actRefusedBody
	asOf     *answer.AsOf
	retry    int // seconds; 0: not said
}

func (p *problem) Error() string { return p.detail }

// badRequest says what is wrong with a question.
func badRequest(code, format string, a ...any) *problem {
	return &problem{status: http.StatusBadRequest, code: code, detail: fmt.Sprintf(format, a...)}
}

func notFound(code, format string, a ...any) *problem {
	return &problem{status: http.StatusNotFound, code: code, detail: fmt.Sprintf(format, a...)}
}

// problemOf finds the problem behind an error; nil: it is ours, and not for the
// asker to know.
func problemOf(err error) *problem {
	var (
		p  *problem
		ap *answer.Problem
		ab *answer.Absent
		r  *license.Refusal
		te *ledger.TrailError
	)
	switch {
	case errors.As(err, &p):
		return p
	case errors.As(err, &ap):
		return &problem{status: statusOf(ap.Code), code: ap.Code, detail: ap.Detail, retry: retryOf(ap.Code)}
	case errors.As(err, &ab):
		return &problem{status: statusOf(ab.Code), code: ab.Code, detail: ab.Error(), asOf: &ab.AsOf}
	case errors.As(err, &r):
		return refused(r)
	case errors.As(err, &te):
		return notFound(te.Code, "%s", te.Sentence)
	case errors.Is(err, node.ErrBusy):
		return &problem{status: http.StatusServiceUnavailable, code: "busy", detail: "Too many acts are waiting. Nothing was taken in; try again.", retry: 1}
	case errors.Is(err, lookup.ErrBusy):
		return &problem{status: http.StatusServiceUnavailable, code: "busy", detail: "Too many searches wait; ask again in a moment.", retry: 1}
	case errors.Is(err, node.ErrStopped):
		return &problem{status: http.StatusServiceUnavailable, code: "stopping", detail: "This node is stopping. The act may be recorded yet; submit it again here or elsewhere.", retry: 5}
	case errors.Is(err, node.ErrTooLarge):
		return tooLarge()
	case errors.Is(err, ledger.ErrNoState):
		return noCheckpoint()
	case proof.FlawCode(err) == "no-tile":
		return notFound("no-tile", "%v.", err)
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return &problem{status: http.StatusServiceUnavailable, code: "timeout", detail: "The answer took too long; try again.", retry: 1}
	}
	return nil
}

func tooLarge() *problem {
	return &problem{status: http.StatusRequestEntityTooLarge, code: "too-large", detail: fmt.Sprintf("A transaction has at most %d bytes.", node.MaxTxBytes)}
}

func noCheckpoint() *problem {
	return &problem{status: http.StatusServiceUnavailable, code: "no-checkpoint-yet", detail: "The members have not cosigned a checkpoint of this yet; try again in a moment.", retry: 1}
}

// refused is the problem of a refusal: malformed bytes are the sender's mistake,
// everything else an outcome.
func refused(r *license.Refusal) *problem {
	p := &problem{status: http.StatusUnprocessableEntity, code: r.Code, detail: r.Sentence, citation: r.Citation}
	switch r.Code {
	case "malformed":
		p.status = http.StatusBadRequest
	case "too-large":
		p.status = http.StatusRequestEntityTooLarge
	}
	return p
}

func statusOf(code string) int {
	switch {
	case strings.HasPrefix(code, "bad-"):
		return http.StatusBadRequest
	case strings.HasPrefix(code, "unknown-"):
		return http.StatusNotFound
	case code == "not-founded", code == "busy":
		return http.StatusServiceUnavailable
	}
	return http.StatusUnprocessableEntity
}

func retryOf(code string) int {
	if statusOf(code) == http.StatusServiceUnavailable {
		return 1
	}
	return 0
}

// A problemBody is RFC 9457's members and ours.
type problemBody struct {
	Type     string       `json:"type"`
	Title    string       `json:"title"`
	Status   int          `json:"status"`
	Detail   string       `json:"detail"`
	Code     string       `json:"code"`
	Citation string       `json:"citation,omitempty"`
	Act      int64        `json:"act,omitempty"`
	Payload  string       `json:"payload,omitempty"`
	AsOf     *answer.AsOf `json:"as_of,omitempty"`
	// Refused are all acts, where acts stand each for itself and none was recorded.
	Refused []actRefusedBody `json:"refused,omitempty"`
}

func (a *API) fail(w http.ResponseWriter, r *http.Request, err error) {
	p := problemOf(err)
	if p == nil {
		a.Logger.Error("a request failed", "method", r.Method, "path", r.URL.Path, "reason", err)
		p = &problem{status: http.StatusInternalServerError, code: "internal", detail: "This node failed to answer; its log says why."}
	}
	b := problemBody{
		Type: "urn:licet:problem:" + p.code, Title: http.StatusText(p.status), Status: p.status,
		Detail: p.detail, Code: p.code, Citation: p.citation, Act: p.act, AsOf: p.asOf, Refused: p.refused,
	}
	if p.payload != (license.Hash{}) {
		b.Payload = p.payload.String()
	}
	h := w.Header()
	h.Del("ETag")
	h.Set("Cache-Control", "no-store")
	if p.retry > 0 {
		h.Set("Retry-After", strconv.Itoa(p.retry))
	}
	writeJSON(w, p.status, "application/problem+json", &b)
}
