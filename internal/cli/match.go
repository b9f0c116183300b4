package cli

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"licet/internal/importer"
	"licet/internal/matching"
	"licet/internal/roster"
	"licet/license"
)

// exitCouldBe: the whole list was gone through, and licenses could be of somebody on it.
const exitCouldBe = 3

type matchCmd struct {
	File string `arg:"" help:"The list." type:"path"`
	Map  string `help:"Mapping of the list: a TOML file that holds \"exclusions\", or the name of one that comes with the program." default:"oig-exclusions" placeholder:"MAP.toml"`
	Out  string `short:"o" help:"Write what was found to this new file, as comma-separated values. Absent: to standard output." placeholder:"FILE" type:"path"`
	From int64  `help:"Begin at this row of the list, where an earlier run stopped." default:"1" placeholder:"ROW"`
}

func (c *matchCmd) Help() string {
	return "Says of each row of a list which licenses could be that person's or organization's, and why: by the NPI where the row has one, else by the name, former names and names of business among them. All that fit are listed, and none is picked. Nothing is recorded. Exit codes: 0 the whole list was gone through and no license could be of anybody on it, 3 some could, 1 it failed, 2 a flag or a file is missing."
}

// Run goes through a list.
func (c matchCmd) Run(e *env) (err error) {
	m, err := importer.ReadMapping(c.Map)
	if err != nil {
		return err
	}
	if m.File.Holds != importer.HoldsExclusions {
		return usage("mapping %s is not of a list to match: file.holds = %q says that one is. Licenses are copied with licet import", c.Map, importer.HoldsExclusions)
	}
	src, err := importer.Open(c.File, m)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, src.Close()) }()
	out := e.stdout
	if c.Out != "" {
		f, err := os.OpenFile(c.Out, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if errors.Is(err, fs.ErrExist) {
			err = fmt.Errorf("%s exists already and is not overwritten; choose another name", c.Out)
		}
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, f.Close()) }()
		out = f
	}
	r := &matchRun{matchCmd: c, env: e, table: csv.NewWriter(out)}
	if err := r.run(src); err != nil {
		r.table.Flush()
		fmt.Fprintf(e.stderr, "The list was gone through up to row %d only; go on with --from %d and another file.\n", r.done, r.done+1)
		return err
	}
	return r.finish()
}

// A matchRun is one list under way.
type matchRun struct {
	matchCmd
	*env
	table                           *csv.Writer
	done                            int64 // row that was gone through last
	rows, strong, weak, none, blank int
	matches                         int
}

var matchColumns = []string{
	"row", "line", "result", "listed_name", "listed_npi", "listed_born", "listed_city", "listed_state", "kind", "from", "reinstated", "waived", "note",
	"candidates", "strength", "why", "license", "name", "other_names", "title", "license_city", "status", "license_npi", "as_of",
}

// Results of a row.
const (
	resultCouldBe    = "could be"
	resultNone       = "none found"
	resultUnreadable = "unreadable" // neither name nor NPI: nobody can be searched for
)

func (r *matchRun) run(src *importer.Source) error {
	r.done = r.From - 1
	m := newMeter(r.stderr)
	defer m.clear()
	r.line(matchColumns)
	for row, err := range src.Rows() {
		if err == nil {
			err = r.ctx.Err()
		}
		if err != nil {
			return err
		}
		if row.Number < r.From {
			continue
		}
		if err := r.row(row); err != nil {
			return err
		}
		r.done = row.Number
		m.tell(importer.Progress{Phase: "matching", Rows: row.Number, Bytes: row.Offset(), Size: src.Size})
	}
	r.table.Flush()
	return r.table.Error()
}

// row writes which licenses one row could mean: a line for each, or one that says
// that there is none.
func (r *matchRun) row(row importer.Row) error {
	r.rows++
	who, name := listedOf(row)
	head := listedCells(row, who, name)
	if who.NPI == "" && who.Search() == "" {
		r.blank++
		r.line(append(head, "0", "", "", "", "", "", "", "", "", "", ""), resultUnreadable)
		return r.table.Error()
	}
	found, more, at, err := r.find(who)
	if err != nil {
		return err
	}
	if len(found) == 0 && !more {
		r.none++
		r.line(append(head, "0", "", "", "", "", "", "", "", "", "", string(at)), resultNone)
		return r.table.Error()
	}
	if len(found) > 0 && found[0].Strength == matching.Strong {
		r.strong++
	} else {
		r.weak++
	}
	count := strconv.Itoa(len(found))
	if more {
		count = "at least " + count
	}
	if len(found) == 0 { // what was looked at fits no better
		r.line(append(head[:len(head):len(head)], count, matching.Weak, "more licenses begin so than were looked at: search for it", "", "", "", "", "", "", "", string(at)), resultCouldBe)
	}
	for _, f := range found {
		r.matches++
		it := &f.item
		name := it.Name
		if name == "" {
			name = "(name withheld)"
		}
		r.line(append(head[:len(head):len(head)], count, f.Strength, strings.Join(f.Why, "; "), it.ID, name, strings.Join(it.Others, "; "), it.Title, it.City, it.status(), it.NPI, string(at)), resultCouldBe)
	}
	return r.table.Error()
}

