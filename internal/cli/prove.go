package cli

import (
	"errors"
	"fmt"
	"os"
	"time"

	"licet/license"
)

type proveCmd struct {
	ID      string `arg:"" optional:"" help:"License id, or the id of another --kind of record."`
	Kind    string `help:"Kind of record: license, board, officer, profession, …" default:"license" placeholder:"KIND"`
	History bool   `help:"With every entry about it, the acts and the signatures."`
	Entry   *int64 `help:"Prove one entry of the log instead." placeholder:"N"`
	Format  string `help:"Format of an entry's proof." enum:"tlog-proof" default:"tlog-proof" placeholder:"tlog-proof"`
	Out     string `short:"o" help:"File to write. Absent: standard output." placeholder:"FILE" type:"path"`
}

// proofWithin is how long the command waits for the network's first checkpoint.
const proofWithin = 30 * time.Second

// Run downloads a proof. It checks nothing: that is for "licet verify", with a
// trust file that came another way.
func (c proveCmd) Run(e *env) error {
	path, err := c.path()
	if err != nil {
		return err
	}
	b, err := e.getWhenReady(path)
	if err != nil {
		return err
	}
	if c.Out == "" {
		_, err = e.stdout.Write(b)
		return err
	}
	if err := writeNew(c.Out, b); err != nil {
		return err
	}
	fmt.Fprintf(e.stderr, "Wrote %s, %d bytes.\n", c.Out, len(b))
	return nil
}

func (c proveCmd) path() (string, error) {
	switch {
	case c.Entry != nil && c.ID == "":
		return fmt.Sprintf("/v1/entries/%d?format=%s", *c.Entry, c.Format), nil
	case c.ID == "" || c.Entry != nil:
		return "", usage("what shall be proved? Name an id, or --entry N")
	}
	if c.Kind == license.KindLicense {
		if _, err := license.ParseID(c.ID); err != nil {
			return "", usage("%w", err)
		}
	}
	path := "/v1/bundles/" + c.Kind + "/" + idPath(c.ID)
	if c.History {
		path += "?history=1"
	}
	return path, nil
}

// getWhenReady asks again while the node has no checkpoint yet.
func (e *env) getWhenReady(path string) ([]byte, error) {
	deadline := time.Now().Add(proofWithin)
	for {
		b, err := e.get(path)
		var p *problem
		if !errors.As(err, &p) || p.Code != "no-checkpoint-yet" || time.Now().Add(p.retry).After(deadline) {
			return b, err
		}
		select {
		case <-e.ctx.Done():
			return nil, e.ctx.Err()
		case <-time.After(max(p.retry, time.Second)):
		}
	}
}

func fileOrStdout(e *env, path string, b []byte) error {
	if path == "" {
		_, err := e.stdout.Write(b)
		return err
	}
	if _, err := os.Stat(path); err == nil {
		return replaceFile(path, b)
	}
	return writeNew(path, b)
}
