package api

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"licet/license"
)

// search asks and returns the ids that were found, page by page.
func (s *site) search(query string) (ids []string) {
	s.t.Helper()
	s.settle()
	v, err := url.ParseQuery(query)
	if err != nil {
		s.t.Fatal(err)
	}
	v.Set("limit", "2")
	for range 50 {
		var p searchBody
		a := s.get("/v1/licenses?"+v.Encode(), 200)
		a.read(s.t, &p)
		if h := s.Head(); p.AsOf.Block != h.Height || p.AsOf.Index != h.Size || p.AsOf.Time != h.Time {
			s.t.Errorf("%s: as of %+v", query, p.AsOf)
		}
		for _, it := range p.Items {
			ids = append(ids, it.ID)
		}
		if p.Next == "" {
			return ids
		}
		v.Set("cursor", p.Next)
	}
	s.t.Fatalf("%s: the pages do not end", query)
	return nil
}

func TestSearch(t *testing.T) {
	s := newSite(t)
	var all []string
	for i, family := range []string{"García", "Garcia", "Garza", "Smith-Jones", "Lee"} {
		all = append(all, s.Issue(fmt.Sprintf("04100000%d", i), license.Name{Family: family, Given: "Ann"}, license.Day(fmt.Sprintf("202%d-05-31", 5+i))))
	}
	s.Rename(all[3], s.License(all[3]).Counts.Identity, license.Name{Family: "Jones", Given: "Ann"}, "2026-01-10")
	for query, want := range map[string][]int{
		"name=garcia":          {0, 1},
		"name=GARC%C3%8DA+ann": {0, 1},
		"name=gar":             {0, 1, 2},
		"name=gacria":          {0, 1},
		"name=smith":           {3},
		"number=41-000-002":    {2},
		"q=041.000.002":        {2},
		"city=SPRINGFIELD&name=gar&status=ACTIVE":   {1, 2},
		"status=not+renewed":                        {0},
		"status=not-renewed&on=2026-06-01":          {0, 1},
		"profession=nurse&name=lee":                 {4},
		"profession=us-il.nurse&jurisdiction=us-il": {0, 1, 2, 3, 4},
		"jurisdiction=us-wi":                        nil,
		"npi=1234567893":                            nil,
		"":                                          {0, 1, 2, 3, 4},
	} {
		var ids []string
		for _, i := range want {
			ids = append(ids, all[i])
		}
		got := s.search(query)
		slices.Sort(got) // the order is the lookup's to test
		if !slices.Equal(got, ids) {
			t.Errorf("%s: %v, not %v", query, got, ids)
		}
	}
	var p searchBody
	s.get("/v1/licenses?name=smith", 200).read(t, &p)
	if it := p.Items[0]; it.Name != "Ann Jones" || !slices.Equal(it.OtherNames, []string{"Ann Smith-Jones"}) || p.Total != 1 || p.Match != "" || p.More {
		t.Errorf("a former name: %+v", p)
	}
	s.get("/v1/licenses?name=gacria&status=active", 200).read(t, &p)
	if p.Match != "near" || p.On != "2026-01-10" {
		t.Errorf("nearly so: %+v", p)
	}
	s.get("/v1/licenses?name=gar&limit=1", 200).read(t, &p)
	for query, want := range map[string]string{
		"npi=1234567890":                "400 bad-npi",
		"status=happy":                  "400 bad-status",
		"city=...":                      "400 bad-city",
		"name=...":                      "400 bad-name",
		"name=a+b+c+d+e+f+g+h+i":        "400 bad-name",
		"name=" + long(201):             "400 bad-length",
		"name=" + long(9000):            "414 too-long",
		"on=2026-02-30":                 "400 bad-on",
		"known=now":                     "400 bad-known",
		"known=2036-01-01T00:00:00Z":    "422 known-later",
		"limit=0":                       "400 bad-limit",
		"limit=101":                     "400 bad-limit",
		"cursor=nonsense":               "400 bad-cursor",
		"name=lee&cursor=" + p.Next:     "400 bad-cursor",
		"nmae=lee":                      "400 unknown-parameter",
		"name=lee&name=ray":             "400 repeated-parameter",
		"name=%zz":                      "400 bad-query",
		"name=lee;city=x":               "400 bad-query",
		"name=%00&q=%ff%fe&city=%F0%9F": "400 bad-name",
	} {
		a := s.do("GET", "/v1/licenses?"+query, nil)
		if got := fmt.Sprintf("%d %s", a.status, a.code(t)); got != want {
			t.Errorf("%.60s: %s, not %s", query, got, want)
		}
	}
	if c := s.get("/v1/licenses/"+all[0]+"?onn=2026-01-10", 400).code(t); c != "unknown-parameter" {
		t.Error(c)
	}
}

