package tx

import (
	"bytes"
	"crypto/ed25519"
	"crypto/elliptic"
	"encoding/base64"
	"encoding/json"
	"flag"
	"math/big"
	"os"
	"slices"
	"strings"
	"testing"

	"licet/strict"
)

var updateSignatures = flag.Bool("update-signatures", false, "write docs/spec/vectors/signatures.jsonl anew")

const signatureVectorsFile = "../docs/spec/vectors/signatures.jsonl"

// signatureVector is one line of the file, which docs/spec/signatures.md explains. Exactly one of
// Key and Signature is set.
type signatureVector struct {
	Name         string          `json:"name"`
	Expect       string          `json:"expect"`
	Key          *KeySpec        `json:"key,omitempty"`
	Header       *string         `json:"header,omitempty"`
	Signature    json.RawMessage `json:"signature,omitempty"`
	RelyingParty *vectorParty    `json:"relying_party,omitempty"`
}

type vectorParty struct {
	ID          string   `json:"id"`
	Origins     []string `json:"origins"`
	AllowSynced bool     `json:"allow_synced"`
}

func (v signatureVector) outcome(t *testing.T) string {
	t.Helper()
	if v.Key != nil {
		_, err := ParseKey(*v.Key)
		return codeOf(t, err)
	}
	var s Signature
	if err := strict.Decode(v.Signature, &s, 1<<16); err != nil {
		t.Fatalf("%s: signature is not in the one writing: %v", v.Name, err)
	}
	header, rp := []byte(*v.Header), RelyingParty(*v.RelyingParty)
	return codeOf(t, check(s, header, rp))
}

func TestSignatureVectors(t *testing.T) {
	if *updateSignatures {
		writeSignatureVectors(t)
	}
	data, err := os.ReadFile(signatureVectorsFile)
	if err != nil {
		t.Fatal(err)
	}
	seen, good, bad := map[string]bool{}, 0, 0
	for line := range bytes.Lines(data) {
		var v signatureVector
		if err := json.Unmarshal(line, &v); err != nil {
			t.Fatal(err)
		}
		if seen[v.Name] {
			t.Errorf("two vectors are called %q", v.Name)
		}
		seen[v.Name] = true
		if v.Expect == "ok" {
			good++
		} else {
			bad++
		}
		if got := v.outcome(t); got != v.Expect {
			t.Errorf("%s: got %s, want %s", v.Name, got, v.Expect)
		}
	}
	if good < 8 || bad < 40 {
		t.Errorf("%d good and %d bad vectors; the file is cut short", good, bad)
	}
}

// The file is what the generator writes: a vector changed by hand, or a signature that came out
// differently, shows here.
func TestSignatureVectorsAreCurrent(t *testing.T) {
	data, err := os.ReadFile(signatureVectorsFile)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(data, encodeSignatureVectors(t)) {
		t.Error("the vectors differ from the generator's; see what changed, then run this test with -update-signatures")
	}
}

func writeSignatureVectors(t *testing.T) {
	t.Helper()
	if err := os.WriteFile(signatureVectorsFile, encodeSignatureVectors(t), 0o644); err != nil {
		t.Fatal(err)
	}
}

func encodeSignatureVectors(t *testing.T) []byte {
	t.Helper()
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	for _, v := range slices.Concat(keyVectors(t), ed25519Vectors(t), passkeyVectors(t)) {
		if err := e.Encode(v); err != nil {
			t.Fatal(err)
		}
	}
	return out.Bytes()
}

