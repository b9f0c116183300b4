package digest

import (
	"crypto/sha256"
	"testing"
)

func TestWords(t *testing.T) {
	if got, want := Words([32]byte{}), "babab babab babab babab babab babab"; got != want {
		t.Errorf("words of zero: %q, not %q", got, want)
	}
	if got, want := Words(sha256.Sum256([]byte("a"))), Words(sha256.Sum256([]byte("b"))); got == want {
		t.Errorf("two hashes have the words %q", got)
	}
	seen := map[string]uint16{}
	for n := range 1 << 16 {
		w := word(uint16(n))
		if o, ok := seen[w]; ok {
			t.Fatalf("%d and %d are both %q", o, n, w)
		}
		seen[w] = uint16(n)
	}
}