func long(n int) string { return strings.Repeat("a", n) }

// Who has the answer already is told so; a new block makes a new answer.
func TestConditional(t *testing.T) {
	s := newSite(t)
	id := s.Issue("041000001", license.Name{Family: "Lee", Given: "Ann"}, "2026-05-31")
	paths := []string{"/v1/licenses?name=lee", "/v1/licenses/" + id, "/v1/licenses/" + id + "/history", "/openapi.json"}
	s.settle()
	tags := map[string]string{}
	for _, path := range paths {
		a := s.get(path, 200)
		tags[path] = a.header.Get("ETag")
		if a = s.do("GET", path, nil, "If-None-Match", `"other", `+tags[path]); a.status != http.StatusNotModified || len(a.body) != 0 || tags[path] == "" {
			t.Errorf("%s: %d %s", path, a.status, a.body)
		}
	}
	s.Rename(id, s.License(id).Counts.Identity, license.Name{Family: "Lee", Given: "Bo"}, "2026-01-10")
	s.settle()
	for _, path := range paths[:3] {
		if a := s.do("GET", path, nil, "If-None-Match", tags[path]); a.status != 200 || a.header.Get("ETag") == tags[path] {
			t.Errorf("%s after a change: %d", path, a.status)
		}
	}
	if a := s.do("GET", "/v1/licenses?name=...", nil, "If-None-Match", "*"); a.status != 400 || a.header.Get("ETag") != "" {
		t.Errorf("a problem: %d %v", a.status, a.header)
	}
}

// A schema is as much of JSON Schema as the document uses.
type schema struct {
	Ref                  string `json:"$ref"`
	Type                 string
	Required             []string
	Properties           map[string]*schema
	AdditionalProperties any
	Items                *schema
	Enum                 []any
	Pattern, Format      string
	Description          string
}

// fits says where a value is not as the schema says, "" when it is.
func (c *schema) fits(all map[string]*schema, v any, at string) string {
	if c.Ref != "" {
		named := all[strings.TrimPrefix(c.Ref, "#/components/schemas/")]
		if named == nil {
			return at + ": no schema " + c.Ref
		}
		return named.fits(all, v, at)
	}
	if c.Enum != nil && !slices.Contains(c.Enum, v) {
		return fmt.Sprintf("%s: %v is none of %v", at, v, c.Enum)
	}
	switch v := v.(type) {
	case map[string]any:
		return c.fitsObject(all, v, at)
	case []any:
		for i, e := range v {
			if c.Type != "array" || c.Items == nil {
				return at + " is an array"
			}
			if bad := c.Items.fits(all, e, fmt.Sprintf("%s[%d]", at, i)); bad != "" {
				return bad
			}
		}
	default:
		want := map[string]bool{"string": isA[string](v), "boolean": isA[bool](v), "integer": isA[float64](v), "number": isA[float64](v)}
		if !want[c.Type] {
			return fmt.Sprintf("%s: %v is no %s", at, v, c.Type)
		}
	}
	return ""
}

func (c *schema) fitsObject(all map[string]*schema, v map[string]any, at string) string {
	if c.Type != "object" {
		return at + " is an object"
	}
	for _, name := range c.Required {
		if _, ok := v[name]; !ok {
			return at + " has no " + name
		}
	}
	if c.Properties == nil {
		return "" // any object
	}
	for name, member := range v {
		p := c.Properties[name]
		if p == nil {
			return at + "." + name + " is not described"
		}
		if bad := p.fits(all, member, at+"."+name); bad != "" {
			return bad
		}
	}
	return ""
}

