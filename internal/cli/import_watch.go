package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"licet/internal/importer"
	"licet/license"
)

// Directories in a watched one.
const (
	watchTaken   = "importing"
	watchDone    = "done"
	watchRefused = "refused"
)

// Pauses of a watcher.
const (
	watchLooks    = time.Second      // between two looks into the directory
	watchEmpty    = time.Minute      // for which an empty file is left alone at least
	watchRetries  = time.Second      // before a node that failed is asked again, at first
	watchRetryMax = 30 * time.Second // and at last
)

// A watcher imports whatever is put into a directory.
type watcher struct {
	*importRun
	mapping *importer.Mapping
	dir     string
	seen    map[string]sight
	days    map[string]license.Day // of files that were taken
	down    bool                   // the node did not answer last time
	pause   time.Duration
}

// A sight is how a file was when it was looked at, and since when it is like that.
type sight struct {
	size     int64
	modified time.Time
	since    time.Time
}

// watch imports files as they come, until it is asked to stop.
func (c importCmd) watch(e *env) (err error) {
	switch {
	case c.Guess, c.DryRun, c.Report != "", c.Quality != "", c.Day != "", c.ForceOlder, c.File != "":
		return usage("--watch imports each file with a report and a quality report beside it; leave out the file, --guess, --dry-run, --day, --report, --quality and --force-older")
	case c.Map == "":
		return usage("how are the files read? Name a mapping with --map")
	case c.Settle < 0:
		return usage("--settle is a time such as 10s")
	}
	m, err := importer.ReadMapping(c.Map)
	if err != nil {
		return err
	}
	if why := m.WhyNotRecorded(); why != "" {
		return usage("%s", why)
	}
	if st, err := os.Stat(c.Watch); err != nil {
		return err
	} else if !st.IsDir() {
		return usage("%s is no directory", c.Watch)
	}
	lock, err := lockWatched(c.Watch)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lock.Close()) }()
	for _, d := range []string{watchTaken, watchDone, watchRefused} {
		if err := os.MkdirAll(filepath.Join(c.Watch, d), 0o700); err != nil {
			return err
		}
	}
	if err := tidyWatched(filepath.Join(c.Watch, watchTaken)); err != nil {
		return err
	}
	w := &watcher{importRun: newImportRun(c, e), mapping: m, dir: c.Watch, seen: map[string]sight{}, days: map[string]license.Day{}, pause: watchRetries}
	if err := w.loadKey(m); err != nil {
		return err
	}
	w.log("Watching %s for files of board %s.", w.dir, m.Board.ID)
	err = w.run()
	if w.ctx.Err() != nil {
		w.log("Stopped.")
		return nil
	}
	return err
}

// tidyWatched removes what a watcher that was killed had begun to write.
func tidyWatched(dir string) error {
	files, err := os.ReadDir(dir)
	for _, f := range files {
		if name := f.Name(); err == nil && strings.HasPrefix(name, ".") && strings.HasSuffix(name, ".part") {
			err = os.Remove(filepath.Join(dir, name))
		}
	}
	return err
}

func (w *watcher) log(format string, a ...any) {
	fmt.Fprintf(w.stderr, "%s %s\n", time.Now().UTC().Format(time.RFC3339), fmt.Sprintf(format, a...))
}

// wait waits, and says whether to go on.
func (w *watcher) wait(d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-w.ctx.Done():
		return false
	}
}

func (w *watcher) run() error {
	for w.ctx.Err() == nil {
		if err := w.claim(); err != nil {
			return err
		}
		name, err := w.next()
		if err != nil {
			return err
		}
		if name == "" {
			w.wait(watchLooks)
			continue
		}
		if err := w.take(name); err != nil {
			return err
		}
	}
	return w.ctx.Err()
}

// unfinishedEnds are ends of names under which programs write a file before they rename it.
var unfinishedEnds = []string{".part", ".partial", ".tmp", ".temp", ".filepart", ".crdownload", "~"}

func isUnfinished(name string) bool {
	return strings.HasPrefix(name, ".") || slices.ContainsFunc(unfinishedEnds, func(end string) bool { return strings.HasSuffix(strings.ToLower(name), end) })
}

