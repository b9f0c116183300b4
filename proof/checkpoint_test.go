package proof

import (
	"encoding/hex"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"
)

func testCheckpoint(size int64) Checkpoint {
	return Checkpoint{Origin: testOrigin, Size: size, Root: tlog.RecordHash([]byte{byte(size)})}
}

// The examples of C2SP tlog-checkpoint and tlog-cosignature.
func TestCheckpointExample(t *testing.T) {
	const msg = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n" +
		"— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n" +
		"— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n"
	n, err := parseNote([]byte(msg))
	if err != nil {
		t.Fatal(err)
	}
	c, err := ParseCheckpoint(n.text)
	if err != nil {
		t.Fatal(err)
	}
	if c.Origin != "example.com/behind-the-sofa" || c.Size != 20852163 || c.Text() != n.text {
		t.Errorf("parsed as %+v", c)
	}
	want := "cosignature/v1\ntime 1679315147\nexample.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
	if got := CosignatureMessage(n.text, 1679315147); string(got) != want {
		t.Errorf("message %q", got)
	}
	if len(n.lines[0].ext) != LogSignatureSize || len(n.lines[1].ext) != CosignatureSize {
		t.Error("signature sizes")
	}
	if got := hex.EncodeToString(n.lines[1].ext[4:12]); got != "00000000641850cb" {
		t.Errorf("time bytes %s", got)
	}
}

// A badText is an input, and the code with which it is refused.
type badText struct{ text, code string }

func badCheckpoints() map[string]badText {
	good := testCheckpoint(7)
	root := good.Root.String()
	zeros := strings.Repeat("A", 43) + "="
	return map[string]badText{
		"empty":              {"", "checkpoint-form"},
		"two lines":          {"o\n7\n", "checkpoint-form"},
		"extension line":     {good.Text() + "map x\n", "checkpoint-form"},
		"no last newline":    {strings.TrimSuffix(good.Text(), "\n"), "checkpoint-form"},
		"empty line at end":  {good.Text() + "\n", "checkpoint-form"},
		"CRLF":               {strings.ReplaceAll(good.Text(), "\n", "\r\n"), "checkpoint-origin"},
		"no origin":          {"\n7\n" + root + "\n", "checkpoint-origin"},
		"plus in origin":     {"a+b\n7\n" + root + "\n", "checkpoint-origin"},
		"space in origin":    {"a b\n7\n" + root + "\n", "checkpoint-origin"},
		"no-break space":     {"a\u00a0b\n7\n" + root + "\n", "checkpoint-origin"},
		"bad UTF-8":          {"a\xff\n7\n" + root + "\n", "checkpoint-origin"},
		"long origin":        {strings.Repeat("o", 256) + "\n7\n" + root + "\n", "checkpoint-origin"},
		"huge":               {strings.Repeat("o", 1<<20), "checkpoint-form"},
		"no size":            {"o\n\n" + root + "\n", "checkpoint-size"},
		"leading zero":       {"o\n07\n" + root + "\n", "checkpoint-size"},
		"sign":               {"o\n+7\n" + root + "\n", "checkpoint-size"},
		"negative":           {"o\n-7\n" + root + "\n", "checkpoint-size"},
		"minus zero":         {"o\n-0\n" + root + "\n", "checkpoint-size"},
		"space before size":  {"o\n 7\n" + root + "\n", "checkpoint-size"},
		"2^53":               {"o\n9007199254740992\n" + root + "\n", "checkpoint-size"},
		"2^63":               {"o\n9223372036854775808\n" + root + "\n", "checkpoint-size"},
		"hexadecimal":        {"o\n0x7\n" + root + "\n", "checkpoint-size"},
		"underscore":         {"o\n1_0\n" + root + "\n", "checkpoint-size"},
		"no root":            {"o\n7\n\n", "checkpoint-root"},
		"unpadded root":      {"o\n7\n" + strings.TrimSuffix(root, "=") + "\n", "checkpoint-root"},
		"root of 31 bytes":   {"o\n7\n" + strings.Repeat("A", 42) + "==\n", "checkpoint-root"},
		"root not canonical": {"o\n7\n" + strings.Repeat("A", 42) + "B=\n", "checkpoint-root"},
		"base64url root":     {"o\n7\n" + strings.Repeat("_", 42) + "w=\n", "checkpoint-root"},
		"zero, wrong root":   {"o\n0\n" + zeros + "\n", "checkpoint-root"},
	}
}

func TestParseCheckpointRefuses(t *testing.T) {
	good := testCheckpoint(7)
	if c, err := ParseCheckpoint(good.Text()); err != nil || c != good {
		t.Fatalf("%+v, %v", c, err)
	}
	for name, tt := range badCheckpoints() {
		if _, err := ParseCheckpoint(tt.text); FlawCode(err) != tt.code {
			t.Errorf("%s: %v, want code %s", name, err, tt.code)
		}
	}
}

func TestCheckpointRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := Checkpoint{
			Origin: rapid.StringMatching(`[!-*,-~]{1,255}`).Draw(t, "origin"),
			Size:   rapid.Int64Range(1, maxSize).Draw(t, "size"),
			Root:   tlog.Hash(rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "root")),
		}
		if again, err := ParseCheckpoint(c.Text()); err != nil || again != c {
			t.Fatalf("%+v read back as %+v, %v", c, again, err)
		}
	})
	empty := Checkpoint{Origin: "o", Root: emptyRoot}
	if again, err := ParseCheckpoint(empty.Text()); err != nil || again != empty {
		t.Errorf("size 0: %+v, %v", again, err)
	}
}
