package proof

import (
	"maps"
	"slices"
	"testing"

	"licet/strict"
)

func TestTrustVectors(t *testing.T) {
	list := trustFileVectors(t)
	cases := noteCases()
	for _, name := range slices.Sorted(maps.Keys(cases)) {
		list = append(list, noteVector(t, name, cases[name]))
	}
	il, c := testTrust(t, "il", "wi"), testCheckpoint(12)
	list = append(list, vector{Name: "verify: a log's line beside cosignatures, in a bundle", Type: "verify", Expect: "ok", Trust: il.String(), Bundle: true}.
		over(AssembleNote(c.Text(), []string{cosignLine(t, c, "il@50"), cosignLine(t, c, "wi@60"), logLine(t, c, "il")})).
		verified(t))
	for _, bundle := range []bool{false, true} {
		table := badCosigned(t)
		if bundle {
			table = badStrict(t)
		}
		for _, name := range slices.Sorted(maps.Keys(table)) {
			list = append(list, vector{Name: "verify: " + name, Type: "verify", Expect: table[name].code, Trust: il.String(), Bundle: bundle}.over(table[name].msg))
		}
	}
	list = append(list, successionVectors(t)...)
	runVectors(t, "trust.jsonl", list, checkTrustVector)
}

func trustFileVectors(t *testing.T) (list []vector) {
	for _, tt := range []struct {
		name    string
		members []string
	}{
		{"one member", []string{"il"}},
		{"four members", []string{"ia", "il", "mn", "wi"}},
		{"weights", []string{"ia=10", "il=30", "wi=10"}},
		{"one member above two thirds", []string{"ia=1", "il=100", "mn=1", "wi=1"}},
	} {
		trust := testTrust(t, tt.members...)
		if len(tt.members) == 4 {
			trust.Members[1].URL = "https://licet.il.example/node"
		}
		list = append(list, vector{Name: "trust: " + tt.name, Type: "trust", Expect: "ok", Input: trust.String(), Fingerprint: trust.Fingerprint()})
	}
	weighted := testTrust(t, "ia", "il=30", "wi")
	list = append(list, vector{
		Name: "trust: comments with two hash signs", Type: "trust", Expect: "ok",
		Input: "## fetched from two members\n" + weighted.String(), Fingerprint: weighted.Fingerprint(),
	})
	for _, m := range trustMutations(t) {
		if text := m.change(weighted.String()); len(text) < 8<<10 {
			list = append(list, vector{Name: "trust: " + m.name, Type: "trust", Expect: m.code, Input: text})
		}
	}
	return list
}

func noteVector(t *testing.T, name string, tt noteCase) vector {
	t.Helper()
	v := vector{Name: "verify: " + name, Type: "verify", Expect: expect(tt.code), Trust: testTrust(t, tt.members...).String()}.
		over(cosigned(t, testCheckpoint(12), tt.signers...))
	if tt.code != "" {
		return v
	}
	return v.verified(t)
}

// verified fills in what verifying finds.
func (v vector) verified(t *testing.T) vector {
	t.Helper()
	result, err := checkTrustVector(t, v)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

func successionVectors(t *testing.T) (list []vector) {
	trust := testTrust(t, "ia", "il", "wi")
	for _, tt := range []struct {
		name, code string
		ms         MemberSet
	}{
		{"a member joins", "", testSet(t, 2, "ia", "il", "wi", "mn")},
		{"weights become unequal", "", testSet(t, 2, "wi=10", "il=30", "ia=10")},
		{"an observer beside members", "", testSet(t, 2, "wi", "il", "nd=0")},
		{"the same set", "trust-succession", testSet(t, 1, "ia", "il", "wi")},
		{"a set too far", "trust-succession", testSet(t, 3, "ia", "il", "wi")},
		{"observers only", "trust-members", testSet(t, 2, "il=0")},
		{"a member twice", "trust-order", testSet(t, 2, "il", "il")},
	} {
		v := vector{Name: "succeed: " + tt.name, Type: "succeed", Expect: expect(tt.code), Trust: trust.String(), Members: string(strict.Encode(tt.ms))}
		if tt.code == "" {
			v = v.verified(t)
		}
		list = append(list, v)
	}
	return list
}

func checkTrustVector(t *testing.T, v vector) (vector, error) {
	t.Helper()
	if v.Type == "trust" {
		trust, err := ParseTrust(v.input(t))
		v.Fingerprint = trust.Fingerprint()
		return v, err
	}
	trust, err := ParseTrust([]byte(v.Trust))
	if err != nil {
		t.Fatal(err)
	}
	if v.Type == "succeed" {
		ms, err := ParseMemberSet([]byte(v.Members))
		if err != nil {
			return v, err
		}
		next, err := trust.Succeed(ms)
		v.Next = next.String()
		return v, err
	}
	verify := trust.VerifyNote
	if v.Bundle {
		verify = trust.VerifyNoteStrict
	}
	_, by, asOf, err := verify(v.input(t))
	v.AsOf, v.Signed = asOf, nil
	for _, s := range by {
		v.Signed = append(v.Signed, signed(s))
	}
	return v, err
}
