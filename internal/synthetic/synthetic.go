package synthetic

import (
	"fmt"
	"io"
	"iter"

	"licet/internal/roster"
	"licet/license"
)

// IDPrefix stands before the number in the first cell of every row, so that a row
// that is copied elsewhere still says what it is.
const IDPrefix = "SYNTHETIC-"

// Notice is said with every roster.
const Notice = "All of it is synthetic: no such people, businesses or licenses exist."

// LicensesMax is as many as the numbers of the commonest description last for.
const LicensesMax = 5_000_000

// DefaultDay is the file's day where none is named, and the first that a file may
// be of: one day for all, so that the same seed gives the same file tomorrow.
const DefaultDay license.Day = "2026-06-30"

// dayMax is the last day that a file may be of.
const dayMax license.Day = "2090-12-31"

// Options say which roster is made.
type Options struct {
	Licenses int64
	Seed     uint64
	Day      license.Day // of the file; none: DefaultDay. A later day has the same people, and what changed since.
}

// Check says whether there is such a roster, and fills in the day.
func (o *Options) Check() error {
	if o.Licenses < 1 || o.Licenses > LicensesMax {
		return fmt.Errorf("a made-up roster has 1 to %d licenses, not %d", LicensesMax, o.Licenses)
	}
	if o.Day == "" {
		o.Day = DefaultDay
	}
	if _, err := license.ParseDay(string(o.Day)); err != nil {
		return fmt.Errorf("the roster's day: %w", err)
	}
	if o.Day < DefaultDay || o.Day > dayMax {
		return fmt.Errorf("a made-up roster is of a day from %s through %s, not of %s", DefaultDay, dayMax, o.Day)
	}
	return nil
}

// Rows makes the rows, in order. A row is valid until the next one.
func Rows(o Options) (iter.Seq[*roster.Row], error) {
	if err := o.Check(); err != nil {
		return nil, err
	}
	return func(yield func(*roster.Row) bool) {
		m := newMaker(o, yield)
		for no := range o.Licenses {
			if !m.license(no) {
				return
			}
		}
	}, nil
}

// Write writes a roster as comma-separated values and says how many rows it has.
func Write(out io.Writer, o Options) (rows int64, err error) {
	made, err := Rows(o)
	if err != nil {
		return 0, err
	}
	w := roster.NewWriter(out)
	w.Header()
	for r := range made {
		w.Write(r)
		if rows++; w.Err() != nil {
			return rows, w.Err()
		}
	}
	return rows, w.Flush()
}
