package main

import (
	"bytes"
	"encoding/csv"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/rogpeppe/go-internal/testscript"

	"licet/internal/demo"
	"licet/internal/roster"
	"licet/internal/synthetic"
	"licet/license"
)

// unreliable N sets UNRELIABLE to a way to the node that ends after N requests.
func unreliable(ts *testscript.TestScript, _ bool, args []string) {
	to, err := url.Parse(ts.Getenv("LICET_SERVER"))
	ts.Check(err)
	n, err := strconv.ParseInt(args[0], 10, 64)
	ts.Check(err)
	var left atomic.Int64
	left.Store(n)
	proxy := httputil.NewSingleHostReverseProxy(to)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if left.Add(-1) < 0 {
			panic(http.ErrAbortHandler)
		}
		proxy.ServeHTTP(w, r)
	}))
	ts.Defer(s.Close)
	ts.Setenv("UNRELIABLE", s.URL)
}

// cursor VAR sets a variable to the cursor that a stopped export printed.
func cursor(ts *testscript.TestScript, _ bool, args []string) {
	m := regexp.MustCompile(`--from (\S+)`).FindStringSubmatch(ts.ReadFile("stderr"))
	if m == nil {
		ts.Fatalf("no cursor is printed")
	}
	ts.Setenv(args[0], m[1])
}

// joined A B C checks that C is A and then B.
func joined(ts *testscript.TestScript, _ bool, args []string) {
	if ts.ReadFile(args[0])+ts.ReadFile(args[1]) != ts.ReadFile(args[2]) {
		ts.Fatalf("%s and %s are not %s", args[0], args[1], args[2])
	}
}

// roundtrip FILE compares an export of the demo with the roster that was copied
// into it: every row that is not dirt is a license in it, and there is no other.
func roundtrip(ts *testscript.TestScript, _ bool, args []string) {
	all, err := csv.NewReader(strings.NewReader(ts.ReadFile(args[0]))).ReadAll()
	ts.Check(err)
	if !slices.Equal(all[0], roster.Columns) {
		ts.Fatalf("the header is %q", all[0])
	}
	exported := map[string][]string{}
	for _, r := range all[1:] {
		if strings.HasPrefix(r[roster.ID], "us-il-synthetic.") {
			exported[r[roster.Number]] = r
		}
	}
	var made bytes.Buffer
	_, err = synthetic.Write(&made, synthetic.Options{Licenses: demo.RosterLicenses, Seed: 1, Day: rosterDay(ts, all)})
	ts.Check(err)
	rows, err := csv.NewReader(&made).ReadAll()
	ts.Check(err)
	seen := map[string]bool{}
	for _, r := range rows[1:] {
		if !taken(r) {
			continue
		}
		seen[r[roster.Number]] = true
		out := exported[r[roster.Number]]
		if out == nil {
			ts.Fatalf("%s is not exported", r[roster.Number])
		}
		compare(ts, r, out)
	}
	if len(seen) != len(exported) || len(seen) < demo.RosterLicenses*8/10 {
		ts.Fatalf("%d licenses in the roster, %d in the export", len(seen), len(exported))
	}
}

// rosterDay asks the registry of which day the roster is.
func rosterDay(ts *testscript.TestScript, all [][]string) license.Day {
	i := slices.IndexFunc(all, func(r []string) bool { return strings.HasPrefix(r[roster.ID], "us-il-synthetic.") })
	ts.Check(ts.Exec("licet", "license", "show", all[i][roster.ID], "--json"))
	m := regexp.MustCompile(`"copied_from":\{[^}]*"day":"([^"]+)"`).FindStringSubmatch(ts.ReadFile("stdout"))
	if m == nil {
		ts.Fatalf("%s is not copied", all[i][roster.ID])
	}
	return license.Day(m[1])
}

var plainNumber = regexp.MustCompile(`^\d{9}$`)

// taken says whether the importer takes a row: it has a number, an issue and a term.
func taken(r []string) bool {
	from, through := sortable(effective(r)), sortable(r[roster.Expires])
	return plainNumber.MatchString(r[roster.Number]) && sortable(r[roster.Issued]) != "" && from != "" && through != "" && from <= through
}

func effective(r []string) string {
	if sortable(r[roster.Effective]) == "" {
		return r[roster.Issued]
	}
	return r[roster.Effective]
}

func sortable(date string) string {
	if len(date) < 10 {
		return ""
	}
	return date[6:10] + date[:5]
}

// registrationWords are the status words that change a registration, and how the
// registry writes what they do. What the dates or an order say is not compared here.
var registrationWords = map[string]string{
	"INACTIVE": "INACTIVE", "RETIRED": "INACTIVE", "PERMANENT INACTIVE": "INACTIVE", "MILITARY INACTIVE": "INACTIVE",
	"CANCELLED": "CANCELED", "TERMINATED": "CANCELED", "CLOSED": "CANCELED", "WITHDRAWN": "CANCELED", "DECEASED": "DECEASED",
	"VOLUNTARILY RELINQUISHED": "SURRENDERED", "PERMANENTLY RELINQUISHED": "SURRENDERED",
}

func compare(ts *testscript.TestScript, in, out []string) {
	want := map[int]string{
		roster.Business: in[roster.Business], roster.First: in[roster.First], roster.Middle: in[roster.Middle],
		roster.Last: in[roster.Last], roster.City: strings.TrimSpace(in[roster.City]), roster.State: in[roster.State],
		roster.Issued: in[roster.Issued], roster.Effective: effective(in), roster.Expires: in[roster.Expires],
		roster.DBA: in[roster.DBA],
	}
	if in[roster.Business] == "Y" {
		want[roster.BusinessName] = in[roster.BusinessName]
	} else if want[roster.DBA] = out[roster.DBA]; out[roster.DBA] != "" && out[roster.DBA] != in[roster.DBA] {
		ts.Fatalf("%s does business as %q", in[roster.Number], out[roster.DBA])
	}
	if sortable(effective(in)) < sortable(in[roster.Issued]) { // issued "in the future": the importer knows better
		want[roster.Issued] = effective(in)
	}
	if w := registrationWords[in[roster.Status]]; w != "" && out[roster.Disciplined] == "N" {
		want[roster.Status] = w
	}
	if strings.HasPrefix(in[roster.Expires], "01/01/2099") && out[roster.Expires] == "/ /" { // both mean never
		want[roster.Expires] = "/ /"
	}
	for column, w := range want {
		if out[column] != w {
			ts.Fatalf("%s of %s: %q in the roster, %q in the export", roster.Columns[column], in[roster.Number], w, out[column])
		}
	}
}
