package cli

import (
	"encoding/csv"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"licet/internal/host"
	"licet/internal/rehearse"
	"licet/license"
	"licet/proof"
	"licet/strict"
)

type contractSimulateCmd struct {
	Dir     string   `arg:"" help:"Directory of the contract: a new one, or a newer version of one that is in force." type:"existingdir"`
	From    day      `help:"First day." required:"" placeholder:"DAY"`
	To      day      `help:"Last day." required:"" placeholder:"DAY"`
	Board   []string `help:"Board for which it is simulated; several times for several. Absent: those that have the contract; all, where nobody has." placeholder:"ID"`
	Csv     bool     `help:"Print comma-separated values."`
	Offline bool     `help:"Read the home itself, where all openings are that nobody sealed; its node must not run."`
}

func (contractSimulateCmd) Help() string {
	return "What happened between two days happens again, in memory, with the contract as it stands in the directory; every license whose standing would differ is listed, with the rule. " +
		"Nothing is recorded or sent. The same log, days and boards give everybody the same report and hash; a node shows its public openings alone, so that a contract which reads others is " +
		"simulated with --offline. docs/contracts.md says what is simulated and what not."
}

// Run simulates.
func (c contractSimulateCmd) Run(e *env) (err error) {
	if c.To < c.From {
		return usage("--to %s is before --from %s", c.To, c.From)
	}
	if c.Csv && e.JSON {
		return usage("--csv or --json, not both")
	}
	p, err := e.loadPack(c.Dir)
	if err != nil {
		return err
	}
	r := rehearse.Rehearsal{Pack: p.Package, From: license.Day(c.From), To: license.Day(c.To), Boards: c.Board}
	m := newMeter(e.stderr)
	began := time.Now()
	r.Progress = func(done, of, calls int64) {
		m.show(rehearsed(done, of, calls, time.Since(began)))
	}
	var out *rehearse.Report
	if c.Offline {
		out, err = e.rehearseHome(r)
	} else {
		out, err = e.rehearseNode(r)
	}
	m.clear()
	if err != nil {
		return err
	}
	return c.print(e, out)
}

// rehearsed says how far a simulation is.
func rehearsed(done, of, calls int64, took time.Duration) string {
	line := fmt.Sprintf("simulating: %s entries, %d %%, %s calls", digits(done), 100*done/max(of, 1), digits(calls))
	if took < time.Second || done == 0 {
		return line
	}
	line += fmt.Sprintf(", %s entries/s", digits(int64(float64(done)/took.Seconds())))
	if done < of {
		line += ", " + left(time.Duration(float64(took)*float64(of-done)/float64(done))) + " left"
	}
	return line
}

// rehearseHome reads a home whose node does not run.
func (e *env) rehearseHome(r rehearse.Rehearsal) (out *rehearse.Report, err error) {
	dir, err := e.home()
	if err != nil {
		return nil, err
	}
	h, err := host.Open(dir)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, h.Close()) }()
	l, err := openRegistry(h)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, l.Close()) }()
	s, err := l.State()
	if err != nil {
		return nil, err
	}
	defer s.Release()
	if err := rehearse.Over(s, r.Pack.Manifest.Name, &r); err != nil {
		return nil, err
	}
	return rehearse.Run(r)
}

// rehearseNode asks a node for what everybody may see.
func (e *env) rehearseNode(r rehearse.Rehearsal) (*rehearse.Report, error) {
	var now struct {
		Origin string          `json:"origin"`
		Time   license.Instant `json:"time"`
	}
	if err := e.getJSON("/v1/network", &now); err != nil {
		return nil, err
	}
	var k license.Contract
	known, err := e.record(license.KindContract, r.Pack.Manifest.Name, &k)
	if err != nil {
		return nil, err
	}
	r.Origin, r.Until, r.Known, r.InForce = now.Origin, now.Time, known, rehearse.BoardsOf(&k)
	if r.Size, err = e.logSize(); err != nil {
		return nil, err
	}
	r.Source = &nodeLog{e: e, size: r.Size, openings: map[license.Hash]nodeOpening{}}
	return rehearse.Run(r)
}

// A nodeLog is a log as a node shows it to the public.
type nodeLog struct {
	e        *env
	size     int64
	openings map[license.Hash]nodeOpening // that were asked for
}

