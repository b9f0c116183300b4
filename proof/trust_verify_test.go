package proof

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// cosigned makes a note over c; each signer is given as name@time.
func cosigned(t testing.TB, c Checkpoint, signers ...string) []byte {
	t.Helper()
	var lines []string
	for _, s := range signers {
		lines = append(lines, cosignLine(t, c, s))
	}
	return AssembleNote(c.Text(), lines)
}

func cosignLine(t testing.TB, c Checkpoint, signer string) string {
	t.Helper()
	name, at, _ := strings.Cut(signer, "@")
	unix, err := parseDecimal(at)
	if err != nil {
		t.Fatal(err)
	}
	cosigner := seedCosigner(t, name)
	ext := cosigner.Sign(c.Text(), unix)
	return SignatureLine(cosigner.VKey().Name, ext[:])
}

func logLine(t testing.TB, c Checkpoint, name string) string {
	t.Helper()
	ext := seedLogSigner(t, name).Sign(c.Text())
	return SignatureLine(c.Origin, ext[:])
}

// A noteCase is a trust, who cosigned when, and what comes of it.
type noteCase struct {
	members, signers []string
	asOf             int64
	code             string
}

func noteCases() map[string]noteCase {
	return map[string]noteCase{
		"one of one":                  {[]string{"il"}, []string{"il@50"}, 50, ""},
		"four of four":                {[]string{"il", "wi", "ia", "mn"}, []string{"il@50", "wi@60", "ia@70", "mn@80"}, 60, ""},
		"three of four":               {[]string{"il", "wi", "ia", "mn"}, []string{"il@50", "wi@60", "mn@80"}, 50, ""},
		"two of four":                 {[]string{"il", "wi", "ia", "mn"}, []string{"il@50", "wi@60"}, 0, "note-quorum"},
		"exactly two thirds":          {[]string{"il", "wi", "ia"}, []string{"il@50", "wi@60"}, 0, "note-quorum"},
		"a stranger among them":       {[]string{"il", "wi", "ia"}, []string{"il@50", "wi@60", "mn@70"}, 0, "note-quorum"},
		"only strangers":              {[]string{"il"}, []string{"mn@70"}, 0, "note-quorum"},
		"weight suffices alone":       {[]string{"il=30", "wi=5", "ia=5"}, []string{"il@50"}, 50, ""},
		"weight does not suffice":     {[]string{"il=20", "wi=5", "ia=5"}, []string{"il@50"}, 0, "note-quorum"},
		"many light ones":             {[]string{"il=20", "wi=5", "ia=5"}, []string{"wi@50", "ia@50"}, 0, "note-quorum"},
		"light one completes":         {[]string{"il=20", "wi=5", "ia=5"}, []string{"il@50", "ia@40"}, 40, ""},
		"heavy one decides as-of":     {[]string{"il=30", "wi=5", "ia=5"}, []string{"il@50", "wi@10", "ia@10"}, 50, ""},
		"one twice does not add":      {[]string{"il", "wi", "ia"}, []string{"il@50", "il@60", "wi@60"}, 0, "note-quorum"},
		"one twice, its latest time":  {[]string{"il", "wi"}, []string{"il@50", "il@70", "wi@60"}, 60, ""},
		"times at the earliest limit": {[]string{"il"}, []string{"il@0"}, 0, ""},
		"times at the latest limit":   {[]string{"il"}, []string{"il@253402300799"}, maxTime, ""},
		"a time after the year 9999":  {[]string{"il"}, []string{"il@253402300800"}, 0, "note-signature"},
	}
}

func TestVerifyNote(t *testing.T) {
	c := testCheckpoint(12)
	for name, tt := range noteCases() {
		got, signed, asOf, err := testTrust(t, tt.members...).VerifyNote(cosigned(t, c, tt.signers...))
		if FlawCode(err) != tt.code || asOf != tt.asOf {
			t.Errorf("%s: as of %d, %v; want %d, code %q", name, asOf, err, tt.asOf, tt.code)
		}
		if tt.code == "" && (got != c || len(signed) == 0) {
			t.Errorf("%s: %+v signed by %v", name, got, signed)
		}
		if tt.code != "" && (got != Checkpoint{} || signed != nil) {
			t.Errorf("%s: an error came with %+v, %v", name, got, signed)
		}
	}
}

// A badNote is a note, and the code with which it is refused.
type badNote struct {
	msg  []byte
	code string
}

