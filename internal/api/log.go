package api

import (
	"net/http"
	"strconv"

	"golang.org/x/mod/sumdb/tlog"

	"licet/internal/ledger"
	"licet/license"
	"licet/proof"
	"licet/strict"
)

// note returns the newest cosigned checkpoint and its height.
func (a *API) note() (proof.Checkpoint, []byte, error) {
	h := a.Node.Checkpointed()
	if h < 0 {
		return proof.Checkpoint{}, nil, noCheckpoint()
	}
	c, _, ok := a.Ledger.Checkpoint(h)
	n, err := a.Ledger.Note(h)
	if err == nil && (!ok || n == nil) {
		err = noCheckpoint()
	}
	return c, n, err
}

// checkpointed returns the state that the newest note is over. Release it.
func (a *API) checkpointed() (*ledger.State, []byte, error) {
	c, n, err := a.note()
	if err != nil {
		return nil, nil, err
	}
	s, err := a.Ledger.StateAt(c.Size)
	return s, n, err // not kept: the checkpoint moves on in a moment
}

// logSigned adds the log's own signature.
func (a *API) logSigned(c proof.Checkpoint, note []byte) []byte {
	if a.LogSigner == nil {
		return note
	}
	ext := a.LogSigner.Sign(c.Text())
	return proof.MergeNotes(note, proof.AssembleNote(c.Text(), []string{proof.SignatureLine(a.LogSigner.VKey().Name, ext[:])}))
}

func (a *API) checkpoint(w http.ResponseWriter, r *http.Request) error {
	c, n, err := a.note()
	if err != nil {
		return err
	}
	return send(w, r, plainText, a.logSigned(c, n))
}

// tile serves tiles and entry bundles by C2SP tlog-tiles. Each is immutable: the
// width of a partial one stands in its path.
func (a *API) tile(w http.ResponseWriter, r *http.Request) error {
	t, err := proof.ParseTilePath("tile/" + r.PathValue("path"))
	if err != nil {
		return notFound("no-tile", "%v.", err)
	}
	s, err := a.Ledger.State()
	if err != nil {
		return err
	}
	defer s.Release()
	b, err := tileData(s, t)
	if err != nil {
		return err
	}
	return sendForever(w, r, "application/octet-stream", b)
}

func tileData(s *ledger.State, t tlog.Tile) ([]byte, error) {
	if t.L != proof.EntryLevel {
		return proof.TileData(t, s.Head.Size, s.Hashes())
	}
	if t.W > proof.TileWidthAt(s.Head.Size, t.L, t.N) {
		return nil, notFound("no-tile", "A log of %d entries has no %s.", s.Head.Size, proof.TilePath(t))
	}
	es, err := s.EntriesRange(t.N<<proof.TileHeight, int64(t.W))
	if err != nil {
		return nil, err
	}
	return proof.EncodeEntries(es)
}

func (a *API) entry(w http.ResponseWriter, r *http.Request) error {
	index, err := strconv.ParseInt(r.PathValue("index"), 10, 64)
	if err != nil || index < 0 {
		return badRequest("bad-index", "%q is not the index of an entry.", r.PathValue("index"))
	}
	switch f := r.FormValue("format"); f {
	case "":
	case "tlog-proof":
		return a.tlogProof(w, r, index)
	default:
		return badRequest("bad-format", "format: %q is none; tlog-proof is one.", f)
	}
	s, err := a.Ledger.State()
	if err != nil {
		return err
	}
	defer s.Release()
	if index >= s.Head.Size {
		return notFound("unknown-entry", "There is no entry %d: the log has %d.", index, s.Head.Size)
	}
	b, err := s.EntryBytes(index)
	if err != nil {
		return err
	}
	return sendForever(w, r, "application/json", b)
}

