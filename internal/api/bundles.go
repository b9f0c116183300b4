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
	t := proof.TrustOf(s.Head.Origin, a.signing(), boards)
	w.Header().Set("Licet-Fingerprint", t.Fingerprint())
	return send(w, r, plainText, []byte(t.String()))
}

// boardsMax bounds the boards of a trust file.
const boardsMax = 10_000

// signing is the member set that signed the newest checkpoint; before there is one,
// the one that will.
func (a *API) signing() license.MemberSet {
	h := a.Ledger.Head()
	if c := a.Node.Checkpointed(); c >= 0 {
		return h.VotersOf(c + 1)
	}
	return h.VotersOf(h.Height + 1)
}

// trail proves the member sets that follow the one that the asker trusts, as many
// as one bundle holds: who trusts the last of them asks again from there.
func (a *API) trail(w http.ResponseWriter, r *http.Request) error {
	from, err := strconv.ParseInt(r.FormValue("from"), 10, 64)
	if err != nil || from < 1 {
		return badRequest("bad-from", "from: %q is not the number of a member set.", r.FormValue("from"))
	}
	b, err := a.Ledger.TrailBundle(from, a.signing().Set)
	if err != nil {
		return err
	}
	return send(w, r, "application/json", b)
}
