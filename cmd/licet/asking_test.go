package main

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// fact sets a variable to the id of the first fact of a kind that a license's answer
// lists: fact VAR ID CODE.
func fact(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 3 {
		ts.Fatalf("usage: fact VAR ID CODE")
	}
	ts.Check(ts.Exec("licet", "license", "show", args[1], "--json"))
	var a struct {
		Facts []struct{ ID, Code string }
	}
	ts.Check(json.Unmarshal([]byte(ts.ReadFile("stdout")), &a))
	for _, f := range a.Facts {
		if f.Code == args[2] {
			ts.Setenv(args[0], f.ID)
			return
		}
	}
	ts.Fatalf("%s has no %s", args[1], args[2])
}

// finds asks the node's search and expects a license among what it finds: finds QUERY ID.
func finds(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: finds QUERY ID")
	}
	b := get(ts, "/v1/licenses?"+args[0])
	var a struct {
		Items []struct{ ID string }
	}
	ts.Check(json.Unmarshal(b, &a))
	if slices.ContainsFunc(a.Items, func(x struct{ ID string }) bool { return x.ID == args[1] }) == neg {
		ts.Fatalf("the search says %s", b)
	}
}

// page asks for a page and expects a text on it: page PATH TEXT.
func page(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: page PATH TEXT")
	}
	if b := get(ts, args[0]); strings.Contains(string(b), args[1]) == neg {
		ts.Fatalf("the page says %s", b)
	}
}

func get(ts *testscript.TestScript, path string) []byte {
	r, err := http.Get(ts.Getenv("LICET_SERVER") + path)
	ts.Check(err)
	b, err := io.ReadAll(r.Body)
	ts.Check(err)
	ts.Check(r.Body.Close())
	return b
}
