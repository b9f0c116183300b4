package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

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

// answers asks the search each question of a file, a line each, from the first page to
// the last, and writes what it says: answers QUESTIONS FILE. It waits until the search
// has read as much of the log as the first answers of the script had. TODAY in a
// question is the day of those.
func answers(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: answers QUESTIONS FILE")
	}
	if ts.Getenv("TODAY") == "" {
		at := asked(ts, "limit=1").AsOf
		ts.Setenv("TODAY", at.Time[:len("2006-01-02")])
		ts.Setenv("ANSWERED", strconv.FormatInt(at.Index, 10))
	}
	known, err := strconv.ParseInt(ts.Getenv("ANSWERED"), 10, 64)
	ts.Check(err)
	for within := time.Now().Add(servesWithin); asked(ts, "limit=1").AsOf.Index < known; {
		if time.Now().After(within) {
			ts.Fatalf("the search has not read %d entries within %v", known, servesWithin)
		}
	}
	var b strings.Builder
	for q := range strings.Lines(ts.ReadFile(args[0])) {
		q = strings.ReplaceAll(strings.TrimSpace(q), "TODAY", ts.Getenv("TODAY"))
		fmt.Fprintf(&b, "\n%s\n", q)
		if n := everyPage(ts, &b, q); n == 0 && !strings.Contains(q, "nobody") {
			ts.Fatalf("%s finds nothing", q)
		}
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(b.String()), 0o600))
}

// everyPage writes what the search says to a question, page by page, and returns how
// many licenses that are.
func everyPage(ts *testscript.TestScript, b *strings.Builder, question string) (n int) {
	for cursor := ""; ; {
		a := asked(ts, question+cursor)
		fmt.Fprintf(b, "%d in all, %v %s %s\n", a.Total, a.More, a.Match, a.On)
		for _, x := range a.Items {
			fmt.Fprintf(b, "%s\n", x)
		}
		n += len(a.Items)
		if a.Next == "" {
			return n
		}
		fmt.Fprintf(b, "then %s\n", a.Next)
		cursor = "&cursor=" + a.Next
	}
}

// A found is what a search says.
type found struct {
	Items []json.RawMessage
	Total int64
	More  bool `json:"at_least"`
	Match string
	On    string
	Next  string
	AsOf  struct {
		Index int64
		Time  string
	} `json:"as_of"`
}

func asked(ts *testscript.TestScript, question string) (f found) {
	b := get(ts, "/v1/licenses?"+question)
	if err := json.Unmarshal(b, &f); err != nil || f.AsOf.Index == 0 {
		ts.Fatalf("%s: the search says %s", question, b)
	}
	return f
}

func get(ts *testscript.TestScript, path string) []byte {
	r, err := http.Get(ts.Getenv("LICET_SERVER") + path)
	ts.Check(err)
	b, err := io.ReadAll(r.Body)
	ts.Check(err)
	ts.Check(r.Body.Close())
	return b
}
