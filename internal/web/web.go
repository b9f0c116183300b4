// Package web shows the registry to people: pages that a server renders, without
// scripts, for screens, phones, screen readers and paper. One page is one handler,
// one typed struct and one template. Every page carries its as-of, and on a test
// network a banner.
package web

import (
	"bytes"
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"licet/internal/answer"
	"licet/internal/wording"
	"licet/license"
)

//go:embed templates/*.html
var templates embed.FS

//go:embed assets/style.css assets/icon.svg
var assets embed.FS

// policy lets a page load its own style and icon, send its own forms, and nothing
// else: no script runs, and no other site frames it.
const policy = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// readWithin bounds how long a page may take to read.
const readWithin = 15 * time.Second

// fetchWithin is how long a browser may take to fetch a page, after that.
const fetchWithin = 30 * time.Second

// Config says what the pages show.
type Config struct {
	Answers *answer.Registry
	URL     string       // where the network reaches this node; "" is left out of commands
	Logger  *slog.Logger // nil: none
}

// A Site serves the pages.
type Site struct {
	Config
	pages map[string]*template.Template // by file name
	style string                        // path of the sheet; it names its content
	sheet []byte
	icon  []byte
}

// New reads the templates.
func New(c Config) (*Site, error) {
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	s := &Site{Config: c, pages: map[string]*template.Template{}}
	var err error
	if s.sheet, err = assets.ReadFile("assets/style.css"); err != nil {
		return nil, err
	}
	if s.icon, err = assets.ReadFile("assets/icon.svg"); err != nil {
		return nil, err
	}
	sum := sha256.Sum256(s.sheet)
	s.style = "/assets/style-" + hex.EncodeToString(sum[:6]) + ".css"
	return s, s.parse()
}

// parse makes one set of each page and what pages share.
func (s *Site) parse() error {
	files, err := fs.Glob(templates, "templates/*.html")
	if err != nil {
		return err
	}
	for _, f := range files {
		name := f[len("templates/"):]
		t, err := template.New(name).Option("missingkey=error").ParseFS(templates, "templates/layout.html", "templates/verdict.html", f)
		if err != nil {
			return err
		}
		s.pages[name] = t
	}
	return nil
}

// Register puts the pages on a mux.
func (s *Site) Register(mux *http.ServeMux) {
	mux.Handle("GET /{$}", s.page(s.home))
	mux.Handle("GET /search", s.page(s.search))
	mux.Handle("GET /licenses/{id}", s.page(s.license))
	mux.Handle("GET /contracts", s.page(s.contracts))
	mux.Handle("GET /contracts/{name}", s.page(s.contract))
	mux.Handle("GET /boards/{board}", s.page(s.board))
	// Of every method, so that the pages fit on one mux with the API's "/v1/".
	mux.Handle("/", s.page(func(*http.Request) (*rendered, error) { return nil, errNoPage }))
	mux.HandleFunc("GET "+s.style, s.asset("text/css; charset=utf-8", &s.sheet))
	mux.HandleFunc("GET /assets/icon.svg", s.asset("image/svg+xml", &s.icon))
}

func (s *Site) asset(contentType string, b *[]byte) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		h := w.Header()
		h.Set("Content-Type", contentType)
		h.Set("Cache-Control", "public, max-age=86400")
		h.Set("X-Content-Type-Options", "nosniff")
		_, _ = w.Write(*b)
	}
}

// A rendered page is a template's name and the struct that fills it.
type rendered struct {
	template string
	status   int
	page     any
}

// errNoPage says that the path is none of ours.
var errNoPage = &answer.Problem{Code: "unknown-page", Detail: "There is no page at this address."}

