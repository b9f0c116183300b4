package proof_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"filippo.io/torchwood"
	"github.com/transparency-dev/tessera/client"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"licet/proof"
)

// These tests give what we write to code that is not ours.

const origin = "midwest-licensing/3f2a9c0d11223344"

func key(word string) ed25519.PrivateKey {
	seed := sha256.Sum256([]byte("licet interop key " + word))
	return ed25519.NewKeyFromSeed(seed[:])
}

type agency struct {
	name     string
	cosigner proof.Cosigner
	log      proof.LogSigner
}

func agencies(t *testing.T, names ...string) (list []agency) {
	t.Helper()
	for _, n := range names {
		c, err := proof.NewCosigner(origin+"/"+n, key("cosign "+n))
		if err != nil {
			t.Fatal(err)
		}
		l, err := proof.NewLogSigner(origin, key("log "+n))
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, agency{n, c, l})
	}
	return list
}

// trustIn makes a trust; weights may be left out. The first agency alone has a log key: torchwood
// asks every log of a policy to sign, where C2SP asks for any one.
func trustIn(t *testing.T, list []agency, weights ...int64) proof.Trust {
	t.Helper()
	ms := proof.MemberSet{Set: 1}
	for i, a := range list {
		m := proof.Member{ID: a.name, Weight: 1, Cosign: a.cosigner.VKey().String(), URL: "https://licet." + a.name + ".example/node"}
		if i == 0 {
			m.Log = "ed25519:" + base64.StdEncoding.EncodeToString(a.log.VKey().Key)
		}
		if len(weights) > 0 {
			m.Weight = weights[i]
		}
		ms.Members = append(ms.Members, m)
	}
	root := base64.StdEncoding.EncodeToString(key("root").Public().(ed25519.PublicKey))
	trust := proof.TrustOf(origin, ms, []proof.TrustBoard{{ID: "us-il", Key: "ed25519:" + root}})
	if err := trust.Check(); err != nil {
		t.Fatal(err)
	}
	return trust
}

// signed cosigns c with every agency and adds the first one's log signature.
func signed(c proof.Checkpoint, list []agency) []byte {
	var lines []string
	for i, a := range list {
		ext := a.cosigner.Sign(c.Text(), 1785408127+int64(i))
		lines = append(lines, proof.SignatureLine(a.cosigner.VKey().Name, ext[:]))
	}
	ext := list[0].log.Sign(c.Text())
	return proof.AssembleNote(c.Text(), append(lines, proof.SignatureLine(origin, ext[:])))
}

// A treeLog is a log in memory, served as a node serves it.
type treeLog struct {
	entries [][]byte
	hashes  []tlog.Hash
	note    []byte
}

func newTreeLog(t *testing.T, size int) *treeLog {
	t.Helper()
	l := &treeLog{}
	for i := range size {
		e := fmt.Appendf(nil, `{"entry":%d}`, i)
		h, err := tlog.StoredHashes(int64(i), e, l)
		if err != nil {
			t.Fatal(err)
		}
		l.entries, l.hashes = append(l.entries, e), append(l.hashes, h...)
	}
	return l
}

func (l *treeLog) ReadHashes(indexes []int64) (out []tlog.Hash, err error) {
	for _, i := range indexes {
		out = append(out, l.hashes[i])
	}
	return out, nil
}

func (l *treeLog) checkpoint(t *testing.T, size int64) proof.Checkpoint {
	t.Helper()
	root, err := tlog.TreeHash(size, l)
	if err != nil {
		t.Fatal(err)
	}
	return proof.Checkpoint{Origin: origin, Size: size, Root: root}
}