func keyVectors(t *testing.T) (all []signatureVector) {
	t.Helper()
	add := func(name string, key KeySpec, expect string) {
		all = append(all, signatureVector{Name: "key: " + name, Expect: expect, Key: &key})
	}
	es256 := func(raw []byte) KeySpec { return KeySpec("es256:" + base64.StdEncoding.EncodeToString(raw)) }
	pub := seedKey("us-il").Public().(ed25519.PublicKey)
	text := string(edKey(pub))
	point, err := seedPasskey(t, "mreyes").priv.PublicKey.Bytes()
	if err != nil {
		t.Fatal(err)
	}

	add("ed25519", edKey(pub), "ok")
	add("es256, even y", es256(append([]byte{2}, point[1:33]...)), "ok")
	add("es256, odd y", es256(append([]byte{3}, point[1:33]...)), "ok")

	for i, raw := range smallOrderEncodings() {
		add("ed25519, small order, encoding "+string(rune('a'+i)), edKey(raw), SigSmallOrder)
	}
	add("ed25519, honest key plus a point of order 8", edKey(mixedOrder(pub)), SigMixedOrder)
	add("ed25519, y is p plus 3", edKey(encodeY(new(big.Int).Add(intOf(edwardsP.m), big.NewInt(3)), false)), SigBadKey)
	add("ed25519, y is 2 to the 255th minus 1", edKey(bytes.Repeat([]byte{0xff}, 32)), SigBadKey)
	add("ed25519, y of no point", edKey(encodeY(big.NewInt(2), false)), SigBadKey)
	add("ed25519, 31 bytes", edKey(pub[:31]), SigBadKey)
	add("ed25519, 33 bytes", edKey(append(slices.Clone(pub), 0)), SigBadKey)
	add("ed25519, base64 without padding", KeySpec(strings.TrimRight(text, "=")), SigBadKey)
	add("ed25519, base64 with trailing bits", KeySpec(text[:len(text)-2]+string(text[len(text)-2]+1)+"="), SigBadKey)
	add("ed25519, line end in base64", KeySpec(text[:20]+"\n"+text[20:]), SigBadKey)
	add("ed25519, hexadecimal", "ed25519:d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", SigBadKey)
	add("ed25519, scheme in upper case", KeySpec("Ed25519"+text[7:]), SigBadKey)
	add("no scheme", KeySpec(text[8:]), SigBadKey)
	add("unknown scheme", KeySpec("x25519"+text[7:]), SigBadKey)
	add("empty", "", SigBadKey)
	add("es256, uncompressed", es256(point), SigBadKey)
	add("es256, first byte 4", es256(append([]byte{4}, point[1:33]...)), SigBadKey)
	add("es256, point at infinity", es256([]byte{0}), SigBadKey)
	add("es256, x only", es256(point[1:33]), SigBadKey)
	add("es256, x is p", es256(append([]byte{2}, elliptic.P256().Params().P.Bytes()...)), SigBadKey)
	add("es256, x of no point", es256(notOnP256()), SigBadKey)
	return all
}

func vectorOf(name, expect string, header []byte, s Signature, rp RelyingParty) signatureVector {
	text, party := string(header), vectorParty(rp)
	return signatureVector{Name: name, Expect: expect, Header: &text, Signature: strict.Encode(&s), RelyingParty: &party}
}

func ed25519Vectors(t *testing.T) (all []signatureVector) {
	t.Helper()
	es256Key := seedPasskey(t, "mreyes").spec(t)
	key := seedKey("us-il")
	good := func() Signature { return SignEd25519("board/us-il", key, testHeader) }
	add := func(name, expect string, header []byte, change func(*Signature)) {
		s := good()
		if change != nil {
			change(&s)
		}
		all = append(all, vectorOf("ed25519: "+name, expect, header, s, testParty))
	}
	sign := func(by string, header []byte) func(*Signature) {
		return func(s *Signature) { *s = SignEd25519(by, key, header) }
	}
	beyond := func(s []byte) []byte { // S + L, which a lenient verifier takes for S
		n := new(big.Int).Add(intOf(littleEndian(s)), intOf(edwardsL)).FillBytes(make([]byte, 32))
		slices.Reverse(n)
		return n
	}

	add("a board's root key", "ok", testHeader, nil)
	add("a member's root key", "ok", testHeader, sign("member/idfpr", testHeader))
	add("an officer", "ok", testHeader, sign("officer/us-il/mreyes", testHeader))
	add("another name for the same key, which the state refuses", "ok", testHeader, func(s *Signature) { s.By = "board/us-mo" })
	accented := []byte(`{"v":1,"origin":"test/Cañón"}`)
	add("header beyond ASCII", "ok", accented, sign("board/us-il", accented))

	add("another header", SigBadSignature, accented, nil)
	add("header with a line end more", SigBadSignature, append(slices.Clone(testHeader), '\n'), nil)
	add("header signed without the encoding", SigBadSignature, testHeader, func(s *Signature) { s.Sig = ed25519.Sign(key, testHeader) })
	add("another payload type", SigBadSignature, testHeader, func(s *Signature) {
		s.Sig = ed25519.Sign(key, bytes.Replace(PAE(testHeader), []byte("33 application/vnd.licet.header+json"), []byte("16 application/json"), 1))
	})
	add("another key", SigBadSignature, testHeader, func(s *Signature) { s.Key = edKey(seedKey("us-mo").Public().(ed25519.PublicKey)) })
	add("bit of R flipped", SigBadSignature, testHeader, func(s *Signature) { s.Sig = flipBit(s.Sig, 0) })
	add("bit of S flipped", SigBadSignature, testHeader, func(s *Signature) { s.Sig = flipBit(s.Sig, 256) })
	add("all zero", SigBadSignature, testHeader, func(s *Signature) { s.Sig = make([]byte, 64) })
	add("S plus the group's order", SigHighS, testHeader, func(s *Signature) { s.Sig = append(slices.Clone(s.Sig[:32]), beyond(s.Sig[32:])...) })
	add("S all ones", SigHighS, testHeader, func(s *Signature) { s.Sig = append(slices.Clone(s.Sig[:32]), bytes.Repeat([]byte{0xff}, 32)...) })
	add("no signature", SigBadForm, testHeader, func(s *Signature) { s.Sig = nil })
	add("63 bytes", SigBadForm, testHeader, func(s *Signature) { s.Sig = s.Sig[:63] })
	add("65 bytes", SigBadForm, testHeader, func(s *Signature) { s.Sig = append(slices.Clone(s.Sig), 0) })
	add("authenticator data beside it", SigBadForm, testHeader, func(s *Signature) { s.AuthenticatorData = authData("board.example", presentVerified, "") })
	add("client data beside it", SigBadForm, testHeader, func(s *Signature) { s.ClientData = []byte("{}") })
	add("key of small order, forged for any header", SigSmallOrder, testHeader, func(s *Signature) {
		s.Key, s.Sig = edKey(encodeY(big.NewInt(1), false)), append(encodeY(big.NewInt(1), false), make([]byte, 32)...)
	})
	add("key of no point, S all ones", SigBadKey, testHeader, func(s *Signature) {
		s.Key, s.Sig = edKey(encodeY(big.NewInt(2), false)), bytes.Repeat([]byte{0xff}, 64)
	})
	add("es256 key", SigBadForm, testHeader, func(s *Signature) { s.Key = es256Key })
	add("no name", SigBadForm, testHeader, func(s *Signature) { s.By = "" })
	add("name of an unknown kind", SigBadForm, testHeader, func(s *Signature) { s.By = "clerk/us-il" })
	add("name in upper case", SigBadForm, testHeader, func(s *Signature) { s.By = "board/US-IL" })
	add("officer without a board", SigBadForm, testHeader, func(s *Signature) { s.By = "officer/mreyes" })
	return all
}

