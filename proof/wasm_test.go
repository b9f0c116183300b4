package proof_test

import (
	"bytes"
	"compress/gzip"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// wasmBytesMax is what the offline verifier may have as WASM after gzip -9, so
// that a page that checks a bundle by itself loads over a slow line
// (docs/performance.md).
const wasmBytesMax = 1_200_000

func TestWASMSize(t *testing.T) {
	if testing.Short() {
		t.Skip("builds for another platform")
	}
	out := filepath.Join(t.TempDir(), "verifier.wasm")
	build := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-gcflags=all=-l", "-o", out, "./testdata/wasm")
	build.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	if text, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	plain, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	var packed bytes.Buffer
	z, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := z.Write(plain); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d bytes, %d after gzip", len(plain), packed.Len())
	if packed.Len() > wasmBytesMax {
		t.Errorf("the verifier has %d bytes after gzip; %d are the most. What does package proof import now?", packed.Len(), wasmBytesMax)
	}
}
