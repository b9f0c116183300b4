// Package auditor follows a node's log from outside: it fetches the entries, checks
// them against the cosigned checkpoint, decides every signed act again, folds the
// entries into records, recomputes the map root that every block entry names, and
// remembers how far it came. A log that
// forgets or rewrites what it said before is shouted about, with both checkpoints.
package auditor

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"
	"golang.org/x/mod/sumdb/tlog"

	"licet/internal/ledger/trie"
	"licet/license"
	"licet/proof"
	"licet/strict"
)

// Report is what an audit found.
type Report struct {
	Origin  string
	Size    int64           // entries checked, those of earlier audits too
	New     int64           // entries checked this time
	Blocks  int64           // map roots recomputed this time
	Records int64           // records in the map
	Acts    int64           // signed acts decided again this time
	AsOf    license.Instant // of the checkpoint
}

// An Alarm says that the node told two stories, or one that does not add up.
type Alarm struct {
	What string
	Kept []string // files with the evidence
}

func (a *Alarm) Error() string {
	s := "ALARM: " + a.What
	if len(a.Kept) > 0 {
		s += "\nThe evidence is kept in " + strings.Join(a.Kept, " and ") + ". Send it to every member of the network."
	}
	return s
}

// An Auditor audits one node.
type Auditor struct {
	Base     string // the node's URL
	Dir      string // what is remembered; one directory a network and auditor
	Trust    proof.Trust
	Client   *http.Client
	Progress func(done, of int64) // may be nil
}

// Limits of what a node is let send.
const (
	noteBytesMax    = 64 << 10
	entriesBytesMax = 256 * (license.EntryBytesMax + 2)
	tileBytesMax    = 256 * 32
)

// Audit checks all that is new since the last time.
func (a *Auditor) Audit() (*Report, error) {
	if a.Client == nil {
		a.Client = &http.Client{Timeout: 30 * time.Second}
	}
	records := filepath.Join(a.Dir, "records")
	l, err := lock(records)
	if err != nil {
		return nil, err
	}
	defer func() { _ = l.Close() }()
	s, err := openStore(records, l)
	if err != nil {
		return nil, err
	}
	defer func() { _ = s.db.Close() }()
	note, err := a.fetch("checkpoint", noteBytesMax)
	if err != nil {
		return nil, err
	}
	point, asOf, err := a.verify(s, note)
	if err != nil {
		return nil, err
	}
	if err := a.compare(point, note); err != nil {
		return nil, err
	}
	// Remembered before anything is folded: an audit that is broken off halfway
	// must know which log its half is of.
	if err := writeFile(filepath.Join(a.Dir, "checkpoint"), note); err != nil {
		return nil, err
	}
	r := &Report{Origin: point.Origin, AsOf: license.InstantUnix(asOf)}
	s.origin = point.Origin
	if err := errors.Join(a.follow(s, point, r), a.roots(s)); err != nil {
		return nil, a.evidence(err, note)
	}
	r.Size = s.size
	r.Records, err = s.count()
	return r, err
}

// evidence keeps the checkpoint under which the node showed what an alarm is about.
func (a *Auditor) evidence(err error, note []byte) error {
	var alarm *Alarm
	if !errors.As(err, &alarm) || len(alarm.Kept) > 0 {
		return err
	}
	kept := filepath.Join(a.Dir, "alarm-now.txt")
	if err := writeFile(kept, note); err != nil {
		return err
	}
	alarm.Kept = []string{kept}
	return alarm
}

// roots checks that every board of the trust file had that root key at some time.
func (a *Auditor) roots(s *store) error {
	b := newBlock(s)
	defer func() { _ = b.batch.Close() }()
	for _, t := range a.Trust.Boards {
		es, err := b.entries(license.KindBoard, t.ID)
		if err != nil {
			return err
		}
		had := len(es) == 0 // not there yet
		for _, e := range es {
			var board license.Board
			if err := strict.Decode(e.Body, &board, len(e.Body)); err != nil {
				return err
			}
			had = had || board.Root == t.Key
		}
		if !had {
			return &Alarm{What: fmt.Sprintf("the log never gave board %s the root key that the trust file names", t.ID)}
		}
	}
	return nil
}

