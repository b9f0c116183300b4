package importer

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"io"
	"iter"
	"slices"
	"time"

	"licet/license"
	"licet/strict"
)

// Options of a plan.
type Options struct {
	Day      license.Day // that the file is of; none: as the mapping's file.newest says
	Today    license.Day // a file of a later day is refused; none: that is not looked at
	Random   io.Reader   // ids and salts; nil: crypto/rand
	Each     func(Result)
	Progress func(Progress)
	Look     func(Row) // hears of each row that is asserted, before its batch comes; may be nil

	// Dated is told the day that the file is of, as soon as it is known; may be nil.
	Dated func(license.Day)
	// Newest is the day of the newest file from which the registry holds licenses of the
	// mapping's; none: it holds none. A file of an earlier day is refused, unless Older
	// says that what is past is to be filled in.
	Newest license.Day
	Older  bool
	// Memory is what the import before left, nil: none. About licenses that are keys of
	// Changed the log has entries since then.
	Memory  *Memory
	Changed map[string]bool
	// Copied are the licenses that the registry holds from rosters, for where there is no
	// memory; nil: what vanished is not told.
	Copied iter.Seq2[string, error]
	// Draft is written for the next import; nil: nothing is. Whoever carries the plan out
	// tells it which acts were refused.
	Draft *Draft

	sortBytes int // held in memory while rows are sorted; 0: sortBytes
}

// Progress says how far a plan is.
type Progress struct {
	Phase       string // "reading", then "planning"
	Rows        int64  // handled in this phase
	Total       int64  // rows in all; 0 while reading
	Bytes, Size int64  // of the file, while reading
}

// Plan says which acts bring a file into the registry, in batches that are to be
// submitted one after the other: a batch rests on those before it. First the file
// is read through; then license after license is compared with what the registry
// holds, its rows by the first day of their terms. Rows that bring nothing, or are
// refused, are told to Options.Each as they are met; those that are asserted stand
// in the batches. An error ends the plan.
func Plan(ctx context.Context, src *Source, reg Registry, opts Options) iter.Seq2[Batch, error] {
	return func(yield func(Batch, error) bool) {
		p := &planner{ctx: ctx, src: src, reg: reg, opts: opts}
		if p.opts.Random == nil {
			p.opts.Random = rand.Reader
		}
		p.yield = func(b Batch) bool { return yield(b, nil) }
		err := p.run()
		if err != nil && !p.stopped {
			yield(Batch{}, err)
		}
	}
}

type planner struct {
	ctx     context.Context
	src     *Source
	reg     Registry
	opts    Options
	yield   func(Batch) bool
	stopped bool
	rows    int64
	handled int64
	older   bool // than what the registry holds
	// planning: all rows were read.
	planning bool
	batch    Batch
	ahead    []*licenseRows // to be looked up together
	bytes    int64          // of the rows that these hold

	parts     []part // of the license that is being planned
	partBytes int
}

func (p *planner) tell(r Result) {
	if p.opts.Each != nil {
		p.opts.Each(r)
	}
}

func (p *planner) progress(phase string, rows, total, bytes int64) {
	if p.opts.Progress != nil {
		p.opts.Progress(Progress{phase, rows, total, bytes, p.src.Size})
	}
}

const progressRows = 100

func (p *planner) run() error {
	o := newOrder(cmp.Or(p.opts.sortBytes, sortBytes))
	defer o.close()
	if p.opts.Draft != nil {
		var err error
		if o.ids, err = newIDFile(); err != nil {
			return err
		}
	}
	if err := p.read(o); err != nil {
		return err
	}
	absent, err := p.compare(o)
	if err == nil {
		err = p.plan(o)
	}
	if err != nil || p.stopped {
		return err
	}
	return p.tellVanished(absent)
}

// read reads the file through: every row is judged by itself, and where it stands
// is noted.
func (p *planner) read(o *order) error {
	var newest license.Day
	for r, err := range p.src.Rows() {
		if err == nil {
			err = p.ctx.Err()
		}
		newest = max(newest, r.Newest)
		o.day = cmp.Or(p.opts.Day, newest)
		if err == nil {
			err = o.note(r)
		}
		if err != nil {
			return err
		}
		p.rows++
		if len(r.Flaws) > 0 {
			p.refuse(r, r.Flaws...)
			p.handled++
		}
		if p.rows%progressRows == 0 {
			p.progress("reading", p.rows, 0, r.record.offset)
		}
	}
	p.progress("reading", p.rows, p.rows, p.src.Size)
	return p.date(newest)
}

