package api

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"runtime"
	"strings"
	"testing"

	"licet/license"
)

func TestExport(t *testing.T) {
	s := newSite(t)
	for i := range 5 {
		s.Issue(fmt.Sprintf("04100000%d", i), license.Name{Family: "Lee", Given: "Ann"}, "2026-05-31")
	}
	first := s.get("/v1/export?format=csv&limit=2", 200)
	h := first.header
	if want := fmt.Sprintf("block=%d, time=%s, index=%d", s.Head().Height, s.Head().Time, s.Head().Size); h.Get("Licet-As-Of") != want {
		t.Errorf("as of %q, not %q", h.Get("Licet-As-Of"), want)
	}
	note, err := base64.StdEncoding.DecodeString(h.Get("Licet-Checkpoint"))
	if err != nil || !strings.HasPrefix(string(note), fmt.Sprintf("%s\n%d\n", s.Head().Origin, s.Head().Size)) {
		t.Errorf("checkpoint %q, %v", note, err)
	}
	if h.Get("Licet-Total") != "2" || strings.Count(string(first.body), "\n") != 3 || h.Get("Content-Type") != "text/csv; charset=utf-8; header=present" {
		t.Errorf("%v\n%s", h, first.body)
	}
	// The link leads on; what is recorded meanwhile is not in what follows.
	s.Issue("041000099", license.Name{Family: "Later"}, "2026-05-31")
	rows := 2
	for next := h.Get("Link"); next != ""; {
		path, _, ok := strings.Cut(strings.TrimPrefix(next, "<"), ">")
		if !ok {
			t.Fatalf("link %q", next)
		}
		a := s.get(path, 200)
		rows += strings.Count(string(a.body), "\n")
		if a.header.Get("Licet-As-Of") != h.Get("Licet-As-Of") || strings.Contains(string(a.body), "Later") || a.header.Get("Content-Type") != "text/csv; charset=utf-8; header=absent" {
			t.Errorf("%v\n%s", a.header, a.body)
		}
		next = a.header.Get("Link")
	}
	if rows != 5 {
		t.Errorf("%d rows", rows)
	}
	if tag := h.Get("ETag"); s.do("GET", "/v1/export?format=csv&limit=2&cursor="+url.QueryEscape(h.Get("Licet-Next")), nil, "If-None-Match", tag).status != 200 {
		t.Error("another part has the first one's tag")
	}
}

func TestExportProblems(t *testing.T) {
	s := newSite(t)
	for path, want := range map[string]string{
		"/v1/export":                             "bad-format",
		"/v1/export?format=xml":                  "bad-format",
		"/v1/export?format=csv&limit=0":          "bad-limit",
		"/v1/export?format=csv&limit=5001":       "bad-limit",
		"/v1/export?format=csv&only=us%20il":     "bad-only",
		"/v1/export?format=csv&cursor=AAAA":      "bad-cursor",
		"/v1/export?format=csv&cursor=AA&only=x": "bad-cursor",
	} {
		if code := s.get(path, 400).code(t); code != want {
			t.Errorf("%s: %s, not %s", path, code, want)
		}
	}
	s.api.exportLine.Store(exportsInLineMax) // nobody else may wait
	a := s.get("/v1/export?format=csv", 503)
	if a.code(t) != "busy" || a.header.Get("Retry-After") != "1" {
		t.Errorf("%v %s", a.header, a.body)
	}
	s.api.exportLine.Store(0)
	s.api.exports <- struct{}{} // one is being made
	ended := make(chan int)
	go func() { ended <- s.do("GET", "/v1/export?format=csv", nil).status }()
	for s.api.exportLine.Load() == 0 {
		runtime.Gosched()
	}
	<-s.api.exports // it is made; the next one's turn
	if status := <-ended; status != 200 {
		t.Errorf("who waited is answered %d", status)
	}
}
