package main

import (
	"bytes"
	"compress/gzip"
	"os"
	"os/exec"
)

// wasmSize builds the offline verifier for browsers and says how large it is.
func wasmSize(b *bench) {
	out := b.store("verifier") + ".wasm"
	build := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-gcflags=all=-l", "-o", out, "./proof/testdata/wasm")
	build.Dir = ".."
	build.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	if text, err := build.CombinedOutput(); err != nil {
		panic(string(text))
	}
	plain := must(os.ReadFile(out))
	var packed bytes.Buffer
	z := must(gzip.NewWriterLevel(&packed, gzip.BestCompression))
	must(z.Write(plain))
	check(z.Close())
	row("verifier as WASM", series{float64(len(plain)) / 1e6}, "MB", "")
	row("verifier as WASM, gzip -9", series{float64(packed.Len()) / 1e6}, "MB", "≤ 1.2")
}
