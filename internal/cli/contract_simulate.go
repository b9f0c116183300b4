package cli

import (
	"errors"
	"fmt"
	"net/url"
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
		m.show(rehearsing(done, of, calls, time.Since(began)))
	}
	simulate := e.rehearseNode
	if c.Offline {
		simulate = e.rehearseHome
	}
	done, err := simulate(&r)
	m.clear()
	if err != nil {
		return err
	}
	return c.print(e, done)
}

// A rehearsed is what came of a simulation, with what is no part of the report.
type rehearsed struct {
	*rehearse.Report
	final bool   // the last day is over
	note  string // about the pack's version
}

// runRehearsal simulates.
func runRehearsal(r *rehearse.Rehearsal) (*rehearsed, error) {
	out, final, err := rehearse.Run(*r)
	if err != nil {
		return nil, err
	}
	return &rehearsed{out, final, versionNote(r)}, nil
}

// versionNote says what boards would be told who signed the pack as it is: that its version
// is not the next one.
func versionNote(r *rehearse.Rehearsal) string {
	if r.Contract == nil {
		return ""
	}
	newest, m := int64(0), &r.Pack.Manifest
	for i := range r.Contract.Editions {
		x := &r.Contract.Editions[i]
		if x.Hash == r.Pack.Hash {
			return ""
		}
		newest = max(newest, x.Version)
	}
	switch m.Version {
	case newest + 1:
		return ""
	case newest:
		return fmt.Sprintf("Version %d on this network has other texts. If more than parameters.toml changed, write version = %d in contract.toml before boards sign.", newest, newest+1)
	}
	return fmt.Sprintf("The newest version on this network is %d: write version = %d in contract.toml before boards sign.", newest, newest+1)
}

// rehearsing says how far a simulation is.
func rehearsing(done, of, calls int64, took time.Duration) string {
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
func (e *env) rehearseHome(r *rehearse.Rehearsal) (out *rehearsed, err error) {
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
	if err := rehearse.Over(s, r.Pack.Manifest.Name, r); err != nil {
		return nil, err
	}
	return runRehearsal(r)
}

// rehearseNode asks a node for what everybody may see.
func (e *env) rehearseNode(r *rehearse.Rehearsal) (*rehearsed, error) {
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
	if known {
		r.Contract = &k
	}
	for _, id := range r.Boards {
		if known, err = e.record(license.KindBoard, id, new(license.Board)); err != nil {
			return nil, err
		} else if !known {
			return nil, rehearse.NoBoard(id)
		}
	}
	r.Origin, r.Until = now.Origin, now.Time
	if r.Size, err = e.logSize(); err != nil {
		return nil, err
	}
	r.Source = &nodeLog{e: e, size: r.Size, openings: map[license.Hash]nodeOpening{}}
	return runRehearsal(r)
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
