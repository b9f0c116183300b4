package node

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"
	"golang.org/x/mod/sumdb/tlog"

	"licet/proof"
)

// registry is a small state machine: a log of texts, a member set, and the
// duties of a Machine. Its transactions are "note TEXT", which is recorded,
// "refuse TEXT", which is recorded as a refusal, and "members JSON"; everything
// else Check turns away.
type registry struct {
	db *pebble.DB
	// at, when set, is called where a crash would hurt: "finalize" before
	// anything, "commit" before the batch, "committed" after it.
	at func(where string, height int64)

	mu      sync.RWMutex
	state   registryState
	pending *registryBlock
	txs     int           // in the block that is being finalized
	changed chan struct{} // closed at the next commit or saved note
}

type registryState struct {
	Head Head
	Sets []registrySet // the newest last
}

type registrySet struct {
	From   int64 // block that wrote it; in force from From+2
	Voters []Voter
}

type registryBlock struct {
	state    registryState
	hashes   []tlog.Hash
	outcomes map[[32]byte]Outcome
}

const registryOrigin = "test/loopback"

var errUnknownVerb = errors.New("no such verb")

func openRegistry(t testing.TB, fs vfs.FS, dir string) *registry {
	t.Helper()
	db, err := pebble.Open(dir, &pebble.Options{FS: fs, Logger: storeLogger{log: discardLog}})
	if err != nil {
		t.Fatal(err)
	}
	r := &registry{db: db, changed: make(chan struct{})}
	if b, ok := r.get("state"); ok {
		if err := json.Unmarshal(b, &r.state); err != nil {
			t.Fatal(err)
		}
	}
	return r
}

func (r *registry) close() { _ = r.db.Close() }

func (r *registry) get(key string) ([]byte, bool) {
	v, closer, err := r.db.Get([]byte(key))
	if err != nil {
		return nil, false
	}
	defer closer.Close()
	return append([]byte{}, v...), true
}

func (r *registry) reach(where string, height int64) {
	if r.at != nil {
		r.at(where, height)
	}
}

func (r *registry) Head() Head {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.state.Head
}

func (r *registry) Genesis(t time.Time, state []byte) (Head, []Validator, error) {
	var voters []Voter
	if err := json.Unmarshal(state, &voters); err != nil {
		return Head{}, nil, err
	}
	s := registryState{Sets: []registrySet{{From: -2, Voters: voters}}}
	root, _ := tlog.TreeHash(0, nil)
	s.Head = Head{Root: root, Time: t, AppHash: appHash(0, root)}
	b := r.db.NewBatch()
	if err := r.write(b, s); err != nil {
		return Head{}, nil, err
	}
	return s.Head, validators(nil, voters), nil
}

func (r *registry) write(b *pebble.Batch, s registryState) error {
	js, _ := json.Marshal(s)
	_ = b.Set([]byte("state"), js, nil)
	text := proof.Checkpoint{Origin: registryOrigin, Size: s.Head.Size, Root: s.Head.Root}.Text()
	_ = b.Set(fmt.Appendf(nil, "text%d", s.Head.Height), fmt.Appendf(nil, "%d %s", s.Head.Time.Unix(), text), nil)
	if err := b.Commit(pebble.Sync); err != nil {
		return err
	}
	r.mu.Lock()
	r.state = s
	r.tell()
	r.mu.Unlock()
	return nil
}

// tell wakes those who wait; r.mu is held.
func (r *registry) tell() {
	close(r.changed)
	r.changed = make(chan struct{})
}

func appHash(size int64, root [32]byte) [32]byte {
	b := binary.BigEndian.AppendUint64([]byte("licet/app/1"), uint64(size))
	return sha256.Sum256(append(b, root[:]...))
}

func (r *registry) Check(tx []byte) error {
	switch verb, _, _ := strings.Cut(string(tx), " "); verb {
	case "note", "refuse", "members":
		return nil
	}
	return errUnknownVerb
}

func (r *registry) Finalize(height int64, t time.Time, txs [][]byte) ([32]byte, []Outcome, []Validator, error) {
	r.txs = len(txs)
	r.reach("finalize", height)
	s := r.state
	b := &registryBlock{outcomes: map[[32]byte]Outcome{}}
	var outcomes []Outcome
	var changes []Validator
	for _, tx := range txs {
		o := Outcome{Height: height, Data: fmt.Appendf(nil, `{"index":%d}`, s.Head.Size)}
		verb, rest, _ := strings.Cut(string(tx), " ")
		var next []Voter
		switch {
		case verb == "members" && json.Unmarshal([]byte(rest), &next) == nil:
			changes = validators(s.Sets[len(s.Sets)-1].Voters, next)
			s.Sets = append(s.Sets[:len(s.Sets):len(s.Sets)], registrySet{height, next})
		case verb != "note":
			o.Code, o.Data = "refused", nil
		}
		if _, again := b.outcomes[TxHash(tx)]; again {
			o.Code = "again"
		} else {
			b.outcomes[TxHash(tx)] = o
		}
		outcomes = append(outcomes, o)
		if o.Code == "" {
			hs, err := tlog.StoredHashes(s.Head.Size, tx, r.reader(b))
			if err != nil {
				return [32]byte{}, nil, nil, err
			}
			b.hashes = append(b.hashes, hs...)
			s.Head.Size++
		}
	}
	root, err := tlog.TreeHash(s.Head.Size, r.reader(b))
	if err != nil {
		return [32]byte{}, nil, nil, err
	}
	s.Head.Height, s.Head.Time, s.Head.Root, s.Head.AppHash = height, t, root, appHash(s.Head.Size, root)
	b.state = s
	r.pending = b
	return s.Head.AppHash, outcomes, changes, nil
}

