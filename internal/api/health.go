package api

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
)

func (a *API) health(w http.ResponseWriter, _ *http.Request) error {
	w.Header().Set("Content-Type", plainText)
	_, _ = io.WriteString(w, "ok\n")
	return nil
}

// ready answers 200 when this node can prove and find what it has recorded.
func (a *API) ready(w http.ResponseWriter, _ *http.Request) error {
	size, found := a.Ledger.Head().Size, a.Lookup.Position().Size
	var why string
	switch {
	case size == 0:
		why = "the network has no state yet"
	case a.Node.Checkpointed() < 0:
		why = "there is no checkpoint yet"
	case found < size:
		why = fmt.Sprintf("the lookup has read %d of %d entries", found, size)
	}
	if why != "" {
		return &problem{status: http.StatusServiceUnavailable, code: "not-ready", detail: "Not ready: " + why + ".", retry: 1}
	}
	return a.health(w, nil)
}

// counts are requests by route and status.
type counts struct {
	mu sync.Mutex
	by map[[2]string]int64
}

func (c *counts) add(pattern string, status int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.by == nil {
		c.by = map[[2]string]int64{}
	}
	c.by[[2]string{pattern, fmt.Sprint(status)}]++
}

// counted remembers the status of an answer.
type counted struct {
	http.ResponseWriter
	status int
}

func (c *counted) WriteHeader(status int) {
	c.status = status
	c.ResponseWriter.WriteHeader(status)
}

func (c *counted) Unwrap() http.ResponseWriter { return c.ResponseWriter }

// metrics writes what an operator watches, as Prometheus reads it.
func (a *API) metrics(w http.ResponseWriter, _ *http.Request) error {
	var b strings.Builder
	gauge := func(name, help string, value int64) {
		fmt.Fprintf(&b, "# HELP %s %s\n# TYPE %s gauge\n%s %d\n", name, help, name, name, value)
	}
	head := a.Ledger.Head()
	gauge("licet_block_height", "Newest block.", head.Height)
	gauge("licet_log_entries", "Entries of the log.", head.Size)
	gauge("licet_checkpoint_height", "Newest block whose state has a quorum of cosignatures; -1: none.", a.Node.Checkpointed())
	gauge("licet_lookup_entries", "Entries that the lookup has read.", a.Lookup.Position().Size)
	if n, err := a.answers.Network(); err == nil {
		if _, t, ok := a.Ledger.Checkpoint(a.Node.Checkpointed()); ok {
			gauge("licet_checkpoint_age_seconds", "Age of the newest checkpoint.", a.Now().Unix()+n.Offset-t.Unix())
		}
	}
	if t, err := a.answers.Trouble(); err == nil {
		gauge("licet_contract_calls_held", "Calls of contracts that failed, and are held until their boards ask for them again.", t.Held)
		gauge("licet_contracts_failing", "Contracts whose newest call failed, for each board.", t.Failing)
		gauge("licet_contracts_suspended", "Contracts that are called no more after failures in a row, for each board.", t.Suspended)
	}
	a.counts.write(&b)
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	_, _ = io.WriteString(w, b.String())
	return nil
}

func (c *counts) write(b *strings.Builder) {
	c.mu.Lock()
	defer c.mu.Unlock()
	b.WriteString("# HELP licet_requests_total Requests by route and status.\n# TYPE licet_requests_total counter\n")
	keys := slices.SortedFunc(maps.Keys(c.by), func(x, y [2]string) int { return slices.Compare(x[:], y[:]) })
	for _, k := range keys {
		fmt.Fprintf(b, "licet_requests_total{route=%q,status=%q} %d\n", k[0], k[1], c.by[k])
	}
}
