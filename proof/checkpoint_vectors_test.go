package proof

import (
	"bytes"
	"encoding/hex"
	"flag"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/mod/sumdb/tlog"

	"licet/strict"
)

var updateCheckpoint = flag.Bool("update-checkpoint", false, "write checkpoint.jsonl, trust.jsonl and log.jsonl in docs/spec/vectors anew")

// A vector is one line of these files; the specifications say what a reader does
// with it. An absent member is empty or zero.
type vector struct {
	Name   string `json:"name,required"`
	Type   string `json:"type,required"`   // what is checked
	Expect string `json:"expect,required"` // ok, or the code of the refusal

	Input string `json:"input"` // the text that is checked
	Bytes string `json:"bytes"` // instead of input: what is no text, in hexadecimal digits

	Origin string   `json:"origin"`
	Size   int64    `json:"size"`
	Root   string   `json:"root"` // in hexadecimal digits, as all hashes here
	VKey   string   `json:"vkey"`
	KeyID  string   `json:"key_id"`
	Text   string   `json:"text"` // what a signature covers
	Time   int64    `json:"time"`
	Trust  string   `json:"trust"`
	Bundle bool     `json:"bundle"` // the rules for bundles hold
	Signed []signed `json:"signed"`
	AsOf   int64    `json:"as_of"`

	Members     string `json:"members"` // a member set's record
	Next        string `json:"next"`    // the trust file of the next set
	Fingerprint string `json:"fingerprint"`

	Level   int      `json:"level"`
	Index   int64    `json:"index"`
	Width   int      `json:"width"`
	Entry   string   `json:"entry"`
	Entries []string `json:"entries"`
	Path    []string `json:"path"`
	OldSize int64    `json:"old_size"`
	OldRoot string   `json:"old_root"`
}

type signed struct {
	Name string `json:"name,required"`
	Time int64  `json:"time"`
}