// verify checks who cosigned: the members of the trust file, or those who
// followed them in the entries that were folded under earlier checkpoints.
func (a *Auditor) verify(s *store, note []byte) (proof.Checkpoint, int64, error) {
	sets, err := s.successors(a.Trust)
	if err != nil {
		return proof.Checkpoint{}, 0, err
	}
	// Of two sets the older one may sign for two blocks more.
	var flaw error
	for _, t := range sets[max(len(sets)-2, 0):] {
		point, _, asOf, err := t.VerifyNote(note)
		if err == nil {
			return point, asOf, nil
		}
		flaw = err
	}
	kept := filepath.Join(a.Dir, "alarm-now.txt")
	if err := writeFile(kept, note); err != nil {
		return proof.Checkpoint{}, 0, err
	}
	return proof.Checkpoint{}, 0, &Alarm{
		What: fmt.Sprintf("the node's checkpoint does not hold under the members' keys of set %d (%v). If the members changed since the trust file was made, fetch a new one from two of them", sets[len(sets)-1].Set, flaw),
		Kept: []string{kept},
	}
}

// compare checks that the checkpoint continues the one that was remembered.
func (a *Auditor) compare(point proof.Checkpoint, note []byte) error {
	old, err := os.ReadFile(filepath.Join(a.Dir, "checkpoint"))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	text, _, _ := strings.Cut(string(old), "\n\n")
	before, err := proof.ParseCheckpoint(text + "\n")
	if err != nil {
		return fmt.Errorf("%s is damaged (%v); remove the directory and audit from the beginning", a.Dir, err)
	}
	var what string
	switch {
	case before.Origin != point.Origin:
		return fmt.Errorf("%s remembers network %s, and the node is of %s; use another directory", a.Dir, before.Origin, point.Origin)
	case point.Size < before.Size:
		what = fmt.Sprintf("the log had %d entries and now has %d", before.Size, point.Size)
	default:
		path, err := proof.ConsistencyPath(point.Size, before.Size, a.hashes(point))
		if err != nil {
			return a.unproved("the hashes that join it to what was seen before", err)
		}
		if err = proof.CheckConsistency(path, point.Size, point.Root, before.Size, before.Root); err == nil {
			return nil
		}
		what = fmt.Sprintf("the log of %d entries does not continue the one of %d that was seen before: %v", point.Size, before.Size, err)
	}
	first, second := filepath.Join(a.Dir, "alarm-before.txt"), filepath.Join(a.Dir, "alarm-now.txt")
	if err := errors.Join(writeFile(first, old), writeFile(second, note)); err != nil {
		return err
	}
	return &Alarm{What: what, Kept: []string{first, second}}
}

// unproved tells a node that does not answer, which may do so tomorrow, from one
// that answers with what does not stand under its own checkpoint.
func (a *Auditor) unproved(what string, err error) error {
	var u *unanswered
	if errors.As(err, &u) {
		return err
	}
	return &Alarm{What: fmt.Sprintf("what the node serves does not stand under its own checkpoint: %s: %v", what, err)}
}

// follow folds the entries from where the store stands to the checkpoint. A block
// may lie in several entry bundles; it is folded when its end is there.
func (a *Auditor) follow(s *store, point proof.Checkpoint, r *Report) error {
	hashes := a.hashes(point)
	b := newBlock(s)
	for next := s.size; next < point.Size; {
		n := next / proof.TileWidth
		entries, err := a.entries(point, n, hashes)
		if err != nil {
			return err
		}
		told, ps := next, map[payloadName]*payload(nil)
		for _, raw := range entries[next-n*proof.TileWidth:] {
			if next == told {
				if told, ps, err = a.signed(next, n*proof.TileWidth+int64(len(entries))); err != nil {
					return err
				}
			}
			next++
			end, err := b.add(raw, ps)
			if err != nil {
				return err
			}
			if !end {
				continue
			}
			if err := b.close(); err != nil {
				return err
			}
			r.Blocks, r.New, r.Acts = r.Blocks+1, r.New+b.count, r.Acts+b.count-1
			b = newBlock(s)
		}
		if a.Progress != nil {
			a.Progress(next, point.Size)
		}
	}
	if b.count > 0 {
		return &Alarm{What: fmt.Sprintf("the checkpoint of %d entries ends in the middle of a block", point.Size)}
	}
	return nil
}

// entries fetches one entry bundle and checks it against the checkpoint.
func (a *Auditor) entries(point proof.Checkpoint, n int64, hashes tlog.HashReader) ([][]byte, error) {
	width := proof.TileWidthAt(point.Size, proof.EntryLevel, n)
	b, err := a.fetch(proof.TilePath(tlog.Tile{H: proof.TileHeight, L: proof.EntryLevel, N: n, W: width}), entriesBytesMax)
	if err != nil {
		return nil, err
	}
	entries, err := proof.DecodeEntries(b, width)
	if err == nil {
		err = proof.VerifyEntries(point, n*proof.TileWidth, entries, hashes)
	}
	if err != nil {
		return nil, a.unproved(fmt.Sprintf("the entries from %d on", n*proof.TileWidth), err)
	}
	return entries, nil
}

