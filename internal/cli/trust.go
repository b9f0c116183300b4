package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"licet/proof"
)

type trustCmds struct {
	Fetch trustFetchCmd `cmd:"" help:"Fetch the trust file from several nodes, which must agree."`
	Show  trustShowCmd  `cmd:"" default:"withargs" help:"Print the node's trust file, or the policy in it."`
}

type trustFetchCmd struct {
	From      []string `required:"" help:"Node to ask; repeat it. Take the addresses from places that do not depend on each other." placeholder:"URL" sep:"none"`
	OneSource bool     `help:"Be content with what one node says."`
	Out       string   `required:"" short:"o" help:"File to write." placeholder:"FILE" type:"path"`
}

// Run fetches trust files and compares them.
func (c trustFetchCmd) Run(e *env) error {
	if len(c.From) == 1 && !c.OneSource {
		return usage("one node could say what it likes; name a second --from, or say --one-source")
	}
	var first []byte
	for i, from := range c.From {
		if slices.ContainsFunc(c.From[:i], func(o string) bool { return strings.TrimRight(o, "/") == strings.TrimRight(from, "/") }) {
			return usage("%s is named twice; a second node is somebody else's", from)
		}
		b, err := e.fetch("GET", from, "/v1/trust", nil)
		if err != nil {
			return err
		}
		if _, err := proof.ParseTrust(b); err != nil {
			return fmt.Errorf("what %s answers is no trust file: %w", from, err)
		}
		if i == 0 {
			first = b
		} else if !bytes.Equal(first, b) {
			return fmt.Errorf("%s and %s say different things, and nothing was written; do not trust either before you know why", c.From[0], from)
		}
	}
	t, err := proof.ParseTrust(first)
	if err != nil {
		return err
	}
	before, err := c.before(t)
	if err != nil {
		return err
	}
	if err := fileOrStdout(e, c.Out, first); err != nil {
		return err
	}
	e.printf("Wrote %s: network %s, member set %d, %s, %s.\n", c.Out, t.Origin, t.Set, plural(len(t.Members), "member"), plural(len(t.Boards), "board"))
	e.printf("Fingerprint: %s\n", t.Fingerprint())
	if before != "" && before != t.Fingerprint() {
		e.printf("The file that it replaces had: %s\n", before)
	}
	if len(c.From) == 1 {
		e.printf("This is as one node says, %s. Compare the fingerprint with somebody who has it from elsewhere.\n", c.From[0])
	} else {
		e.printf("%d nodes agree.\n", len(c.From))
	}
	return nil
}

// before returns the fingerprint of the trust file that is about to be replaced, ""
// where there is none. Another network's is not replaced, nor is any other file:
// proofs that were taken under it need it.
func (c trustFetchCmd) before(t proof.Trust) (string, error) {
	old, err := readTrust(c.Out)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", nil
	case err != nil:
		return "", fmt.Errorf("%w; nothing was written, choose another name", err)
	case old.Origin != t.Origin:
		return "", fmt.Errorf("%s is the trust file of network %s and is not overwritten; choose another name for that of %s", c.Out, old.Origin, t.Origin)
	}
	return old.Fingerprint(), nil
}

type trustShowCmd struct {
	Format string `help:"licet-trust, or tlog-policy without the lines that are ours." enum:"licet-trust,tlog-policy" default:"licet-trust" placeholder:"FORMAT"`
}

// Run prints the node's trust file.
func (c trustShowCmd) Run(e *env) error {
	b, err := e.get("/v1/trust")
	if err != nil {
		return err
	}
	if c.Format == "tlog-policy" {
		// Our own lines are comments of the policy.
		var policy strings.Builder
		for line := range strings.Lines(string(b)) {
			if !strings.HasPrefix(line, "#") {
				policy.WriteString(line)
			}
		}
		b = []byte(policy.String())
	}
	_, err = e.stdout.Write(b)
	return err
}