// date says of which day the file is, whose newest date is given.
func (p *planner) date(newest license.Day) error {
	named := p.opts.Day != ""
	if p.opts.Day == "" {
		p.opts.Day = newest
	}
	if p.opts.Day == "" {
		return fileError(0, "of which day is the file? Say it with --day, such as --day 2026-01-31, or let the mapping's file.newest name columns")
	}
	if err := p.notAhead(named); err != nil {
		return err
	}
	if p.opts.Dated != nil {
		p.opts.Dated(p.opts.Day)
	}
	return p.checkDay()
}

func (p *planner) refuse(r Row, flaws ...Flaw) {
	if p.planning { // else rows of the license are not remembered anyway
		p.forget(r.licenseID())
	}
	p.tell(Result{Row: r.Number, Line: r.Line, License: r.licenseID(), Outcome: Refused, Flaws: flaws})
}

func (r Row) licenseID() string {
	if r.License.Number == "" {
		return ""
	}
	return r.License.String()
}

// licenseRowsMax is how many rows of one license are looked at.
const licenseRowsMax = 10_000

func (p *planner) refuseAt(at spot, f *Flaw) error {
	r, err := p.src.at(at.place)
	if err == nil {
		p.refuse(r, *f)
		p.step()
	}
	return err
}

// plan goes from license to license, as they first stand in the file.
func (p *planner) plan(o *order) error {
	var rows []spot
	for at, err := range o.rows() {
		if err == nil && len(rows) > 0 && at.first != rows[0].first {
			err = p.take(rows)
			rows = nil
		}
		if err == nil && len(rows) == licenseRowsMax {
			err = p.refuseAt(at, flaw("", "", "license-rows", "The file has more than %d rows of this license.", licenseRowsMax))
		} else {
			rows = append(rows, at)
		}
		if err != nil || p.stopped {
			return err
		}
	}
	err := p.take(rows)
	if err == nil {
		err = p.planAhead()
	}
	if err != nil || p.stopped {
		return err
	}
	p.flush()
	p.progress("planning", p.rows, p.rows, p.src.Size)
	return nil
}

// Bounds on what is held of licenses that are looked up together.
const (
	aheadBytesMax = 4 << 20 // of their first rows
	aheadRowsMax  = 20_000
	spotBytes     = aheadBytesMax / aheadRowsMax
)

// take notes the rows of a license, to be planned with those of others.
func (p *planner) take(rows []spot) error {
	if len(rows) == 0 {
		return nil
	}
	if rows[0].same {
		return p.tellSame(rows)
	}
	first, err := p.row(rows[0])
	if err != nil {
		return err
	}
	p.ahead = append(p.ahead, &licenseRows{id: first.License, rows: rows, first: first})
	if p.bytes += rows[0].size + int64(len(rows)*spotBytes); len(p.ahead) == LookupMax || p.bytes > aheadBytesMax {
		return p.planAhead()
	}
	return nil
}

func (p *planner) row(at spot) (Row, error) {
	if err := p.ctx.Err(); err != nil {
		return Row{}, err
	}
	return p.src.at(at.place)
}

// planAhead looks up the licenses that were taken, and plans them.
func (p *planner) planAhead() error {
	if len(p.ahead) == 0 {
		return nil
	}
	ids := make([]string, len(p.ahead))
	for i, l := range p.ahead {
		ids[i] = l.id.String()
	}
	held, err := p.reg.Licenses(p.ctx, ids)
	if err != nil {
		return fmt.Errorf("what the registry holds of license %s and %d more: %w", ids[0], len(ids)-1, err)
	}
	if len(held) != len(ids) {
		return fmt.Errorf("the registry answered for %d licenses, and %d were asked for", len(held), len(ids))
	}
	for i, l := range p.ahead {
		l.st, l.holding = newStanding(held[i], p.src.File), holdingOf(held[i])
		l.past = l.st.known && !l.st.ours
		if err := p.planLicense(l); err != nil || p.stopped {
			return err
		}
	}
	p.ahead, p.bytes = p.ahead[:0], 0
	return nil
}

// licenseRows are the rows of a license, and what holds for all of them.
type licenseRows struct {
	id    license.ID
	rows  []spot
	first Row
	st    *standing
	past  bool // the registry held it before this file
	// stands notes what earlier files told and this one does not, at one row.
	stands map[int64][]Flaw
	holding
}

// planLicense plans the rows of one license, by the first day of their terms.
func (p *planner) planLicense(l *licenseRows) (err error) {
	var rows []Row
	fromFile := false // a word holds from the day that the file is of
	if l.rows[0].surnames > 1 {
		if l.inFile, err = p.src.surnames(l.rows); err != nil {
			return err
		}
	}
	if err := p.noteStands(l); err != nil {
		return err
	}
	for i, at := range l.rows {
		if at.flawed { // and told of already
			continue
		}
		r, err := l.first, error(nil)
		if i > 0 {
			r, err = p.row(at)
		}
		if err == nil {
			err = p.planRow(r, l)
		}
		if err != nil || p.stopped {
			return err
		}
		fromFile = fromFile || r.Status != nil && r.Status.FromFile
		if p.opts.Draft != nil && len(l.rows) > 1 {
			rows = append(rows, r)
		}
		p.step()
	}
	if fromFile && l.st.changesAfter(p.opts.Day) || p.disagree(rows, l.st) {
		p.forget(l.id.String())
	}
	p.join()
	return nil
}

