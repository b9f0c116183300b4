package sim

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"licet/internal/auditor"
	"licet/internal/ledger"
	"licet/proof"
	"licet/strict"
)

// audited lets an auditor decide every act of the game again, from nothing but what
// a node serves.
func (g *game) audited() error {
	s, err := g.replicas[0].ledger.State()
	if err != nil {
		return err
	}
	defer s.Release()
	note, err := g.cosigned(s)
	if err != nil {
		return err
	}
	trust, err := g.trust()
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "sim-audit-")
	if err != nil {
		return err
	}
	a := auditor.Auditor{Base: "http://node", Dir: dir, Trust: trust, Client: &http.Client{Transport: counter{s, note}}}
	r, err := a.Audit()
	if err == nil && (r.Size != s.Head.Size || r.Acts+r.Blocks != r.Size) {
		err = fmt.Errorf("it decided %d acts in %d blocks, of %d entries", r.Acts, r.Blocks, s.Head.Size)
	}
	if err = errors.Join(err, os.RemoveAll(dir)); err != nil {
		return fmt.Errorf("the audit: %w", err)
	}
	return nil
}

// A counter answers as a node's API does, without a network between.
type counter struct {
	s    *ledger.State
	note []byte
}

// RoundTrip implements http.RoundTripper.
func (c counter) RoundTrip(r *http.Request) (*http.Response, error) {
	b, err := c.answer(strings.TrimPrefix(r.URL.RequestURI(), "/"))
	if err != nil {
		return nil, err
	}
	return &http.Response{StatusCode: http.StatusOK, Status: "200 OK", Body: io.NopCloser(bytes.NewReader(b)), Request: r}, nil
}

func (c counter) answer(path string) ([]byte, error) {
	var from, to int64
	if path == "checkpoint" {
		return c.note, nil
	}
	if n, _ := fmt.Sscanf(path, "v1/signed?from=%d&to=%d", &from, &to); n == 2 {
		signed, err := c.s.Signed(from, to)
		return strict.Encode(signed), err
	}
	t, err := proof.ParseTilePath(path)
	if err != nil {
		return nil, err
	}
	return c.tile(t)
}

func (c counter) tile(t tlog.Tile) ([]byte, error) {
	if t.L != proof.EntryLevel {
		return proof.TileData(t, c.s.Head.Size, c.s.Hashes())
	}
	es, err := c.s.EntriesRange(t.N<<proof.TileHeight, int64(t.W))
	if err != nil {
		return nil, err
	}
	return proof.EncodeEntries(es)
}
