package proof

import (
	"bytes"
	"strings"
	"testing"
)

// testTlogProof proves entry 5 of a log of 12 to a trust of il and wi.
func testTlogProof(t testing.TB) (TlogProof, Trust, []byte) {
	t.Helper()
	l := newMemoryLog(t, 12)
	c := l.checkpoint(t, 12)
	path, err := InclusionPath(12, 5, l)
	if err != nil {
		t.Fatal(err)
	}
	note := AssembleNote(c.Text(), []string{cosignLine(t, c, "il@50"), cosignLine(t, c, "wi@60"), logLine(t, c, "il")})
	return TlogProof{Index: 5, Path: path, Note: note}, testTrust(t, "il", "wi"), l.entries[5]
}

func TestTlogProof(t *testing.T) {
	p, trust, entry := testTlogProof(t)
	for _, extra := range []string{"", "out of band"} {
		p.Extra = []byte(extra)
		again, err := ParseTlogProof(p.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(again.Bytes(), p.Bytes()) || string(again.Extra) != extra {
			t.Errorf("read back as %+v", again)
		}
		c, asOf, err := again.Verify(trust, entry)
		if err != nil || c.Size != 12 || asOf != 50 {
			t.Errorf("%+v as of %d, %v", c, asOf, err)
		}
	}
}

func TestTlogProofProvesNothingElse(t *testing.T) {
	good, trust, entry := testTlogProof(t)
	for name, tt := range map[string]struct {
		change func(p *TlogProof)
		trust  Trust
		entry  string
		code   string
	}{
		"another entry":  {func(*TlogProof) {}, trust, "another", "inclusion"},
		"another index":  {func(p *TlogProof) { p.Index = 4 }, trust, string(entry), "inclusion"},
		"past the end":   {func(p *TlogProof) { p.Index = 12 }, trust, string(entry), "no-entry"},
		"shorter path":   {func(p *TlogProof) { p.Path = p.Path[1:] }, trust, string(entry), "inclusion"},
		"another hash":   {func(p *TlogProof) { p.Path[1][0] ^= 1 }, trust, string(entry), "inclusion"},
		"another set":    {func(*TlogProof) {}, testTrust(t, "il", "wi", "ia"), string(entry), "note-quorum"},
		"another size":   {func(p *TlogProof) { p.Note = bytes.Replace(p.Note, []byte("\n12\n"), []byte("\n13\n"), 1) }, trust, string(entry), "note-signature"},
		"without a note": {func(p *TlogProof) { p.Note = nil }, trust, string(entry), "note-form"},
	} {
		p := good
		p.Path = append(p.Path[:0:0], good.Path...)
		tt.change(&p)
		if _, _, err := p.Verify(tt.trust, []byte(tt.entry)); FlawCode(err) != tt.code {
			t.Errorf("%s: %v, want code %s", name, err, tt.code)
		}
	}
}

func badTlogProofs(t testing.TB) map[string]badText {
	t.Helper()
	p, _, _ := testTlogProof(t)
	p.Extra = []byte("x")
	good := string(p.Bytes())
	hash := p.Path[0].String()
	bad := map[string]badText{}
	for name, tt := range map[string]struct{ old, with, code string }{
		"another header":     {"@v1", "@v2", "tlog-proof-form"},
		"space in header":    {"@v1", "@v1 ", "tlog-proof-form"},
		"empty extra":        {"extra eA==", "extra ", "tlog-proof-extra"},
		"unpadded extra":     {"extra eA==", "extra eA", "tlog-proof-extra"},
		"extra not shortest": {"extra eA==", "extra eB==", "tlog-proof-extra"},
		"extra twice":        {"extra eA==\n", "extra eA==\nextra eA==\n", "tlog-proof-index"},
		"extra after index":  {"extra eA==\nindex 5\n", "index 5\nextra eA==\n", "tlog-proof-path"},
		"no index":           {"index 5\n", "", "tlog-proof-index"},
		"leading zero":       {"index 5", "index 05", "tlog-proof-index"},
		"negative index":     {"index 5", "index -5", "tlog-proof-index"},
		"sign":               {"index 5", "index +5", "tlog-proof-index"},
		"space after index":  {"index 5", "index 5 ", "tlog-proof-index"},
		"CRLF after index":   {"index 5\n", "index 5\r\n", "tlog-proof-index"},
		"2^63":               {"index 5", "index 9223372036854775808", "tlog-proof-index"},
		"short hash":         {hash, hash[4:], "tlog-proof-path"},
		"hash in base64url":  {hash, strings.Repeat("_", 42) + "w=", "tlog-proof-path"},
		"65 hashes":          {hash + "\n", strings.Repeat(hash+"\n", 65), "tlog-proof-path"},
		"no checkpoint":      {good[strings.Index(good, "\n\n"):], "\n\n", "note-form"},
		"nothing after path": {good[strings.Index(good, "\n\n"):], "\n", "tlog-proof-form"},
		"two empty lines":    {"\n\n" + testOrigin, "\n\n\n" + testOrigin, "checkpoint-form"},
		"an extension line":  {"=\n\n—", "=\nmore\n\n—", "checkpoint-form"},
		"too long":           {"eA==", strings.Repeat("AAAA", maxTlogProofBytes/4), "tlog-proof-size"},
	} {
		text := strings.Replace(good, tt.old, tt.with, 1)
		if text == good {
			t.Errorf("%s: changes nothing", name)
		}
		bad[name] = badText{text, tt.code}
	}
	return bad
}

func TestParseTlogProofRefuses(t *testing.T) {
	for name, tt := range badTlogProofs(t) {
		if _, err := ParseTlogProof([]byte(tt.text)); FlawCode(err) != tt.code {
			t.Errorf("%s: %v, want code %s", name, err, tt.code)
		}
	}
}

func FuzzParseTlogProof(f *testing.F) {
	p, _, _ := testTlogProof(f)
	f.Add(p.Bytes())
	p.Extra = []byte("x")
	f.Add(p.Bytes())
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := ParseTlogProof(data)
		if err == nil && !bytes.Equal(p.Bytes(), data) {
			t.Errorf("%q written again as %q", data, p.Bytes())
		}
	})
}
