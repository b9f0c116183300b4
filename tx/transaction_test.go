package tx

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"licet/license"
	"licet/strict"
)

var updateTransactions = flag.Bool("update", false, "write docs/spec/vectors/transaction.jsonl anew")

type transactionVector struct {
	Name        string       `json:"name"`
	Transaction string       `json:"transaction"`
	Expect      string       `json:"expect"`
	Payload     license.Hash `json:"payload"`
	Signatures  license.Hash `json:"signatures"`
	Root        license.Hash `json:"root"`
}

func testKey(name string) ed25519.PrivateKey {
	s := sha256.Sum256([]byte("transaction test key " + name))
	return ed25519.NewKeyFromSeed(s[:])
}

func salted(kind, salt, text string) license.Opening {
	s := sha256.Sum256([]byte(salt))
	return license.Opening{Kind: kind, Salt: s[:], Bytes: []byte(text)}
}

const signedAt = license.Instant("2026-01-10T12:00:00Z")

// amendments makes acts that open a name and some cities.
func amendments(n int) (acts []license.Act, openings []license.Opening) {
	for i := range n {
		o := salted(license.OpeningCity, fmt.Sprint("salt ", i), fmt.Sprint("Springfield ", i))
		if i == 0 {
			o = salted(license.OpeningName, "salt", `{"family":"Lee","given":"Ann"}`)
		}
		acts = append(acts, &license.LicenseAmend{
			License: "us-il.nurse.041001", Count: int64(i), From: "2026-01-10", Openings: []license.OpeningRef{{Kind: o.Kind, Commitment: o.Commit()}},
		})
		openings = append(openings, o)
	}
	return acts, openings
}

// made is a transaction to be bent: fields of the header, openings, signers.
func made(n int, bend func(*Transaction), signers ...string) []byte {
	acts, openings := amendments(n)
	t := New("midwest-licensing/0011223344556677", true, signedAt, 86400, acts, openings)
	if bend != nil {
		bend(t)
	}
	for _, by := range signers {
		t.Sign(SignEd25519("officer/us-il/"+by, testKey(by), t.HeaderBytes))
	}
	return t.Encode()
}

// header bends the header and writes it anew.
func header(f func(*Header)) func(*Transaction) {
	return func(t *Transaction) {
		f(&t.Header)
		t.HeaderBytes = strict.Encode(&t.Header)
	}
}

// adopting makes a transaction of rules.adopt, and of others beside it.
func adopting(n int) []byte {
	acts, _ := amendments(n)
	acts[0] = &license.RulesAdopt{Count: 1, Rules: 2, Height: 100}
	if n > 1 {
		acts[1] = &license.LicenseRenew{License: "us-il.nurse.041001", From: "2026-06-01"}
	}
	return New("midwest-licensing/0011223344556677", true, signedAt, 86400, acts, nil).Encode()
}

// adoptingText makes a transaction of an act that brings a contract, with its text.
func adoptingText(bend func(*license.Opening)) []byte {
	o := license.Opening{Kind: license.OpeningContract, Bytes: []byte(`{"v":1}`)}
	a := &license.ContractAdopt{Board: "us-il", Contract: "ce", Version: 1, Hash: license.HashOf([]byte("ce")), Role: "board", Texts: []license.Hash{o.Commit()}}
	bend(&o)
	return New("midwest-licensing/0011223344556677", true, signedAt, 86400, []license.Act{a}, []license.Opening{o}).Encode()
}

