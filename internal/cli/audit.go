package cli

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"licet/internal/auditor"
	"licet/internal/wording"
	"licet/proof"
)

func (e *env) audit(c *auditCmd) error {
	dir, err := e.auditDir(c)
	if err != nil {
		return err
	}
	trust, err := e.auditTrust(c, dir)
	if err != nil {
		return err
	}
	a := auditor.Auditor{Base: c.URL, Dir: dir, Trust: trust}
	a.Progress = func(done, of int64) { fmt.Fprintf(e.stderr, "\r%s of %s entries", digits(done), digits(of)) }
	r, err := a.Audit()
	if r != nil && r.New > 0 {
		fmt.Fprintln(e.stderr)
	}
	if err != nil {
		return err
	}
	if e.JSON {
		return e.printJSON(r)
	}
	e.printf("As of %s: the log of %s holds.\n", wording.Moment(r.AsOf, nil), r.Origin)
	e.printf("%s entries (%s new) folded into %s records; %s signed acts decided again, to the same effect; the map roots of %s blocks recomputed and equal.\n",
		digits(r.Size), digits(r.New), digits(r.Records), digits(r.Acts), digits(r.Blocks))
	e.printf("What was seen is remembered in %s.\n", dir)
	return nil
}

// auditDir is where is remembered what a node said: one directory a node, so that
// one that turns up as another network is found out. Two nodes are compared by
// auditing both.
func (e *env) auditDir(c *auditCmd) (string, error) {
	if c.Dir != "" {
		return c.Dir, nil
	}
	home, err := e.home()
	if err != nil {
		return "", err
	}
	h := sha256.Sum256([]byte(strings.TrimSuffix(c.URL, "/")))
	return filepath.Join(home, "audit", fmt.Sprintf("%x", h[:8])), nil
}

// auditTrust returns whose keys count: those of the trust file that was named, or
// that the first audit used. From then on the members' changes are followed in the
// log, and a node cannot change its own word.
func (e *env) auditTrust(c *auditCmd, dir string) (proof.Trust, error) {
	if c.Trust != "" {
		return readTrust(c.Trust)
	}
	kept := filepath.Join(dir, "trust.txt")
	if t, err := readTrust(kept); !errors.Is(err, fs.ErrNotExist) {
		return t, err
	}
	b, err := e.fetch(http.MethodGet, c.URL, "/v1/trust", nil)
	if err != nil {
		return proof.Trust{}, err
	}
	t, err := proof.ParseTrust(b)
	if err != nil {
		return t, fmt.Errorf("the node's trust file cannot be read: %w", err)
	}
	fmt.Fprintln(e.stderr, "No trust file was given: the keys are as this node says now, and are remembered. Fetch one from two members' sites with licet trust fetch.")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return t, err
	}
	return t, writeNew(kept, b)
}
