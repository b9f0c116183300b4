package cli

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"licet/internal/export"
	"licet/internal/host"
	"licet/internal/ledger"
	"licet/internal/wording"
	"licet/license"
)

type exportCmd struct {
	Format  string `help:"csv: Illinois' open-data columns. ndjson: a JSON object a line, with all terms and orders." enum:"csv,ndjson" default:"csv" placeholder:"FORMAT"`
	Out     string `short:"o" help:"New file to write. Run again after an interruption, the same command goes on. Absent: standard output." placeholder:"FILE" type:"path"`
	Only    string `help:"Licenses of one board or profession: us-il or us-il.nurse." placeholder:"ID"`
	From    string `help:"On standard output: go on where an export stopped; it printed this cursor." placeholder:"CURSOR"`
	Offline bool   `help:"Read the home itself; its node must not run."`
	Part    int    `help:"Licenses that are asked for at a time." default:"2000" placeholder:"N" hidden:""`
}

// A part is a piece of an export as it came.
type part struct {
	body  []byte
	asOf  asOf
	next  string // cursor; "": the last part
	total int64  // licenses up to its end
	note  []byte // the cosigned checkpoint; nil: not with this part
}

// A partsSource makes the part that begins at a cursor.
type partsSource func(cursor string) (part, error)

// Run exports.
func (c exportCmd) Run(e *env) (err error) {
	if c.From != "" && (c.Out != "" || c.Only != "") {
		return usage("--from goes with neither -o nor --only: a file is gone on with by the same command, and a cursor says what is exported")
	}
	if c.Part < 1 || c.Part > export.LimitMax {
		return usage("--part: 1 to %d licenses, not %d", export.LimitMax, c.Part)
	}
	source := c.remote(e)
	if c.Offline {
		var done func() error
		if source, done, err = c.home(e); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, done()) }()
	}
	if c.Out != "" {
		return c.toFile(e, source)
	}
	return c.toStdout(e, source)
}

func (c exportCmd) toStdout(e *env, source partsSource) error {
	cursor, total := c.From, int64(0)
	for {
		p, err := source(cursor)
		if err == nil {
			err = e.ctx.Err() // what was not written yet comes again
		}
		if err == nil {
			_, err = e.stdout.Write(p.body)
		}
		if err != nil && cursor != "" {
			fmt.Fprintf(e.stderr, "The export stopped, %s licenses are written. Go on with: licet export --format %s --from %s\n", digits(total), c.Format, cursor)
		}
		if err != nil {
			return stoppedExport(err)
		}
		if total, cursor = p.total, p.next; cursor == "" {
			fmt.Fprintf(e.stderr, "Exported %s licenses, as of %s.\n", digits(total), p.asOf)
			return nil
		}
	}
}

func stoppedExport(err error) error {
	if errors.Is(err, context.Canceled) {
		return errors.New("stopped before the end")
	}
	return err
}

// busyWithin is how long the command waits for a node that makes other exports.
const busyWithin = time.Minute

// remote asks a node.
func (c exportCmd) remote(e *env) partsSource {
	return func(cursor string) (p part, err error) {
		q := url.Values{"format": {c.Format}, "limit": {strconv.Itoa(c.Part)}}
		if cursor != "" {
			q.Set("cursor", cursor)
		} else if c.Only != "" {
			q.Set("only", c.Only)
		}
		deadline := time.Now().Add(busyWithin)
		for {
			b, h, err := e.fetchAll("GET", e.Server, "/v1/export?"+q.Encode(), nil)
			var busy *problem
			if errors.As(err, &busy) && busy.retry > 0 && time.Now().Add(busy.retry).Before(deadline) {
				select {
				case <-e.ctx.Done():
					return p, e.ctx.Err()
				case <-time.After(busy.retry):
				}
				continue
			}
			if err != nil {
				return p, err
			}
			p = part{body: b, asOf: asOfHeader(h.Get("Licet-As-Of")), next: h.Get("Licet-Next")}
			if p.total, err = strconv.ParseInt(h.Get("Licet-Total"), 10, 64); err != nil {
				return p, fmt.Errorf("%s answers as no node of this edition does: it does not say how many licenses there are", e.Server)
			}
			p.note, err = base64.StdEncoding.DecodeString(h.Get("Licet-Checkpoint"))
			return p, err
		}
	}
}

// asOfHeader reads "block=89, time=2026-11-23T14:02:09Z, index=2274".
func asOfHeader(s string) (a asOf) {
	for f := range strings.SplitSeq(s, ", ") {
		switch name, v, _ := strings.Cut(f, "="); name {
		case "block":
			a.Block, _ = strconv.ParseInt(v, 10, 64) // what cannot be read is left out
		case "time":
			a.Time, _ = license.ParseInstant(v)
		case "index":
			a.Index, _ = strconv.ParseInt(v, 10, 64)
		}
	}
	return a
}

// String writes it for people.
func (a asOf) String() string {
	return fmt.Sprintf("%s (block %s, a log of %s entries)", wording.Moment(a.Time, nil), digits(a.Block), digits(a.Index))
}

// home reads a home whose node does not run.
func (c exportCmd) home(e *env) (_ partsSource, done func() error, err error) {
	dir, err := e.home()
	if err != nil {
		return nil, nil, err
	}
	h, err := host.Open(dir)
	if err != nil {
		return nil, nil, err
	}
	l, err := openRegistry(h)
	if err != nil {
		return nil, nil, errors.Join(err, h.Close())
	}
	r := export.Over(l)
	return func(cursor string) (part, error) {
		at, note, err := c.begin(l, cursor)
		if err != nil {
			return part{}, err
		}
		p, err := export.Write(e.ctx, r, c.Format, at, c.Part, note)
		if err != nil {
			return part{}, err
		}
		return part{p.Body, asOf(p.AsOf), p.Next, p.Total, note}, nil
	}, func() error { return errors.Join(l.Close(), h.Close()) }, nil
}

func openRegistry(h *host.Home) (*ledger.Ledger, error) {
	founded, err := h.Founded()
	if err == nil && !founded {
		err = usage("the home %s holds no network; name another with --home, or leave --offline out to ask a node", h.Dir)
	}
	if err != nil {
		return nil, err
	}
	return ledger.Open(h.Path("registry"), ledger.Options{})
}

// begin reads a cursor, or finds the newest checkpoint of the home.
func (c exportCmd) begin(l *ledger.Ledger, cursor string) (at export.Cursor, note []byte, err error) {
	if cursor != "" {
		at, err = export.ParseCursor(cursor, l.Head().Origin)
		return at, nil, err
	}
	if at.Prefix, err = export.Prefix(c.Only); err != nil {
		return at, nil, err
	}
	for height := l.Head().Height; height >= 0; height-- {
		if note, err = l.Note(height); err != nil || note == nil {
			continue
		}
		if p, _, ok := l.Checkpoint(height); ok {
			at.Size = p.Size
			return at, note, nil
		}
	}
	return at, nil, errors.New("the home has no checkpoint that its members have cosigned; start its node once")
}
