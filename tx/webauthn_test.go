package tx

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"math/big"
	"slices"
	"strings"
	"testing"
)

// passkey is a software authenticator that obeys: it signs whatever a test asks for.
type passkey struct{ priv *ecdsa.PrivateKey }

// seedPasskey is a fixed P-256 key per name.
func seedPasskey(t testing.TB, name string) passkey {
	t.Helper()
	d := sha256.Sum256([]byte("licet/test-passkey/" + name))
	priv, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), d[:])
	if err != nil {
		t.Fatal(err)
	}
	return passkey{priv}
}

func (p passkey) spec(t testing.TB) KeySpec {
	t.Helper()
	point, err := p.priv.PublicKey.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	spec, err := CompressP256(point[1:33], point[33:])
	if err != nil {
		t.Fatal(err)
	}
	return spec
}

// der signs as an authenticator does, deterministically (RFC 6979).
func (p passkey) der(t testing.TB, authenticatorData, clientData []byte) []byte {
	t.Helper()
	client := sha256.Sum256(clientData)
	digest := sha256.Sum256(slices.Concat(authenticatorData, client[:]))
	der, err := p.priv.Sign(nil, digest[:], crypto.SHA256)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func (p passkey) sign(t testing.TB, authenticatorData, clientData []byte) Signature {
	t.Helper()
	sig, err := NormalizeECDSA(p.der(t, authenticatorData, clientData))
	if err != nil {
		t.Fatal(err)
	}
	return Signature{By: "officer/us-il/mreyes", Key: p.spec(t), Sig: sig, AuthenticatorData: authenticatorData, ClientData: clientData}
}

var (
	testParty  = RelyingParty{ID: "board.example", Origins: []string{"https://board.example", "https://desk.board.example:8443"}}
	testHeader = []byte(`{"version":1,"origin":"test/midwest-licensing/0011223344556677"}`)
)

// authData is authenticator data for the relying party's id, with a counter of 7.
func authData(id string, flags byte, extensions string) []byte {
	hash := sha256.Sum256([]byte(id))
	return append(binary.BigEndian.AppendUint32(append(hash[:], flags), 7), extensions...)
}

const presentVerified = flagUserPresent | flagUserVerified

// clientDataFor is clientDataJSON as browsers write it, with tail after the origin's closing quote.
func clientDataFor(header []byte, origin, tail string) []byte {
	challenge := Challenge(header)
	return []byte(`{"type":"webauthn.get","challenge":"` + base64.RawURLEncoding.EncodeToString(challenge[:]) + `","origin":"` + origin + `"` + tail)
}

func check(s Signature, header []byte, rp RelyingParty) error {
	if err := s.Verify(header); err != nil {
		return err
	}
	return s.CheckRelyingParty(rp)
}

const greased = `,"crossOrigin":false,"other_keys_can_be_added_here":"do not compare clientDataJSON against a template"}`

// assertionCase is one assertion, correctly signed, and what must be said of it.
type assertionCase struct {
	name       string
	auth       []byte
	client     []byte
	synced     bool // the member takes synced passkeys
	want       string
	oracleToo  bool // go-webauthn refuses it as well (when want is not ok)
	oracleSkip bool // a question that go-webauthn is not asked
}

func assertionCases() []assertionCase {
	auth := authData("board.example", presentVerified, "")
	flags := func(f byte) []byte { return authData("board.example", f, "") }
	client := func(tail string) []byte { return clientDataFor(testHeader, "https://board.example", tail) }
	plain := client(`,"crossOrigin":false}`)
	at := func(origin string) []byte { return clientDataFor(testHeader, origin, `,"crossOrigin":false}`) }
	swap := func(old, new string) []byte { return bytes.Replace(plain, []byte(old), []byte(new), 1) }
	long := client(`,"crossOrigin":false,"x":"` + strings.Repeat("x", clientDataMax) + `"}`)
	return []assertionCase{
		{name: "as browsers write", auth: auth, client: plain, want: "ok"},
		{name: "without crossOrigin", auth: auth, client: client("}"), want: "ok"},
		{name: "more members after crossOrigin", auth: auth, client: client(greased), want: "ok"},
		{name: "second origin, with port", auth: auth, client: at("https://desk.board.example:8443"), want: "ok"},
		{name: "extensions", auth: authData("board.example", presentVerified|flagExtensions, "\xa1\x63abc\xf5"), client: plain, want: "ok"},
		{name: "synced passkey, allowed", auth: flags(presentVerified | flagBackupEligible | flagBackedUp), client: plain, synced: true, want: "ok"},
		{name: "eligible for backup, allowed", auth: flags(presentVerified | flagBackupEligible), client: plain, synced: true, want: "ok"},
		{name: "device-bound where synced are allowed", auth: auth, client: plain, synced: true, want: "ok"},

		{name: "synced passkey", auth: flags(presentVerified | flagBackupEligible | flagBackedUp), client: plain, want: SigBackup},
		{name: "eligible for backup", auth: flags(presentVerified | flagBackupEligible), client: plain, want: SigBackup},
		{name: "backed up but not eligible", auth: flags(presentVerified | flagBackedUp), client: plain, want: SigFlags},
		{name: "reserved flag 1", auth: flags(presentVerified | 1<<1), client: plain, want: SigFlags},
		{name: "reserved flag 5", auth: flags(presentVerified | 1<<5), client: plain, want: SigFlags},
		{name: "attested data flag without data", auth: flags(presentVerified | flagAttested), client: plain, want: SigFlags, oracleToo: true},
		{name: "extension flag without data", auth: flags(presentVerified | flagExtensions), client: plain, want: SigFlags, oracleToo: true},
		{name: "extension data without flag", auth: authData("board.example", presentVerified, "\xa0"), client: plain, want: SigFlags, oracleToo: true},
		{name: "extension data is no map", auth: authData("board.example", presentVerified|flagExtensions, "\x01"), client: plain, want: SigFlags, oracleSkip: true},
		{name: "no flags", auth: flags(0), client: plain, want: SigUserPresence, oracleToo: true},
		{name: "user not present", auth: flags(flagUserVerified), client: plain, want: SigUserPresence, oracleToo: true},
		{name: "user not verified", auth: flags(flagUserPresent), client: plain, want: SigUserVerification, oracleToo: true},
		{name: "another relying party", auth: authData("evil.example", presentVerified, ""), client: plain, want: SigRelyingParty, oracleToo: true},
		{name: "relying party of a subdomain", auth: authData("desk.board.example", presentVerified, ""), client: plain, want: SigRelyingParty, oracleToo: true},
		{name: "authenticator data of 36 bytes", auth: auth[:36], client: plain, want: SigBadForm, oracleToo: true},
		{name: "authenticator data of 1025 bytes", auth: authData("board.example", presentVerified|flagExtensions, "\xa1\x61x\x59\x03\xd6"+strings.Repeat("x", 982)), client: plain, want: SigBadForm},

		{name: "another header's challenge", auth: auth, client: clientDataFor([]byte("{}"), "https://board.example", "}"), want: SigChallenge, oracleToo: true},
		{name: "registration", auth: auth, client: swap("webauthn.get", "webauthn.create"), want: SigClientData, oracleToo: true},
		{name: "payment", auth: auth, client: swap("webauthn.get", "payment.get"), want: SigClientData, oracleToo: true},
		{name: "challenge padded", auth: auth, client: swap(`","origin`, `=","origin`), want: SigClientData, oracleToo: true},
		{name: "challenge truncated", auth: auth, client: slices.Delete(slices.Clone(plain), 40, 41), want: SigClientData, oracleToo: true},
		{name: "space after colon", auth: auth, client: swap(`"type":`, `"type": `), want: SigClientData},
		{name: "byte order mark", auth: auth, client: append([]byte("\xef\xbb\xbf"), plain...), want: SigClientData, oracleToo: true},
		{name: "type in another case", auth: auth, client: swap(`"type"`, `"Type"`), want: SigClientData},
		{name: "type escaped", auth: auth, client: swap("webauthn.get", `webauthn\u002eget`), want: SigClientData},
		{name: "origin before challenge", auth: auth, client: reordered(), want: SigClientData},
		{name: "type twice", auth: auth, client: swap(`{"type"`, `{"type":"x","type"`), want: SigClientData, oracleSkip: true},
		{name: "empty client data", auth: auth, want: SigClientData, oracleToo: true},
		{name: "client data above 2048 bytes", auth: auth, client: long, want: SigClientData},
		{name: "not closed", auth: auth, client: plain[:len(plain)-1], want: SigClientData, oracleToo: true},
		{name: "something after the brace", auth: auth, client: append(slices.Clone(plain), ' '), want: SigClientData},

		{name: "another origin", auth: auth, client: at("https://evil.example"), want: SigOrigin, oracleToo: true},
		{name: "origin as prefix of a longer one", auth: auth, client: at("https://board.example.evil.example"), want: SigOrigin, oracleToo: true},
		{name: "origin over http", auth: auth, client: at("http://board.example"), want: SigOrigin, oracleToo: true},
		{name: "origin with another port", auth: auth, client: at("https://board.example:8443"), want: SigOrigin, oracleToo: true},
		{name: "origin with the default port", auth: auth, client: at("https://board.example:443"), want: SigOrigin},
		{name: "origin with slash", auth: auth, client: at("https://board.example/"), want: SigOrigin},
		{name: "origin in another case", auth: auth, client: at("https://Board.example"), want: SigOrigin},
		{name: "origin empty", auth: auth, client: at(""), want: SigOrigin, oracleToo: true},
		{name: "in a frame", auth: auth, client: client(`,"crossOrigin":true}`), want: SigCrossOrigin, oracleToo: true},
		{name: "in a frame, top origin named", auth: auth, client: client(`,"crossOrigin":true,"topOrigin":"https://evil.example"}`), want: SigCrossOrigin, oracleToo: true},
		{name: "other member in crossOrigin's place", auth: auth, client: client(`,"tokenBinding":{"status":"supported"}}`), want: SigCrossOrigin},
		{name: "crossOrigin as text", auth: auth, client: client(`,"crossOrigin":"false"}`), want: SigCrossOrigin, oracleToo: true},
		{name: "crossOrigin falsehood", auth: auth, client: client(`,"crossOrigin":falsehood}`), want: SigClientData, oracleToo: true},
	}
}

func reordered() []byte {
	challenge := Challenge(testHeader)
	return []byte(`{"type":"webauthn.get","origin":"https://board.example","challenge":"` + base64.RawURLEncoding.EncodeToString(challenge[:]) + `"}`)
}

func TestAssertions(t *testing.T) {
	key := seedPasskey(t, "mreyes")
	for _, c := range assertionCases() {
		rp := testParty
		rp.AllowSynced = c.synced
		if got := codeOf(t, check(key.sign(t, c.auth, c.client), testHeader, rp)); got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
}

func TestWebAuthnEveryBitFlipRefused(t *testing.T) {
	key := seedPasskey(t, "mreyes")
	s := key.sign(t, authData("board.example", presentVerified|flagExtensions, "\xa0"), clientDataFor(testHeader, "https://board.example", greased))
	wantCode(t, check(s, testHeader, testParty), "ok")
	raw, _ := base64.StdEncoding.DecodeString(string(s.Key)[len("es256:"):])
	parts := map[string]struct {
		bytes []byte
		set   func(*Signature, []byte)
	}{
		"sig":                {s.Sig, func(f *Signature, b []byte) { f.Sig = b }},
		"authenticator data": {s.AuthenticatorData, func(f *Signature, b []byte) { f.AuthenticatorData = b }},
		"client data":        {s.ClientData, func(f *Signature, b []byte) { f.ClientData = b }},
		"key": {raw, func(f *Signature, b []byte) {
			f.Key = KeySpec("es256:" + base64.StdEncoding.EncodeToString(b))
		}},
	}
	for what, part := range parts {
		for i := range 8 * len(part.bytes) {
			f := s
			part.set(&f, flipBit(part.bytes, i))
			wantRefused(t, f, testHeader, what, i)
		}
	}
	for i := range 8 * len(testHeader) {
		wantRefused(t, s, flipBit(testHeader, i), "header", i)
	}
}

// The mirror image of a valid signature, (r, n-s), is valid for ECDSA; only one of both is taken.
func TestHighSRefused(t *testing.T) {
	s := seedPasskey(t, "mreyes").sign(t, authData("board.example", presentVerified, ""), clientDataFor(testHeader, "https://board.example", "}"))
	high := new(big.Int).Sub(intOf(p256Order.m), new(big.Int).SetBytes(s.Sig[32:]))
	s.Sig = append(slices.Clone(s.Sig[:32]), high.FillBytes(make([]byte, 32))...)
	wantCode(t, s.Verify(testHeader), SigHighS)
}

// An es256 key never signs header bytes directly: such a signature shows no user and no page.
func TestBareES256Refused(t *testing.T) {
	key := seedPasskey(t, "mreyes")
	digest := Challenge(testHeader)
	der, err := key.priv.Sign(nil, digest[:], crypto.SHA256)
	if err != nil {
		t.Fatal(err)
	}
	sig, err := NormalizeECDSA(der)
	if err != nil {
		t.Fatal(err)
	}
	wantCode(t, Signature{By: "board/us-il", Key: key.spec(t), Sig: sig}.Verify(testHeader), SigBadForm)
}

func TestES256Keys(t *testing.T) {
	for _, name := range []string{"a", "b", "c", "d", "e", "f"} {
		spec := seedPasskey(t, name).spec(t)
		key, err := ParseKey(spec)
		if err != nil {
			t.Fatal(err)
		}
		if key.Scheme() != SchemeES256 || key.Spec() != spec || key.Ed25519() != nil {
			t.Errorf("parsed %s as %+v", spec, key)
		}
	}
	point, _ := seedPasskey(t, "a").priv.PublicKey.Bytes()
	hybrid := append([]byte{6 | point[64]&1}, point[1:]...)
	beyond := append([]byte{2}, elliptic.P256().Params().P.Bytes()...) // x = p
	for _, raw := range [][]byte{nil, {0}, point, hybrid, append([]byte{4}, point[1:33]...), append([]byte{0}, point[1:33]...), point[1:33], beyond, notOnP256()} {
		_, err := ParseKey(KeySpec("es256:" + base64.StdEncoding.EncodeToString(raw)))
		wantCode(t, err, SigBadKey)
	}
	for _, xy := range [][2][]byte{{nil, nil}, {point[1:33], point[1:33]}, {point, point[33:]}, {point[1:33], nil}} {
		_, err := CompressP256(xy[0], xy[1])
		wantCode(t, err, SigBadKey)
	}
}

// notOnP256 is a compressed form whose x belongs to no point.
func notOnP256() []byte {
	raw := make([]byte, 33)
	raw[0] = 2
	for x, _ := elliptic.UnmarshalCompressed(elliptic.P256(), raw); x != nil; x, _ = elliptic.UnmarshalCompressed(elliptic.P256(), raw) {
		raw[32]++
	}
	return raw
}

func TestRelyingPartyValidate(t *testing.T) {
	good := []RelyingParty{
		testParty,
		{ID: "localhost", Origins: []string{"http://localhost:8080"}},
		{ID: "board.example", Origins: []string{"https://a.b.board.example"}, AllowSynced: true},
	}
	for _, rp := range good {
		if err := rp.Validate(); err != nil {
			t.Errorf("%+v: %v", rp, err)
		}
	}
	for _, id := range []string{"", "Board.example", "127.0.0.1", "board.example.", "board..example", "https://board.example", "board.example:443", "-a.example", "böard.example", strings.Repeat("a.", 127)} {
		wantCode(t, RelyingParty{ID: id, Origins: []string{"https://" + id}}.Validate(), SigRelyingParty)
	}
	for _, origin := range []string{
		"", "board.example", "http://board.example", "https://board.example/", "https://board.example:443", "https://board.example:", "https://board.example:0",
		"https://Board.example", "https://u@board.example", "https://board.example?", "https://board.example#", "https://evil.example", "https://notboard.example", "https://board.example.evil.example",
		`https://board.example"`, "https://board.example\\", "https://board.example\n", "ftp://board.example", "https://" + strings.Repeat("a.", 150) + "board.example",
	} {
		wantCode(t, RelyingParty{ID: "board.example", Origins: []string{origin}}.Validate(), SigOrigin)
	}
	wantCode(t, RelyingParty{ID: "board.example"}.Validate(), SigOrigin)
}

// A record that never names a relying party takes no passkey, whatever was signed for an empty name.
func TestNoRelyingPartyTakesNoPasskey(t *testing.T) {
	s := seedPasskey(t, "mreyes").sign(t, authData("", presentVerified, ""), clientDataFor(testHeader, "", "}"))
	wantCode(t, s.Verify(testHeader), "ok")
	wantCode(t, s.CheckRelyingParty(RelyingParty{}), SigRelyingParty)
	wantCode(t, s.CheckRelyingParty(RelyingParty{Origins: []string{""}}), SigRelyingParty)
}

// An origin that holds a quote must not match across the end of the signed origin.
func TestConfiguredOriginCannotReachPastItsQuote(t *testing.T) {
	client := clientDataFor(testHeader, "https://evil.example", `,"crossOrigin":false}`)
	rp := RelyingParty{ID: "board.example", Origins: []string{`https://evil.example","crossOrigin":false,"x":"`}}
	s := seedPasskey(t, "mreyes").sign(t, authData("board.example", presentVerified, ""), client)
	wantCode(t, check(s, testHeader, rp), SigOrigin)
}

// Whatever the bytes: no panic, a code on every refusal, and what passes starts with the members
// that a streaming JSON reader sees first.
func FuzzClientData(f *testing.F) {
	for _, c := range assertionCases() {
		f.Add(c.client)
	}
	key := seedPasskey(f, "mreyes")
	f.Fuzz(func(t *testing.T, client []byte) {
		s := key.sign(t, authData("board.example", presentVerified, ""), client)
		if codeOf(t, check(s, testHeader, testParty)) != "ok" {
			return
		}
		challenge := Challenge(testHeader)
		d := json.NewDecoder(bytes.NewReader(client))
		want := []any{json.Delim('{'), "type", "webauthn.get", "challenge", base64.RawURLEncoding.EncodeToString(challenge[:]), "origin"}
		for _, w := range want {
			if got, err := d.Token(); err != nil || got != w {
				t.Fatalf("accepted %q, whose reader sees %v, %v instead of %v", client, got, err, w)
			}
		}
		if got, err := d.Token(); err != nil || !slices.Contains(testParty.Origins, got.(string)) {
			t.Fatalf("accepted %q of origin %v, %v", client, got, err)
		}
	})
}

func FuzzVerify(f *testing.F) {
	ed := SignEd25519("board/us-il", seedKey("us-il"), testHeader)
	f.Add(ed.By, string(ed.Key), ed.Sig, ed.AuthenticatorData, ed.ClientData, testHeader)
	key := seedPasskey(f, "mreyes")
	for _, c := range assertionCases() {
		s := key.sign(f, c.auth, c.client)
		f.Add(s.By, string(s.Key), s.Sig, s.AuthenticatorData, s.ClientData, testHeader)
	}
	f.Fuzz(func(t *testing.T, by, spec string, sig, auth, client, header []byte) {
		s := Signature{By: by, Key: KeySpec(spec), Sig: sig, AuthenticatorData: auth, ClientData: client}
		code := codeOf(t, s.Verify(header))
		codeOf(t, s.CheckRelyingParty(testParty))
		s.CacheKey(header)
		if len(sig) == 0 && code == "ok" {
			t.Fatal("accepted without a signature")
		}
	})
}

func FuzzNormalizeECDSA(f *testing.F) {
	f.Add(seedPasskey(f, "mreyes").der(f, nil, nil))
	f.Fuzz(func(t *testing.T, der []byte) {
		sig, err := NormalizeECDSA(der)
		if codeOf(t, err) == "ok" && (len(sig) != signatureSize || new(big.Int).SetBytes(sig[32:]).Cmp(intOf(p256HalfOrder)) > 0) {
			t.Fatalf("normalized to %x", sig)
		}
	})
}

func BenchmarkVerifyWebAuthn(b *testing.B) {
	s := seedPasskey(b, "mreyes").sign(b, authData("board.example", presentVerified, ""), clientDataFor(testHeader, "https://board.example", greased))
	for b.Loop() {
		if err := check(s, testHeader, testParty); err != nil {
			b.Fatal(err)
		}
	}
}
