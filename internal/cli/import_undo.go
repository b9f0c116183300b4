package cli

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"

	"licet/license"
)

type importCmds struct {
	Copy     importCmd         `cmd:"" default:"withargs" help:"Copy a board's file into the registry, row by row."`
	Undo     importUndoCmd     `cmd:"" help:"Take back what rows of a file said."`
	Settle   importSettleCmd   `cmd:"" help:"Decide whose rows stand under a number that files have under several surnames."`
	Withdraw importWithdrawCmd `cmd:"" help:"Take such a decision back."`
}

// importUndoActsMax is how many licenses one payload takes back.
const importUndoActsMax = 500

type importUndoCmd struct {
	signing
	File    string   `arg:"" help:"The file that was copied, or the SHA-256 of its bytes." placeholder:"FILE|HASH"`
	License []string `help:"Only what rows said of this license; repeat it for several." placeholder:"ID" sep:"none"`
	DryRun  bool     `help:"Only say what would be taken back."`
}

func (c *importUndoCmd) Help() string {
	return "Every entry that was copied from the file counts no longer; both stay in the log. What an older file said of a row stands again, and what the board decided itself stays, with the row that it rests on. Then the corrected file can be copied. An undo that was stopped goes on when it is run again."
}

// Run takes a file back.
func (c *importUndoCmd) Run(e *env) error {
	if !c.DryRun && len(c.Key) == 0 && c.Draft == "" {
		return usage("who signs? Name the key file of an officer who may import with --key, or look first with --dry-run")
	}
	file, err := fileHash(c.File)
	if err != nil {
		return err
	}
	found, err := e.rowsOf(file)
	if err != nil {
		return err
	}
	if len(c.License) > 0 {
		found.only(c.License)
	}
	acts := found.acts(file)
	t := undoTally{Entries: found.entries(), DryRun: c.DryRun}
	for _, k := range found.order {
		*t.of(k[0])++
	}
	switch {
	case len(acts) == 0, c.DryRun:
		return t.print(e, file)
	case c.Draft != "":
		return c.draft(e, acts)
	}
	for part := range slices.Chunk(acts, importUndoActsMax) {
		if err := c.send(e, part, &t); err != nil {
			return fmt.Errorf("the undo stopped; run it again to go on: %w", err)
		}
	}
	return t.print(e, file)
}

// fileHash reads a hash, or takes that of the file's bytes.
func fileHash(s string) (h license.Hash, err error) {
	if h.UnmarshalText([]byte(s)) == nil {
		return h, nil
	}
	f, err := os.Open(s)
	if err != nil {
		return h, err
	}
	sum := sha256.New()
	_, err = io.Copy(sum, f)
	return license.Hash(sum.Sum(nil)), errors.Join(err, f.Close())
}

// fileRows are the entries that were copied from a file and count, by license or NPI.
type fileRows struct {
	order  [][2]string // kind and id, those whose rows came last first
	rows   map[[2]string][]license.Hash
	counts map[[2]string]int64 // repairs of each license, entries about the claims of each NPI: as the records count them
}

// rowsOf reads the log backward: what takes back stands after what it takes back, so
// each entry is judged when it is met.
func (e *env) rowsOf(file license.Hash) (*fileRows, error) {
	f := &fileRows{rows: map[[2]string][]license.Hash{}, counts: map[[2]string]int64{}}
	void := map[license.Hash]bool{}
	for en, err := range e.newestFirst() {
		if err != nil {
			return nil, err
		}
		f.note(&en, file, void)
	}
	return f, nil
}

func (f *fileRows) note(en *license.Recorded, file license.Hash, void map[license.Hash]bool) {
	if en.Kind != license.KindLicense && en.Kind != license.KindClaim {
		return
	}
	k := [2]string{en.Kind, en.ID}
	if !void[en.Hash] {
		for _, h := range en.Voids {
			void[h] = true
		}
	}
	if en.Kind == license.KindClaim || en.Import == nil && (len(en.Voids) > 0 || en.Replaces != license.Hash{}) {
		f.counts[k]++
	}
	if en.Import != nil && en.Import.File == file && !void[en.Hash] {
		if f.rows[k] == nil {
			f.order = append(f.order, k)
		}
		f.rows[k] = append(f.rows[k], en.Hash)
	}
}

// only leaves the rows of these licenses.
func (f *fileRows) only(ids []string) {
	other := func(k [2]string) bool { return k[0] != license.KindLicense || !slices.Contains(ids, k[1]) }
	f.order = slices.DeleteFunc(f.order, other)
	maps.DeleteFunc(f.rows, func(k [2]string, _ []license.Hash) bool { return other(k) })
}

func (f *fileRows) entries() (n int) {
	for _, hs := range f.rows {
		n += len(hs)
	}
	return n
}

// acts takes all of it back.
func (f *fileRows) acts(file license.Hash) (acts []license.Act) {
	for _, k := range f.order {
		for i, part := range slices.Collect(slices.Chunk(f.rows[k], undoEntriesMax)) {
			a := &license.ImportUndo{License: k[1], Count: f.counts[k] + int64(i), File: file, Entries: part}
			if k[0] == license.KindClaim {
				a.License, a.Claim = "", k[1]
			}
			acts = append(acts, a)
		}
	}
	return acts
}

func (c *importUndoCmd) draft(e *env, acts []license.Act) error {
	if len(acts) > importUndoActsMax {
		return usage("a draft holds %d licenses at most, and this file brought rows of %d", importUndoActsMax, len(acts))
	}
	t, err := e.payload(c.signing, false, acts, nil)
	if err != nil {
		return err
	}
	return e.writeDraft(c.Draft, t)
}

func (c *importUndoCmd) send(e *env, acts []license.Act, tally *undoTally) error {
	t, err := e.payload(c.signing, false, acts, nil)
	if err != nil {
		return err
	}
	if err := c.sign(t); err != nil {
		return err
	}
	o, err := e.submitEach(t)
	if err != nil {
		return err
	}
	for _, r := range o.Refused {
		a := acts[r.Act-1].(*license.ImportUndo)
		tally.Entries -= len(a.Entries)
		kind, id := a.Target()
		*tally.of(kind)--
		tally.Refused++
		fmt.Fprintf(e.stderr, "%s: %s\n", id, r.Error())
	}
	return nil
}

// An undoTally says what became of an undo.
type undoTally struct {
	Entries  int  `json:"entries"`
	Licenses int  `json:"licenses"`
	NPIs     int  `json:"npis,omitempty"` // of a file of claims
	Refused  int  `json:"refused"`
	DryRun   bool `json:"dry_run"`
}

// of counts what entries of a kind are about.
func (t *undoTally) of(kind string) *int {
	if kind == license.KindClaim {
		return &t.NPIs
	}
	return &t.Licenses
}

func (t undoTally) print(e *env, file license.Hash) error {
	if e.JSON {
		return e.printJSON(t)
	}
	verb := "taken back"
	if t.DryRun {
		verb = "would be taken back"
	}
	if t.Entries == 0 && t.Refused == 0 {
		e.printf("Nothing that was copied from file %s counts.\n", file)
		return nil
	}
	about := plural(t.Licenses, "license")
	if t.NPIs > 0 {
		about = plural(t.NPIs, "NPI")
	}
	e.printf("%s on %s %s, %d refused.\n", plural(t.Entries, "row"), about, verb, t.Refused)
	return nil
}