func isA[T any](v any) bool {
	_, ok := v.(T)
	return ok
}

// What is answered about licenses is as the document says: every member is
// described, and every parameter that a route takes, no more and no fewer.
func TestOpenAPISaysWhatIsAnswered(t *testing.T) {
	s := newSite(t)
	id := s.Issue("041000001", license.Name{Family: "Lee", Given: "Ann"}, "2026-05-31")
	s.Rename(id, s.License(id).Counts.Identity, license.Name{Family: "Kim", Given: "Ann"}, "2026-01-10")
	order := s.Discipline(id, license.AuthorityConditions, license.OrderDocument{Entity: "Board", Actions: []license.OrderAction{{Code: "probation"}}}, "2026-01-10")
	name, ref := s.Opening(license.OpeningName, license.Name{Family: "Ray", Given: "Bo"})
	s.Act([]license.Opening{name}, []string{"clerk"}, &license.ImportAssert{
		License: "us-il.nurse.041000002", File: license.HashOf([]byte("file")), Row: 12, Day: "2026-01-01", Licensee: s.ID(), Subject: license.SubjectPerson,
		Issued: "2019-05-01", Changes: []license.Change{{Do: license.DoTerm, From: "2024-06-01", Through: "2026-05-31"}}, Openings: []license.OpeningRef{ref},
	})
	s.Clock = s.Clock.AddDate(0, 0, 3)
	s.Act(nil, []string{"clerk", "director"}, &license.LicenseSeal{License: id, Order: order, Count: 1})
	s.settle()
	var doc struct {
		Paths map[string]map[string]struct {
			Parameters []struct{ Name, In string }
			Responses  map[string]struct {
				Content map[string]struct{ Schema *schema }
			}
		}
		Components struct{ Schemas map[string]*schema }
	}
	s.get("/openapi.json", 200).read(t, &doc)
	for _, r := range s.api.routes() {
		method, path, _ := strings.Cut(strings.ReplaceAll(r.pattern, "...}", "}"), " ")
		var listed []string
		for _, p := range doc.Paths[path][strings.ToLower(method)].Parameters {
			if p.In == "query" {
				listed = append(listed, p.Name)
			}
		}
		slices.Sort(listed)
		if taken := slices.Sorted(slices.Values(r.params)); !slices.Equal(listed, taken) {
			t.Errorf("%s takes %v, and %v are described", r.pattern, taken, listed)
		}
	}
	for path, of := range map[string]string{
		"/v1/licenses?limit=1":                                  "/v1/licenses",
		"/v1/licenses?name=kom&status=active":                   "/v1/licenses",
		"/v1/licenses?on=2020-01-01&known=2026-01-10T12:00:00Z": "/v1/licenses",
		"/v1/licenses/" + id:                                    "/v1/licenses/{id}",
		"/v1/licenses/us-il.nurse.041000002":                    "/v1/licenses/{id}",
		"/v1/licenses/" + id + "?known=2026-01-10T12:00:00Z":    "/v1/licenses/{id}",
		"/v1/licenses/" + id + "/history":                       "/v1/licenses/{id}/history",
		"/v1/licenses/us-il.nurse.041000002/history":            "/v1/licenses/{id}/history",
		"/v1/network":             "/v1/network",
		"/v1/records/board/us-il": "/v1/records/{kind}/{id}",
	} {
		var v any
		if err := json.Unmarshal(s.get(path, 200).body, &v); err != nil {
			t.Fatal(err)
		}
		body := doc.Paths[of]["get"].Responses["200"].Content["application/json"].Schema
		if body == nil {
			t.Fatalf("%s has no schema", of)
		}
		if bad := body.fits(doc.Components.Schemas, v, "answer"); bad != "" {
			t.Errorf("%s: %s", path, bad)
		}
	}
	var v any
	s.do("GET", "/v1/licenses/us-il.nurse.041999999", nil).read(t, &v)
	if bad := (&schema{Ref: "#/components/schemas/Problem"}).fits(doc.Components.Schemas, v, "problem"); bad != "" {
		t.Error(bad)
	}
}
