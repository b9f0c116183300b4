package api

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strings"

	"licet/license"
)

// writeJSON writes ordinary JSON. Nothing of it is signed or proved, and text
// stays as it is: the reader is no HTML page.
func writeJSON(w http.ResponseWriter, status int, contentType string, v any) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(err) // our own structs
	}
	w.Header().Set("Content-Type", contentType)
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes())
}

func sendJSON(w http.ResponseWriter, v any) error {
	writeJSON(w, http.StatusOK, "application/json", v)
	return nil
}

// send writes bytes as they are, with an ETag over them.
func send(w http.ResponseWriter, r *http.Request, contentType string, b []byte) error {
	sum := sha256.Sum256(b)
	return sendTagged(w, r, contentType, hex.EncodeToString(sum[:16]), b)
}

// sendForever writes bytes that never change.
func sendForever(w http.ResponseWriter, r *http.Request, contentType string, b []byte) error {
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	return send(w, r, contentType, b)
}

func sendTagged(w http.ResponseWriter, r *http.Request, contentType, tag string, b []byte) error {
	tag = `"` + tag + `"`
	h := w.Header()
	h.Set("ETag", tag)
	for known := range strings.SplitSeq(r.Header.Get("If-None-Match"), ",") {
		if k := strings.TrimPrefix(strings.TrimSpace(known), "W/"); k == tag || k == "*" {
			w.WriteHeader(http.StatusNotModified)
			return nil
		}
	}
	h.Set("Content-Type", contentType)
	_, _ = w.Write(b)
	return nil
}

const plainText = "text/plain; charset=utf-8"

// pathHash reads a hash from the path.
func pathHash(r *http.Request, name string) (license.Hash, error) {
	h, err := license.ParseHash(r.PathValue(name))
	if err != nil {
		return h, badRequest("bad-hash", "%v.", err)
	}
	return h, nil
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