// badCosigned are notes that a trust in il and wi refuses.
func badCosigned(t testing.TB) map[string]badNote {
	t.Helper()
	c := testCheckpoint(12)
	other := c
	other.Origin = "elsewhere/3f2a9c0d11223344"
	good := cosigned(t, c, "il@50", "wi@60")
	extended := Checkpoint{Origin: c.Origin, Size: c.Size, Root: c.Root}.Text() + "more\n"
	ext := seedCosigner(t, "il").Sign(extended, 50)
	bad := AssembleNote(c.Text(), []string{
		cosignLine(t, c, "il@50"), cosignLine(t, c, "wi@60"),
		cosignLine(t, testCheckpoint(13), "il@70"),
	}) // a cosignature over another text
	badLog := AssembleNote(c.Text(), []string{
		cosignLine(t, c, "il@50"), cosignLine(t, c, "wi@60"), logLine(t, testCheckpoint(13), "il"),
	}) // a log's signature over another text
	return map[string]badNote{
		"another origin":              {cosigned(t, other, "il@50", "wi@60"), "note-origin"},
		"an extension line":           {AssembleNote(extended, []string{SignatureLine(seedCosigner(t, "il").VKey().Name, ext[:])}), "checkpoint-form"},
		"no note":                     {[]byte(c.Text()), "note-form"},
		"bad line under a known key":  {bad, "note-signature"},
		"bad line under the log key":  {badLog, "note-signature"},
		"CRLF":                        {bytes.ReplaceAll(good, []byte("\n"), []byte("\r\n")), "note-form"},
		"log signatures do not count": {AssembleNote(c.Text(), []string{cosignLine(t, c, "il@50"), logLine(t, c, "il"), logLine(t, c, "wi")}), "note-quorum"},
	}
}

func TestVerifyNoteRefuses(t *testing.T) {
	trust := testTrust(t, "il", "wi")
	good := cosigned(t, testCheckpoint(12), "il@50", "wi@60")
	for name, tt := range badCosigned(t) {
		if _, _, _, err := trust.VerifyNote(tt.msg); FlawCode(err) != tt.code {
			t.Errorf("%s: %v, want code %s", name, err, tt.code)
		}
	}
	twice := trust
	twice.Members = append(slices.Clone(trust.Members), trust.Members[0])
	if _, _, _, err := twice.VerifyNote(good); FlawCode(err) != "trust-duplicate" {
		t.Errorf("a trust with one key twice: %v", err)
	}
}

// badStrict are notes that a trust in il and wi refuses in bundles only.
func badStrict(t testing.TB) map[string]badNote {
	t.Helper()
	c := testCheckpoint(12)
	il, wi, mn := cosignLine(t, c, "il@50"), cosignLine(t, c, "wi@60"), cosignLine(t, c, "mn@70")
	sorted := []string{il, wi}
	slices.Sort(sorted)
	return map[string]badNote{
		"a stranger":     {AssembleNote(c.Text(), []string{il, wi, mn}), "note-stranger"},
		"a key twice":    {AssembleNote(c.Text(), []string{il, wi, cosignLine(t, c, "il@51")}), "note-repeated"},
		"the same twice": {[]byte(c.Text() + "\n" + sorted[0] + sorted[0] + sorted[1]), "note-repeated"},
		"another order":  {[]byte(c.Text() + "\n" + sorted[1] + sorted[0]), "note-order"},
	}
}

func TestVerifyNoteStrict(t *testing.T) {
	c := testCheckpoint(12)
	trust := testTrust(t, "il", "wi")
	il, wi := cosignLine(t, c, "il@50"), cosignLine(t, c, "wi@60")
	good := AssembleNote(c.Text(), []string{il, wi, logLine(t, c, "il")})
	if _, _, asOf, err := trust.VerifyNoteStrict(good); err != nil || asOf != 50 {
		t.Errorf("as of %d, %v", asOf, err)
	}
	for name, tt := range badStrict(t) {
		if _, _, _, err := trust.VerifyNoteStrict(tt.msg); FlawCode(err) != tt.code {
			t.Errorf("%s: %v, want code %s", name, err, tt.code)
		}
		if _, _, _, err := trust.VerifyNote(tt.msg); err != nil {
			t.Errorf("%s: the lenient reading: %v", name, err)
		}
	}
}