func (p *planner) step() {
	if p.handled++; p.handled%progressRows == 0 {
		p.progress("planning", p.handled, p.rows, p.src.Size)
	}
}

func (p *planner) planRow(r Row, l *licenseRows) error {
	st := l.st
	if st.native {
		p.refuse(r, *flaw("", "", "native", "The board issued this license in the registry; a file does not speak over it."))
		return nil
	}
	if outcome, f := l.doubt(p.src.Mapping, &r, st.done[r.Number]); f != nil {
		p.forget(r.licenseID())
		p.tell(Result{Row: r.Number, Line: r.Line, License: r.licenseID(), Outcome: outcome, Flaws: []Flaw{*f}})
		return nil
	}
	if l.rows[0].split {
		p.refuse(r, *flaw(p.src.Mapping.License.Number, l.id.Number, "number-two-professions", "The file has this number under two professions; the board numbers them in one row, so which license is it?"))
		return nil
	}
	r.Notes = append(r.Notes, l.stands[r.Number]...)
	if err := p.end(&r, l); err != nil {
		return err
	}
	if st.done[r.Number] {
		p.unchanged(r)
		return nil
	}
	if s := r.Status; s != nil && s.FromFile {
		s.Day = p.opts.Day
	}
	p.note(&r)
	if flaws := p.src.Mapping.refuses(r.Notes); len(flaws) > 0 {
		p.refuse(r, flaws...)
		return nil
	}
	if p.src.Mapping.namesOnly() && !r.Order.acts() {
		p.unchanged(r)
		return nil
	}
	if !st.known && p.src.Mapping.namesOnly() && !p.src.Mapping.File.Undescribed {
		p.refuse(r, *flaw("", "", "license-unknown", "The registry does not hold this license, and a file of orders does not describe it. Import the board's roster first, or let the mapping's file.undescribed bring it in."))
		return nil
	}
	changes, openings, f := p.differences(r, st)
	if f != nil {
		p.refuse(r, *f)
		return nil
	}
	if p.older && l.past {
		changes, openings = p.fillIn(&r, st, changes, openings)
	}
	a := p.assertion(&r, l, changes, openings)
	if st.known && a.Issued == "" && len(a.Changes) == 0 && len(a.Openings) == 0 {
		p.tell(Result{Row: r.Number, Line: r.Line, License: r.licenseID(), Outcome: Unchanged, Notes: r.Notes})
		return nil
	}
	l.noteUnseen(p.src.Mapping, &r)
	st.assert(a, openings)
	if p.opts.Look != nil {
		p.opts.Look(r)
	}
	p.add(r, a, openings)
	return nil
}

// assertion is a row's act. It names the openings that are not an order's, which
// its change names itself.
func (p *planner) assertion(r *Row, l *licenseRows, changes []license.Change, openings []license.Opening) *license.ImportAssert {
	st := l.st
	a := &license.ImportAssert{
		License: l.id.String(), Count: st.license.Counts.Imports, File: p.src.File, Row: r.Number,
		Day: p.opts.Day, From: r.From, Changes: changes,
	}
	for i := range openings {
		if o := &openings[i]; o.Kind != license.OpeningOrder {
			a.Openings = append(a.Openings, license.OpeningRef{Kind: o.Kind, Commitment: o.Commit()})
		}
	}
	if !p.src.Mapping.namesOnly() && st.license.Issued == "" { // of one, too, that orders named only
		a.Issued = l.rows[0].issued
	}
	if !st.known {
		a.Licensee, a.Subject = p.randomID(), r.Subject
	}
	return a
}

// note adds to a row what is to be told of it besides.
func (p *planner) note(r *Row) { p.src.mapper.note(r, p.opts.Day) }

// unchanged tells of a row that the registry holds, or that changes nothing.
func (p *planner) unchanged(r Row) {
	p.note(&r)
	p.tell(Result{Row: r.Number, Line: r.Line, License: r.licenseID(), Outcome: Unchanged, Notes: r.Notes})
}

// tellSame tells of rows that the registry is known to hold.
func (p *planner) tellSame(rows []spot) error {
	for _, at := range rows {
		r, err := p.row(at)
		if err != nil {
			return err
		}
		p.note(&r)
		if flaws := p.src.Mapping.refuses(r.Notes); len(flaws) > 0 {
			p.refuse(r, flaws...)
		} else {
			p.unchanged(r)
		}
		p.step()
	}
	return nil
}

