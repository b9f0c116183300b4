package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"licet/internal/synthetic"
	"licet/license"
)

type demoDataCmd struct {
	Licenses int64  `help:"How many licenses. There are a few more rows: one for each disciplinary action." placeholder:"N"`
	Mapping  bool   `help:"Write the mapping by which licet import reads such rosters."`
	Seed     uint64 `help:"The same seed gives the same file, byte for byte." default:"1" placeholder:"S"`
	Day      day    `help:"Day that the file is of. A later one has the same people, and what changed since. Default: ${rosterday}." placeholder:"DAY"`
	Out      string `short:"o" help:"New file to write, or - for standard output. Absent: a name that says what it is." placeholder:"FILE"`
}

// Run writes a made-up roster.
func (c demoDataCmd) Run(e *env) error {
	if c.Mapping {
		return c.mapping(e)
	}
	o := synthetic.Options{Licenses: c.Licenses, Seed: c.Seed, Day: license.Day(c.Day)}
	if err := o.Check(); err != nil {
		return usage("%w", err)
	}
	if c.Out == "-" {
		rows, err := synthetic.Write(stoppable{e.ctx, e.stdout}, o)
		if err == nil {
			fmt.Fprintf(e.stderr, "%s rows. %s\n", digits(rows), synthetic.Notice)
		}
		return err
	}
	if c.Out == "" {
		c.Out = fmt.Sprintf("synthetic-illinois-%d-seed%d.csv", c.Licenses, c.Seed)
	}
	rows, err := writeStream(c.Out, func(w io.Writer) (int64, error) { return synthetic.Write(stoppable{e.ctx, w}, o) })
	if err == nil {
		e.printf("Wrote %s, %s rows. %s\n", c.Out, digits(rows), synthetic.Notice)
	}
	return err
}

// mapping writes the mapping that reads made-up rosters.
func (c demoDataCmd) mapping(e *env) error {
	switch {
	case c.Licenses != 0:
		return usage("--mapping and --licenses are two questions; ask one after the other")
	case c.Out == "" || c.Out == "-":
		_, err := e.stdout.Write(synthetic.Mapping())
		return err
	}
	return writeNew(c.Out, synthetic.Mapping())
}

// writeStream writes a new file piece by piece; one that is not finished is removed.
func writeStream(path string, write func(io.Writer) (int64, error)) (n int64, err error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644) // #nosec G302 -- it is public data
	if errors.Is(err, fs.ErrExist) {
		return 0, fmt.Errorf("%s exists already and is not overwritten; choose another name with -o", path)
	}
	if err != nil {
		return 0, err
	}
	w := bufio.NewWriterSize(f, 1<<20)
	n, err = write(w)
	if err = errors.Join(err, w.Flush(), f.Close()); err != nil {
		err = errors.Join(err, os.Remove(path))
	}
	return n, err
}

// A stoppable writer ends when the program is asked to.
type stoppable struct {
	ctx context.Context
	io.Writer
}

func (s stoppable) Write(b []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, errors.New("stopped before the end")
	}
	return s.Writer.Write(b)
}
