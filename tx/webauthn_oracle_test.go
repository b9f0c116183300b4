package tx

import (
	"crypto/ecdsa"
	"encoding/base64"
	"encoding/json"
	"slices"
	"testing"

	"github.com/descope/virtualwebauthn"
	"github.com/fxamacker/cbor/v2"
	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/protocol/webauthncose"
)

// oracle asks go-webauthn, which parses client data with a JSON decoder and keys as COSE, for its verdict.
func oracle(t testing.TB, pub ecdsa.PublicKey, der, auth, client, header []byte, rp RelyingParty) error {
	t.Helper()
	raw := base64.RawURLEncoding.EncodeToString
	body, err := json.Marshal(map[string]any{
		"id": raw([]byte("credential")), "rawId": raw([]byte("credential")), "type": "public-key",
		"response": map[string]string{"authenticatorData": raw(auth), "clientDataJSON": raw(client), "signature": raw(der)},
	})
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(body)
	if err != nil {
		return err
	}
	challenge := Challenge(header)
	return parsed.Verify(raw(challenge[:]), rp.ID, "", rp.Origins, nil, nil,
		protocol.TopOriginExplicitVerificationMode, false, true, true, coseKey(t, pub), protocol.SignaturePolicy{})
}

// coseKey is the key as authenticators hand it over (RFC 9052: EC2, ES256, P-256).
func coseKey(t testing.TB, pub ecdsa.PublicKey) []byte {
	t.Helper()
	point, err := pub.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	b, err := cbor.Marshal(map[int]any{1: 2, 3: -7, -1: 1, -2: point[1:33], -3: point[33:]})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// What we accept, go-webauthn accepts; what it refuses, we refuse.
func TestOracleAgrees(t *testing.T) {
	key := seedPasskey(t, "mreyes")
	for _, c := range assertionCases() {
		if c.oracleSkip {
			continue
		}
		err := oracle(t, key.priv.PublicKey, key.der(t, c.auth, c.client), c.auth, c.client, testHeader, testParty)
		if wantRefusal := c.oracleToo; (err != nil) != wantRefusal {
			t.Errorf("%s: go-webauthn says %v; refusal expected: %v", c.name, err, wantRefusal)
		}
	}
}

// Flipping any bit of a signed assertion, and signing again, never makes us accept what go-webauthn refuses.
func TestOracleOnResignedMutations(t *testing.T) {
	key := seedPasskey(t, "mreyes")
	auth := authData("board.example", presentVerified, "")
	client := clientDataFor(testHeader, "https://board.example", `,"crossOrigin":false}`)
	try := func(auth, client []byte) {
		if codeOf(t, check(key.sign(t, auth, client), testHeader, testParty)) != "ok" {
			return
		}
		if err := oracle(t, key.priv.PublicKey, key.der(t, auth, client), auth, client, testHeader, testParty); err != nil {
			t.Errorf("we accept auth %x client %s; go-webauthn: %v", auth, client, err)
		}
	}
	for i := range 8 * len(auth) {
		try(flipBit(auth, i), client)
	}
	for i := range 8 * len(client) {
		try(auth, flipBit(client, i))
	}
	for i := range client {
		try(auth, slices.Delete(slices.Clone(client), i, i+1))
	}
}

// Flipping any bit without signing again is refused by both.
func TestOracleOnUnsignedMutations(t *testing.T) {
	key := seedPasskey(t, "mreyes")
	auth := authData("board.example", presentVerified, "")
	client := clientDataFor(testHeader, "https://board.example", `,"crossOrigin":false}`)
	der := key.der(t, auth, client)
	for i := 0; i < 8*len(client); i += 5 {
		if oracle(t, key.priv.PublicKey, der, auth, flipBit(client, i), testHeader, testParty) == nil {
			t.Errorf("go-webauthn accepts client data with bit %d flipped", i)
		}
	}
}

// An authenticator written by others registers a key and signs a header; ours verifies it.
func TestVirtualAuthenticator(t *testing.T) {
	for _, synced := range []bool{false, true} {
		party := virtualwebauthn.RelyingParty{Name: "Board", ID: "board.example", Origin: "https://board.example"}
		authenticator := virtualwebauthn.NewAuthenticatorWithOptions(virtualwebauthn.AuthenticatorOptions{BackupEligible: synced, BackupState: synced})
		credential := virtualwebauthn.NewCredential(virtualwebauthn.KeyTypeEC2)
		authenticator.AddCredential(credential)

		s := virtualSignature(t, party, authenticator, credential)
		rp := RelyingParty{ID: party.ID, Origins: []string{party.Origin}}
		want := "ok"
		if synced {
			want = SigBackup
		}
		wantCode(t, check(s, testHeader, rp), want)
		rp.AllowSynced = true
		wantCode(t, check(s, testHeader, rp), "ok")
		wantCode(t, check(s, []byte("{}"), rp), SigChallenge)
	}
}

func virtualSignature(t *testing.T, party virtualwebauthn.RelyingParty, a virtualwebauthn.Authenticator, c virtualwebauthn.Credential) Signature {
	t.Helper()
	challenge := Challenge(testHeader)
	response := virtualwebauthn.CreateAssertionResponse(party, a, c, virtualwebauthn.AssertionOptions{Challenge: challenge[:], RelyingPartyID: party.ID})
	parsed, err := protocol.ParseCredentialRequestResponseBytes([]byte(response))
	if err != nil {
		t.Fatal(err)
	}
	sig, err := NormalizeECDSA(parsed.Response.Signature)
	if err != nil {
		t.Fatal(err)
	}
	cose, err := webauthncose.ParsePublicKey(c.Key.AttestationData())
	if err != nil {
		t.Fatal(err)
	}
	ec := cose.(webauthncose.EC2PublicKeyData)
	key, err := CompressP256(ec.XCoord, ec.YCoord)
	if err != nil {
		t.Fatal(err)
	}
	raw := parsed.Raw.AssertionResponse
	return Signature{By: "officer/us-il/mreyes", Key: key, Sig: sig, AuthenticatorData: raw.AuthenticatorData, ClientData: raw.ClientDataJSON}
}