func transactionCases() (cs []transactionVector) {
	add := func(name, expect string, b []byte) {
		cs = append(cs, transactionVector{Name: name, Expect: expect, Transaction: string(b)})
	}
	one := made(1, nil, "clerk")
	add("one act", "ok", one)
	for _, n := range []int{2, 3, 4, 5, 7, 8} {
		add(fmt.Sprintf("%d acts", n), "ok", made(n, nil, "clerk", "director"))
	}
	add("no signature", "ok", made(1, nil))
	add("each act for itself", "ok", made(2, header(func(h *Header) { h.All = false }), "clerk"))
	add("one signer with two keys", "ok", made(1, func(t *Transaction) {
		t.Sign(SignEd25519("board/us-il", testKey("old root"), t.HeaderBytes))
		t.Sign(SignEd25519("board/us-il", testKey("new root"), t.HeaderBytes))
	}))
	add("longest life", "ok", made(1, header(func(h *Header) { h.NotAfter = "2026-04-10T12:00:00Z" })))
	add("no life at all", "ok", made(1, header(func(h *Header) { h.NotAfter = signedAt })))
	add("signed in the last year", "ok", made(1, header(func(h *Header) { h.SignedAt, h.NotAfter = "9999-12-31T00:00:00Z", "9999-12-31T23:59:59Z" })))

	add("life a second too long", "life", made(1, header(func(h *Header) { h.NotAfter = "2026-04-10T12:00:01Z" })))
	add("over before it was signed", "life", made(1, header(func(h *Header) { h.NotAfter = "2026-01-10T11:59:59Z" })))
	add("version 2", "version", made(1, header(func(h *Header) { h.V = 2 })))
	add("one act too many counted", "acts-number", made(1, header(func(h *Header) { h.Acts = 2 })))
	add("one act too few counted", "acts-number", made(2, header(func(h *Header) { h.Acts = 1 })))
	add("a negative number of acts", "acts-number", made(1, header(func(h *Header) { h.Acts = -1 })))
	add("1001 acts counted", "acts-number", made(1, header(func(h *Header) { h.Acts = 1001 })))
	add("rules.adopt alone", "ok", adopting(1))
	add("rules.adopt beside another act", "malformed", adopting(2))
	add("another root", "acts-root", made(1, header(func(h *Header) { h.Root[31]++ })))
	add("acts exchanged", "acts-root", made(2, func(t *Transaction) { t.ActBytes[0], t.ActBytes[1] = t.ActBytes[1], t.ActBytes[0] }))
	add("an opening missing", "opening-missing", made(2, func(t *Transaction) { t.Openings = t.Openings[:1] }))
	add("an opening twice", "opening-extra", made(1, func(t *Transaction) { t.Openings = append(t.Openings, t.Openings[0]) }))
	add("an opening that nobody wants", "opening-extra", made(1, func(t *Transaction) { t.Openings = append(t.Openings, salted(license.OpeningCity, "x", "Elsewhere")) }))
	add("an opening without kind that nobody wants", "opening-extra", made(1, func(t *Transaction) { t.Openings = append(t.Openings, salted("", "x", "Elsewhere")) }))
	add("an opening of another kind", "opening-extra", made(2, func(t *Transaction) { t.Openings[1].Kind = license.OpeningZip }))
	add("an opening with another salt", "opening-extra", made(1, func(t *Transaction) { t.Openings[0].Salt[0]++ }))
	add("a salt of 31 bytes", "opening", made(1, func(t *Transaction) { t.Openings[0].Salt = t.Openings[0].Salt[:31] }))
	add("no salt", "opening", made(1, func(t *Transaction) { t.Openings[0].Salt = nil }))
	add("an opening without bytes", "opening", made(1, func(t *Transaction) { t.Openings[0].Bytes = nil }))
	add("an opening of 65537 bytes", "opening", made(2, func(t *Transaction) { t.Openings[1].Bytes = bytes.Repeat([]byte{'x'}, 65537) }))
	add("a name in another writing", "opening", made(1, func(t *Transaction) { t.Openings[0].Bytes = []byte(`{"given":"Ann","family":"Lee"}`) }))
	add("a control character", "opening", made(2, func(t *Transaction) { t.Openings[1].Bytes = []byte("a\x00b") }))
	add("text that is not UTF-8", "opening", made(2, func(t *Transaction) { t.Openings[1].Bytes = []byte{0xff} }))
	add("an order that is no document", "opening", made(1, func(t *Transaction) {
		t.Openings = append(t.Openings, salted(license.OpeningOrder, "x", `{"report":1}`))
	}))
	add("a settlement that is no document", "opening", made(1, func(t *Transaction) {
		t.Openings = append(t.Openings, salted(license.OpeningSettlement, "x", `{"holder":"Quill"}`))
	}))
	add("a text of a contract", "ok", adoptingText(func(*license.Opening) {}))
	add("another text", "opening-extra", adoptingText(func(o *license.Opening) { o.Bytes = []byte("{}") }))
	add("a text with a salt", "opening-extra", adoptingText(func(o *license.Opening) { o.Salt = bytes.Repeat([]byte{1}, 32) }))
	add("a text with a salt of one byte", "opening", adoptingText(func(o *license.Opening) { o.Salt = []byte{1} }))
	add("a text under another kind", "opening", adoptingText(func(o *license.Opening) { o.Kind = license.OpeningCity }))
	add("one key twice", "signed-twice", made(1, nil, "clerk", "clerk"))
	add("one key for two", "signed-twice", made(1, func(t *Transaction) { t.Sign(SignEd25519("board/us-il", testKey("clerk"), t.HeaderBytes)) }, "clerk"))
	var many []string
	for i := range 65 {
		many = append(many, fmt.Sprintf("o%d", i))
	}
	add("64 signatures", "ok", made(1, nil, many[:64]...))
	add("65 signatures", "signatures", made(1, nil, many...))
	for _, c := range [][3]string{
		{"no acts", `"acts":[{`, `"axts":[{`},
		{"white space", `{"header":`, `{"header": `},
		{"an unknown member", `"openings":[`, `"more":1,"openings":[`},
		{"a header with an unknown member", `"all":true`, `"all":true,"why":1`},
		{"a header that says false", `"all":true`, `"all":false`},
		{"an unknown act", `license.amend`, `license.praise`},
		{"an act with a count of zero", `"from"`, `"count":0,"from"`},
		{"an instant with a fraction", `12:00:00Z`, `12:00:00.0Z`},
		{"a root in capitals", `"root":"`, `"root":"A`},
		{"base64 without padding", `="`, `"`},
		{"something after", `]}`, `]} `},
	} {
		s := string(one)
		i := strings.LastIndex(s, c[1])
		add("malformed: "+c[0], "malformed", []byte(s[:i]+c[2]+s[i+len(c[1]):]))
	}
	add("nothing", "malformed", nil)
	return cs
}

