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
	Since     string   `help:"Older trust file to go on from, where that is not the file to write: every change of the members since then is proved." placeholder:"FILE" type:"path"`
	Out       string   `required:"" short:"o" help:"File to write." placeholder:"FILE" type:"path"`
}

// Run fetches trust files and compares them. From an older trust file it goes on
// by proofs, so that the members are not believed to the nodes.
func (c trustFetchCmd) Run(e *env) error {
	older, err := c.older()
	if err != nil {
		return err
	}
	if len(c.From) == 1 && !c.OneSource && older == nil {
		return usage("one node could say what it likes; name a second --from, or say --one-source")
	}
	said, err := c.said(e)
	if err != nil {
		return err
	}
	if older == nil {
		if err := fileOrStdout(e, c.Out, []byte(said.String())); err != nil {
			return err
		}
		e.tellTrust(c.Out, said)
		c.tellSources(e)
		return nil
	}
	return c.goOn(e, *older, said)
}

// said is the trust file that all nodes agree on.
func (c trustFetchCmd) said(e *env) (t proof.Trust, err error) {
	var first []byte
	for i, from := range c.From {
		if slices.ContainsFunc(c.From[:i], func(o string) bool { return strings.TrimRight(o, "/") == strings.TrimRight(from, "/") }) {
			return t, usage("%s is named twice; a second node is somebody else's", from)
		}
		b, err := e.fetch("GET", from, "/v1/trust", nil)
		if err != nil {
			return t, err
		}
		if t, err = proof.ParseTrust(b); err != nil {
			return t, fmt.Errorf("what %s answers is no trust file: %w", from, err)
		}
		if i == 0 {
			first = b
		} else if !bytes.Equal(first, b) {
			return t, fmt.Errorf("%s and %s say different things, and nothing was written; do not trust either before you know why", c.From[0], from)
		}
	}
	return t, nil
}

// older reads the trust file to go on from; nil: there is none. Any other file is
// not replaced, since proofs that were taken under it may need it.
func (c trustFetchCmd) older() (*proof.Trust, error) {
	path := c.Since
	if path == "" {
		path = c.Out
	}
	t, err := readTrust(path)
	switch {
	case err == nil:
		return &t, nil
	case c.Since != "":
		return nil, err
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	}
	return nil, fmt.Errorf("%v; nothing was written, choose another name", err) // not %w: the flags are right, the file is in the way
}

func (e *env) tellTrust(path string, t proof.Trust) {
	e.printf("Wrote %s: network %s, member set %d, %s, %s.\n", path, t.Origin, t.Set, plural(len(t.Members), "member"), plural(len(t.Boards), "board"))
	e.printf("Fingerprint: %s\n", t.Fingerprint())
}

func (c trustFetchCmd) tellSources(e *env) {
	if len(c.From) == 1 {
		e.printf("This is as one node says, %s. Compare the fingerprint with somebody who has it from elsewhere.\n", c.From[0])
	} else {
		e.printf("%d nodes agree.\n", len(c.From))
	}
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