func (l *treeLog) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := strings.TrimPrefix(r.URL.Path, "/")
	if path == "checkpoint" {
		w.Write(l.note)
		return
	}
	tile, err := proof.ParseTilePath(path)
	if err != nil {
		http.Error(w, err.Error(), http.StatusNotFound)
		return
	}
	data, err := l.resource(tile)
	if err != nil {
		http.Error(w, err.Error(), http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Write(data)
}

func (l *treeLog) resource(tile tlog.Tile) ([]byte, error) {
	size := int64(len(l.entries))
	if tile.L != proof.EntryLevel {
		return proof.TileData(tile, size, l)
	}
	if tile.W > proof.TileWidthAt(size, tile.L, tile.N) {
		return nil, fmt.Errorf("no bundle %s", proof.TilePath(tile))
	}
	first := tile.N * proof.TileWidth
	return proof.EncodeEntries(l.entries[first : first+int64(tile.W)])
}

func TestTorchwoodVerifiesCosignatures(t *testing.T) {
	list := agencies(t, "il")
	c := newTreeLog(t, 9).checkpoint(t, 9)
	v, err := torchwood.NewCosignatureVerifier(list[0].cosigner.VKey().String())
	if err != nil {
		t.Fatal(err)
	}
	n, err := note.Open(signed(c, list), note.VerifierList(v))
	if err != nil {
		t.Fatal(err)
	}
	if unix, err := torchwood.CosignatureTimestamp(n.Sigs[0]); err != nil || unix != 1785408127 {
		t.Errorf("time %d, %v", unix, err)
	}
	if got, err := torchwood.ParseCheckpoint(n.Text); err != nil || got.Origin != origin || got.N != 9 || got.Hash != c.Root || got.Extension != "" {
		t.Errorf("%+v, %v", got, err)
	}
	log, err := note.NewVerifier(list[0].log.VKey().String())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := note.Open(signed(c, list), note.VerifierList(log)); err != nil {
		t.Errorf("the log's signature: %v", err)
	}
}

// The other direction: an outside witness's cosignature and key, read by us.
func TestWeVerifyTorchwood(t *testing.T) {
	signer, err := torchwood.NewCosignatureSigner("witness.example/w1", key("witness"))
	if err != nil {
		t.Fatal(err)
	}
	text := newTreeLog(t, 9).checkpoint(t, 9).Text()
	msg, err := note.Sign(&note.Note{Text: text}, signer)
	if err != nil {
		t.Fatal(err)
	}
	line, _ := strings.CutPrefix(string(msg), text+"\n— witness.example/w1 ")
	ext, err := base64.StdEncoding.DecodeString(strings.TrimSuffix(line, "\n"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := proof.VerifyCosignature(signer.Verifier().String(), text, ext); err != nil {
		t.Error(err)
	}
}

// Torchwood reads the trust file as a policy and must never be laxer than we are.
func TestTorchwoodReadsTrustFile(t *testing.T) {
	list := agencies(t, "ia", "il", "mn", "wi")
	c := newTreeLog(t, 9).checkpoint(t, 9)
	for name, weights := range map[string][]int64{"equal": nil, "weighted": {10, 30, 5, 10}, "one heavy": {1, 100, 1, 1}} {
		trust := trustIn(t, list, weights...)
		policy, err := torchwood.ParsePolicy([]byte(trust.String()))
		if err != nil {
			t.Fatalf("%s: %v\n%s", name, err, trust)
		}
		for subset := 1; subset < 1<<len(list); subset++ {
			var lines []string
			for i, a := range list {
				if subset>>i&1 == 1 {
					ext := a.cosigner.Sign(c.Text(), 1785408127)
					lines = append(lines, proof.SignatureLine(a.cosigner.VKey().Name, ext[:]))
				}
			}
			ext := list[0].log.Sign(c.Text())
			msg := proof.AssembleNote(c.Text(), append(lines, proof.SignatureLine(origin, ext[:])))
			_, _, theirs := torchwood.VerifyCheckpoint(msg, policy)
			_, _, _, ours := trust.VerifyNoteStrict(msg)
			if theirs == nil && ours != nil {
				t.Errorf("%s, subset %04b: the policy accepts, the weights do not: %v", name, subset, ours)
			}
			if weights == nil && (theirs == nil) != (ours == nil) {
				t.Errorf("%s, subset %04b: the policy says %v, we say %v", name, subset, theirs, ours)
			}
		}
		if _, _, err := torchwood.VerifyCheckpoint(signed(c, list), policy); err != nil {
			t.Errorf("%s: all signed: %v", name, err)
		}
	}
}

func TestTorchwoodVerifiesTlogProof(t *testing.T) {
	list := agencies(t, "ia", "il", "mn", "wi")
	trust := trustIn(t, list)
	policy, err := torchwood.ParsePolicy([]byte(trust.String()))
	if err != nil {
		t.Fatal(err)
	}
	l := newTreeLog(t, 300)
	c := l.checkpoint(t, 300)
	for _, index := range []int64{0, 255, 256, 299} {
		path, err := proof.InclusionPath(c.Size, index, l)
		if err != nil {
			t.Fatal(err)
		}
		p := proof.TlogProof{Index: index, Path: path, Note: signed(c, list)}
		if err := torchwood.VerifyProof(policy, tlog.RecordHash(l.entries[index]), p.Bytes()); err != nil {
			t.Errorf("entry %d: %v", index, err)
		}
		p.Extra = []byte("out of band")
		theirs := torchwood.FormatProofWithExtraData(index, p.Extra, path, p.Note)
		if !bytes.Equal(theirs, p.Bytes()) {
			t.Errorf("entry %d: they write\n%s", index, theirs)
		}
		again, err := proof.ParseTlogProof(theirs)
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := again.Verify(trust, l.entries[index]); err != nil {
			t.Error(err)
		}
	}
}

func TestTilePathsAgree(t *testing.T) {
	for _, tile := range []tlog.Tile{
		{H: 8, L: 0, N: 0, W: 256},
		{H: 8, L: 0, N: 1234067, W: 17},
		{H: 8, L: 3, N: 999999999, W: 1},
		{H: 8, L: -1, N: 273, W: 112},
		{H: 8, L: -1, N: 1000, W: 256},
	} {
		if ours, theirs := proof.TilePath(tile), torchwood.TilePath(tile); ours != theirs {
			t.Errorf("ours %s, torchwood's %s", ours, theirs)
		}
	}
}

func TestTorchwoodClientReadsLog(t *testing.T) {
	l := newTreeLog(t, 1000)
	server := httptest.NewServer(l)
	defer server.Close()
	fetcher, err := torchwood.NewTileFetcher(server.URL, torchwood.WithHTTPClient(server.Client()))
	if err != nil {
		t.Fatal(err)
	}
	c, err := torchwood.NewClient(fetcher)
	if err != nil {
		t.Fatal(err)
	}
	cp := l.checkpoint(t, 700) // its tiles and bundle at the edge are partial
	next := int64(0)
	for index, entry := range c.AllEntries(t.Context(), tlog.Tree{N: cp.Size, Hash: cp.Root}, 0) {
		if index != next || !bytes.Equal(entry, l.entries[index]) {
			t.Fatalf("entry %d, expected %d", index, next)
		}
		next++
	}
	if c.Err() != nil || next != cp.Size {
		t.Errorf("read %d entries of %d, %v", next, cp.Size, c.Err())
	}
}

func TestTesseraClientReadsLog(t *testing.T) {
	list := agencies(t, "il")
	l := newTreeLog(t, 700)
	cp, before := l.checkpoint(t, 700), l.checkpoint(t, 300)
	l.note = signed(cp, list)
	server := httptest.NewServer(l)
	defer server.Close()
	base, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	fetcher, err := client.NewHTTPFetcher(base, server.Client())
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := note.NewVerifier(list[0].log.VKey().String())
	if err != nil {
		t.Fatal(err)
	}
	got, _, _, err := client.FetchCheckpoint(t.Context(), fetcher.ReadCheckpoint, verifier, origin)
	if err != nil || got.Size != 700 || !bytes.Equal(got.Hash, cp.Root[:]) {
		t.Fatalf("checkpoint %+v, %v", got, err)
	}
	tesseraEntries(t, fetcher, l)
	tesseraProofs(t, fetcher, l, cp, before)
}

func tesseraEntries(t *testing.T, fetcher *client.HTTPFetcher, l *treeLog) {
	t.Helper()
	size := uint64(len(l.entries))
	var entries [][]byte
	for i := uint64(0); i*proof.TileWidth < size; i++ {
		bundle, err := client.GetEntryBundle(t.Context(), fetcher.ReadEntryBundle, i, size)
		if err != nil {
			t.Fatal(err)
		}
		entries = append(entries, bundle.Entries...)
	}
	if !slices.EqualFunc(entries, l.entries, bytes.Equal) {
		t.Errorf("read %d other entries", len(entries))
	}
	leaves, err := client.FetchLeafHashes(t.Context(), fetcher.ReadTile, 0, size, size)
	if err != nil {
		t.Fatal(err)
	}
	for i, leaf := range leaves {
		if tlog.Hash(leaf) != tlog.RecordHash(l.entries[i]) {
			t.Fatalf("leaf %d", i)
		}
	}
}

// Proofs that tessera builds from our tiles are ours, hash by hash.
func tesseraProofs(t *testing.T, fetcher *client.HTTPFetcher, l *treeLog, cp, before proof.Checkpoint) {
	t.Helper()
	builder, err := client.NewProofBuilder(context.Background(), uint64(cp.Size), fetcher.ReadTile)
	if err != nil {
		t.Fatal(err)
	}
	for _, index := range []uint64{0, 255, 256, 511, 512, 699} {
		path, err := builder.InclusionProof(t.Context(), index)
		if err != nil {
			t.Fatal(err)
		}
		if err := proof.CheckInclusion(hashes(path), cp.Size, int64(index), cp.Root, tlog.RecordHash(l.entries[index])); err != nil {
			t.Error(err)
		}
	}
	path, err := builder.ConsistencyProof(t.Context(), uint64(before.Size), uint64(cp.Size))
	if err != nil {
		t.Fatal(err)
	}
	if err := proof.CheckConsistency(hashes(path), cp.Size, cp.Root, before.Size, before.Root); err != nil {
		t.Error(err)
	}
	ours, err := proof.ConsistencyPath(cp.Size, before.Size, l)
	if err != nil || !slices.Equal(ours, hashes(path)) {
		t.Errorf("our consistency path differs: %v", err)
	}
}

func hashes(path [][]byte) (out []tlog.Hash) {
	for _, h := range path {
		out = append(out, tlog.Hash(h))
	}
	return out
}
