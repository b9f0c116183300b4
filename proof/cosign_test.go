package proof

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"licet/tx"
)

const testOrigin = "midwest-licensing/3f2a9c0d11223344"

// seedKey derives a fixed key from a word, so that vectors stay the same.
func seedKey(word string) ed25519.PrivateKey {
	seed := sha256.Sum256([]byte("licet test key " + word))
	return ed25519.NewKeyFromSeed(seed[:])
}

func seedCosigner(t testing.TB, name string) Cosigner {
	t.Helper()
	c, err := NewCosigner(testOrigin+"/"+name, seedKey("cosign "+name))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func seedLogSigner(t testing.TB, name string) LogSigner {
	t.Helper()
	l, err := NewLogSigner(testOrigin, seedKey("log "+name))
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// The example of C2SP signed-note.
func TestSignedNoteExample(t *testing.T) {
	const vkey = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
	const msg = "This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
	v, err := ParseVKey(vkey)
	if err != nil {
		t.Fatal(err)
	}
	if v.String() != vkey || v.Name != "example.com/foo" || v.ID() != 0x530d903a || v.Type != KeyLog {
		t.Errorf("parsed as %s", v)
	}
	n, err := parseNote([]byte(msg))
	if err != nil {
		t.Fatal(err)
	}
	if err := v.VerifyLogSignature(n.text, n.lines[0].ext); err != nil {
		t.Error(err)
	}
	if again := AssembleNote(n.text, []string{SignatureLine(n.lines[0].name, n.lines[0].ext)}); string(again) != msg {
		t.Errorf("written again as %q", again)
	}
	if err := v.VerifyLogSignature("This is another message.\n", n.lines[0].ext); FlawCode(err) != "signature" {
		t.Errorf("another text: %v", err)
	}
}

// A text may hold empty lines; the last one separates.
func TestNoteWithEmptyLineInText(t *testing.T) {
	const text = "Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned è subito sera.\n"
	const line = "— quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n"
	n, err := parseNote([]byte(text + "\n" + line))
	if err != nil || n.text != text || len(n.lines) != 1 {
		t.Errorf("parseNote = %+v, %v", n, err)
	}
}

func TestCosignAndVerify(t *testing.T) {
	c := seedCosigner(t, "il")
	text := testCheckpoint(12).Text()
	ext := c.Sign(text, 1785408127)
	unix, err := VerifyCosignature(c.VKey().String(), text, ext[:])
	if err != nil || unix != 1785408127 {
		t.Fatalf("VerifyCosignature = %d, %v", unix, err)
	}
	other := seedCosigner(t, "wi")
	log := seedLogSigner(t, "il")
	logExt := log.Sign(text)
	if err := log.VKey().VerifyLogSignature(text, logExt[:]); err != nil {
		t.Error(err)
	}
	flip := func(i int) []byte { b := bytes.Clone(ext[:]); b[i] ^= 1; return b }
	negative := c.Sign(text, -1)
	late := c.Sign(text, maxTime+1)
	for name, tt := range map[string]struct {
		vkey VKey
		text string
		ext  []byte
		code string
	}{
		"another key":             {other.VKey(), text, ext[:], "signature"},
		"a log's key":             {log.VKey(), text, ext[:], "key-type"},
		"another size":            {c.VKey(), testCheckpoint(13).Text(), ext[:], "signature"},
		"another key id":          {c.VKey(), text, flip(0), "signature"},
		"another time":            {c.VKey(), text, flip(11), "signature"},
		"another signature":       {c.VKey(), text, flip(75), "signature"},
		"empty":                   {c.VKey(), text, nil, "signature"},
		"cut":                     {c.VKey(), text, ext[:75], "signature"},
		"long":                    {c.VKey(), text, append(ext[:], 0), "signature"},
		"the log's signature":     {c.VKey(), text, logExt[:], "signature"},
		"a time before 1970":      {c.VKey(), text, negative[:], "signature"},
		"a time after year 9999":  {c.VKey(), text, late[:], "signature"},
		"a zero key of no member": {VKey{Name: "x", Type: KeyCosign, Key: make([]byte, 32)}, text, ext[:], "signature"},
	} {
		if _, err := tt.vkey.VerifyCosignature(tt.text, tt.ext); FlawCode(err) != tt.code {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func vkeyOf(name string, material []byte) string {
	return name + "+" + hex.EncodeToString(binaryID(name, material)) + "+" + base64.StdEncoding.EncodeToString(material)
}

func rawBase64(key any) string {
	return base64.StdEncoding.EncodeToString(key.(ed25519.PublicKey))
}

func binaryID(name string, material []byte) []byte {
	sum := sha256.Sum256([]byte(name + "\n" + string(material)))
	return sum[:4]
}

func badVKeys(t testing.TB) map[string]badText {
	t.Helper()
	good := seedCosigner(t, "il").VKey()
	material := good.material()
	with := func(keyType byte, key []byte) string { return vkeyOf("x", append([]byte{keyType}, key...)) }
	unhex := func(s string) []byte {
		b, err := hex.DecodeString(s)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	return map[string]badText{
		"empty":             {"", "vkey-form"},
		"two parts":         {"x+530d903a", "vkey-form"},
		"no name":           {vkeyOf("", material), "vkey-name"},
		"space in name":     {vkeyOf("a b", material), "vkey-name"},
		"newline in name":   {vkeyOf("a\nb", material), "vkey-name"},
		"not ASCII":         {vkeyOf("é", material), "vkey-name"},
		"long name":         {vkeyOf(strings.Repeat("n", 256), material), "vkey-name"},
		"plus in name":      {vkeyOf("a+b", material), "vkey-form"},
		"upper-case id":     {strings.Replace(good.String(), hex.EncodeToString(binaryID(good.Name, material)), strings.ToUpper(hex.EncodeToString(binaryID(good.Name, material))), 1), "vkey-id"},
		"another name's id": {"x" + good.String(), "vkey-id"},
		"no key":            {"x+00000000+", "vkey-form"},
		"unpadded":          {strings.TrimRight(vkeyOf("x", material[:32]), "="), "vkey-form"},
		"line break":        {good.String() + "\n", "vkey-form"},
		"short key":         {with(KeyCosign, good.Key[:31]), "public-key"},
		"long key":          {vkeyOf("x", append(bytes.Clone(material), 0)), "public-key"},
		"ECDSA":             {with(0x02, good.Key), "key-type"},
		"RFC 6962":          {with(0x05, good.Key), "key-type"},
		"ML-DSA-44":         {with(0x06, make([]byte, 1312)), "key-type"},
		"neutral point":     {with(KeyCosign, unhex("0100000000000000000000000000000000000000000000000000000000000000")), "public-key"},
		"order 2":           {with(KeyCosign, unhex("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")), "public-key"},
		"order 4":           {with(KeyCosign, unhex("0000000000000000000000000000000000000000000000000000000000000080")), "public-key"},
		"order 8":           {with(KeyCosign, unhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a")), "public-key"},
		"order 8 again":     {with(KeyCosign, unhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85")), "public-key"},
		"y is p":            {with(KeyCosign, unhex("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")), "public-key"},
		"y is p+3":          {with(KeyCosign, unhex("f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")), "public-key"},
		"off the curve":     {with(KeyCosign, unhex("0200000000000000000000000000000000000000000000000000000000000000")), "public-key"},
	}
}

func TestParseVKeyRefuses(t *testing.T) {
	for name, tt := range badVKeys(t) {
		if _, err := ParseVKey(tt.text); FlawCode(err) != tt.code {
			t.Errorf("%s: %v, want code %s", name, err, tt.code)
		}
	}
}

// crypto/ed25519 accepts a key of small order with a signature nobody made; that
// is why such keys are refused by us.
func TestSmallOrderKeyWouldVerifyAnything(t *testing.T) {
	key := make([]byte, 32)
	key[0] = 1
	sig := make([]byte, 64)
	sig[0] = 1
	if !ed25519.Verify(key, []byte("anything"), sig) {
		t.Skip("the library refuses it by itself now")
	}
	if tx.CheckEd25519(key) == nil {
		t.Error("the neutral point was accepted")
	}
}

func TestRandomKeysAreAccepted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "seed")
		c, err := NewCosigner("w", ed25519.NewKeyFromSeed(seed))
		if err != nil {
			t.Fatal(err)
		}
		again, err := ParseVKey(c.VKey().String())
		if err != nil || again.String() != c.VKey().String() {
			t.Fatalf("%s read back as %s, %v", c.VKey(), again, err)
		}
	})
}

func TestMergeNotes(t *testing.T) {
	text := testCheckpoint(9).Text()
	line := func(name string, unix int64) string {
		c := seedCosigner(t, name)
		ext := c.Sign(text, unix)
		return SignatureLine(c.VKey().Name, ext[:])
	}
	a := AssembleNote(text, []string{line("wi", 100), line("il", 100)})
	b := AssembleNote(text, []string{line("mn", 101), line("il", 100)})
	ab, ba := MergeNotes(a, b), MergeNotes(b, a)
	if !bytes.Equal(ab, ba) {
		t.Errorf("the order of merging shows:\n%s\n%s", ab, ba)
	}
	if n, err := parseNote(ab); err != nil || len(n.lines) != 3 {
		t.Errorf("%d lines, %v", len(n.lines), err)
	}
	other := AssembleNote(testCheckpoint(10).Text(), []string{line("ia", 102)})
	if got := MergeNotes(a, other); !bytes.Equal(got, a) {
		t.Error("merged notes over different texts")
	}
	if got := MergeNotes(a, []byte("no note")); !bytes.Equal(got, a) {
		t.Error("merged something that is no note")
	}
}

func badNotes(t testing.TB) map[string]badText {
	t.Helper()
	text := testCheckpoint(9).Text()
	c := seedCosigner(t, "il")
	ext := c.Sign(text, 100)
	line := SignatureLine("w", ext[:])
	good := string(AssembleNote(text, []string{line}))
	return map[string]badText{
		"empty":                   {"", "note-form"},
		"only a text":             {text, "note-form"},
		"no signature":            {text + "\n", "note-form"},
		"no empty line":           {text + line, "note-form"},
		"no last newline":         {strings.TrimSuffix(good, "\n"), "note-form"},
		"empty line at end":       {good + "\n", "note-form"},
		"hyphen for dash":         {strings.Replace(good, "— ", "- ", 1), "note-form"},
		"no name":                 {strings.Replace(good, "— w ", "—  ", 1), "note-form"},
		"plus in name":            {strings.Replace(good, "— w ", "— w+1 ", 1), "note-form"},
		"space in name":           {strings.Replace(good, "— w ", "— w 1 ", 1), "note-form"},
		"CRLF":                    {strings.ReplaceAll(good, "\n", "\r\n"), "note-form"},
		"tab":                     {strings.Replace(good, "— w ", "— w\t", 1), "note-form"},
		"bad UTF-8":               {strings.Replace(good, "— w ", "— \xff ", 1), "note-form"},
		"not base64":              {strings.Replace(good, "— w ", "— w !", 1), "note-form"},
		"only a key id":           {text + "\n— w AAAAAA==\n", "note-form"},
		"too many signatures":     {text + "\n" + strings.Repeat(line, maxNoteLines+1), "note-size"},
		"too long":                {strings.Repeat("x", maxNoteBytes) + "\n\n" + line, "note-size"},
		"something after it":      {good + "x\n", "note-form"},
		"base64 with a space end": {strings.TrimSuffix(good, "\n") + " \n", "note-form"},
	}
}

func TestParseNoteRefuses(t *testing.T) {
	for name, tt := range badNotes(t) {
		if _, err := parseNote([]byte(tt.text)); FlawCode(err) != tt.code {
			t.Errorf("%s: %v, want code %s", name, err, tt.code)
		}
	}
}

// What parses writes back the same bytes, but for the order of the lines.
func FuzzParseNote(f *testing.F) {
	text := testCheckpoint(9).Text()
	ext := seedCosigner(f, "il").Sign(text, 100)
	f.Add(AssembleNote(text, []string{SignatureLine("w", ext[:])}))
	f.Add([]byte("a\n\nb\n\n— w AAAAAAA=\n— x AAAAAAA=\n"))
	f.Fuzz(func(t *testing.T, msg []byte) {
		n, err := parseNote(msg)
		if err != nil {
			return
		}
		again := n.text + "\n"
		for _, l := range n.lines {
			again += SignatureLine(l.name, l.ext)
		}
		if again != string(msg) {
			t.Errorf("%q written again as %q", msg, again)
		}
		if c, err := ParseCheckpoint(n.text); err == nil && c.Text() != n.text {
			t.Errorf("checkpoint %q written again as %q", n.text, c.Text())
		}
	})
}

func FuzzParseVKey(f *testing.F) {
	f.Add("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")
	f.Add(seedCosigner(f, "il").VKey().String())
	f.Fuzz(func(t *testing.T, s string) {
		if v, err := ParseVKey(s); err == nil && v.String() != s {
			t.Errorf("%q written again as %q", s, v)
		}
	})
}
