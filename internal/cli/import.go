package cli

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"time"

	"licet/internal/importer"
	"licet/internal/keys"
	"licet/license"
	"licet/tx"
)

type importCmd struct {
	File       string        `arg:"" optional:"" help:"The board's file." type:"path"`
	Watch      string        `help:"Import every file that is put into this directory, by its day and then by its name, until stopped. Files go to done/ or refused/ in it, with their reports." placeholder:"DIR" type:"path"`
	Settle     time.Duration `help:"With --watch: how long nobody may have written to a file before it is imported." default:"10s" placeholder:"TIME"`
	Map        string        `help:"Mapping in TOML, or the name of one that comes with the program: ${maps}." placeholder:"MAP.toml"`
	Guess      bool          `help:"Propose a mapping for a file that has none yet, with doubts as comments, and do nothing else."`
	Day        day           `help:"Day that the file is of. Absent: the newest day in the columns that the mapping names in file.newest." placeholder:"DAY"`
	ForceOlder bool          `help:"Import a file although a newer one was imported: it fills in what is past, and changes nothing that the newer one left standing."`
	Memory     string        `help:"File that remembers what was imported last, so that a newer file takes little time. It may be deleted. Default: a file in your cache directory for each network and board." placeholder:"FILE" type:"path"`
	DryRun     bool          `help:"Say what would be done, and do nothing."`
	Quality    string        `help:"Write what is dirty in the file, and how often, to this new file: a page if its name ends in .html, else CSV. Alone, it does nothing else." placeholder:"Q.html" type:"path"`
	Report     string        `help:"Write why rows were refused, and notes on others, to this new file." placeholder:"R.csv" type:"path"`
	Key        string        `short:"k" help:"Key file of the officer who imports, made for \"officer BOARD/importer\"." placeholder:"FILE"`
	MemberKey  string        `help:"Root key of your member, for the first import: brings the mapping's board into the network with its professions, and appoints the officer whose key --key is." placeholder:"FILE"`
}

// Run imports a file.
func (c importCmd) Run(e *env) (err error) {
	switch {
	case c.Watch != "":
		return c.watch(e)
	case c.File == "":
		return usage("which file? Name it, or a directory with --watch")
	case c.Guess:
		return c.guess(e)
	}
	if c.Map == "" {
		return usage("how is the file read? Name a mapping with --map, or have one proposed: licet import --guess %s > MAP.toml", c.File)
	}
	m, err := importer.ReadMapping(c.Map)
	if err != nil {
		return err
	}
	return newImportRun(c, e).imports(m)
}

// imports imports the file of the command.
func (r *importRun) imports(m *importer.Mapping) (err error) {
	c := &r.importCmd
	src, err := importer.Open(c.File, m)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, src.Close()) }()
	for _, path := range []string{c.Report, c.Quality} { // before anything is sent
		if _, err := os.Lstat(path); path != "" && err == nil {
			return fmt.Errorf("%s exists already and is not overwritten; choose another name for the report", path)
		}
	}
	if c.Quality != "" {
		if err := r.quality(src); err != nil || !c.DryRun && c.Key == "" {
			return err
		}
	}
	if why := m.WhyNotRecorded(); why != "" && !c.DryRun {
		return usage("%s", why)
	}
	if err := r.prepare(m); err != nil {
		return err
	}
	if c.Report != "" {
		f, no := createNew(c.Report)
		if no != nil {
			return no
		}
		r.report = importer.NewReport(f)
		defer func() { err = f.end(errors.Join(err, r.report.Close())) }()
	}
	if m.WhyNotRecorded() != "" {
		return r.readOnly(src)
	}
	return r.run(src)
}

// An importRun is one import under way.
type importRun struct {
	importCmd
	*env
	key    keys.Key
	by     string
	report *importer.Report
	counts map[string]int   // rows by outcome
	noted  map[string]int   // rows by rules of notes
	seen   map[string]bool  // words of which a dry run showed a row
	shown  map[int64]string // rows that it is to show, and for which words
	showed int
	known  knownBefore
	// watched is the file's name where a watcher imports it, who says by himself where
	// the reports are.
	watched string
}

func newImportRun(c importCmd, e *env) *importRun {
	return &importRun{importCmd: c, env: e, counts: map[string]int{}, noted: map[string]int{}, seen: map[string]bool{}, shown: map[int64]string{}}
}

// prepare loads the key and finds the board.
func (r *importRun) prepare(m *importer.Mapping) error {
	if r.DryRun {
		return nil
	}
	if err := r.loadKey(m); err != nil {
		return err
	}
	return r.findBoard(m, m.Board.ID+"/importer")
}

// loadKey loads the key, once.
func (r *importRun) loadKey(m *importer.Mapping) error {
	if r.by != "" {
		return nil
	}
	officer := m.Board.ID + "/importer"
	if r.Key == "" {
		return usage("who imports? Name the officer's key file with --key, or look first with --dry-run; a new key is made with: licet keys new --for \"officer %s\" -o FILE", officer)
	}
	var err error
	if r.key, err = keys.Load(r.Key, keys.Standard().For); err != nil {
		return err
	}
	if r.by, err = r.key.By(); err != nil {
		return usage("%w", err)
	}
	return nil
}

