package api

import (
	"net/http"
	"strconv"

	"licet/license"
	"licet/proof"
)

func (a *API) bundle(w http.ResponseWriter, r *http.Request) error {
	kind, id := r.PathValue("kind"), r.PathValue("id")
	if kind == license.KindLicense {
		if _, err := license.ParseID(id); err != nil {
			return badRequest("bad-id", "%v.", err)
		}
	}
	s, note, err := a.checkpointed()
	if err != nil {
		return err
	}
	defer s.Release()
	make := a.Bundles.Standing
	if r.FormValue("history") == "1" {
		make = a.Bundles.History
	}
	b, err := make(s, kind, id, note)
	if err != nil {
		return err
	}
	return send(w, r, "application/json", b)
}

// consistency proves that an older log, of which a cosigned note is kept, is the
// newest one's beginning.
func (a *API) consistency(w http.ResponseWriter, r *http.Request) error {
	from, err := strconv.ParseInt(r.FormValue("from"), 10, 64)
	if err != nil || from < 1 {
		return badRequest("bad-from", "from: %q is not the size of a log.", r.FormValue("from"))
	}
	s, note, err := a.checkpointed()
	if err != nil {
		return err
	}
	defer s.Release()
	older, olderNote, err := a.noteOf(from)
	if err != nil {
		return err
	}
	b, err := a.Bundles.Consistency(s, older, olderNote, note)
	if err != nil {
		return err
	}
	return send(w, r, "application/json", b)
}

// noteOf finds the newest note over the log of a size.
func (a *API) noteOf(size int64) (proof.Checkpoint, []byte, error) {
	for h := a.Node.Checkpointed(); h >= 0; h-- {
		c, _, ok := a.Ledger.Checkpoint(h)
		if !ok || c.Size < size {
			break
		}
		if c.Size > size {
			continue
		}
		if n, err := a.Ledger.Note(h); err != nil || n != nil {
			return c, n, err
		}
	}
	return proof.Checkpoint{}, nil, notFound("unknown-checkpoint", "No checkpoint over a log of %d entries is kept here. Use one of the newest, or check by the tiles.", size)
}

// trust serves the trust file as this node says it. Who must not believe one node
// compares it with another member's, or its fingerprint with a letterhead.
func (a *API) trust(w http.ResponseWriter, r *http.Request) error {
	s, err := a.Ledger.State()
	if err != nil {
		return err
	}
	defer s.Release()
	ids, err := s.IDs(license.KindBoard, "", boardsMax)
	if err != nil {
		return err
	}
	var boards []proof.TrustBoard
	for _, id := range ids {
		var b license.Board
		if _, err := s.Record(license.KindBoard, id, &b); err != nil {
			return err
		}
		boards = append(boards, proof.TrustBoard{ID: id, Key: b.Root})
	}
	t := proof.TrustOf(s.Head.Origin, s.Head.VotersOf(s.Head.Height+1), boards)
	w.Header().Set("Licet-Fingerprint", t.Fingerprint())
	return send(w, r, plainText, []byte(t.String()))
}

// boardsMax bounds the boards of a trust file.
const boardsMax = 10_000

func (a *API) trail(w http.ResponseWriter, r *http.Request) error {
	from, err := strconv.ParseInt(r.FormValue("from"), 10, 64)
	if err != nil || from < 1 {
		return badRequest("bad-from", "from: %q is not the number of a member set.", r.FormValue("from"))
	}
	if a.Bundles.Trail == nil {
		return &problem{status: http.StatusNotImplemented, code: "no-trail", detail: "This node does not prove changes of the member set yet. Fetch the trust file anew from two members."}
	}
	s, note, err := a.checkpointed()
	if err != nil {
		return err
	}
	defer s.Release()
	b, err := a.Bundles.Trail(s, from, note)
	if err != nil {
		return err
	}
	return send(w, r, "application/json", b)
}
