package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// tampering OLD NEW sets TAMPERING to a way to the node on which each OLD in a text of a
// contract becomes NEW.
func tampering(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: tampering OLD NEW")
	}
	to, err := url.Parse(ts.Getenv("LICET_SERVER"))
	ts.Check(err)
	proxy := httputil.NewSingleHostReverseProxy(to)
	proxy.ModifyResponse = func(r *http.Response) error {
		if !strings.Contains(r.Request.URL.Path, "/texts/") {
			return nil
		}
		b, err := io.ReadAll(r.Body)
		if err != nil {
			return err
		}
		b = bytes.ReplaceAll(b, []byte(args[0]), []byte(args[1]))
		r.Body = io.NopCloser(bytes.NewReader(b))
		r.Header.Set("Content-Length", fmt.Sprint(len(b)))
		r.ContentLength = int64(len(b))
		return nil
	}
	s := httptest.NewServer(proxy)
	ts.Defer(s.Close)
	ts.Setenv("TAMPERING", s.URL)
}
