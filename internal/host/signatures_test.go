package host

import (
	"crypto/ed25519"
	"testing"

	"licet/tx"
)

// Only what held is remembered, under everything that was asked.
func TestSignatureCache(t *testing.T) {
	c := newSignatureCache()
	header := []byte(`{"v":1}`)
	s := tx.SignEd25519("officer/us-il/clerk", ed25519.NewKeyFromSeed(make([]byte, 32)), header)
	for range 2 {
		if err := c.verify(s, header); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.verify(s, []byte(`{"v":2}`)); err == nil {
		t.Error("the signature holds over another header")
	}
	odd := s
	odd.By = "nobody"
	if err := c.verify(odd, header); err == nil {
		t.Error("a signer's name without form holds, since the signature held under another name")
	}
	if len(c.young) != 1 {
		t.Errorf("%d signatures are remembered, not 1", len(c.young))
	}
}