// page answers with a page, also when there is a problem.
func (s *Site) page(make func(*http.Request) (*rendered, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// Not every server below can set it; then the server's own limits hold.
		_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(readWithin + fetchWithin))
		ctx, cancel := context.WithTimeout(answer.AskedBy(r), readWithin)
		defer cancel()
		r = r.WithContext(ctx)
		p, err := make(r)
		if err != nil {
			p = s.problem(r, err)
		}
		var b bytes.Buffer // whole before the first byte goes out
		if err := s.pages[p.template].ExecuteTemplate(&b, p.template, p.page); err != nil {
			s.Logger.Error("a page failed", "page", p.template, "reason", err)
			http.Error(w, "This page failed.", http.StatusInternalServerError)
			return
		}
		h := w.Header()
		h.Set("Content-Type", "text/html; charset=utf-8")
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
		h.Set("Cache-Control", "no-cache")
		if p.status == http.StatusServiceUnavailable {
			h.Set("Retry-After", "1")
		}
		if p.status == http.StatusOK {
			// What a browser has already is not sent again.
			sum := sha256.Sum256(b.Bytes())
			tag := `"` + hex.EncodeToString(sum[:16]) + `"`
			h.Set("ETag", tag)
			if r.Header.Get("If-None-Match") == tag {
				w.WriteHeader(http.StatusNotModified)
				return
			}
		}
		w.WriteHeader(p.status)
		_, _ = w.Write(b.Bytes())
	})
}

// A frame is what all pages have: title, network, as-of.
type frame struct {
	Title  string
	Style  string
	Origin string
	Test   bool
	Read   string // of which state, as a sentence; "" when nothing was read
	Query  string // in the search field
}

func (s *Site) frame(title string) frame {
	f := frame{Title: title + " – Licet", Style: s.style}
	if n, err := s.Answers.Network(); err == nil {
		f.Origin, f.Test = n.Origin, n.Test
		f.read(n.AsOf, nil)
	}
	if f.Test {
		f.Title = "TEST: " + f.Title
	}
	return f
}

// read says of which state a page is, in the local time of a calendar.
func (f *frame) read(at answer.AsOf, c *license.Calendar) {
	f.Read = strings.TrimSuffix(fmt.Sprintf("Read from block %d of %s", at.Block, wording.Moment(at.Time, c)), ".") + "."
}

// A verdictLine is the first line of an answer, its answer set off.
type verdictLine struct {
	Class                 string // yes, limits, no, or "" for neither
	Before, Answer, After string
}

func lineOf(v wording.Verdict, class string) verdictLine {
	b, a, after := v.Parts()
	return verdictLine{class, b, a, after}
}

type problemPage struct {
	frame
	Heading string
	Detail  string
	Back    string
}

// problem shows why there is no answer. What is ours to mend goes to the log only.
func (s *Site) problem(r *http.Request, err error) *rendered {
	p := &problemPage{Heading: "This page failed", Detail: "The node could not answer; its log says why."}
	status := http.StatusInternalServerError
	var ap *answer.Problem
	switch {
	case errors.As(err, &ap) && ap == errNoPage:
		status, p.Heading, p.Detail = http.StatusNotFound, "No such page", ap.Detail
	case errors.As(err, &ap) && ap.Code == "not-founded":
		status, p.Heading, p.Detail = http.StatusServiceUnavailable, "Not ready yet", ap.Detail
	case errors.As(err, &ap) && ap.Code == "busy":
		status, p.Heading, p.Detail = http.StatusServiceUnavailable, "Too many searches", ap.Detail
	case errors.As(err, &ap):
		status, p.Heading, p.Detail = http.StatusBadRequest, "The question cannot be answered", ap.Detail
		if id := r.PathValue("id"); id != "" && ap.Code != "bad-id" {
			p.Back = licensePath(id)
		}
	default:
		s.Logger.Error("a page failed", "path", r.URL.Path, "reason", err)
	}
	p.frame = s.frame(p.Heading)
	return &rendered{"problem.html", status, p}
}

func licensePath(id string) string { return "/licenses/" + url.PathEscape(id) }