// input gives back the bytes to check.
func (v vector) input(t *testing.T) []byte {
	t.Helper()
	if v.Bytes == "" {
		return []byte(v.Input)
	}
	b, err := hex.DecodeString(v.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// over puts data into Input or, when it is no text, into Bytes.
func (v vector) over(data []byte) vector {
	if utf8.Valid(data) {
		v.Input = string(data)
	} else {
		v.Bytes = hex.EncodeToString(data)
	}
	return v
}

func expect(code string) string {
	if code == "" {
		return "ok"
	}
	return code
}

// runVectors compares the file with what the seeds give, and checks every line.
func runVectors(t *testing.T, name string, want []vector, check func(t *testing.T, v vector) (vector, error)) {
	t.Helper()
	var text []byte
	for _, v := range want {
		text = append(strict.Append(text, v), '\n')
	}
	file := "../docs/spec/vectors/" + name
	if *updateCheckpoint {
		if err := os.WriteFile(file, text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, text) {
		t.Errorf("%s is not what the seeds give; run go test ./proof -update-checkpoint and look at the difference", name)
	}
	for line := range bytes.Lines(got) {
		var v vector
		if err := strict.Decode(bytes.TrimSuffix(line, []byte("\n")), &v, 1<<20); err != nil {
			t.Fatalf("%.100s: %v", line, err)
		}
		result, err := check(t, v)
		if expect(FlawCode(err)) != v.Expect || err != nil && FlawCode(err) == "" {
			t.Errorf("%s: %v, want %s", v.Name, err, v.Expect)
		} else if err == nil && !bytes.Equal(strict.Encode(result), strict.Encode(v)) {
			t.Errorf("%s: %s, want %s", v.Name, strict.Encode(result), strict.Encode(v))
		}
	}
}

// badVectors makes vectors of a table; inputs too long to print are left out.
func badVectors(kind string, table map[string]badText) (list []vector) {
	for _, name := range slices.Sorted(maps.Keys(table)) {
		if bad := table[name]; len(bad.text) < 8<<10 {
			list = append(list, vector{Name: kind + ": " + name, Type: kind, Expect: bad.code}.over([]byte(bad.text)))
		}
	}
	return list
}

func TestCheckpointVectors(t *testing.T) {
	var list []vector
	for _, c := range []Checkpoint{testCheckpoint(7), {Origin: testOrigin, Root: emptyRoot}, {Origin: "example.com/behind-the-sofa", Size: maxSize, Root: tlog.RecordHash(nil)}} {
		list = append(list, vector{
			Name: "checkpoint: size " + strings.Split(c.Text(), "\n")[1], Type: "checkpoint", Expect: "ok",
			Input: c.Text(), Origin: c.Origin, Size: c.Size, Root: hex.EncodeToString(c.Root[:]),
		})
	}
	list = append(list, badVectors("checkpoint", badCheckpoints())...)
	list = append(list, vkeyVectors(t)...)
	list = append(list, cosignatureVectors(t)...)
	list = append(list, badVectors("note", badNotes(t))...)
	list = append(list, mergeVector(t))
	runVectors(t, "checkpoint.jsonl", list, checkCheckpointVector)
}

func vkeyVectors(t *testing.T) (list []vector) {
	for name, vkey := range map[string]string{
		"cosignature key": seedCosigner(t, "il").VKey().String(),
		"log key":         seedLogSigner(t, "il").VKey().String(),
		"from C2SP":       "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
	} {
		id := strings.Split(vkey, "+")[1]
		list = append(list, vector{Name: "vkey: " + name, Type: "vkey", Expect: "ok", Input: vkey, KeyID: id})
	}
	slices.SortFunc(list, func(a, b vector) int { return strings.Compare(a.Name, b.Name) })
	return append(list, badVectors("vkey", badVKeys(t))...)
}

// A vector "cosignature" or "log-signature" has the signature line's bytes after
// base64 decoding in Bytes.
func cosignatureVectors(t *testing.T) []vector {
	il, log := seedCosigner(t, "il"), seedLogSigner(t, "il")
	text := testCheckpoint(7).Text()
	at := func(unix int64) string { ext := il.Sign(text, unix); return hex.EncodeToString(ext[:]) }
	logExt := log.Sign(text)
	line := func(name, kind, code, vkey, text, ext string, unix int64) vector {
		return vector{Name: kind + ": " + name, Type: kind, Expect: expect(code), VKey: vkey, Text: text, Bytes: ext, Time: unix}
	}
	good, key := at(1785408127), il.VKey().String()
	return []vector{
		line("good", "cosignature", "", key, text, good, 1785408127),
		line("at 1970", "cosignature", "", key, text, at(0), 0),
		line("at the end of 9999", "cosignature", "", key, text, at(maxTime), maxTime),
		line("after 9999", "cosignature", "signature", key, text, at(maxTime+1), 0),
		line("time above 2^63-1", "cosignature", "signature", key, text, at(-1), 0),
		line("another text", "cosignature", "signature", key, testCheckpoint(8).Text(), good, 0),
		line("another key", "cosignature", "signature", seedCosigner(t, "wi").VKey().String(), text, good, 0),
		line("another time", "cosignature", "signature", key, text, good[:23]+"0"+good[24:], 0),
		line("cut", "cosignature", "signature", key, text, good[:150], 0),
		line("longer", "cosignature", "signature", key, text, good+"00", 0),
		line("of a log key", "cosignature", "key-type", log.VKey().String(), text, good, 0),
		line("good", "log-signature", "", log.VKey().String(), text, hex.EncodeToString(logExt[:]), 0),
		line("another text", "log-signature", "signature", log.VKey().String(), testCheckpoint(8).Text(), hex.EncodeToString(logExt[:]), 0),
		line("of a cosignature key", "log-signature", "key-type", key, text, hex.EncodeToString(logExt[:]), 0),
	}
}

func mergeVector(t *testing.T) vector {
	c := testCheckpoint(7)
	return vector{Name: "note: three cosignatures and a log", Type: "note", Expect: "ok"}.over(AssembleNote(c.Text(), []string{
		cosignLine(t, c, "wi@60"), cosignLine(t, c, "ia@70"), cosignLine(t, c, "il@50"), logLine(t, c, "il"),
	}))
}

func checkCheckpointVector(t *testing.T, v vector) (vector, error) {
	switch v.Type {
	case "checkpoint":
		c, err := ParseCheckpoint(string(v.input(t)))
		v.Origin, v.Size, v.Root = c.Origin, c.Size, hex.EncodeToString(c.Root[:])
		return v, err
	case "vkey":
		k, err := ParseVKey(string(v.input(t)))
		if err == nil {
			v.KeyID = strings.Split(k.String(), "+")[1]
		}
		return v, err
	case "note":
		_, err := parseNote(v.input(t))
		return v, err
	case "cosignature":
		var err error
		v.Time, err = VerifyCosignature(v.VKey, v.Text, v.input(t))
		return v, err
	case "log-signature":
		k, err := ParseVKey(v.VKey)
		if err != nil {
			return v, err
		}
		return v, k.VerifyLogSignature(v.Text, v.input(t))
	}
	t.Fatalf("%s: type %q", v.Name, v.Type)
	return v, nil
}
