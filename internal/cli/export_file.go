package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// An unfinished export stands beside the file that it will be: FILE.part holds what
// is written, FILE.part.json how far that is. When it is whole, it gets its name.
type unfinished struct {
	Format     string `json:"format"`
	Only       string `json:"only"`
	Cursor     string `json:"cursor"`
	Bytes      int64  `json:"bytes"` // of FILE.part that count
	Licenses   int64  `json:"licenses"`
	Checkpoint string `json:"checkpoint"` // the cosigned note over what is exported
}

func (c exportCmd) toFile(e *env, source partsSource) (err error) {
	for _, name := range []string{c.Out, c.Out + ".checkpoint"} {
		if _, err := os.Lstat(name); err == nil {
			return fmt.Errorf("%s exists already and is not overwritten; choose another name with -o", name)
		}
	}
	u, f, err := c.open(e)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	at, err := u.write(e, c.Out, f, source)
	if err != nil {
		if u.Cursor != "" {
			fmt.Fprintf(e.stderr, "The export stopped, %s licenses are written. The same command goes on.\n", digits(u.Licenses))
		}
		return stoppedExport(err)
	}
	if err := u.finish(c.Out); err != nil {
		return err
	}
	if e.JSON {
		return e.printJSON(map[string]any{"file": c.Out, "licenses": u.Licenses, "as_of": at})
	}
	e.printf("Wrote %s, %s licenses, as of %s.\n", c.Out, digits(u.Licenses), at)
	if u.Checkpoint != "" {
		e.printf("The members' checkpoint of it is in %s.\n", c.Out+".checkpoint")
	}
	return nil
}

// open opens what an earlier run left, or begins.
func (c exportCmd) open(e *env) (*unfinished, *os.File, error) {
	u := &unfinished{Format: c.Format, Only: c.Only}
	b, err := os.ReadFile(c.Out + ".part.json")
	if errors.Is(err, fs.ErrNotExist) {
		f, err := os.OpenFile(c.Out+".part", os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600)
		return u, f, err
	}
	if err == nil {
		err = json.Unmarshal(b, u)
	}
	if err != nil || u.Format != c.Format || u.Only != c.Only {
		return nil, nil, fmt.Errorf("%s.part.json is of another export; finish that one with its own --format and --only, or remove it with %s.part", c.Out, c.Out)
	}
	f, err := os.OpenFile(c.Out+".part", os.O_RDWR, 0)
	if err != nil {
		return nil, nil, err
	}
	info, err := f.Stat()
	if err == nil && info.Size() < u.Bytes {
		err = fmt.Errorf("%s.part has lost bytes since; remove it with %s.part.json and begin anew", c.Out, c.Out)
	}
	if err == nil {
		err = f.Truncate(u.Bytes)
	}
	if err == nil {
		_, err = f.Seek(u.Bytes, io.SeekStart)
	}
	if err != nil {
		return nil, nil, errors.Join(err, f.Close())
	}
	fmt.Fprintf(e.stderr, "Going on where an earlier export stopped, after %s licenses.\n", digits(u.Licenses))
	return u, f, nil
}

func (u *unfinished) write(e *env, out string, f *os.File, source partsSource) (at asOf, err error) {
	for {
		p, err := source(u.Cursor)
		if err == nil {
			err = e.ctx.Err()
		}
		if err == nil {
			_, err = f.Write(p.body)
		}
		if err == nil {
			err = f.Sync()
		}
		if err != nil {
			return at, err
		}
		u.Cursor, u.Licenses, u.Bytes = p.next, p.total, u.Bytes+int64(len(p.body))
		if len(p.note) > 0 {
			u.Checkpoint = string(p.note)
		}
		if u.Cursor == "" {
			return p.asOf, nil
		}
		if err := u.keep(out + ".part.json"); err != nil {
			return at, err
		}
	}
}

// keep notes how far it is, after what it counts is on disk.
func (u *unfinished) keep(path string) error {
	b, err := json.Marshal(u)
	if err != nil {
		return err
	}
	if err := os.WriteFile(path+".new", b, 0o600); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}

// finish gives the whole file its name.
func (u *unfinished) finish(out string) error {
	if u.Checkpoint != "" {
		if err := writeNew(out+".checkpoint", []byte(u.Checkpoint)); err != nil {
			return err
		}
	}
	if err := os.Rename(out+".part", out); err != nil {
		return err
	}
	if err := os.Remove(out + ".part.json"); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
