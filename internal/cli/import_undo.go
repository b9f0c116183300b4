package cli

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"licet/license"
)

type importCmds struct {
	Copy importCmd     `cmd:"" default:"withargs" help:"Copy a board's file into the registry, row by row."`
	Undo importUndoCmd `cmd:"" help:"Take back what rows of a file said."`
}

// importUndoActsMax is how many licenses one payload takes back.
const importUndoActsMax = 500

type importUndoCmd struct {
	signing
	File   string `arg:"" help:"The file that was copied, or the SHA-256 of its bytes." placeholder:"FILE|HASH"`
	DryRun bool   `help:"Only say what would be taken back."`
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
	acts := found.acts(file)
	t := undoTally{Entries: found.entries(), Licenses: len(found.order), DryRun: c.DryRun}
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

// fileRows are the entries that were copied from a file and count, by license.
type fileRows struct {
	order   []string // licenses, those whose rows came last first
	rows    map[string][]license.Hash
	repairs map[string]int64 // of each license, as the record counts them
}

// rowsOf reads the log backward: what takes back stands after what it takes back, so
// each entry is judged when it is met.
func (e *env) rowsOf(file license.Hash) (*fileRows, error) {
	f := &fileRows{rows: map[string][]license.Hash{}, repairs: map[string]int64{}}
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
	if en.Kind != license.KindLicense {
		return
	}
	if !void[en.Hash] {
		for _, h := range en.Voids {
			void[h] = true
		}
	}
	switch {
	case en.Import == nil && (len(en.Voids) > 0 || en.Replaces != license.Hash{}):
		f.repairs[en.ID]++
	case en.Import != nil && en.Import.File == file && !void[en.Hash]:
		if f.rows[en.ID] == nil {
			f.order = append(f.order, en.ID)
		}
		f.rows[en.ID] = append(f.rows[en.ID], en.Hash)
	}
}

func (f *fileRows) entries() (n int) {
	for _, hs := range f.rows {
		n += len(hs)
	}
	return n
}

// acts takes all of it back.
func (f *fileRows) acts(file license.Hash) (acts []license.Act) {
	for _, id := range f.order {
		for i, part := range slices.Collect(slices.Chunk(f.rows[id], undoEntriesMax)) {
			acts = append(acts, &license.ImportUndo{License: id, Count: f.repairs[id] + int64(i), File: file, Entries: part})
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
		tally.Licenses--
		tally.Refused++
		fmt.Fprintf(e.stderr, "%s: %s\n", a.License, r.Error())
	}
	return nil
}

// An undoTally says what became of an undo.
type undoTally struct {
	Entries  int  `json:"entries"`
	Licenses int  `json:"licenses"`
	Refused  int  `json:"refused"`
	DryRun   bool `json:"dry_run"`
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
	e.printf("%s on %s %s, %d refused.\n", plural(t.Entries, "row"), plural(t.Licenses, "license"), verb, t.Refused)
	return nil
}
