package host

import (
	"bytes"
	"strings"
	"testing"

	"licet/internal/keys"
	"licet/license"
)

func testAdmission(t *testing.T) *Admission {
	t.Helper()
	h, err := Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	root, err := h.RootKey("member-us-mo-root", "member us-mo root", keys.Passphrases{Getenv: func(name string) string {
		if name == keys.EnvPassphrase {
			return "a long enough passphrase"
		}
		return ""
	}})
	if err != nil {
		t.Fatal(err)
	}
	m, err := h.Member(license.Member{ID: "us-mo", Name: "Missouri", Weight: 10, URL: "https://licet.mo.example"}, root)
	if err != nil {
		t.Fatal(err)
	}
	node, err := h.NodeID()
	if err != nil {
		t.Fatal(err)
	}
	a, err := NewAdmission("test/x/0123456789abcdef", m, node+"@node.mo.example:26656")
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestAdmission(t *testing.T) {
	a := testAdmission(t)
	b, err := ParseAdmission(a.Encode())
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(b.Encode(), a.Encode()) || b.Words() != a.Words() || len(strings.Fields(a.Words())) != 6 {
		t.Fatalf("read back %s, %q instead of %q", b.Encode(), b.Words(), a.Words())
	}
	other := *a
	other.Member.Root = "ed25519:O2onvM62pC1io6jQKm8Nc2UyFXcd4kOmOsBIoYtZ2ik="
	if other.Words() == a.Words() {
		t.Fatal("another root key has the same words")
	}
	for name, spoil := range map[string]func(*Admission){
		"no network":            func(a *Admission) { a.Origin = "" },
		"no name":               func(a *Admission) { a.Member.Name = "" },
		"no root":               func(a *Admission) { a.Member.Root = "" },
		"no checkpoint key":     func(a *Admission) { a.Member.Cosign = "" },
		"no engine key":         func(a *Admission) { a.Member.Validator = "" },
		"another's checkpoint":  func(a *Admission) { a.Member.ID = "us-mn" },
		"observer with bad key": func(a *Admission) { a.Member.Weight, a.Member.Validator = 0, "AAAA" },
		"negative weight":       func(a *Admission) { a.Member.Weight = -1 },
		"no node":               func(a *Admission) { a.Peer = "node.mo.example:26656" },
		"version":               func(a *Admission) { a.V = 2 },
	} {
		bad := *a
		spoil(&bad)
		if _, err := ParseAdmission(bad.Encode()); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if _, err := ParseAdmission(bytes.Repeat([]byte(" {"), admissionBytesMax)); err == nil {
		t.Error("too large: accepted")
	}
}

func FuzzAdmission(f *testing.F) {
	f.Add([]byte(`{"v":1,"origin":"test/x/0123456789abcdef","member":{"id":"us-mo","name":"Missouri","root":"ed25519:O2onvM62pC1io6jQKm8Nc2UyFXcd4kOmOsBIoYtZ2ik="}}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		if a, err := ParseAdmission(b); err == nil && !bytes.Equal(bytes.TrimSpace(a.Encode()), bytes.TrimSpace(b)) {
			t.Fatalf("%q writes back %q", b, a.Encode())
		}
	})
}
