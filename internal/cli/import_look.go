package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"licet/internal/importer"
	"licet/license"
)

// guess proposes a mapping on standard output.
func (c importCmd) guess(e *env) (err error) {
	if c.Map != "" || c.DryRun || c.Report != "" {
		return usage("--guess proposes a mapping and does nothing else: leave out --map, --dry-run and --report")
	}
	f, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	st, err := f.Stat()
	if err == nil && !st.Mode().IsRegular() {
		err = fmt.Errorf("%s is not a file", c.File)
	}
	if err != nil {
		return err
	}
	g, err := importer.GuessMapping(f, st.Size(), st.Name())
	if err != nil {
		return fmt.Errorf("%s: %w", c.File, err)
	}
	e.printf("%s", g.Text)
	if g.Doubts > 0 {
		fmt.Fprintf(e.stderr, "%s to decide: search for DOUBT and FINISH.\n", plural(g.Doubts, "thing"))
	}
	return nil
}

// readOnly looks at a file of which nothing is recorded.
func (r *importRun) readOnly(src *importer.Source) error {
	rows, refused, listed := 0, 0, 0
	for row, err := range src.Rows() {
		if err != nil {
			return err
		}
		rows++
		if row.Exclusion != nil && len(row.Flaws) == 0 {
			listed++
		}
		if len(row.Flaws) > 0 {
			refused++
		}
		if r.report != nil {
			r.report.Add(row.Look())
		}
	}
	if r.JSON {
		return r.printJSON(map[string]any{"rows": rows, "listed": listed, "refused": refused, "dry_run": true})
	}
	r.printf("%s: %s, %d on a list to match, %d refused. Nothing of it is recorded.\n", r.File, plural(rows, "row"), listed, refused)
	return nil
}

// quality writes what is dirty in the file.
func (r *importRun) quality(src *importer.Source) (err error) {
	m := newMeter(r.stderr)
	q, err := importer.Examine(r.ctx, src, filepath.Base(r.File), license.Day(r.Day), m.tell)
	m.clear()
	if err != nil {
		return err
	}
	if tomorrow := license.InstantOf(time.Now()).AddSeconds(86400); r.Day == "" && q.Day > (&license.Calendar{}).Day(tomorrow) {
		return fmt.Errorf("the newest day of %s is %s, which has not come yet: it is likely a mistake in one row, and every status would be judged by it. Say with --day of which day the file is", strings.Join(src.Mapping.File.Newest, ", "), q.Day)
	}
	f, err := createNew(r.Quality)
	if err != nil {
		return err
	}
	defer func() { err = f.end(err) }()
	write := q.WriteCSV
	if strings.EqualFold(filepath.Ext(r.Quality), ".html") {
		write = q.WriteHTML
	}
	if err = write(f); err != nil {
		return err
	}
	if r.watched != "" {
		return nil
	}
	fmt.Fprintf(r.stderr, "%s: nothing was found in %s of %s; %s of dirt in %s.\n", r.File, digits(q.Clean), plural(int(q.Rows), "row"), plural(len(q.Findings), "kind"), r.Quality)
	return nil
}
