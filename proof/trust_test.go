package proof

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// testSet makes member set n; each member is given as its name or name=weight.
func testSet(t testing.TB, n int64, members ...string) MemberSet {
	t.Helper()
	ms := MemberSet{Set: n}
	for _, m := range members {
		var weight int64 = 10
		name, number, ok := strings.Cut(m, "=")
		if ok {
			w, err := parseDecimal(number)
			if err != nil {
				t.Fatal(err)
			}
			weight = w
		}
		ms.Members = append(ms.Members, Member{
			ID: name, Name: "Agency " + name, Weight: weight,
			Cosign: seedCosigner(t, name).VKey().String(), Log: "ed25519:" + rawBase64(seedLogSigner(t, name).VKey().Key),
		})
	}
	return ms
}

func testBoards(names ...string) (boards []TrustBoard) {
	for _, n := range names {
		key := seedKey("root " + n).Public()
		boards = append(boards, TrustBoard{n, "ed25519:" + rawBase64(key)})
	}
	return boards
}

func testTrust(t testing.TB, members ...string) Trust {
	t.Helper()
	trust := TrustOf(testOrigin, testSet(t, 1, members...), testBoards("us-il", "us-ia"))
	if err := trust.Check(); err != nil {
		t.Fatal(err)
	}
	return trust
}

func TestTrustRoundTrip(t *testing.T) {
	for _, members := range [][]string{
		{"il"},
		{"wi", "il", "mn", "ia"},
		{"il=30", "wi=10", "ia=10"},
		{"il", "wi", "watcher=0"},
	} {
		trust := testTrust(t, members...)
		trust.Members[0].URL = "https://licet.il.example/node"
		text := trust.String()
		again, err := ParseTrust([]byte(text))
		if err != nil {
			t.Errorf("%v: %v\n%s", members, err, text)
			continue
		}
		if again.String() != text || fmt.Sprint(again) != fmt.Sprint(trust) {
			t.Errorf("%v: read back as %+v", members, again)
		}
		if again.Fingerprint() != trust.Fingerprint() || len(trust.Fingerprint()) != 39 {
			t.Errorf("fingerprint %s", trust.Fingerprint())
		}
	}
}

func TestTrustText(t *testing.T) {
	trust := testTrust(t, "wi", "il=30", "ia")
	var lines []string
	for line := range strings.Lines(trust.String()) {
		words := strings.Fields(line)
		for i, w := range words {
			if len(w) > 40 {
				words[i] = "KEY"
			}
		}
		lines = append(lines, strings.Join(words, " "))
	}
	want := []string{
		"# licet-trust 1",
		"# origin " + testOrigin,
		"# set 1",
		"# weight ia 10",
		"# weight il 30",
		"# weight wi 10",
		"# board us-ia KEY",
		"# board us-il KEY",
		"log KEY",
		"log KEY",
		"log KEY",
		"witness ia KEY",
		"witness il KEY",
		"witness wi KEY",
		"group members 3 ia il wi",
		"quorum members",
	}
	if !slices.Equal(lines, want) {
		t.Errorf("the file reads\n%s", strings.Join(lines, "\n"))
	}
}

func TestParseTrustSkipsOnlyDoubleHash(t *testing.T) {
	trust := testTrust(t, "il", "wi", "ia", "mn")
	text := trust.String()
	commented := "## fetched from il and wi\n" + strings.Replace(text, "log ", "## logs\nlog ", 1)
	if again, err := ParseTrust([]byte(commented)); err != nil || again.String() != text {
		t.Errorf("with comments: %v", err)
	}
	if _, err := ParseTrust([]byte("# fetched\n" + text)); FlawCode(err) != "trust-form" {
		t.Errorf("with a comment that could be ours: %v", err)
	}
}