// findBoard brings the mapping's board in where it is not ready and that is asked for.
func (r *importRun) findBoard(m *importer.Mapping, officer string) error {
	var b license.Board
	found, err := r.record(license.KindBoard, m.Board.ID, &b)
	if err != nil || found && r.MemberKey == "" {
		return err
	}
	if found { // by itself: a quorum of members brought it in, or this stopped in between
		ready, err := r.record(license.KindOfficer, officer, &license.Officer{})
		if err != nil || ready {
			return err
		}
	}
	if r.MemberKey == "" {
		return fmt.Errorf("board %s is not in the network yet; name your member's root key with --member-key to bring it in", m.Board.ID)
	}
	if r.by != "officer/"+officer { // which is appointed, with this key
		return usage("%s is for %q, and board %s is brought in with a key for \"officer %s\"; make one with licet keys new", r.Key, r.key.For, m.Board.ID, officer)
	}
	return r.bringBoard(m, found)
}

// bringBoard makes the board of a mapping, or what it still lacks when it is there;
// its root is the member's.
func (r *importRun) bringBoard(m *importer.Mapping, there bool) error {
	k, err := keys.Load(r.MemberKey, keys.Standard().For)
	if err != nil {
		return err
	}
	by, err := k.By()
	member, ok := strings.CutPrefix(by, "member/")
	if err != nil || !ok {
		return usage("%s is for %q, and not a member's root key", r.MemberKey, k.For)
	}
	create, rest := importer.BoardActs(m, member, string(k.Public), string(r.key.Public))
	if !there {
		if err := r.decideAs(by, k, create); err != nil {
			return err
		}
	}
	return r.decideAs("board/"+m.Board.ID, k, rest...)
}

func (r *importRun) decideAs(by string, k keys.Key, acts ...license.Act) error {
	t, err := r.payload(signing{ValidDays: 1}, true, acts, nil)
	if err != nil {
		return err
	}
	t.Sign(tx.SignEd25519(by, k.Private(), t.HeaderBytes))
	return r.submit(t.Encode())
}

func (r *importRun) run(src *importer.Source) error {
	m := newMeter(r.stderr)
	defer m.clear()
	today, err := r.today(src.Mapping.Board.ID)
	if err != nil {
		return err
	}
	told := newOvertaken(r.tell)
	opts := importer.Options{Day: license.Day(r.Day), Today: today, Each: told.take, Progress: m.tell, Older: r.ForceOlder}
	if r.DryRun && !r.JSON {
		opts.Look = func(row importer.Row) { r.look(src.Mapping, &row) }
	}
	plan := func(o importer.Options) iter.Seq2[importer.Batch, error] {
		return importer.PlanClaims(r.ctx, src, remote{r.env}, o)
	}
	if src.Mapping.File.Holds != importer.HoldsClaims { // of claims every row is compared with what stands
		if err := r.lookBack(src.Mapping, &opts); err != nil {
			return err
		}
		defer r.known.close()
		plan = func(o importer.Options) iter.Seq2[importer.Batch, error] {
			return importer.Plan(r.ctx, src, remote{r.env}, o)
		}
	}
	batches := plan(opts)
	if src.HoldsNoClaims() {
		fmt.Fprintf(r.stderr, "%s has no columns of claims, so it says nothing of any.\n", r.File)
	}
	if r.DryRun {
		if err := r.onlyPlan(batches); err != nil {
			return err
		}
		m.clear()
		return r.finish()
	}
	sent := &sender{env: r.env, by: r.by, key: r.key, known: &r.known}
	err = importer.Import(r.ctx, batches, sent.send, told.take)
	opts.Memory, opts.Changed, opts.Copied, opts.Draft = nil, nil, nil, nil // they were for the whole file
	for err == nil && told.again() {
		err = importer.Import(r.ctx, plan(opts), sent.send, told.take)
	}
	if err == nil {
		err = sent.wait()
	}
	if err != nil {
		return err
	}
	m.clear()
	r.remember(src.Mapping)
	return r.finish()
}

func (r *importRun) onlyPlan(batches iter.Seq2[importer.Batch, error]) error {
	for batch, err := range batches {
		if err != nil {
			return err
		}
		r.show(&batch)
		for _, x := range batch.Results(nil) {
			r.tell(x)
		}
	}
	return nil
}

// tell counts a row's outcome and reports it.
func (r *importRun) tell(x importer.Result) {
	r.counts[x.Outcome]++
	r.note(x)
	if r.report != nil {
		r.report.Add(x)
	}
}

func (r *importRun) finish() error {
	verb := "copied"
	if r.DryRun {
		verb = "would be copied"
	}
	a, u, no, q, gone := r.counts[importer.Asserted], r.counts[importer.Unchanged], r.counts[importer.Refused], r.counts[importer.Quarantined], r.counts[importer.Vanished]
	if r.JSON {
		return r.printJSON(map[string]any{"asserted": a, "unchanged": u, "refused": no, "quarantined": q, "vanished": gone, "notes": r.noted, "file": filepath.Base(r.File), "dry_run": r.DryRun})
	}
	r.printf("%s: %s %s, %d unchanged, %d refused", cmp.Or(r.watched, r.File), plural(a, "row"), verb, u, no)
	if q > 0 {
		r.printf(", %d quarantined", q)
	}
	r.printf(".\n")
	if gone > 0 {
		r.printf("%s that earlier files brought in vanished from this one; the registry keeps what it holds.\n", plural(gone, "license"))
	}
	switch {
	case r.watched != "":
	case no+q+gone > 0 && r.Report == "":
		r.printf("See why with --report FILE.\n")
	case no+q+gone > 0:
		r.printf("See why in %s.\n", r.Report)
	}
	r.warn(a + u + no + q)
	return nil
}
