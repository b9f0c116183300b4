package ledger_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"flag"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"licet/internal/ledger"
	"licet/internal/ledgertest"
	"licet/license"
	"licet/strict"
	"licet/tx"
)

// An oldBlock is a block of a chain that an earlier program made.
type oldBlock struct {
	Time  time.Time `json:"time"`
	Txs   [][]byte  `json:"txs"`
	Codes []string  `json:"codes"` // the engine's headers hold them
	App   string    `json:"app"`
}

const oldChain = "testdata/chain-rules-1.jsonl.gz"

var makeOldChain = flag.Bool("make-old-chain", false, "write "+oldChain+" anew; only the program that made it first may")

// TestRulesOneReplays applies the blocks of a chain that the program before rules 2
// made: every act, every refusal, and payloads with acts that came with rules 2. All
// are decided as they were then, down to the code of each refusal.
func TestRulesOneReplays(t *testing.T) {
	if *makeOldChain {
		writeOldChain(t)
	}
	blocks := readOldChain(t)
	l, err := ledger.Open("store", ledger.Options{FS: vfs.NewMem()})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	h, _, err := l.Genesis(blocks[0].Time, blocks[0].Txs[0])
	if app := h.AppHash(); err != nil || hex.EncodeToString(app[:]) != blocks[0].App {
		t.Fatalf("founding: %x, %v", app, err)
	}
	future := 0
	for i, b := range blocks[1:] {
		app, os, _, err := l.Finalize(int64(i+1), b.Time, b.Txs)
		if err == nil {
			err = l.Commit()
		}
		if err != nil {
			t.Fatalf("block %d: %v", i+1, err)
		}
		var codes []string
		for j := range os {
			codes = append(codes, os[j].Code)
			if bytes.Contains(b.Txs[j], []byte(`{"do":"contract.`)) || bytes.Contains(b.Txs[j], []byte(`{"do":"rules.`)) {
				future++
			}
		}
		if hex.EncodeToString(app[:]) != b.App || !slices.Equal(codes, b.Codes) {
			t.Fatalf("block %d: %x %q; then it was %s %q", i+1, app, codes, b.App, b.Codes)
		}
	}
	if l.Head().Rules != 1 || future < 4 {
		t.Errorf("rules %d, %d payloads with acts of rules 2", l.Head().Rules, future)
	}
}

func readOldChain(t *testing.T) (blocks []oldBlock) {
	t.Helper()
	f, err := os.Open(oldChain)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(z)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var b oldBlock
		if err := json.Unmarshal(lines.Bytes(), &b); err != nil {
			t.Fatal(err)
		}
		blocks = append(blocks, b)
	}
	if err := lines.Err(); err != nil || len(blocks) < 100 {
		t.Fatal(len(blocks), err)
	}
	return blocks
}

func writeOldChain(t *testing.T) {
	f := furnish(t)
	for _, c := range allRefusals() {
		f.Block(c.make(f))
	}
	for _, raw := range f.ahead() {
		f.Block(raw)
	}
	f.Block(f.ahead()...)
	f.everyVerb()
	var out bytes.Buffer
	z, _ := gzip.NewWriterLevel(&out, gzip.BestCompression)
	w := json.NewEncoder(z)
	for _, m := range f.Made {
		if err := w.Encode(oldBlock{m.Time, m.Txs, m.Codes, hex.EncodeToString(m.App[:])}); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(oldChain, out.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

// ahead makes payloads with acts that rules 1 do not have, beside good acts and
// alone, signed and unsigned, with good headers and bad ones.
func (f *furnished) ahead() (out [][]byte) {
	good := string(license.EncodeAct(&license.LicenseRenew{License: f.a, Count: f.License(f.a).Counts.Term, From: "2040-06-01", Through: "2041-05-31"}))
	hash := license.HashOf(nil).String()
	adopt := `{"do":"contract.adopt","contract":"imlc","board":"us-il","pack":"` + base64.StdEncoding.EncodeToString([]byte("{}")) + `"}`
	for _, acts := range [][]string{
		{adopt},
		{adopt, good},
		{good, `{"do":"contract.retire","contract":"imlc","board":"us-il","count":1}`},
		{`{"do":"contract.join","contract":"imlc","board":"us-il","count":1,"pack":"` + hash + `"}`},
		{`{"do":"rules.adopt","count":1,"rules":2,"height":99999}`},
		{`{"do":"rules.adopt","count":1,"rules":2,"height":99999}`, good},
		{good, `{"do":"rules.adopt","count":1,"rules":2,"height":1}`},
		{`{"do":"rules.adopt","count":1,"rules":2,"height":1}`},
		{`{"do":"rules.adopt","count":1,"rules":1,"height":90000}`},
		{`{"do":"rules.adopt","count":1,"rules":3,"height":90000}`},
		{`{"do":"rules.adopt","count":9,"rules":2,"height":90000}`},
		{`{"do":"rules.adopt"}`},
		{string(license.EncodeAct(&license.PolicySet{Board: "us-il", Count: 1, Rules: []license.Rule{{Acts: []string{"contract.*"}, From: []string{"clerk"}, Signers: 1}}}))},
		{string(license.EncodeAct(&license.PolicySet{Board: "us-il", Count: 1, Rules: []license.Rule{{Acts: []string{"rules.adopt"}, From: []string{"clerk"}, Signers: 1}}}))},
	} {
		for _, bend := range []func(*tx.Header){
			func(*tx.Header) {},
			func(h *tx.Header) { h.All = false },
			func(h *tx.Header) { h.Origin = "test/other/0000000000000000" },
			func(h *tx.Header) { h.Root[0]++ },
			func(h *tx.Header) { h.NotAfter = h.SignedAt },
		} {
			p := tx.New(f.Head().Origin, true, license.InstantOf(f.Clock), 86400, nil, nil)
			for _, a := range acts {
				p.ActBytes = append(p.ActBytes, []byte(a))
			}
			p.Header.Acts, p.Header.Root = int64(len(acts)), tx.ActsRoot(p.ActBytes)
			bend(&p.Header)
			p.HeaderBytes = strict.Encode(&p.Header)
			p.Sign(tx.SignEd25519("officer/us-il/clerk", ledgertest.Key("clerk"), p.HeaderBytes))
			p.Sign(tx.SignEd25519("board/us-il", ledgertest.Key("root"), p.HeaderBytes))
			if quorum := len(acts) == 1 && !strings.Contains(acts[0], "99999"); quorum {
				p.Sign(tx.SignEd25519("member/idfpr", ledgertest.Key("member"), p.HeaderBytes))
			}
			out = append(out, p.Encode())
		}
	}
	return out
}