type nodeOpening struct {
	bytes []byte
	shown rehearse.Shown
}

type actName struct {
	header, signatures license.Hash
	act                int64
}

// Entries implements rehearse.Source.
func (n *nodeLog) Entries(do func(entry, act []byte) error) error {
	for bundle := int64(0); bundle*proof.TileWidth < n.size; bundle++ {
		entries, err := n.e.entryBundle(n.size, bundle)
		if err != nil {
			return err
		}
		first := bundle * proof.TileWidth
		acts, err := n.acts(first, first+int64(len(entries)))
		if err != nil {
			return err
		}
		for _, b := range entries {
			var en license.Entry
			if err := strict.Decode(b, &en, license.EntryBytesMax); err != nil {
				return fmt.Errorf("an entry after number %d cannot be read: %w", first, err)
			}
			var act []byte
			if en.Signed() {
				act = acts[actName{en.Cause.Header, en.Cause.Signatures, en.Cause.Act}]
			}
			if err := do(b, act); err != nil {
				return err
			}
		}
	}
	return nil
}

// acts fetches the acts behind a run of entries.
func (n *nodeLog) acts(from, to int64) (map[actName][]byte, error) {
	acts := map[actName][]byte{}
	for from < to {
		b, err := n.e.get(fmt.Sprintf("/v1/signed?from=%d&to=%d", from, to))
		if err != nil {
			return nil, err
		}
		s, err := proof.ParseSigned(b)
		if err == nil && (s.Next <= from || s.Next > to) {
			err = errors.New("the node does not show what was signed")
		}
		if err != nil {
			return nil, err
		}
		for i := range s.Payloads {
			p := &s.Payloads[i]
			for j := range p.Acts {
				acts[actName{license.HashOf(p.Header), license.HashOf(p.Signatures), p.Acts[j].Number}] = p.Acts[j].Act
			}
		}
		from = s.Next
	}
	return acts, nil
}

// Opening implements rehearse.Source.
func (n *nodeLog) Opening(kind, id string, c license.Hash) ([]byte, rehearse.Shown, error) {
	if o, ok := n.openings[c]; ok {
		return o.bytes, o.shown, nil
	}
	o, err := n.opening(kind, id, c)
	if err == nil {
		n.openings[c] = o
	}
	return o.bytes, o.shown, err
}

func (n *nodeLog) opening(kind, id string, c license.Hash) (nodeOpening, error) {
	var o license.Opening
	err := n.e.getJSON("/v1/openings/"+c.String()+query(url.Values{"of": {kind + "/" + id}}), &o)
	if err == nil {
		if o.Commit() != c {
			return nodeOpening{}, fmt.Errorf("the node's opening does not fit commitment %s", c)
		}
		return nodeOpening{o.Bytes, rehearse.Open}, nil
	}
	if !notThere(err) {
		return nodeOpening{}, err
	}
	var r license.OpeningRecord
	_, err = n.e.record(license.KindOpening, c.String(), &r)
	if r.Sealed {
		return nodeOpening{nil, rehearse.Sealed}, err
	}
	return nodeOpening{nil, rehearse.Withheld}, err
}

func (c contractSimulateCmd) print(e *env, r *rehearse.Report) error {
	switch {
	case e.JSON:
		e.printf("%s\n", strict.Encode(&struct {
			Report rehearse.Report `json:"report,required"`
			Hash   license.Hash    `json:"hash,required"`
		}{*r, r.Sum()}))
		return nil
	case c.Csv:
		fmt.Fprintf(e.stderr, "Hash: %s\n", r.Sum())
		return e.printRehearsedCSV(r)
	}
	e.printRehearsed(r)
	return nil
}