// signed serves what was signed behind a run of entries. A run that stands whole in
// the log never changes.
func (a *API) signed(w http.ResponseWriter, r *http.Request) error {
	from, err := strconv.ParseInt(r.FormValue("from"), 10, 64)
	if err != nil || from < 0 {
		return badRequest("bad-from", "from: %q is not the index of an entry.", r.FormValue("from"))
	}
	to, err := strconv.ParseInt(r.FormValue("to"), 10, 64)
	if err != nil || to <= from {
		return badRequest("bad-to", "to: %q is not the index of an entry after the first one.", r.FormValue("to"))
	}
	s, err := a.Ledger.State()
	if err != nil {
		return err
	}
	defer s.Release()
	if to > s.Head.Size {
		return notFound("unknown-entry", "There is no entry %d: the log has %d.", to-1, s.Head.Size)
	}
	signed, err := s.Signed(from, to)
	if err != nil {
		return err
	}
	return sendForever(w, r, "application/json", strict.Encode(signed))
}

func (a *API) tlogProof(w http.ResponseWriter, r *http.Request, index int64) error {
	s, note, err := a.checkpointed()
	if err != nil {
		return err
	}
	defer s.Release()
	if index >= s.Head.Size {
		if index < a.Ledger.Head().Size {
			return noCheckpoint()
		}
		return notFound("unknown-entry", "There is no entry %d: the log has %d.", index, s.Head.Size)
	}
	path, err := proof.InclusionPath(s.Head.Size, index, s.Hashes())
	if err != nil {
		return err
	}
	c, err := proof.ParseCheckpoint(checkpointText(s))
	if err != nil {
		return err
	}
	return send(w, r, plainText, proof.TlogProof{Index: index, Path: path, Note: a.logSigned(c, note)}.Bytes())
}

func checkpointText(s *ledger.State) string {
	return proof.Checkpoint{Origin: s.Head.Origin, Size: s.Head.Size, Root: tlog.Hash(s.Head.Root)}.Text()
}

// payload reads what is kept of a payload, and serves the part that read picks.
func (a *API) payload(w http.ResponseWriter, r *http.Request, what string, read func(s *ledger.State, ps []*ledger.Payload) ([]byte, error)) error {
	h, err := pathHash(r, "hash")
	if err != nil {
		return err
	}
	s, err := a.Ledger.State()
	if err != nil {
		return err
	}
	defer s.Release()
	ps, err := s.Payloads(h)
	if err != nil {
		return err
	}
	b, err := read(s, ps)
	if err != nil {
		return err
	}
	if b == nil {
		return notFound("unknown-"+what, "There is no such %s of payload %s.", what, h)
	}
	return sendForever(w, r, "application/json", b)
}

func (a *API) header(w http.ResponseWriter, r *http.Request) error {
	return a.payload(w, r, "header", func(_ *ledger.State, ps []*ledger.Payload) ([]byte, error) {
		if len(ps) == 0 {
			return nil, nil
		}
		return ps[0].Header, nil
	})
}

func (a *API) signatures(w http.ResponseWriter, r *http.Request) error {
	h, err := pathHash(r, "signatures")
	if err != nil {
		return err
	}
	return a.payload(w, r, "signatures", func(_ *ledger.State, ps []*ledger.Payload) ([]byte, error) {
		for _, p := range ps {
			if license.HashOf(p.Signatures) == h {
				return p.Signatures, nil
			}
		}
		return nil, nil
	})
}

// act serves an applied act; n is its number in the payload, from 0, as causes
// name it.
func (a *API) act(w http.ResponseWriter, r *http.Request) error {
	n, err := strconv.ParseInt(r.PathValue("n"), 10, 32)
	if err != nil || n < 0 {
		return badRequest("bad-number", "%q is not the number of an act.", r.PathValue("n"))
	}
	return a.payload(w, r, "act", func(s *ledger.State, ps []*ledger.Payload) ([]byte, error) {
		for _, p := range ps {
			o, err := p.Outcome()
			if err != nil {
				return nil, err
			}
			for _, x := range o.Applied {
				if x.Act == n+1 && x.Index < s.Head.Size {
					return s.Act(x.Index)
				}
			}
		}
		return nil, nil
	})
}