func (r *registry) reader(b *registryBlock) tlog.HashReader {
	base := tlog.StoredHashCount(r.state.Head.Size)
	return tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		var hs []tlog.Hash
		for _, i := range indexes {
			if i >= base {
				hs = append(hs, b.hashes[i-base])
				continue
			}
			h, ok := r.get(fmt.Sprintf("hash%d", i))
			if !ok {
				return nil, fmt.Errorf("no hash %d", i)
			}
			hs = append(hs, tlog.Hash(h))
		}
		return hs, nil
	})
}

func (r *registry) Commit() error {
	p := r.pending
	r.reach("commit", p.state.Head.Height)
	b := r.db.NewBatch()
	base := tlog.StoredHashCount(r.state.Head.Size)
	for i, h := range p.hashes {
		_ = b.Set(fmt.Appendf(nil, "hash%d", base+int64(i)), h[:], nil)
	}
	for tx, o := range p.outcomes {
		js, _ := json.Marshal(o)
		_ = b.Set(fmt.Appendf(nil, "outcome%x", tx), js, nil)
	}
	err := r.write(b, p.state)
	r.reach("committed", p.state.Head.Height)
	return err
}

func (r *registry) Voters(height int64) []Voter {
	r.mu.RLock()
	defer r.mu.RUnlock()
	var vs []Voter
	for _, s := range r.state.Sets {
		if s.From+2 <= height {
			vs = s.Voters
		}
	}
	return vs
}

func (r *registry) CheckpointText(height int64) (string, time.Time, bool) {
	b, ok := r.get(fmt.Sprintf("text%d", height))
	if !ok {
		return "", time.Time{}, false
	}
	unix, text, _ := strings.Cut(string(b), " ")
	var sec int64
	if _, err := fmt.Sscan(unix, &sec); err != nil {
		return "", time.Time{}, false
	}
	return text, time.Unix(sec, 0).UTC(), true
}

func (r *registry) SaveNote(height int64, note []byte) error {
	err := r.db.Set(fmt.Appendf(nil, "note%d", height), note, pebble.NoSync)
	r.mu.Lock()
	r.tell()
	r.mu.Unlock()
	return err
}

func (r *registry) Note(height int64) ([]byte, bool) { return r.get(fmt.Sprintf("note%d", height)) }

func (r *registry) SetChanges() (heights []int64) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	for _, s := range r.state.Sets[1:] {
		heights = append(heights, s.From)
	}
	return heights
}

func (r *registry) Recorded(hash [32]byte) (Outcome, bool) {
	b, ok := r.get(fmt.Sprintf("outcome%x", hash))
	if !ok {
		return Outcome{}, false
	}
	var o Outcome
	err := json.Unmarshal(b, &o)
	return o, err == nil
}

// validators says which powers change from one set to another.
func validators(from, to []Voter) (vs []Validator) {
	power := map[string]int64{}
	var keys []string
	for _, v := range from {
		power[string(v.PubKey)] = v.Weight
		keys = append(keys, string(v.PubKey))
	}
	for _, v := range to {
		if power[string(v.PubKey)] != v.Weight {
			vs = append(vs, Validator{v.PubKey, v.Weight})
		}
		delete(power, string(v.PubKey))
	}
	for _, k := range keys {
		if _, left := power[k]; left {
			vs = append(vs, Validator{[]byte(k), 0})
		}
	}
	return vs
}

// weightUnder verifies every line of a note and returns the weight that signed,
// the weight of all, and the cosignatures' time.
func (r *registry) weightUnder(t testing.TB, height int64) (signed, total, unix int64) {
	t.Helper()
	note, ok := r.Note(height)
	if !ok {
		t.Fatalf("no note for block %d", height)
	}
	text, lines, _ := strings.Cut(string(note), "\n\n")
	for _, v := range r.Voters(height + 1) {
		total += v.Weight
		for line := range strings.Lines(lines) {
			f := strings.Fields(line)
			ext, _ := base64.StdEncoding.DecodeString(f[2])
			if f[1] != v.Name {
				continue
			}
			at, err := proof.VerifyCosignature(v.VKey, text+"\n", ext)
			if err != nil {
				t.Fatalf("note of block %d has a bad line of %s: %v", height, v.Name, err)
			}
			signed, unix = signed+v.Weight, at
		}
	}
	return signed, total, unix
}