func (e *env) printRehearsed(r *rehearse.Report) {
	e.printf("%s %d on %s, %s to %s: %s, %s.\n", r.Contract, r.Version, r.Origin, r.From, r.To, many(int(r.Triggers), "trigger"), many(int(r.Calls), "call"))
	if len(r.New) > 0 {
		e.printf("It would be new for %s.\n", strings.Join(r.New, ", "))
	}
	if len(r.InPlace) > 0 {
		e.printf("It takes the place of what is in force for %s.\n", strings.Join(r.InPlace, ", "))
	}
	if len(r.Off) > 0 {
		e.printf("Not confirmed, and so switched off on this network: %s.\n", strings.Join(r.Off, ", "))
	}
	if len(r.Differ) == 0 {
		e.printf("No license's standing would differ.\n")
	}
	for i := range r.Differ {
		d := &r.Differ[i]
		span := "from " + string(d.From) + " on"
		if d.Through != "" {
			span = "from " + string(d.From) + " through " + string(d.Through)
		}
		e.printf("%s %s: %s instead of %s. %s.\n", d.License, span, stands(&d.Would), stands(&d.Was), ruled(&d.By))
	}
	for i := range r.Refused {
		x := &r.Refused[i]
		e.printf("%s: would be refused: %s, entry %d (%s%s). %s.\n", x.License, x.Act, x.Trigger, x.Code, before(": ", x.Words), ruled(&rehearse.Rule{Function: x.Function, Line: x.Line, Citation: x.Citation}))
	}
	for i := range r.NotReplayed {
		x := &r.NotReplayed[i]
		why := "what it is about is sealed"
		if x.Why == rehearse.WhyWithheld {
			why = "the contract reads what is not for the public; a board that has it simulates with --offline"
		}
		e.printf("%s: not replayed: %s: %s.\n", x.License, happened(x.Trigger, x.Day), why)
	}
	for i := range r.Faults {
		x := &r.Faults[i]
		e.printf("%s: fault %s in %s, line %d: %s.\n", x.License, x.Code, x.Function, x.Line, happened(x.Trigger, x.Day))
	}
	if r.Notices > 0 {
		e.printf("It would send %s.\n", many(int(r.Notices), "notice"))
	}
	e.printf("Hash: %s\n", r.Sum())
}

func before(lead, s string) string {
	if s == "" {
		return ""
	}
	return lead + s
}

// stands says a standing in words.
func stands(s *rehearse.Standing) string {
	return s.Status + before("; ", s.Besides) + " (" + strings.ReplaceAll(s.Authority, "-", " ") + ")"
}

// ruled says which rule it is.
func ruled(r *rehearse.Rule) string {
	switch r.Do {
	case "void":
		return "What the effect in force rested on is not there"
	case "without":
		return fmt.Sprintf("The edition in force did this in %s, line %d%s: entry %d", r.Function, r.Line, before(", ", r.Citation), r.Trigger)
	}
	s := fmt.Sprintf("%s, line %d%s", r.Function, r.Line, before(", ", r.Citation))
	if r.Trigger > 0 || r.Day != "" {
		s += ", because of " + happened(r.Trigger, r.Day)
	}
	return s
}

// happened names a trigger.
func happened(index int64, day license.Day) string {
	if day != "" {
		return "the day " + string(day)
	}
	return "entry " + strconv.FormatInt(index, 10)
}

var rehearsedColumns = []string{
	"what", "license", "from", "through", "was", "would_be", "was_authority", "would_be_authority", "function", "line", "citation", "trigger", "day", "reason",
}

// printRehearsedCSV prints a line for each finding.
func (e *env) printRehearsedCSV(r *rehearse.Report) error {
	w := csv.NewWriter(e.stdout)
	number := func(n int64) string {
		if n == 0 {
			return ""
		}
		return strconv.FormatInt(n, 10)
	}
	rows := [][]string{rehearsedColumns}
	for _, d := range r.Differ {
		rows = append(rows, []string{
			"differs", d.License, string(d.From), string(d.Through), d.Was.Status + before("; ", d.Was.Besides), d.Would.Status + before("; ", d.Would.Besides),
			d.Was.Authority, d.Would.Authority, d.By.Function, number(d.By.Line), d.By.Citation, number(d.By.Trigger), string(d.By.Day), d.By.Do,
		})
	}
	for _, x := range r.Refused {
		rows = append(rows, []string{"would be refused", x.License, "", "", "", "", "", "", x.Function, number(x.Line), x.Citation, number(x.Trigger), "", x.Code})
	}
	for _, x := range r.NotReplayed {
		rows = append(rows, []string{"not replayed", x.License, "", "", "", "", "", "", "", "", "", number(x.Trigger), string(x.Day), x.Why})
	}
	for _, x := range r.Faults {
		rows = append(rows, []string{"fault", x.License, "", "", "", "", "", "", x.Function, number(x.Line), "", number(x.Trigger), string(x.Day), x.Code})
	}
	return w.WriteAll(rows)
}
