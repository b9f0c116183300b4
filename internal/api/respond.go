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
	w.Header().Set("Content-Type", contentType)
	w.WriteHeader(status)
	_, _ = w.Write(encode(v))
}

func encode(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(err) // our own structs
	}
	return b.Bytes()
}

// sendTaggedJSON writes JSON with an ETag over it, so that who has the same answer
// already is told so in a line.
func sendTaggedJSON(w http.ResponseWriter, r *http.Request, v any) error {
	return send(w, r, "application/json", encode(v))
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
