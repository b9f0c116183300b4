package cli

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"path/filepath"

	"licet/internal/auditor"
	"licet/proof"
)

func (e *env) audit(c *auditCmd) error {
	trust, err := e.auditTrust(c)
	if err != nil {
		return err
	}
	dir := c.Dir
	if dir == "" {
		home, err := e.home()
		if err != nil {
			return err
		}
		// One directory a network and node: two nodes are compared by auditing both.
		h := sha256.Sum256([]byte(trust.Origin + "\n" + c.URL))
		dir = filepath.Join(home, "audit", fmt.Sprintf("%x", h[:8]))
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
	e.printf("As of %s: the log of %s holds.\n", r.AsOf, r.Origin)
	e.printf("%s entries (%s new) folded into %s records; the map roots of %s blocks recomputed and equal.\n",
		digits(r.Size), digits(r.New), digits(r.Records), digits(r.Blocks))
	e.printf("What was seen is remembered in %s.\n", dir)
	return nil
}

func (e *env) auditTrust(c *auditCmd) (proof.Trust, error) {
	if c.Trust != "" {
		return readTrust(c.Trust)
	}
	b, err := e.fetch(http.MethodGet, c.URL, "/v1/trust", nil)
	if err != nil {
		return proof.Trust{}, err
	}
	fmt.Fprintln(e.stderr, "No trust file was given: the keys are as this node says. Fetch one from two members' sites with licet trust fetch.")
	return proof.ParseTrust(b)
}
