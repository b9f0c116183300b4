package api

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"licet/license"
)

// queryMax bounds what stands after the "?" of an address, in bytes. The longest
// that means something holds a cursor.
const queryMax = 8192

// checkQuery refuses what a route does not know: a misspelled filter would
// otherwise find everything.
func checkQuery(r *http.Request, known []string) error {
	if len(r.URL.RawQuery) > queryMax {
		return &problem{status: http.StatusRequestURITooLong, code: "too-long", detail: "The question is too long; shorten it."}
	}
	if r.URL.RawQuery == "" {
		return nil
	}
	v, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return badRequest("bad-query", "What stands after the ? cannot be read: %v.", err)
	}
	for name, values := range v {
		switch {
		case !slices.Contains(known, name) && len(known) == 0:
			return badRequest("unknown-parameter", "There is no parameter %q here, nor any other.", name)
		case !slices.Contains(known, name):
			return badRequest("unknown-parameter", "There is no parameter %q here; there are: %s.", name, strings.Join(known, ", "))
		case len(values) > 1:
			return badRequest("repeated-parameter", "The parameter %q stands there %d times.", name, len(values))
		}
	}
	return nil
}

// queryDay reads a day from the query, "" when it is absent.
func queryDay(r *http.Request, name string) (license.Day, error) {
	s := r.FormValue(name)
	if s == "" {
		return "", nil
	}
	d, err := license.ParseDay(s)
	if err != nil {
		return "", badRequest("bad-"+name, "%s: %v.", name, err)
	}
	return d, nil
}

// queryInstant reads an instant from the query, "" when it is absent.
func queryInstant(r *http.Request, name string) (license.Instant, error) {
	s := r.FormValue(name)
	if s == "" {
		return "", nil
	}
	t, err := license.ParseInstant(s)
	if err != nil {
		return "", badRequest("bad-"+name, "%s: %v.", name, err)
	}
	return t, nil
}

// queryNumber reads a number from 1 to most, 0 when it is absent.
func queryNumber(r *http.Request, name string, most int) (int, error) {
	s := r.FormValue(name)
	if s == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > most {
		return 0, badRequest("bad-"+name, "%s: %q is not a number from 1 to %d.", name, s, most)
	}
	return n, nil
}
