package proof

import (
	"bytes"
	"testing"

	"licet/strict"
)

func testMember(t testing.TB, name string) Member {
	t.Helper()
	m := testSet(t, 1, name).Members[0]
	m.Validator = rawBase64(seedKey("validator " + name).Public())
	m.Root = "ed25519:" + rawBase64(seedKey("root "+name).Public())
	m.URL = "https://licet." + name + ".example"
	return m
}

func TestMemberSetRoundTrip(t *testing.T) {
	ms := MemberSet{Set: 1, Members: []Member{testMember(t, "il"), testMember(t, "wi")}}
	value := strict.Encode(ms)
	again, err := ParseMemberSet(value)
	if err != nil || !bytes.Equal(strict.Encode(again), value) {
		t.Errorf("%s read back as %+v, %v", value, again, err)
	}
	if err := TrustOf(testOrigin, again, nil).Check(); err != nil {
		t.Error(err)
	}
	for _, bad := range []string{"", "{", string(value) + "\n", `{"set":1,"sett":1}`, `{"set":01}`, `{"Set":1}`} {
		if _, err := ParseMemberSet([]byte(bad)); FlawCode(err) != "member-set" {
			t.Errorf("%.40q: %v", bad, err)
		}
	}
}

func TestCheckMember(t *testing.T) {
	il, wi := testMember(t, "il"), testMember(t, "wi")
	for name, tt := range map[string]struct {
		change func(m *Member)
		code   string
	}{
		"as it should be":           {func(*Member) {}, ""},
		"without a log":             {func(m *Member) { m.Log = "" }, ""},
		"an observer":               {func(m *Member) { *m = Member{ID: "il"} }, ""},
		"an observer with keys":     {func(m *Member) { m.Weight = 0 }, ""},
		"negative weight":           {func(m *Member) { m.Weight = -1 }, "trust-weight"},
		"too much weight":           {func(m *Member) { m.Weight = maxWeight + 1 }, "trust-weight"},
		"reserved name":             {func(m *Member) { m.ID = "members" }, "trust-name"},
		"no cosignature key":        {func(m *Member) { m.Cosign = "" }, "vkey-form"},
		"log key to cosign":         {func(m *Member) { m.Cosign = LogVKey(testOrigin, m.Log) }, "key-type"},
		"cosignature key as log":    {func(m *Member) { m.Log = wi.Cosign }, "key-type"},
		"one key for both":          {func(m *Member) { m.Log = sameKeyAsLog(t, m.Cosign) }, "trust-duplicate"},
		"no validator key":          {func(m *Member) { m.Validator = "" }, "public-key"},
		"validator key, cut":        {func(m *Member) { m.Validator = m.Validator[4:] }, "public-key"},
		"validator key of 33 bytes": {func(m *Member) { m.Validator = m.Validator[:43] + "A" }, "public-key"},
		"cosigns with it too":       {func(m *Member) { m.Validator = rawBase64(seedKey("cosign il").Public()) }, "trust-duplicate"},
		"a URL with a space":        {func(m *Member) { m.URL = "https://il .example" }, "trust-url"},
	} {
		m := il
		tt.change(&m)
		if err := CheckMember(m); FlawCode(err) != tt.code || (err != nil) != (tt.code != "") {
			t.Errorf("%s: %v, want code %q", name, err, tt.code)
		}
	}
}

func sameKeyAsLog(t testing.TB, vkey string) string {
	t.Helper()
	v, err := ParseVKey(vkey)
	if err != nil {
		t.Fatal(err)
	}
	return "ed25519:" + rawBase64(v.Key)
}
