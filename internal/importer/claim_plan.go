package importer

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strconv"

	"licet/license"
)

// A ClaimRegistry is what a plan asks about claims that may be there already.
type ClaimRegistry interface {
	// Claims returns what stands under some ids, at most LookupMax, each once: one
	// answer for each id, nil where nothing was ever copied.
	Claims(ctx context.Context, ids []string) ([]*license.Claims, error)
}

// PlanClaims says which acts bring a file of claims into the registry, as Plan does for
// a file of licenses: row after row is compared with what stands of its NPI.
func PlanClaims(ctx context.Context, src *Source, reg ClaimRegistry, opts Options) iter.Seq2[Batch, error] {
	return func(yield func(Batch, error) bool) {
		p := &claimPlanner{planner: planner{ctx: ctx, src: src, opts: opts}, reg: reg}
		p.yield = func(b Batch) bool { return yield(b, nil) }
		if err := p.run(); err != nil && !p.stopped {
			yield(Batch{}, err)
		}
	}
}

// HoldsNoClaims says that a file of claims was cut before the columns that hold them.
func (s *Source) HoldsNoClaims() bool {
	return s.Mapping.File.Holds == HoldsClaims && s.mapper.groups == 0
}

type claimPlanner struct {
	planner
	reg           ClaimRegistry
	seen, several npiSet
	ahead         []Row // to be looked up together
}

func (p *claimPlanner) run() error {
	if err := p.read(); err != nil {
		return err
	}
	for r, err := range p.src.Rows() {
		if err == nil {
			err = p.ctx.Err()
		}
		if err == nil && len(r.Flaws) == 0 {
			err = p.take(r)
		}
		if err != nil || p.stopped {
			return err
		}
	}
	if err := p.planAhead(); err != nil || p.stopped {
		return err
	}
	p.flush()
	p.progress("planning", p.rows, p.rows, p.src.Size)
	return nil
}

// read reads the file through: of which day it is, and which NPIs stand in it twice.
func (p *claimPlanner) read() error {
	var newest license.Day
	for r, err := range p.src.Rows() {
		if err == nil {
			err = p.ctx.Err()
		}
		if err != nil {
			return err
		}
		p.rows++
		newest = max(newest, r.Newest)
		if len(r.Flaws) > 0 {
			p.outcome(r, Refused, r.Flaws...)
			p.handled++
		} else if p.seen.add(r.NPI) {
			p.several.add(r.NPI)
		}
		if p.rows%progressRows == 0 {
			p.progress("reading", p.rows, 0, r.record.offset)
		}
	}
	p.progress("reading", p.rows, p.rows, p.src.Size)
	return p.date(newest)
}

func (p *claimPlanner) id(r Row) string { return p.src.Mapping.Board.ID + "." + r.NPI }

func (p *claimPlanner) outcome(r Row, o string, flaws ...Flaw) {
	x := Result{Row: r.Number, Line: r.Line, Outcome: o, Flaws: flaws, Notes: r.Notes}
	if r.NPI != "" {
		x.License = p.id(r)
	}
	p.tell(x)
}

func (p *claimPlanner) take(r Row) error {
	if p.several.has(r.NPI) {
		p.outcome(r, Refused, *flaw(p.src.Mapping.Claim.NPI, r.NPI, "npi-twice", "The file has several rows of this NPI; which of them says what its holder claims?"))
		p.step()
		return nil
	}
	if p.ahead = append(p.ahead, r); len(p.ahead) < LookupMax {
		return nil
	}
	return p.planAhead()
}

// planAhead looks up the rows that were taken, and plans them.
func (p *claimPlanner) planAhead() error {
	if len(p.ahead) == 0 {
		return nil
	}
	ids := make([]string, len(p.ahead))
	for i, r := range p.ahead {
		ids[i] = p.id(r)
	}
	stand, err := p.reg.Claims(p.ctx, ids)
	if err == nil && len(stand) != len(ids) {
		err = fmt.Errorf("the registry answered for %d NPIs of %d", len(stand), len(ids))
	}
	if err != nil {
		return fmt.Errorf("what stands of %s and %d more: %w", ids[0], len(ids)-1, err)
	}
	for i, r := range p.ahead {
		p.planRow(r, stand[i])
		if p.stopped {
			return nil
		}
		p.step()
	}
	p.ahead = p.ahead[:0]
	return nil
}

func (p *claimPlanner) planRow(r Row, stands *license.Claims) {
	if stands == nil {
		stands = new(license.Claims)
	}
	switch {
	case slices.Equal(r.Claims, stands.Claims), p.src.HoldsNoClaims():
		p.outcome(r, Unchanged)
		return
	case stands.Import != nil && p.opts.Day < stands.Import.Day:
		p.outcome(r, Refused, *flaw(p.src.Mapping.Claim.NPI, r.NPI, "older-file", "What stands was copied from a file of %s.", stands.Import.Day))
		return
	}
	if p.opts.Look != nil {
		p.opts.Look(r)
	}
	a := &license.ImportClaim{Claim: p.id(r), Count: stands.Count, File: p.src.File, Row: r.Number, Day: p.opts.Day, Claims: r.Claims}
	p.put(Planned{r.Number, r.Line, a.Claim, r.Notes}, a, nil)
}

func describeClaims(a *license.ImportClaim) (lines []string) {
	for _, c := range a.Claims {
		line := shown(c.State + " " + c.Number)
		if c.Taxonomy != "" {
			line += ", taxonomy " + shown(c.Taxonomy)
		}
		lines = append(lines, "claims "+line)
	}
	if lines == nil {
		lines = []string{"claims nothing any more"}
	}
	return lines
}

// An npiSet holds NPIs, a bit for each, without their check digits.
type npiSet map[int64]*[1 << 10]uint64

const npiPage = 1 << 16

// add says whether the NPI was there already.
func (s *npiSet) add(npi string) bool {
	n, _ := strconv.ParseInt(npi[:9], 10, 64)
	if *s == nil {
		*s = npiSet{}
	}
	page := (*s)[n/npiPage]
	if page == nil {
		page = new([1 << 10]uint64)
		(*s)[n/npiPage] = page
	}
	word, bit := &page[n%npiPage/64], uint64(1)<<(n%64)
	was := *word&bit != 0
	*word |= bit
	return was
}

func (s npiSet) has(npi string) bool {
	n, _ := strconv.ParseInt(npi[:9], 10, 64)
	page := s[n/npiPage]
	return page != nil && page[n%npiPage/64]&(1<<(n%64)) != 0
}
