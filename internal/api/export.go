package api

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"licet/internal/export"
)

// exportsAtOnce bounds how many parts of exports are made at a time, so that they
// leave room for questions and acts; others wait for their turn, so long. A part is
// made in memory first: who reads it slowly holds nothing of the registry.
const (
	exportsAtOnce    = 1
	exportWaits      = 3 * time.Second
	exportsInLineMax = 32
)

// export answers with a part of an export, in the order of license ids.
func (a *API) export(w http.ResponseWriter, r *http.Request) error {
	format := r.FormValue("format")
	if format != export.CSV && format != export.NDJSON {
		return badRequest("bad-format", "format: %q; choose %s or %s.", format, export.CSV, export.NDJSON)
	}
	limit, err := exportLimit(r)
	if err != nil {
		return err
	}
	at, note, err := a.exportFrom(r)
	if err != nil {
		return err
	}
	p, err := a.exportPart(r, format, at, limit, note)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Licet-As-Of", fmt.Sprintf("block=%d, time=%s, index=%d", p.AsOf.Block, p.AsOf.Time, p.AsOf.Index))
	h.Set("Licet-Total", strconv.FormatInt(p.Total, 10))
	if note != nil {
		h.Set("Licet-Checkpoint", base64.StdEncoding.EncodeToString(note))
	}
	if p.Next != "" {
		h.Set("Licet-Next", p.Next)
		h.Set("Link", "</v1/export?"+url.Values{"format": {format}, "limit": {strconv.Itoa(limit)}, "cursor": {p.Next}}.Encode()+`>; rel="next"`)
	}
	h.Set("Access-Control-Expose-Headers", "Licet-As-Of, Licet-Total, Licet-Checkpoint, Licet-Next, Link")
	contentType := "application/x-ndjson"
	if format == export.CSV {
		contentType = "text/csv; charset=utf-8; header=present"
		if at.After != "" {
			contentType = "text/csv; charset=utf-8; header=absent"
		}
		h.Set("Content-Disposition", `attachment; filename="licenses.csv"`)
	}
	return send(w, r, contentType, p.Body)
}

// exportPart makes a part, when not too many are being made.
func (a *API) exportPart(r *http.Request, format string, at export.Cursor, limit int, note []byte) (*export.Part, error) {
	busy := &problem{status: http.StatusServiceUnavailable, code: "busy", detail: "Enough exports are being made. Try again.", retry: 1}
	if a.exportLine.Add(1) > exportsInLineMax {
		a.exportLine.Add(-1)
		return nil, busy
	}
	defer a.exportLine.Add(-1)
	turn := time.NewTimer(exportWaits)
	defer turn.Stop()
	select {
	case a.exports <- struct{}{}:
		defer func() { <-a.exports }()
	case <-turn.C:
		return nil, busy
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
	return export.Write(r.Context(), a.answers, format, at, limit, note)
}

func exportLimit(r *http.Request) (int, error) {
	s := r.FormValue("limit")
	if s == "" {
		return export.LimitDefault, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > export.LimitMax {
		return 0, badRequest("bad-limit", "limit: %q is not a number of licenses from 1 to %d.", s, export.LimitMax)
	}
	return n, nil
}

// exportFrom finds where the part begins, and the note over what it is of, when
// that is kept. A new export is of the newest checkpoint.
func (a *API) exportFrom(r *http.Request) (at export.Cursor, note []byte, err error) {
	if c := r.FormValue("cursor"); c != "" {
		if r.FormValue("only") != "" {
			return at, nil, badRequest("bad-cursor", "A cursor says itself what is exported; leave \"only\" out.")
		}
		at, err = export.ParseCursor(c, a.Ledger.Head().Origin)
		return at, nil, err
	}
	if at.Prefix, err = export.Prefix(r.FormValue("only")); err != nil {
		return at, nil, err
	}
	c, note, err := a.note()
	at.Size = c.Size
	return at, note, err
}
