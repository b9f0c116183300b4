package cli

import (
	"fmt"
	"maps"
	"slices"

	"licet/internal/wording"
	"licet/license"
	"licet/strict"
	"licet/tx"
)

// undoActsMax is how many licenses one payload repairs, and undoEntriesMax how
// many entries one act takes back.
const (
	undoActsMax    = 100
	undoEntriesMax = 100
)

type officerUndoCmd struct {
	officerArg
	signing
	Since  string `required:"" help:"Take back what was recorded at this instant or later." placeholder:"INSTANT"`
	DryRun bool   `help:"Only say what would be taken back."`
}

func (c *officerUndoCmd) Help() string {
	return "For a stolen key: suspend the officer first, then take back what the key signed. Every entry about a license that the officer signed since then is voided; both stay in the log. Entries that others signed together with the stolen key are among them: look at the list with --dry-run."
}

// Run voids what an officer's key signed since an instant.
func (c *officerUndoCmd) Run(e *env) error {
	since, err := license.ParseInstant(c.Since)
	if err != nil {
		return usage("--since: %v", err)
	}
	found, err := e.signedSince(license.KindOfficer+"/"+c.Officer, since)
	if err != nil {
		return err
	}
	var acts []license.Act
	entries := 0
	for _, id := range slices.Sorted(maps.Keys(found)) {
		l, err := e.licenseRecord(id)
		if err != nil {
			return err
		}
		hs, err := e.notYetVoid(id, found[id])
		if err != nil {
			return err
		}
		entries += len(hs)
		for i, part := range slices.Collect(slices.Chunk(hs, undoEntriesMax)) {
			acts = append(acts, &license.LicenseVoid{License: id, Count: l.Counts.Repairs + int64(i), Entries: part})
		}
		for _, h := range hs {
			e.printf("%s: entry %s\n", id, h)
		}
	}
	if len(acts) == 0 {
		e.printf("Nothing that officer %s signed since %s counts.\n", c.Officer, wording.Moment(since, nil))
		return nil
	}
	if c.DryRun {
		e.printf("Would take back %s on %s.\n", entriesOf(entries), plural(len(acts), "license"))
		return nil
	}
	if c.Draft != "" && len(acts) > undoActsMax {
		return usage("a draft holds %d licenses at most; name a later --since first", undoActsMax)
	}
	for part := range slices.Chunk(acts, undoActsMax) {
		if err := e.decide(c.signing, nil, part...); err != nil {
			return err
		}
	}
	return nil
}

// signedSince reads the log backward to the instant, and returns the
// entries about licenses that the signer signed, by license.
func (e *env) signedSince(by string, since license.Instant) (map[string][]license.Hash, error) {
	found := map[string][]license.Hash{}
	signers := map[license.Hash]bool{}
	for en, err := range e.newestFirst() {
		if err != nil {
			return nil, err
		}
		if en.Time < since {
			break
		}
		if en.Kind != license.KindLicense || !en.Signed() {
			continue
		}
		signed, err := e.signedBy(en.Cause, by, signers)
		if err != nil {
			return nil, err
		}
		if signed {
			found[en.ID] = append(found[en.ID], en.Hash)
		}
	}
	return found, nil
}

// signedBy says whether the signer is among the signatures; known remembers.
func (e *env) signedBy(c *license.Cause, by string, known map[license.Hash]bool) (bool, error) {
	if signed, ok := known[c.Signatures]; ok {
		return signed, nil
	}
	b, err := e.get(fmt.Sprintf("/v1/payloads/%s/signatures/%s", c.Header, c.Signatures))
	if err != nil {
		return false, err
	}
	var ss []tx.Signature
	if err := strict.Decode(b, &ss, tx.TransactionBytesMax); err != nil {
		return false, fmt.Errorf("signatures %s cannot be read: %w", c.Signatures, err)
	}
	known[c.Signatures] = slices.ContainsFunc(ss, func(s tx.Signature) bool { return s.By == by })
	return known[c.Signatures], nil
}

// notYetVoid leaves out what is void or replaced already, and what voids and
// seals did: those are not taken back in bulk.
func (e *env) notYetVoid(id string, hs []license.Hash) (out []license.Hash, err error) {
	h, err := e.history(id, "")
	if err != nil {
		return nil, err
	}
	for _, x := range h.Entries {
		if slices.Contains(hs, x.Hash) && !x.Voided && !x.Replaced && x.Act != "license.void" && x.Act != "license.seal" {
			out = append(out, x.Hash)
		}
	}
	return out, nil
}

func entriesOf(n int) string {
	if n == 1 {
		return "1 entry"
	}
	return fmt.Sprintf("%d entries", n)
}