// line writes a line, with its result, harmless to spreadsheets and terminals.
func (r *matchRun) line(cells []string, result ...string) {
	cells = slices.Clone(cells)
	if len(result) > 0 {
		cells[2] = result[0]
	}
	for i := range cells {
		cells[i] = roster.Guarded(shown(cells[i]))
	}
	_ = r.table.Write(cells) // Error tells
}

// listedOf returns who stands in a row, and the name as the list has it.
func listedOf(row importer.Row) (*matching.Listed, string) {
	n, _ := license.ParseName(row.Text(license.OpeningName)) // our own writing
	who := &matching.Listed{
		Family: n.Family, Given: n.Given, Middle: n.Middle, Legal: n.Legal,
		City: string(row.Text(license.OpeningCity)), State: string(row.Text(license.OpeningState)),
	}
	if importer.FitsNPI(row.NPI) {
		who.NPI = row.NPI
	}
	return who, n.String()
}

// listedCells writes what the list says, up to its notes. What a row does not tell
// keeps nobody from searching for the rest.
func listedCells(row importer.Row, who *matching.Listed, name string) []string {
	x := row.Exclusion
	if x == nil {
		x = &importer.Exclusion{}
	}
	var notes []string
	for i := range row.Flaws {
		notes = append(notes, row.Flaws[i].Error())
	}
	return []string{
		strconv.FormatInt(row.Number, 10), strconv.FormatInt(row.Line, 10), "", name, row.NPI, string(x.Born), who.City, who.State,
		x.Kind, string(x.From), string(x.Reinstated), string(x.Waived), strings.Join(notes, " "),
	}
}

// A fit is a license that could be the listed one's.
type fit struct {
	matching.Match
	item foundItem
}

// find searches by NPI, and where that finds nobody, by name.
func (r *matchRun) find(who *matching.Listed) (found []fit, more bool, at license.Instant, err error) {
	if who.NPI != "" {
		found, more, at, err = r.search(who, url.Values{"npi": {who.NPI}})
	}
	if text := who.Search(); err == nil && len(found) == 0 && text != "" {
		found, more, at, err = r.search(who, url.Values{"name": {text}})
	}
	slices.SortStableFunc(found, func(a, b fit) int { return a.Better(&b.Match) })
	return found, more, at, err
}

// Limits of what is looked at for one row.
const (
	matchPage  = 100
	matchPages = 10
)

func (r *matchRun) search(who *matching.Listed, q url.Values) (found []fit, more bool, at license.Instant, err error) {
	q.Set("limit", strconv.Itoa(matchPage))
	for range matchPages {
		var p foundPage
		if err := r.searchPage(q, &p); err != nil {
			return nil, false, "", err
		}
		at = p.AsOf.Time
		for _, it := range p.Items {
			l := matching.License{ID: it.ID, Board: it.Board, Name: it.Name, Others: it.Others, NPI: it.NPI, City: it.City}
			if m, could := who.Compare(&l); could {
				found = append(found, fit{m, it})
			}
		}
		if p.Next == "" {
			return found, false, at, nil
		}
		q.Set("cursor", p.Next)
	}
	return found, true, at, nil
}

// searchPage asks for a page, again where the node is busy with others.
func (e *env) searchPage(q url.Values, p *foundPage) error {
	deadline := time.Now().Add(busyWithin)
	for {
		err := e.getJSON("/v1/licenses"+query(q), p)
		var busy *problem
		if !errors.As(err, &busy) || busy.retry <= 0 || time.Now().Add(busy.retry).After(deadline) {
			return err
		}
		select {
		case <-e.ctx.Done():
			return e.ctx.Err()
		case <-time.After(busy.retry):
		}
	}
}

func (r *matchRun) finish() error {
	could := r.strong + r.weak
	if r.JSON {
		if err := json.NewEncoder(r.summaryTo()).Encode(map[string]any{"rows": r.rows, "by_npi": r.strong, "by_name": r.weak, "none": r.none, "unreadable": r.blank, "licenses": r.matches}); err != nil {
			return err
		}
	} else {
		fmt.Fprintf(r.summaryTo(), "%s: %s; licenses could be of %d by the NPI and of %d by the name alone, of %d none was found, %d unreadable. Nothing was recorded, and who it is, is for you to say.\n",
			r.File, plural(r.rows, "row"), r.strong, r.weak, r.none, r.blank)
	}
	if could > 0 {
		return &failure{exitCouldBe, errSaid}
	}
	return nil
}

// summaryTo is where the counts go: beside the table, never into it.
func (r *matchRun) summaryTo() io.Writer {
	if r.Out == "" {
		return r.stderr
	}
	return r.stdout
}