// claim moves files that nobody writes any more out of everybody's way. From then on
// they are imported, also by a watcher that is started after this one.
func (w *watcher) claim() error {
	files, err := os.ReadDir(w.dir)
	if err != nil {
		return err
	}
	there := map[string]bool{}
	for _, f := range files {
		name := f.Name()
		if !f.Type().IsRegular() || isUnfinished(name) {
			continue
		}
		there[name] = true
		st, err := f.Info()
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		if !w.settled(name, st) {
			continue
		}
		to := filepath.Join(w.dir, watchTaken, name)
		if _, err := os.Lstat(to); err == nil {
			continue // the one of this name before it comes first
		}
		if err := os.Rename(filepath.Join(w.dir, name), to); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	for name := range w.seen {
		if !there[name] {
			delete(w.seen, name)
		}
	}
	return nil
}

// settled says whether a file has been as it is for long enough.
func (w *watcher) settled(name string, st fs.FileInfo) bool {
	now, s := time.Now(), w.seen[name]
	if s.since.IsZero() || s.size != st.Size() || !s.modified.Equal(st.ModTime()) {
		s = sight{st.Size(), st.ModTime(), now}
		w.seen[name] = s
	}
	quiet := w.Settle
	if s.size == 0 {
		quiet = max(quiet, watchEmpty)
	}
	return now.Sub(s.since) >= quiet
}

// next returns the file that comes first: by its day, then by its name.
func (w *watcher) next() (string, error) {
	files, err := os.ReadDir(filepath.Join(w.dir, watchTaken))
	if err != nil {
		return "", err
	}
	var names []string
	for _, f := range files {
		if f.Type().IsRegular() && !isUnfinished(f.Name()) {
			names = append(names, f.Name())
		}
	}
	if len(names) < 2 {
		return strings.Join(names, ""), nil
	}
	for _, n := range names {
		if _, ok := w.days[n]; !ok {
			w.days[n] = w.dayOf(n)
		}
		if w.ctx.Err() != nil {
			return "", w.ctx.Err()
		}
	}
	slices.SortStableFunc(names, func(a, b string) int { return strings.Compare(string(w.days[a]), string(w.days[b])) })
	return names[0], nil
}

// dayOf returns the day of a file, "" when it has none: then it is refused later.
func (w *watcher) dayOf(name string) license.Day {
	if len(w.mapping.File.Newest) == 0 {
		return dayInName(name)
	}
	src, err := importer.Open(filepath.Join(w.dir, watchTaken, name), w.mapping)
	if err != nil {
		return ""
	}
	defer func() { _ = src.Close() }()
	d, err := src.Day(w.ctx)
	if err != nil {
		return ""
	}
	return d
}

var namedDay = regexp.MustCompile(`(?:^|[^0-9])([12][0-9]{3})[-_.]?([01][0-9])[-_.]?([0-3][0-9])(?:[^0-9]|$)`)

// dayInName reads the day that a file's name holds, as 2026-05-01 or 20260501.
func dayInName(name string) license.Day {
	p := namedDay.FindStringSubmatch(name)
	if p == nil {
		return ""
	}
	d, err := license.ParseDay(p[1] + "-" + p[2] + "-" + p[3])
	if err != nil {
		return ""
	}
	return d
}

// take imports a file and puts it away, unless something stands in the way that is not
// the file's fault.
func (w *watcher) take(name string) error {
	c := w.importCmd
	c.Watch, c.File = "", filepath.Join(w.dir, watchTaken, name)
	c.Report, c.Quality = w.beside(name, ".report.csv"), w.beside(name, ".quality.html")
	for _, f := range []string{c.Report, c.Quality} { // of an import that was stopped
		if err := os.Remove(f); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	if len(w.mapping.File.Newest) == 0 {
		c.Day = day(dayInName(name))
	}
	r := newImportRun(c, w.env)
	r.key, r.by, r.watched = w.key, w.by, name
	_, _, err := w.position() // before the file is read through, perhaps for nothing
	if err == nil {
		w.answered()
		w.log("%s: importing.", name)
		err = r.imports(w.mapping)
	}
	switch {
	case w.ctx.Err() != nil:
		w.log("%s: stopped before its end; the next start goes on with it.", name)
		return w.ctx.Err()
	case err == nil:
		w.pause = watchRetries
		return w.putAway(name, watchDone, nil)
	case mayPass(err):
		return w.later(err)
	case isFilesFault(err):
		return w.putAway(name, watchRefused, err)
	}
	return fmt.Errorf("%s: %w", name, err)
}

// beside names what is written of a file while it is imported.
func (w *watcher) beside(name, end string) string {
	return filepath.Join(w.dir, watchTaken, "."+name+end)
}

// later waits, after something that passes by itself.
func (w *watcher) later(err error) error {
	if !w.down {
		w.log("%s It is tried again until it works.", sentence(err))
	}
	w.down = true
	w.wait(w.pause)
	w.pause = min(2*w.pause, watchRetryMax)
	return nil
}

func (w *watcher) answered() {
	if w.down {
		w.log("The node answers again.")
	}
	w.down = false
}

// putAway moves a file with what was written of it, the file last, so that whatever
// stops this in between, it is done again.
func (w *watcher) putAway(name, where string, why error) error {
	dir := filepath.Join(w.dir, where)
	to, err := freeName(dir, name)
	if err != nil {
		return err
	}
	for _, end := range []string{".report.csv", ".quality.html"} {
		if err := os.Rename(w.beside(name, end), filepath.Join(dir, to+end)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	if why != nil {
		text := []byte(sentence(why) + "\n")
		if err := os.WriteFile(filepath.Join(dir, to+".reason.txt"), text, 0o600); err != nil {
			return err
		}
		w.log("%s: refused, and set aside as %s: %s", name, filepath.Join(where, to), sentence(why))
	} else {
		w.log("%s: done, and moved to %s.", name, filepath.Join(where, to))
	}
	delete(w.days, name)
	return os.Rename(filepath.Join(w.dir, watchTaken, name), filepath.Join(dir, to))
}

// freeName is the name of a file in a directory where none has it yet: many boards
// give each day's file the same one.
func freeName(dir, name string) (string, error) {
	end := filepath.Ext(name)
	for n, to := 2, name; ; n++ {
		_, err := os.Lstat(filepath.Join(dir, to))
		if errors.Is(err, fs.ErrNotExist) {
			return to, nil
		}
		if err != nil {
			return "", err
		}
		to = fmt.Sprintf("%s-%d%s", strings.TrimSuffix(name, end), n, end)
	}
}

// mayPass says whether the same import may go well later, without anybody doing
// something about the file: the node is away or busy, the network does not decide, or
// somebody is writing to the file still.
func mayPass(err error) bool {
	var p *problem
	var u *url.Error
	switch {
	case errors.As(err, &p):
		return p.Status >= 500 || p.Status == 408 || p.Status == 429
	case errors.As(err, &u), errors.Is(err, errNotRecorded), errors.Is(err, importer.ErrChanged), errors.Is(err, context.DeadlineExceeded):
		return true
	}
	return false
}

// isFilesFault says whether a file was refused for what it is. Else nobody knows what
// the next file would meet, and the watcher ends.
func isFilesFault(err error) bool {
	var f *importer.FileError
	var o *importer.OlderError
	return errors.As(err, &f) || errors.As(err, &o)
}
