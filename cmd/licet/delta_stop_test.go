package main

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
)

// An import that is killed, or whose node is killed, at any batch goes on when it is run
// again: then the registry holds what it holds after an import that nobody stopped, and
// as many rows were copied, refused and quarantined.
func TestStoppedImportGoesOn(t *testing.T) {
	const licenses = 4000
	whole := newDaily(t, licenses)
	want := whole.imports(whole.file)
	exported := exportOf(whole)
	r := rand.New(rand.NewPCG(*killSeed, 4)) // #nosec G404 -- a test's
	for name, killNode := range map[string]bool{"the import": false, "the node": true} {
		t.Run(name, func(t *testing.T) {
			d := newDaily(t, licenses)
			d.stopped(5+r.IntN(2), killNode) // four may be under way at once
			d.stopped(1+r.IntN(2), killNode)
			got := d.imports(d.file)
			if got.Asserted+got.Unchanged != want.Asserted+want.Unchanged || got.Refused != want.Refused || got.Quarantined != want.Quarantined || got.Vanished != 0 {
				t.Errorf("at the end %+v; without a stop %+v", got, want)
			}
			if e := exportOf(d); e != exported {
				x, y := strings.Split(e, "\n"), strings.Split(exported, "\n")
				for i := range min(len(x), len(y)) {
					if x[i] != y[i] {
						t.Fatalf("the registry holds something else:\n%s\nand without a stop\n%s", x[i], y[i])
					}
				}
				t.Fatalf("the registry holds %d rows, and %d without a stop", len(x), len(y))
			}
			if again := d.imports(d.file); again.Asserted != 0 || again.Unchanged != want.Asserted+want.Unchanged {
				t.Errorf("again: %+v", again)
			}
		})
	}
}

// randomID is how ids are written that are drawn.
var randomID = regexp.MustCompile(`^[0-9a-f]{32}$`)

// exportOf writes what the registry holds, but when it was recorded, and drawn ids.
func exportOf(d *daily) string {
	d.t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(d.run("export", "--format", "csv"))).ReadAll()
	if err != nil {
		d.t.Fatal(err)
	}
	recorded := slices.Index(rows[0], "LastModifiedDate")
	var out strings.Builder
	for _, r := range rows {
		for i, c := range slices.Delete(r, recorded, recorded+1) {
			if randomID.MatchString(c) {
				r[i] = "random"
			}
		}
		fmt.Fprintf(&out, "%q\n", r[:len(r)-1])
	}
	return out.String()
}

// stopped imports, and kills the program or its node when so many batches are sent.
func (d *daily) stopped(batches int, killNode bool) {
	d.t.Helper()
	node, err := url.Parse(d.url)
	if err != nil {
		d.t.Fatal(err)
	}
	l, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		d.t.Fatal(err)
	}
	due := make(chan struct{})
	var sent atomic.Int64
	way := httputil.NewSingleHostReverseProxy(node)
	way.ErrorLog = log.New(io.Discard, "", 0)
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/v1/acts" && r.Method == http.MethodPost && r.URL.Query().Get("wait") == "" && sent.Add(1) == int64(batches) {
			b, err := io.ReadAll(r.Body) // it arrives, and whether it is recorded nobody knows
			if err != nil {
				return
			}
			r.Body = io.NopCloser(bytes.NewReader(b))
			close(due)
		}
		way.ServeHTTP(w, r)
	})}
	go func() { _ = server.Serve(l) }()
	defer func() { _ = server.Close() }()
	c := d.command(d.importArgs(d.file)...)
	c.Env = append(c.Env, "LICET_SERVER=http://"+l.Addr().String())
	var stderr bytes.Buffer
	c.Stderr = &stderr
	if err := c.Start(); err != nil {
		d.t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- c.Wait() }()
	select {
	case <-due:
	case err := <-ended:
		d.t.Fatalf("the import ended before batch %d: %v\n%s", batches, err, &stderr)
	}
	if killNode {
		_ = d.cmd.Process.Kill()
		<-d.victim.ended
	} else {
		_ = c.Process.Kill()
	}
	if err := <-ended; err == nil {
		d.t.Fatal("the import went on to its end")
	}
	if killNode {
		d.start()
		d.mustServe()
	}
}
