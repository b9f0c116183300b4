package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"licet/proof"
)

type bundleCmds struct {
	Refresh bundleRefreshCmd `cmd:"" help:"Ask a node the question of an older bundle again, and check that its log goes on from that bundle's."`
}

type bundleRefreshCmd struct {
	Bundle string `arg:"" help:"Bundle file, from licet prove." type:"path"`
	Trust  string `help:"Trust file: the network's members and the boards' root keys." required:"" placeholder:"TRUST.txt"`
	Out    string `short:"o" help:"File to write. Absent: the newer bundle takes the older one's place." placeholder:"FILE" type:"path"`
}

func (c *bundleRefreshCmd) Help() string {
	return "Nothing is written unless the newer proof holds and its log goes on from the older one's. " +
		"A log that does not was rewritten: the command says so, exits with 1, and keeps the newer bundle beside the older one, as evidence. " +
		"What was sealed meanwhile is not in the newer bundle."
}

// Run fetches a newer bundle for the same question.
func (c *bundleRefreshCmd) Run(e *env) error {
	trust, err := readTrust(c.Trust)
	if err != nil {
		return err
	}
	old, err := c.older(trust)
	if err != nil {
		return err
	}
	path, err := proveCmd{ID: old.ID, Kind: old.Kind, History: old.Type == proof.BundleHistory}.path()
	if err != nil {
		return err
	}
	b, err := e.getWhenReady(path)
	if err != nil {
		return err
	}
	v, err := proof.Verify(b, trust, proof.Question{})
	switch {
	case err != nil:
		return doesNotHold(b, trust, c.Trust, err)
	case v.Kind != old.Kind || v.ID != old.ID || v.Type != old.Type:
		return fmt.Errorf("the node was asked about %s %s and proves something else; nothing was written", old.Kind, old.ID)
	case v.Checkpoint.Size < old.Checkpoint.Size || v.AsOf < old.AsOf:
		return fmt.Errorf("the node is behind: its log has %s entries, that of %s has %s. Nothing was written; ask another node with --server", digits(v.Checkpoint.Size), c.Bundle, digits(old.Checkpoint.Size))
	}
	if err := c.goesOn(e, b, old.Checkpoint, v.Checkpoint); err != nil {
		return err
	}
	if err := c.write(b); err != nil {
		return err
	}
	if e.JSON {
		return e.printJSON(verdictJSON(v, time.Now()))
	}
	e.tellVerdict(v, time.Now())
	e.printf("Wrote %s. Its log of %s entries goes on from the older one of %s.\n", c.out(), digits(v.Checkpoint.Size), digits(old.Checkpoint.Size))
	return nil
}

// older reads the bundle that is there. One that an earlier member set signed is
// not checked under today's: what it says of the log is compared all the same.
func (c *bundleRefreshCmd) older(trust proof.Trust) (*proof.Verdict, error) {
	b, err := readLimited(c.Bundle, proof.BundleBytesMax)
	if err != nil {
		return nil, err
	}
	u, err := proof.ParseBundle(b)
	switch {
	case err != nil:
		return nil, doesNotHold(b, trust, c.Trust, err)
	case u.Type != proof.BundleStanding && u.Type != proof.BundleHistory:
		return nil, usage("%s is a bundle of type %s; only standing and history bundles answer a question that can be asked again", c.Bundle, u.Type)
	case u.Origin != trust.Origin:
		return nil, fmt.Errorf("%s is of network %s, the trust file of %s", c.Bundle, u.Origin, trust.Origin)
	}
	v, err := proof.Verify(b, trust, proof.Question{})
	if err == nil {
		return v, nil
	}
	if set := signedBySet(b); set == 0 || set >= trust.Set {
		return nil, doesNotHold(b, trust, c.Trust, err)
	}
	text, _, _ := strings.Cut(u.Checkpoint, "\n\n")
	point, err := proof.ParseCheckpoint(text + "\n")
	if err != nil {
		return nil, doesNotHold(b, trust, c.Trust, err)
	}
	return &proof.Verdict{Type: u.Type, Origin: u.Origin, Kind: u.Kind, ID: u.ID, Checkpoint: point}, nil
}

// goesOn checks that the older log is the newer one's beginning. It reads the
// node's tiles and checks them against the newer root, so that any log is old
// enough, and no node has to be trusted.
func (c *bundleRefreshCmd) goesOn(e *env, newer []byte, old, now proof.Checkpoint) error {
	hashes := proof.HashReader(now, func(path string) ([]byte, error) { return e.get("/" + path) })
	root, err := tlog.TreeHash(old.Size, hashes)
	if err != nil {
		return fmt.Errorf("whether the log goes on from the older one cannot be checked, and nothing was written: %w", err)
	}
	if root == old.Root {
		return nil
	}
	evidence := c.Bundle + ".contradicts"
	if err := writeNew(evidence, newer); err != nil && !errors.Is(err, fs.ErrExist) {
		evidence = "no file, since it cannot be written: " + err.Error()
	}
	return fmt.Errorf("ALARM: the log of %s entries does not go on from the one of %s entries that %s rests on: it was rewritten, or shown differently to different people. Both were signed. Keep %s, and the newer bundle in %s, show them to the members, and run licet audit",
		digits(now.Size), digits(old.Size), c.Bundle, c.Bundle, evidence)
}

func (c *bundleRefreshCmd) out() string {
	if c.Out != "" {
		return c.Out
	}
	return c.Bundle
}

func (c *bundleRefreshCmd) write(b []byte) error {
	if c.Out != "" {
		return writeNew(c.Out, b)
	}
	return replaceFile(c.Bundle, b)
}