func TestParseTrustRefuses(t *testing.T) {
	good := testTrust(t, "ia", "il=30", "wi").String()
	if _, err := ParseTrust([]byte(good)); err != nil {
		t.Fatal(err)
	}
	for _, tt := range trustMutations(t) {
		text := tt.change(good)
		if text == good {
			t.Errorf("%s: changes nothing", tt.name)
		}
		if _, err := ParseTrust([]byte(text)); FlawCode(err) != tt.code {
			t.Errorf("%s: %v, want code %s", tt.name, err, tt.code)
		}
	}
	equal := testTrust(t, "ia", "il", "wi", "mn").String()
	written := strings.Replace(equal, "# board", "# weight ia 1\n# weight il 1\n# weight mn 1\n# weight wi 1\n# board", 1)
	if _, err := ParseTrust([]byte(written)); FlawCode(err) != "trust-writing" {
		t.Errorf("equal weights written: %v", err)
	}
	if _, err := ParseTrust([]byte(strings.Replace(equal, "members 3", "members 2", 1))); FlawCode(err) != "trust-writing" {
		t.Errorf("a laxer group: %v", err)
	}
}

type trustMutation struct {
	name, code string
	change     func(good string) string
}

// trustMutations spoils the trust file of ia=10, il=30, wi=10.
func trustMutations(t testing.TB) []trustMutation {
	t.Helper()
	replace := func(old, with string) func(string) string {
		return func(s string) string { return strings.Replace(s, old, with, 1) }
	}
	il, wi := seedCosigner(t, "il").VKey(), seedCosigner(t, "wi").VKey()
	renamed := VKey{Name: "another", Type: KeyCosign, Key: il.Key}
	otherOrigin := VKey{Name: "elsewhere/3f2a9c0d11223344", Type: KeyLog, Key: seedLogSigner(t, "il").VKey().Key}
	mlDSA := vkeyOf("il", append([]byte{6}, make([]byte, 1312)...))
	return []trustMutation{
		{"empty", "trust-form", func(string) string { return "" }},
		{"too long", "trust-size", func(s string) string { return s + strings.Repeat("#", maxTrustBytes) }},
		{"another version", "trust-version", replace("licet-trust 1", "licet-trust 2")},
		{"only a policy", "trust-form", func(s string) string { return s[strings.Index(s, "log "):] }},
		{"CRLF", "trust-version", func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }},
		{"no last newline", "trust-form", func(s string) string { return strings.TrimSuffix(s, "\n") }},
		{"empty line", "trust-form", replace("log ", "\nlog ")},
		{"two spaces", "trust-form", replace("# set ", "# set  ")},
		{"tab", "trust-form", replace("# set ", "# set\t")},
		{"space at end", "trust-form", replace("quorum members", "quorum members ")},
		{"leading space", "trust-form", replace("log ", " log ")},
		{"unknown line of ours", "trust-form", replace("# set 1", "# set 1\n# sett 1")},
		{"no origin", "trust-form", replace("# origin "+testOrigin+"\n", "")},
		{"bare origin", "trust-origin", replace("# origin "+testOrigin, "# origin midwest-licensing")},
		{"upper-case origin", "trust-origin", replace("# origin "+testOrigin, "# origin "+strings.ToUpper(testOrigin))},
		{"set twice", "trust-form", replace("# set 1", "# set 1\n# set 1")},
		{"set 0", "trust-set", replace("# set 1", "# set 0")},
		{"set 01", "trust-set", replace("# set 1", "# set 01")},
		{"set -1", "trust-set", replace("# set 1", "# set -1")},
		{"set 2^53", "trust-set", replace("# set 1", "# set 9007199254740992")},
		{"weight 0", "trust-weight", replace("# weight ia 10", "# weight ia 0")},
		{"weight +10", "trust-weight", replace("# weight ia 10", "# weight ia +10")},
		{"weight without number", "trust-form", replace("# weight ia 10", "# weight ia")},
		{"weights above 2^53-1", "trust-weight", replace("# weight ia 10", "# weight ia 9007199254740991")},
		{"weight missing", "trust-weight", replace("# weight ia 10\n", "")},
		{"weight twice", "trust-weight", replace("# weight ia 10", "# weight ia 10\n# weight ia 10")},
		{"weight of nobody", "trust-writing", replace("# weight ia 10", "# weight mn 10\n# weight ia 10")},
		{"weights out of order", "trust-writing", replace("# weight ia 10\n# weight il 30", "# weight il 30\n# weight ia 10")},
		{"board twice", "trust-order", func(s string) string { return doubleLine(s, "# board us-il ") }},
		{"board name", "trust-name", replace("# board us-il", "# board US-IL")},
		{"board key scheme", "trust-key", replace("ed25519:", "rsa:")},
		{"board key of 31 bytes", "trust-key", replace("ed25519:", "ed25519:AAAA")},
		{"board key of small order", "trust-key", replace(testBoards("us-il")[0].Key, "ed25519:"+strings.Repeat("A", 43)+"=")},
		{"log twice", "trust-order", func(s string) string { return doubleLine(s, "log ") }},
		{"log of another origin", "trust-key", replace(seedLogSigner(t, "il").VKey().String(), otherOrigin.String())},
		{"log with a cosignature key", "key-type", replace("log "+seedLogSigner(t, "il").VKey().String(), "log "+wi.String())},
		{"witness with a log key", "key-type", replace("witness il "+il.String(), "witness il "+seedLogSigner(t, "il").VKey().String())},
		{"ML-DSA witness", "key-type", replace("witness il "+il.String(), "witness il "+mlDSA)},
		{"broken vkey", "vkey-id", replace("witness il "+il.String(), "witness il x"+il.String())},
		{"witness twice", "trust-order", func(s string) string { return doubleLine(s, "witness il ") }},
		{"one key, two members", "trust-duplicate", replace("witness wi "+wi.String(), "witness wi "+il.String())},
		{"one key, two names", "trust-duplicate", replace("witness wi "+wi.String(), "witness wi "+renamed.String())},
		{"witness without key", "trust-form", replace("witness il "+il.String(), "witness il")},
		{"witness called none", "trust-weight", replace("witness il ", "witness none ")},
		{"URL with a fragment", "trust-url", replace(il.String(), il.String()+" https://il.example/#x")},
		{"URL of another scheme", "trust-url", replace(il.String(), il.String()+" ftp://il.example/")},
		{"URL of nothing", "trust-url", replace(il.String(), il.String()+" https://")},
		{"two URLs", "trust-form", replace(il.String(), il.String()+" https://il.example/ https://il.example/")},
		{"no group", "trust-form", func(s string) string { return s[:strings.Index(s, "group ")] }},
		{"group by word", "trust-writing", replace("group members 3 ia", "group members all ia")},
		{"laxer group", "trust-writing", replace("group members 3 ia", "group members 2 ia")},
		{"group in another order", "trust-writing", replace("3 ia il wi", "3 il ia wi")},
		{"group without one", "trust-writing", replace("3 ia il wi", "2 ia il")},
		{"second group", "trust-form", func(s string) string { return doubleLine(s, "group ") }},
		{"quorum none", "trust-writing", replace("quorum members", "quorum none")},
		{"quorum of one", "trust-writing", replace("quorum members", "quorum il")},
		{"second quorum", "trust-form", func(s string) string { return doubleLine(s, "quorum ") }},
		{"something after it", "trust-form", func(s string) string { return s + "# board us-wi x\n" }},
	}
}