func passkeyVectors(t *testing.T) (all []signatureVector) {
	t.Helper()
	key := seedPasskey(t, "mreyes")
	for _, c := range assertionCases() {
		rp := testParty
		rp.AllowSynced = c.synced
		all = append(all, vectorOf("passkey: "+c.name, c.want, testHeader, key.sign(t, c.auth, c.client), rp))
	}
	good := key.sign(t, authData("board.example", presentVerified, ""), clientDataFor(testHeader, "https://board.example", `,"crossOrigin":false}`))
	add := func(name, expect string, change func(*Signature)) {
		s := good
		change(&s)
		all = append(all, vectorOf("passkey: "+name, expect, testHeader, s, testParty))
	}
	replaceS := func(s []byte, n *big.Int) []byte {
		return append(slices.Clone(s[:32]), n.FillBytes(make([]byte, 32))...)
	}
	add("high s", SigHighS, func(s *Signature) {
		s.Sig = replaceS(s.Sig, new(big.Int).Sub(intOf(p256Order.m), new(big.Int).SetBytes(s.Sig[32:])))
	})
	add("s is the order", SigHighS, func(s *Signature) { s.Sig = replaceS(s.Sig, intOf(p256Order.m)) })
	add("s is zero", SigBadSignature, func(s *Signature) { s.Sig = replaceS(s.Sig, new(big.Int)) })
	add("r is zero", SigBadSignature, func(s *Signature) { s.Sig = append(make([]byte, 32), s.Sig[32:]...) })
	add("r is the order", SigBadSignature, func(s *Signature) { s.Sig = append(intOf(p256Order.m).Bytes(), s.Sig[32:]...) })
	add("bit of r flipped", SigBadSignature, func(s *Signature) { s.Sig = flipBit(s.Sig, 7) })
	add("DER as the browser gave it", SigBadForm, func(s *Signature) { s.Sig = key.der(t, s.AuthenticatorData, s.ClientData) })
	add("another key", SigBadSignature, func(s *Signature) { s.Key = seedPasskey(t, "dchair").spec(t) })
	add("the other point with the same x", SigBadSignature, func(s *Signature) { s.Key = otherSign(t, s.Key) })
	add("counter changed", SigBadSignature, func(s *Signature) { s.AuthenticatorData = flipBit(s.AuthenticatorData, 8*36) })
	add("client data changed after signing", SigBadSignature, func(s *Signature) {
		s.ClientData = bytes.Replace(s.ClientData, []byte("false"), []byte("true"), 1)
	})
	add("without authenticator data", SigBadForm, func(s *Signature) { s.AuthenticatorData = nil })
	add("signed as bare es256", SigBadForm, func(s *Signature) { s.AuthenticatorData, s.ClientData = nil, nil })
	all = append(all, vectorOf("passkey: member without relying party", SigRelyingParty, testHeader, good, RelyingParty{Origins: []string{}}))
	return all
}

func otherSign(t *testing.T, spec KeySpec) KeySpec {
	t.Helper()
	raw, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(string(spec), "es256:"))
	if err != nil {
		t.Fatal(err)
	}
	return KeySpec("es256:" + base64.StdEncoding.EncodeToString(flipBit(raw, 0)))
}
