package tx

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"math/big"
	"slices"
	"testing"
)

// seedKey is a fixed Ed25519 key per name.
func seedKey(name string) ed25519.PrivateKey {
	seed := sha256.Sum256([]byte("licet/test-key/" + name))
	return ed25519.NewKeyFromSeed(seed[:])
}

// codeOf is the code of a refusal, "ok" for none, and fails the test on any other error.
func codeOf(t testing.TB, err error) string {
	t.Helper()
	if err == nil {
		return "ok"
	}
	var refused *SignatureError
	if !errors.As(err, &refused) {
		t.Fatalf("error %v is no *SignatureError", err)
	}
	if refused.Code == "" || refused.Reason == "" {
		t.Fatalf("refusal without code or reason: %+v", refused)
	}
	return refused.Code
}

func wantCode(t testing.TB, err error, want string) {
	t.Helper()
	if got := codeOf(t, err); got != want {
		t.Errorf("got %s (%v), want %s", got, err, want)
	}
}

func edKey(raw []byte) KeySpec { return Ed25519Key(raw) }

func TestPAE(t *testing.T) {
	// The encoding of DSSE's own example differs from ours in the type only.
	if got, want := string(PAE([]byte("hello world"))), "DSSEv1 33 application/vnd.licet.header+json 11 hello world"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := string(PAE(nil)), "DSSEv1 33 application/vnd.licet.header+json 0 "; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestEd25519SignVerify(t *testing.T) {
	header := []byte(`{"v":1}`)
	s := SignEd25519("officer/us-il/mreyes", seedKey("mreyes"), header)
	wantCode(t, s.Verify(header), "ok")
	wantCode(t, s.Verify([]byte(`{"v":2}`)), SigBadSignature)
	wantCode(t, s.CheckRelyingParty(RelyingParty{}), "ok")
	if _, err := ParseKey(s.Key); err != nil {
		t.Error(err)
	}
}

func TestEd25519EveryBitFlipRefused(t *testing.T) {
	header := []byte(`{"v":1,"origin":"test/licensing"}`)
	s := SignEd25519("board/us-il", seedKey("us-il"), header)
	raw, _ := base64.StdEncoding.DecodeString(string(s.Key)[len("ed25519:"):])
	for i := range 8 * len(s.Sig) {
		f := s
		f.Sig = flipBit(s.Sig, i)
		wantRefused(t, f, header, "sig", i)
	}
	for i := range 8 * len(raw) {
		f := s
		f.Key = edKey(flipBit(raw, i))
		wantRefused(t, f, header, "key", i)
	}
	for i := range 8 * len(header) {
		wantRefused(t, s, flipBit(header, i), "header", i)
	}
}

func flipBit(b []byte, bit int) []byte {
	b = slices.Clone(b)
	b[bit/8] ^= 1 << (bit % 8)
	return b
}

func wantRefused(t *testing.T, s Signature, header []byte, what string, bit int) {
	t.Helper()
	if codeOf(t, s.Verify(header)) == "ok" {
		t.Errorf("accepted with bit %d of %s flipped", bit, what)
	}
}

// The curve's constants are typed in; these relations hold for the right ones only.
func TestEdwardsConstants(t *testing.T) {
	p := new(big.Int).Lsh(big.NewInt(1), 255)
	if p.Sub(p, big.NewInt(19)).Cmp(intOf(edwardsP.m)) != 0 {
		t.Error("p is not 2^255 - 19")
	}
	if edwardsP.mul(edwardsD, edwardsP.small(121666)) != edwardsP.sub(residue{}, edwardsP.small(121665)) {
		t.Error("d is not -121665/121666")
	}
	if edwardsP.mul(sqrtMinusOne, sqrtMinusOne) != edwardsP.sub(residue{}, edwardsP.one) {
		t.Error("not a square root of -1")
	}
	if base := seedKey("any").Public().(ed25519.PublicKey); !primeOrder(base) {
		t.Error("L does not annihilate an honest key")
	}
	for _, y := range smallOrderY() {
		point := edwardsPoint{x: recoverX(y, false), y: y, z: edwardsP.one}
		for range 3 {
			point = point.add(point)
		}
		if point.x != (residue{}) || point.y != point.z {
			t.Errorf("8 times the point with y = %v is not neutral", y)
		}
	}
}

// smallOrderY are the y coordinates of all points whose order divides 8.
func smallOrderY() []residue {
	minus := func(y residue) residue { return edwardsP.sub(residue{}, y) }
	return []residue{edwardsP.one, minus(edwardsP.one), {}, orderEightY, minus(orderEightY)}
}

// smallOrderEncodings are all 14 byte strings that Go decodes to a point of small order.
func smallOrderEncodings() [][]byte {
	var all [][]byte
	limit := new(big.Int).Lsh(big.NewInt(1), 255)
	for _, y := range smallOrderY() {
		for n := intOf(edwardsP.number(y)); n.Cmp(limit) < 0; n = new(big.Int).Add(n, intOf(edwardsP.m)) {
			positive := encodeY(n, false)
			all = append(all, positive, encodeY(n, true))
		}
	}
	return all
}

func encodeY(y *big.Int, negative bool) []byte {
	b := y.FillBytes(make([]byte, 32))
	slices.Reverse(b)
	if negative {
		b[31] |= 0x80
	}
	return b
}

func TestSmallOrderKeysRefused(t *testing.T) {
	all := smallOrderEncodings()
	if len(all) != 14 {
		t.Fatalf("%d encodings, want 14", len(all))
	}
	for _, raw := range all {
		_, err := ParseKey(edKey(raw))
		wantCode(t, err, SigSmallOrder)
		// With A of small order and S = 0, R = -[k]A holds for many messages: the forgery that the check stops.
		forged := Signature{By: "board/us-il", Key: edKey(raw), Sig: append(slices.Clone(raw), make([]byte, 32)...)}
		wantCode(t, forged.Verify([]byte("x")), SigSmallOrder)
	}
}

func TestNonCanonicalKeysRefused(t *testing.T) {
	// y = p + 2 … p + 18: the same points as y = 2 … 18 where those exist.
	for i := int64(2); i < 19; i++ {
		y := new(big.Int).Add(intOf(edwardsP.m), big.NewInt(i))
		for _, negative := range []bool{false, true} {
			_, err := ParseKey(edKey(encodeY(y, negative)))
			wantCode(t, err, SigBadKey)
		}
	}
}

// Whether y belongs to a point must be answered as crypto/ed25519 answers it: half of all y do not.
func TestOnCurveAgreesWithSignatures(t *testing.T) {
	on := 0
	for i := range 200 {
		y := sha256.Sum256([]byte{byte(i)})
		y[31] &= 0x7f
		if onEdwardsCurve(y[:]) {
			on++
			r := edwardsP.residue(littleEndian(y[:]))
			x := recoverX(r, false)
			u, v := xSquared(r)
			if edwardsP.mul(edwardsP.mul(x, x), v) != u {
				t.Errorf("no x for y %x", y)
			}
		}
	}
	if on < 70 || on > 130 {
		t.Errorf("%d of 200 on the curve", on)
	}
	for i := range 20 {
		if pub := seedKey(string(rune('a' + i))).Public().(ed25519.PublicKey); !onEdwardsCurve(pub) {
			t.Errorf("honest key %x is not on the curve", pub)
		}
	}
}

// mixedOrder is an honest key plus a point of order 8.
func mixedOrder(pub ed25519.PublicKey) []byte {
	encoded, negative := encodedY(pub)
	y := edwardsP.residue(encoded)
	honest := edwardsPoint{x: recoverX(y, negative), y: y, z: edwardsP.one}
	sum := honest.add(edwardsPoint{x: recoverX(orderEightY, false), y: orderEightY, z: edwardsP.one})
	inverse := edwardsP.invert(sum.z)
	x := edwardsP.number(edwardsP.mul(sum.x, inverse))
	return encodeY(intOf(edwardsP.number(edwardsP.mul(sum.y, inverse))), x.bit(0) == 1)
}

func TestMixedOrderKeyRefused(t *testing.T) {
	for _, name := range []string{"a", "b", "c"} {
		_, err := ParseKey(edKey(mixedOrder(seedKey(name).Public().(ed25519.PublicKey))))
		wantCode(t, err, SigMixedOrder)
	}
}

func TestKeyTextHasOneForm(t *testing.T) {
	good := string(edKey(seedKey("a").Public().(ed25519.PublicKey)))
	if _, err := ParseKey(KeySpec(good)); err != nil {
		t.Fatal(err)
	}
	last := good[:len(good)-2]
	for _, bad := range []string{
		"", ":", "ed25519", "ed25519:", good[len("ed25519:"):], "ED25519:" + good[8:], "es256:" + good[8:], "rsa:" + good[8:],
		good[:len(good)-1], good + "=", good + "\n", good[:20] + "\n" + good[20:], " " + good,
		last + string(good[len(good)-2]+1) + "=", // a trailing bit
	} {
		_, err := ParseKey(KeySpec(bad))
		wantCode(t, err, SigBadKey)
	}
}

func TestSignerNames(t *testing.T) {
	for _, by := range []string{"officer/us-il/mreyes", "board/us-il", "member/idfpr", "officer/us-il/m.reyes_2"} {
		if !wellFormedSigner(by) {
			t.Errorf("refused %q", by)
		}
	}
	for _, by := range []string{
		"", "board", "board/", "/us-il", "clerk/us-il", "officer/us-il", "officer/us-il/", "officer//mreyes",
		"board/us-il/x", "Board/us-il", "board/US-IL", "board/us il", "board/us-il\n", "member/" + string(make([]byte, 300)),
	} {
		if wellFormedSigner(by) {
			t.Errorf("accepted %q", by)
		}
	}
}

// Every part of what Verify reads must change the cache's key, also when bytes move between parts.
func TestCacheKeySeparatesParts(t *testing.T) {
	header := []byte("header")
	base := Signature{By: "board/us-il", Key: "es256:k", Sig: []byte("ss"), AuthenticatorData: []byte("aa"), ClientData: []byte("cc")}
	change := func(f func(*Signature)) Signature { s := base; f(&s); return s }
	variants := []Signature{
		base,
		change(func(s *Signature) { s.Key = "es256:l" }),
		change(func(s *Signature) { s.Key = "ed25519:k" }),
		change(func(s *Signature) { s.Sig = []byte("st") }),
		change(func(s *Signature) { s.Sig, s.AuthenticatorData = []byte("ssa"), []byte("a") }),
		change(func(s *Signature) { s.AuthenticatorData, s.ClientData = []byte("aac"), []byte("c") }),
		change(func(s *Signature) { s.AuthenticatorData, s.ClientData = nil, []byte("aacc") }),
	}
	seen := map[[32]byte]bool{base.CacheKey([]byte("header ")): true}
	for i, s := range variants {
		if key := s.CacheKey(header); seen[key] {
			t.Errorf("variant %d repeats a cache key", i)
		} else {
			seen[key] = true
		}
	}
	renamed := change(func(s *Signature) { s.By = "board/us-mo" })
	if renamed.CacheKey(header) != base.CacheKey(header) {
		t.Error("By is not part of what Verify decides, but changed the cache key")
	}
}

func BenchmarkVerifyEd25519(b *testing.B) {
	header := []byte(`{"v":1}`)
	s := SignEd25519("board/us-il", seedKey("us-il"), header)
	for b.Loop() {
		if err := s.Verify(header); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkParseEd25519Key(b *testing.B) {
	spec := edKey(seedKey("us-il").Public().(ed25519.PublicKey))
	for b.Loop() {
		if _, err := ParseKey(spec); err != nil {
			b.Fatal(err)
		}
	}
}
