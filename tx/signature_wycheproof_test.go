package tx

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io/fs"
	"math/big"
	"testing"

	"github.com/c2sp/wycheproof"
)

type hexBytes []byte

func (h *hexBytes) UnmarshalText(text []byte) (err error) {
	*h, err = hex.DecodeString(string(text))
	return err
}

type wycheproofFile struct {
	NumberOfTests int
	TestGroups    []struct {
		PublicKey struct{ PK, Uncompressed hexBytes }
		Tests     []wycheproofTest
	}
}

type wycheproofTest struct {
	TCID     int `json:"tcId"`
	Comment  string
	Msg, Sig hexBytes
	Result   string
}

// runWycheproof calls accepts for every vector with the group's public key.
func runWycheproof(t *testing.T, file string, accepts func(pub []byte, c wycheproofTest) (accepted bool)) {
	t.Helper()
	b, err := fs.ReadFile(wycheproof.TestVectors, file)
	if err != nil {
		t.Fatal(err)
	}
	var vectors wycheproofFile
	if err := json.Unmarshal(b, &vectors); err != nil {
		t.Fatal(err)
	}
	count := 0
	for _, g := range vectors.TestGroups {
		for _, c := range g.Tests {
			count++
			if got := accepts(append(g.PublicKey.PK, g.PublicKey.Uncompressed...), c); got != (c.Result == "valid") {
				t.Errorf("%s %d (%s): accepted %v, vector says %s", file, c.TCID, c.Comment, got, c.Result)
			}
		}
	}
	if count == 0 || count != vectors.NumberOfTests {
		t.Errorf("%s: ran %d of %d vectors", file, count, vectors.NumberOfTests)
	}
}

func TestWycheproofEd25519(t *testing.T) {
	runWycheproof(t, "ed25519_test.json", func(pub []byte, c wycheproofTest) bool {
		key, err := ParseKey(Ed25519Key(pub))
		return err == nil && len(c.Sig) == signatureSize && checkEd25519(key.ed, c.Msg, c.Sig) == nil
	})
}

// p256Vector checks a 64-byte signature under a key that goes through our own texts.
func p256Vector(t *testing.T, pub, msg, sig []byte) bool {
	t.Helper()
	spec, err := CompressP256(pub[1:33], pub[33:])
	if err != nil {
		t.Fatal(err)
	}
	key, err := ParseKey(spec)
	if err != nil {
		t.Fatal(err)
	}
	if point, err := key.ec.key.Bytes(); err != nil || !bytes.Equal(point, pub) {
		t.Fatalf("key %x came back as %x", pub, point)
	}
	digest := sha256.Sum256(msg)
	if len(sig) != signatureSize {
		return false
	}
	accepted := checkP256(key.ec, digest[:], sig) == nil
	plain, ok := plainP256(append([]byte{2 | pub[64]&1}, pub[1:33]...))
	if !ok || !p256HalfOrder.below(uint256Of(sig[32:])) && plain.verify(digest[:], sig) != accepted {
		t.Errorf("the plain arithmetic decides otherwise than the library, which says %v", accepted)
	}
	return accepted
}

func TestWycheproofDER(t *testing.T) {
	runWycheproof(t, "ecdsa_secp256r1_sha256_test.json", func(pub []byte, c wycheproofTest) bool {
		sig, err := NormalizeECDSA(c.Sig)
		return err == nil && p256Vector(t, pub, c.Msg, sig)
	})
}

// The vectors take either value of s; ours must be the lower one, and the higher is refused.
func TestWycheproofP1363(t *testing.T) {
	runWycheproof(t, "ecdsa_secp256r1_sha256_p1363_test.json", func(pub []byte, c wycheproofTest) bool {
		if len(c.Sig) != signatureSize {
			return p256Vector(t, pub, c.Msg, c.Sig)
		}
		s := new(big.Int).SetBytes(c.Sig[32:])
		if s.Cmp(intOf(p256HalfOrder)) <= 0 {
			return p256Vector(t, pub, c.Msg, c.Sig)
		}
		if p256Vector(t, pub, c.Msg, c.Sig) {
			t.Errorf("vector %d: accepted a high s", c.TCID)
		}
		if s.Cmp(intOf(p256Order.m)) >= 0 {
			return false
		}
		low := append([]byte(c.Sig[:32]), s.Sub(intOf(p256Order.m), s).FillBytes(make([]byte, 32))...)
		return p256Vector(t, pub, c.Msg, low)
	})
}