func TestPrune(t *testing.T) {
	c := testCheckpoint(12)
	trust := testTrust(t, "il", "wi")
	ext := seedCosigner(t, "wi").Sign(testCheckpoint(13).Text(), 90)
	bad := SignatureLine(seedCosigner(t, "wi").VKey().Name, ext[:])
	messy := AssembleNote(c.Text(), []string{
		cosignLine(t, c, "il@50"), cosignLine(t, c, "il@70"), cosignLine(t, c, "wi@60"),
		cosignLine(t, c, "mn@80"), bad, logLine(t, c, "il"),
	})
	if _, _, _, err := trust.VerifyNote(messy); FlawCode(err) != "note-signature" {
		t.Fatal(err)
	}
	clean, err := trust.Prune(messy)
	if err != nil {
		t.Fatal(err)
	}
	want := AssembleNote(c.Text(), []string{cosignLine(t, c, "il@70"), cosignLine(t, c, "wi@60"), logLine(t, c, "il")})
	if !bytes.Equal(clean, want) {
		t.Errorf("pruned to\n%s", clean)
	}
	if _, _, _, err := trust.VerifyNoteStrict(clean); err != nil {
		t.Error(err)
	}
	if _, err := trust.Prune(cosigned(t, c, "mn@80")); FlawCode(err) != "note-unsigned" {
		t.Errorf("strangers only: %v", err)
	}
}

// As-of against its definition: try every time that somebody signed at.
func TestAsOfAgainstDefinition(t *testing.T) {
	names := []string{"a", "b", "c", "d", "e"}
	rapid.Check(t, func(t *rapid.T) {
		trust := Trust{}
		var signed []CosignedAt
		for _, n := range names {
			trust.Members = append(trust.Members, TrustMember{Name: n, Weight: rapid.Int64Range(1, 9).Draw(t, "weight")})
			if rapid.Bool().Draw(t, "signs") {
				signed = append(signed, CosignedAt{n, rapid.Int64Range(0, 6).Draw(t, "time")})
			}
		}
		want := int64(-1)
		for at := int64(0); at <= 6; at++ {
			var weight int64
			for _, s := range signed {
				if s.Time >= at {
					weight += trust.Members[slices.Index(names, s.Name)].Weight
				}
			}
			if exceedsTwoThirds(weight, trust.Total()) {
				want = at
			}
		}
		got, err := trust.asOf(signed)
		if (err != nil) != (want < 0) || err == nil && got != want {
			t.Fatalf("as of %d, %v; want %d", got, err, want)
		}
	})
}

func TestLargestNote(t *testing.T) {
	var names, signers []string
	for i := range maxMembers {
		names = append(names, fmt.Sprintf("m%03d", i))
		signers = append(signers, fmt.Sprintf("m%03d@%d", i, 1000+i))
	}
	c := testCheckpoint(12)
	trust := testTrust(t, names...)
	var lines []string
	for _, n := range names {
		lines = append(lines, logLine(t, c, n))
	}
	for _, s := range signers {
		lines = append(lines, cosignLine(t, c, s))
	}
	msg := AssembleNote(c.Text(), lines)
	if len(lines) != maxNoteLines {
		t.Fatalf("%d lines", len(lines))
	}
	if _, _, asOf, err := trust.VerifyNoteStrict(msg); err != nil || asOf != 1042 {
		t.Errorf("%d bytes, as of %d, %v", len(msg), asOf, err)
	}
}

func FuzzVerifyNote(f *testing.F) {
	c := testCheckpoint(12)
	trust := testTrust(f, "il", "wi")
	f.Add(cosigned(f, c, "il@50", "wi@60"))
	f.Add(AssembleNote(c.Text(), []string{cosignLine(f, c, "il@50"), cosignLine(f, c, "wi@60"), logLine(f, c, "il")}))
	f.Fuzz(func(t *testing.T, msg []byte) {
		_, _, asOf, err := trust.VerifyNote(msg)
		_, _, asOfStrict, errStrict := trust.VerifyNoteStrict(msg)
		if errStrict == nil && (err != nil || asOf != asOfStrict) {
			t.Errorf("strict accepts, as of %d; lenient: %d, %v", asOfStrict, asOf, err)
		}
		clean, pruneErr := trust.Prune(msg)
		if err != nil {
			return
		}
		if pruneErr != nil {
			t.Fatalf("prune: %v", pruneErr)
		}
		if _, _, again, err := trust.VerifyNoteStrict(clean); err != nil || again != asOf {
			t.Errorf("pruned: as of %d, %v; before %d", again, err, asOf)
		}
	})
}

func BenchmarkVerifyNote(b *testing.B) {
	var names, signers []string
	for i := range 50 {
		names = append(names, fmt.Sprintf("m%03d", i))
		signers = append(signers, fmt.Sprintf("m%03d@%d", i, 1000+i))
	}
	trust := testTrust(b, names...)
	msg := cosigned(b, testCheckpoint(12), signers[:34]...)
	for b.Loop() {
		if _, _, _, err := trust.VerifyNoteStrict(msg); err != nil {
			b.Fatal(err)
		}
	}
}
