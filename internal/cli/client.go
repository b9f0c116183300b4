package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"licet/license"
)

const (
	answerBytesMax = 64 << 20
	requestWithin  = 90 * time.Second // a node waits 30 s for an act to be recorded
)

// A problem is an error that a node answered with: RFC 9457.
type problem struct {
	Status   int          `json:"status"`
	Title    string       `json:"title"`
	Detail   string       `json:"detail"`
	Code     string       `json:"code"`
	Citation string       `json:"citation"`
	Act      int64        `json:"act"`
	Refused  []actRefused `json:"refused"` // every act, where each stands for itself
	retry    time.Duration
	server   string
	sent     bool // the answer to an act, not to a question
}

func (p *problem) Error() string { return p.sentence() }

func (p *problem) sentence() string {
	text := p.Detail
	if text == "" {
		text = p.Title
	}
	if p.Code == "" {
		return full(fmt.Sprintf("the node at %s answered %d %s", p.server, p.Status, text))
	}
	why := p.Code
	if p.Citation != "" {
		why += "; " + p.Citation
	}
	if p.sent && p.Status == http.StatusUnprocessableEntity {
		text = "Refused: " + text
	}
	return strings.TrimSpace(text) + " [" + why + "]"
}

// get fetches a path of the server's and returns the answer's bytes.
func (e *env) get(path string) ([]byte, error) { return e.fetch(http.MethodGet, e.Server, path, nil) }

// getJSON fetches a path and reads the answer into v. What a node says besides
// proofs is ordinary JSON: members that this program does not know are passed over.
func (e *env) getJSON(path string, v any) error {
	b, err := e.get(path)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(b, v); err != nil {
		return fmt.Errorf("the answer of %s to %s cannot be read: %w", e.Server, path, err)
	}
	return nil
}

func (e *env) fetch(method, server, path string, body []byte) ([]byte, error) {
	b, _, err := e.fetchAll(method, server, path, body)
	return b, err
}

// fetchAll returns an answer with its header.
func (e *env) fetchAll(method, server, path string, body []byte) ([]byte, http.Header, error) {
	base, err := url.Parse(server)
	if err != nil || base.Scheme != "http" && base.Scheme != "https" || base.Host == "" {
		return nil, nil, usage("%q is no address of a node: write it like http://localhost:8080", server)
	}
	ctx, cancel := context.WithTimeout(e.ctx, requestWithin)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, strings.TrimSuffix(server, "/")+path, bytes.NewReader(body))
	if err != nil {
		return nil, nil, err
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = res.Body.Close() }()
	b, err := io.ReadAll(io.LimitReader(res.Body, answerBytesMax+1))
	switch {
	case err != nil:
		return nil, nil, err
	case len(b) > answerBytesMax:
		return nil, nil, fmt.Errorf("the answer of %s to %s is larger than %d bytes", server, path, answerBytesMax)
	case res.StatusCode >= 300:
		return nil, nil, problemOf(server, method, res, b)
	}
	return b, res.Header, nil
}

func problemOf(server, method string, res *http.Response, b []byte) error {
	p := &problem{server: server, sent: method != http.MethodGet, Title: http.StatusText(res.StatusCode)}
	if strings.HasPrefix(res.Header.Get("Content-Type"), "application/problem+json") {
		_ = json.Unmarshal(b, p) // what cannot be read leaves the status
	}
	p.Status = res.StatusCode
	if n, err := strconv.Atoi(res.Header.Get("Retry-After")); err == nil {
		p.retry = time.Duration(n) * time.Second
	}
	return p
}

// notThere says whether a node answered that there is no such thing.
func notThere(err error) bool {
	var p *problem
	return errors.As(err, &p) && p.Status == http.StatusNotFound
}

// idPath writes a record's id into a path; slashes stay.
func idPath(id string) string {
	parts := strings.Split(id, "/")
	for i := range parts {
		parts[i] = url.PathEscape(parts[i])
	}
	return strings.Join(parts, "/")
}

// record reads a record into v and says whether it is there.
func (e *env) record(kind, id string, v any) (bool, error) {
	var answer struct {
		Value json.RawMessage `json:"value"`
	}
	err := e.getJSON("/v1/records/"+kind+"/"+idPath(id), &answer)
	if notThere(err) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if err := json.Unmarshal(answer.Value, v); err != nil {
		return false, fmt.Errorf("the record %s %s cannot be read: %w", kind, id, err)
	}
	return true, nil
}

// mustRecord reads a record that has to be there.
func (e *env) mustRecord(kind, id string, v any) error {
	ok, err := e.record(kind, id, v)
	if err == nil && !ok {
		err = fmt.Errorf("there is no %s %s in this network", kind, id)
	}
	return err
}

// licenseRecord reads a license's record, with the counts that acts name.
func (e *env) licenseRecord(id string) (*license.License, error) {
	var answer struct {
		Record *license.License `json:"record"`
	}
	if err := e.getJSON("/v1/licenses/"+idPath(id), &answer); err != nil {
		return nil, err
	}
	if answer.Record == nil {
		return nil, fmt.Errorf("the node's answer about %s holds no record", id)
	}
	return answer.Record, nil
}