func (a *Auditor) hashes(point proof.Checkpoint) tlog.HashReader {
	return proof.HashReader(point, func(path string) ([]byte, error) { return a.fetch(path, tileBytesMax) })
}

func (a *Auditor) fetch(path string, bytesMax int64) ([]byte, error) {
	path, query, _ := strings.Cut(path, "?")
	u, err := url.JoinPath(a.Base, path)
	if err != nil {
		return nil, err
	}
	if query != "" {
		u += "?" + query
	}
	resp, err := a.Client.Get(u)
	if err != nil {
		return nil, &unanswered{fmt.Errorf("the node does not answer: %w", err)}
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		return nil, &unanswered{fmt.Errorf("%s answers %s", u, resp.Status)}
	}
	b, err := io.ReadAll(io.LimitReader(resp.Body, bytesMax+1))
	switch {
	case err != nil:
		return nil, &unanswered{fmt.Errorf("the node's answer breaks off: %w", err)}
	case int64(len(b)) > bytesMax:
		return nil, fmt.Errorf("%s sends more than %d bytes", u, bytesMax)
	}
	return b, nil
}

// unanswered: the node gave nothing to judge.
type unanswered struct{ err error }

func (u *unanswered) Error() string { return u.err.Error() }
func (u *unanswered) Unwrap() error { return u.err }

func writeFile(path string, b []byte) error {
	tmp := path + ".new"
	f, err := os.OpenFile(tmp, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(tmp, path)
}

// A store holds the records as the entries make them.
type store struct {
	db     *pebble.DB
	trie   *trie.Trie
	origin string // of the network
	size   int64
	last   blockSeen
	parsed map[[2]string]any // records that many acts read
}

// A blockSeen is what the next block must come after.
type blockSeen struct {
	height int64
	time   license.Instant
}

var sizeKey = []byte("size") // keys of records, entries and headers begin with r, e and H

// ErrInUse says that another audit writes to the directory.
var ErrInUse = errors.New("another audit of this node is under way")

// lock keeps other audits out of a directory until it is closed, after the store.
func lock(dir string) (*pebble.Lock, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	l, err := pebble.LockDirectory(dir, vfs.Default)
	var opening *fs.PathError
	var number syscall.Errno
	switch {
	case err == nil:
		return l, nil
	case errors.As(err, &opening):
		return nil, err
	case errors.As(err, &number) && number != syscall.EAGAIN && number != syscall.EACCES:
		return nil, fmt.Errorf("%s cannot be locked: %w", dir, err)
	}
	return nil, fmt.Errorf("%w (%s)", ErrInUse, dir)
}

func openStore(dir string, lock *pebble.Lock) (*store, error) {
	db, err := pebble.Open(dir, &pebble.Options{Lock: lock, Logger: quiet{}, FormatMajorVersion: pebble.FormatNewest})
	if err != nil {
		return nil, fmt.Errorf("what earlier audits left in %s cannot be opened: %w", dir, err)
	}
	s := &store{db: db, parsed: map[[2]string]any{}}
	if s.trie, err = trie.Open(db); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	if b, c, err := db.Get(sizeKey); err == nil {
		_, err = fmt.Sscan(string(b), &s.size, &s.last.height, &s.last.time)
		if err = errors.Join(err, c.Close()); err != nil {
			return nil, errors.Join(err, db.Close())
		}
		if v, err := get(db, recordKey(license.KindNetwork, "network")); v == nil {
			return nil, errors.Join(fmt.Errorf("%s was made by an earlier version, which did not decide acts again; remove the directory and audit from the beginning", dir), err, db.Close())
		}
	}
	return s, nil
}

// successors returns the trust file and what the member sets after it, as far as
// they are folded, make of it.
func (s *store) successors(t proof.Trust) ([]proof.Trust, error) {
	b := newBlock(s)
	defer func() { _ = b.batch.Close() }()
	es, err := b.entries(license.KindMembers, "set")
	sets := []proof.Trust{t}
	for _, e := range es {
		ms, err := proof.ParseMemberSet(e.Body)
		if err != nil {
			return nil, err
		}
		if ms.Set != t.Set+1 {
			continue
		}
		if t, err = t.Succeed(ms); err != nil {
			return nil, err
		}
		sets = append(sets, t)
	}
	return sets, err
}

func (s *store) count() (n int64, err error) {
	err = trie.Walk(s.db, func(_, _ [32]byte) error { n++; return nil })
	return n, err
}

type quiet struct{}

func (quiet) Infof(string, ...any)           {}
func (quiet) Errorf(string, ...any)          {}
func (quiet) Fatalf(format string, a ...any) { panic(fmt.Sprintf(format, a...)) }