func TestTransactionVectors(t *testing.T) {
	const file = "../docs/spec/vectors/transaction.jsonl"
	var b bytes.Buffer
	for _, v := range transactionCases() {
		x, r := Parse([]byte(v.Transaction))
		got := "ok"
		if r != nil {
			got = r.Code
		} else {
			v.Payload, v.Signatures, v.Root = x.HeaderHash, x.SignaturesHash, x.Header.Root
			if !bytes.Equal(x.Encode(), []byte(v.Transaction)) {
				t.Errorf("%s is not written back", v.Name)
			}
		}
		if got != v.Expect {
			t.Errorf("%s: %v, want %s", v.Name, r, v.Expect)
		}
		if n := len(v.Transaction); n > 0 && n < 1<<16 { // a line that editors can show
			b.Write(append(strict.Encode(&v), '\n'))
		}
	}
	if *updateTransactions {
		if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(want, b.Bytes()) {
		t.Error("the published vectors differ; run with -update if that is meant")
	}
	if _, r := Parse(make([]byte, TransactionBytesMax+1)); r == nil || r.Code != "too-large" {
		t.Errorf("a byte too much: %v", r)
	}
	if _, r := Parse(make([]byte, TransactionBytesMax)); r == nil || r.Code != "malformed" {
		t.Errorf("the largest: %v", r)
	}
}

func TestTransactionSignaturesAndPaths(t *testing.T) {
	raw := made(7, nil, "clerk", "director")
	x, r := Parse(raw)
	if r != nil {
		t.Fatal(r)
	}
	if r := x.VerifySignatures(nil); r != nil {
		t.Error(r)
	}
	for i, a := range x.ActBytes {
		p := ActPath(x.LeafHashes(), i)
		if err := CheckActPath(p, 7, int64(i), x.Header.Root, a); err != nil {
			t.Errorf("act %d: %v", i, err)
		}
		if CheckActPath(p, 7, int64(i), x.Header.Root, append([]byte{' '}, a...)) == nil || CheckActPath(p, 7, int64((i+1)%7), x.Header.Root, a) == nil {
			t.Errorf("act %d: another act or place passes", i)
		}
	}
	x.Signatures[1].Sig[0] ^= 1
	if r := x.VerifySignatures(nil); r == nil || r.Code != "bad-signature" {
		t.Errorf("a bent signature: %v", r)
	}
	if x.Signers()[0] != (license.Signer{By: "officer/us-il/clerk", Key: string(Ed25519Key(testKey("clerk").Public().(ed25519.PublicKey)))}) {
		t.Error(x.Signers())
	}
}

func FuzzParseTransaction(f *testing.F) {
	for _, c := range transactionCases() {
		if len(c.Transaction) < 1<<14 {
			f.Add([]byte(c.Transaction))
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		x, r := Parse(b)
		if r != nil {
			if r.Code == "" || r.Sentence == "" {
				t.Errorf("%+v", r)
			}
			return
		}
		if !bytes.Equal(x.Encode(), b) {
			t.Errorf("written back otherwise:\n%s\n%s", b, x.Encode())
		}
		_ = x.VerifySignatures(nil)
	})
}