// differences says what the row adds to what stands.
func (p *planner) differences(r Row, st *standing) (cs []license.Change, os []license.Opening, f *Flaw) {
	if p.src.Mapping.namesOnly() { // it says nothing of terms, and names stand in the roster, if there is one
		cs, os = p.ordered(r, st)
		if !st.described() {
			os = append(os, p.texts(r, st)...)
		}
		return cs, os, nil
	}
	term, f := p.term(r, st)
	if f != nil {
		return nil, nil, f
	}
	cs = append(cs, term...)
	if s := r.Status; s != nil && s.Lifecycle != "" && st.lifecycle(s.Day) != s.Lifecycle {
		cs = append(cs, license.Change{Do: license.DoLifecycle, Status: s.Lifecycle, From: s.Day})
	}
	if s := r.Status; s != nil && s.Authority != "" && !st.ordered(s) {
		d := p.src.Mapping.order(s)
		o := p.opening(license.OpeningOrder, strict.Encode(&d))
		os = append(os, o)
		cs = append(cs, license.Change{Do: license.DoOrder, Order: p.randomID(), Authority: s.Authority, Commitment: o.Commit(), From: s.Day})
	}
	more, documents := p.ordered(r, st)
	return append(cs, more...), append(append(os, documents...), p.texts(r, st)...), nil
}

// texts says which names and addresses the row adds.
func (p *planner) texts(r Row, st *standing) (os []license.Opening) {
	for _, t := range r.Texts {
		if b, ok := st.text(t.Kind, r.From); !ok || string(b) != string(t.Bytes) {
			os = append(os, p.opening(t.Kind, t.Bytes))
		}
	}
	return os
}

// term says which term the row adds.
func (p *planner) term(r Row, st *standing) ([]license.Change, *Flaw) {
	from := r.From
	i := slices.IndexFunc(st.license.Terms, func(t license.Term) bool { return t.From == from })
	for i >= 0 && p.src.Mapping.Term.Extends { // to the last of the terms that follow it day by day
		t := st.license.Terms[i]
		if t.Through == "" || t.Through == r.Through {
			break
		}
		next, err := dayAfter(t.Through)
		if err != nil {
			break
		}
		j := slices.IndexFunc(st.license.Terms, func(t license.Term) bool { return t.From == next })
		if j < 0 && (r.Through == "" || r.Through > t.Through) {
			return []license.Change{{Do: license.DoTerm, From: next, Through: r.Through}}, nil
		}
		if j < 0 {
			break
		}
		i = j
	}
	if i < 0 {
		return []license.Change{{Do: license.DoTerm, From: from, Through: r.Through}}, nil
	}
	if t := st.license.Terms[i]; t.Through != r.Through {
		return nil, flaw(p.src.Mapping.Term.Through, p.src.mapper.cell(&r, p.src.Mapping.Term.Through), "term-differs",
			"The registry has a term from %s through %s already. Correct or void that one first.", t.From, cmp.Or(string(t.Through), "no set end"))
	}
	return nil, nil
}

func dayAfter(d license.Day) (license.Day, error) {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return "", err
	}
	return license.ParseDay(t.AddDate(0, 0, 1).Format(time.DateOnly))
}

// ordered says which order the row adds, or gives another end. A charge adds none.
func (p *planner) ordered(r Row, st *standing) ([]license.Change, []license.Opening) {
	o := r.Order
	switch {
	case o == nil || !o.acts() || o.Lifecycle != "" && st.lifecycle(o.From) == o.Lifecycle:
		return nil, nil
	case o.Lifecycle != "":
		return []license.Change{{Do: license.DoLifecycle, Status: o.Lifecycle, From: o.From}}, nil
	}
	b := o.encoded(p.src.Mapping)
	if o.revises != "" && st.holdsEnd(o) || o.revises == "" && len(st.like(o, b)) > 0 {
		return nil, nil
	}
	id, document := o.revises, p.opening(license.OpeningOrder, b)
	if id == "" {
		id = p.randomID()
	}
	return []license.Change{{Do: license.DoOrder, Order: id, Authority: o.Authority, Commitment: document.Commit(), From: o.From, Through: o.Through}}, []license.Opening{document}
}

func (p *planner) opening(kind string, b []byte) license.Opening {
	return license.Opening{Kind: kind, Salt: p.random(license.SaltBytes), Bytes: b}
}

func (p *planner) randomID() string { return hex.EncodeToString(p.random(16)) }

// random draws bytes. The machine's own source never fails; one that a test
// passes and that ends is a mistake of the test's.
func (p *planner) random(n int) []byte {
	b := make([]byte, n)
	if _, err := io.ReadFull(p.opts.Random, b); err != nil {
		panic("importer: the source of random bytes ended: " + err.Error())
	}
	return b
}