// doubleLine repeats the first line that begins with prefix.
func doubleLine(s, prefix string) string {
	at := strings.Index("\n"+s, "\n"+prefix)
	end := at + strings.Index(s[at:], "\n") + 1
	return s[:end] + s[at:end] + s[end:]
}

func TestTrustErrorsNameTheLine(t *testing.T) {
	text := strings.Replace(testTrust(t, "il").String(), "# set 1", "# set x", 1)
	if _, err := ParseTrust([]byte(text)); err == nil || !strings.Contains(err.Error(), "line 3") {
		t.Errorf("%v", err)
	}
}

func TestReservedNames(t *testing.T) {
	for _, name := range []string{"none", "members", "", "IL", "a b", "-il", strings.Repeat("i", 33)} {
		trust := testTrust(t, "il")
		trust.Members[0].Name = name
		if err := trust.Check(); FlawCode(err) != "trust-name" {
			t.Errorf("%q: %v", name, err)
		}
	}
}

// The group's number must make a reader of plain policies at least as strict as
// the weights, and no stricter than it has to be.
func TestThreshold(t *testing.T) {
	for _, tt := range []struct {
		weights []int64
		want    int
	}{
		{[]int64{1}, 1},
		{[]int64{1, 1}, 2},
		{[]int64{1, 1, 1}, 3}, // two of three is exactly two thirds
		{[]int64{1, 1, 1, 1}, 3},
		{[]int64{1, 1, 1, 1, 1, 1, 1}, 5},
		{[]int64{30, 10, 10}, 3},
		{[]int64{10, 9, 9, 9}, 3},
		{[]int64{100, 1, 1, 1}, 4},
	} {
		trust := Trust{}
		for _, w := range tt.weights {
			trust.Members = append(trust.Members, TrustMember{Weight: w})
		}
		if got := trust.threshold(); got != tt.want {
			t.Errorf("weights %v: %d, want %d", tt.weights, got, tt.want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		weights := rapid.SliceOfN(rapid.Int64Range(1, 20), 1, 8).Draw(t, "weights")
		trust := Trust{}
		for _, w := range weights {
			trust.Members = append(trust.Members, TrustMember{Weight: w})
		}
		k := trust.threshold()
		lightest := func(k int) (sum int64) {
			for _, w := range slices.Sorted(slices.Values(weights))[:k] {
				sum += w
			}
			return sum
		}
		if !exceedsTwoThirds(lightest(k), trust.Total()) || exceedsTwoThirds(lightest(k-1), trust.Total()) {
			t.Fatalf("weights %v: %d", weights, k)
		}
		if !trust.weighted() && k != 2*len(weights)/3+1 {
			t.Fatalf("%d equal weights: %d", len(weights), k)
		}
	})
}

func TestSucceed(t *testing.T) {
	trust := testTrust(t, "il", "wi", "ia")
	next, err := trust.Succeed(testSet(t, 2, "il", "mn=5", "wi", "ia"))
	if err != nil {
		t.Fatal(err)
	}
	if next.Set != 2 || len(next.Members) != 4 || next.Total() != 35 || !slices.Equal(next.Boards, trust.Boards) {
		t.Errorf("%+v", next)
	}
	for name, tt := range map[string]struct {
		ms   MemberSet
		code string
	}{
		"the same set":   {testSet(t, 1, "il"), "trust-succession"},
		"a set too far":  {testSet(t, 3, "il"), "trust-succession"},
		"nobody":         {testSet(t, 2), "trust-members"},
		"observers only": {testSet(t, 2, "il=0"), "trust-members"},
		"a member twice": {testSet(t, 2, "il", "il"), "trust-order"},
		"too many":       {manyMembers(maxMembers + 1), "trust-members"},
	} {
		if _, err := trust.Succeed(tt.ms); FlawCode(err) != tt.code {
			t.Errorf("%s: %v, want code %s", name, err, tt.code)
		}
	}
}

func manyMembers(n int) MemberSet {
	ms := MemberSet{Set: 2}
	for range n {
		ms.Members = append(ms.Members, Member{ID: "x", Weight: 1})
	}
	return ms
}

func TestTrustOfLeavesItsArgumentsAlone(t *testing.T) {
	ms, boards := testSet(t, 1, "wi", "il"), testBoards("us-wi", "us-il")
	TrustOf(testOrigin, ms, boards)
	if ms.Members[0].ID != "wi" || ms.Members[0].Weight != 10 || boards[0].ID != "us-wi" {
		t.Error("sorted or changed what it was given")
	}
}

func FuzzParseTrust(f *testing.F) {
	good := testTrust(f, "ia", "il=30", "wi").String()
	f.Add([]byte(good))
	for _, m := range trustMutations(f) {
		f.Add([]byte(m.change(good)[:min(len(m.change(good)), 4<<10)]))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		trust, err := ParseTrust(data)
		if err != nil {
			return
		}
		if !bytes.Contains(data, []byte("##")) && trust.String() != string(data) {
			t.Errorf("%q written again as %q", data, trust)
		}
		if _, err := ParseTrust([]byte(trust.String())); err != nil {
			t.Errorf("what it writes is refused: %v", err)
		}
	})
}
