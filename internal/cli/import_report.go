package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"licet/internal/importer"
)

// A newFile is written beside its place, and put there when all of it is written: a run
// that fails leaves no half of a report.
type newFile struct {
	*os.File
	path string
}

func createNew(path string) (*newFile, error) {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*.part")
	if err != nil {
		return nil, err
	}
	return &newFile{f, path}, nil
}

// end puts the file into its place, unless something failed. It overwrites nothing.
func (f *newFile) end(err error) error {
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Link(f.Name(), f.path)
		if err != nil && !errors.Is(err, fs.ErrExist) { // a file system without links
			return os.Rename(f.Name(), f.path)
		}
	}
	return errors.Join(err, os.Remove(f.Name()))
}

// note counts the rules of a row's notes, each once. A row that was refused is counted as
// refused only.
func (r *importRun) note(x importer.Result) {
	if x.Outcome == importer.Refused {
		return
	}
	var seen []string
	for _, f := range x.Notes {
		if slices.Contains(importer.NoteRules, f.Rule) && !slices.Contains(seen, f.Rule) {
			seen = append(seen, f.Rule)
			r.noted[f.Rule]++
		}
	}
}

// warn says at the end what a clerk should not overlook in a long report.
func (r *importRun) warn(rows int) {
	var notes []string
	for _, rule := range slices.Sorted(maps.Keys(r.noted)) {
		notes = append(notes, fmt.Sprintf("%s %d", rule, r.noted[rule]))
	}
	if len(notes) > 0 {
		r.printf("Notes (rows): %s.\n", strings.Join(notes, ", "))
	}
	share := func(n int) string {
		return fmt.Sprintf("%s of %s rows (%d%%)", digits(int64(n)), digits(int64(rows)), 100*n/max(1, rows))
	}
	if n := r.noted[importer.NoteContradicts]; n > 0 {
		r.printf("WARNING: in %s the status word contradicts the days of the term. The days count, the word does not. Where it is so in many rows, look whether the mapping reads the right columns; refuse = [%q] under [file] refuses such rows.\n", share(n), importer.NoteContradicts)
	}
	if n := r.noted[importer.NoteOrder]; n > 0 {
		r.printf("WARNING: on %s an order from an earlier file stands without an end, and this file does not tell of it. If it was lifted, nobody said so here: the report names each (%s) with the command that ends it.\n", plural(n, "license"), importer.NoteOrder)
	}
	if n := r.noted[importer.NoteLifecycle]; n > 0 {
		r.printf("WARNING: on %s a registration status from an earlier file stands, and this file says nothing of it. The report names each (%s) with the word that should get lifecycle = \"active\" in the mapping.\n", plural(n, "license"), importer.NoteLifecycle)
	}
	if n := r.noted[importer.NoteState]; n > 0 {
		r.printf("WARNING: in %s the state is the code of none. If the column holds no codes of states, leave state away under [address]: the other values are none either.\n", share(n))
	}
}

// kindsShown is of how many rows a dry run says at most what would become of them.
const kindsShown = 60

// look notes the first row of a dry run, and each that shows a status word, an action or
// a profession for the first time.
func (r *importRun) look(m *importer.Mapping, row *importer.Row) {
	kinds := row.Kinds(m)
	if r.showed > 0 && !slices.ContainsFunc(kinds, func(k string) bool { return !r.seen[k] }) {
		return
	}
	for _, k := range kinds {
		r.seen[k] = true
	}
	if r.showed++; r.showed <= kindsShown {
		r.shown[row.Number] = strings.Join(kinds, "; ")
	}
}

// show says in a dry run what would become of the rows that were noted.
func (r *importRun) show(b *importer.Batch) {
	for i, x := range b.Rows {
		kinds, ok := r.shown[x.Row]
		if !ok {
			continue
		}
		delete(r.shown, x.Row)
		if kinds != "" {
			kinds = " (" + kinds + ")"
		}
		r.printf("row %d, line %d: %s%s\n", x.Row, x.Line, x.License, kinds)
		for _, l := range b.Describe(i) {
			r.printf("  %s\n", l)
		}
	}
}
