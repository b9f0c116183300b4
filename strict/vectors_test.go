package strict

import (
	"bufio"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"testing"
)

// vector is one line of the published vectors.
type vector struct {
	Name   string `json:"name,required"`
	Hex    string `json:"hex"`
	Expect string `json:"expect,required"` // "ok" or the code of the error

	input []byte
}

func readVectors(tb testing.TB) (vectors []vector) {
	file, err := os.Open("../docs/spec/vectors/json.jsonl")
	if err != nil {
		tb.Fatal(err)
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		var v vector
		if err := Decode(lines.Bytes(), &v, 1<<16); err != nil {
			tb.Fatalf("vector %d: %v", len(vectors)+1, err)
		}
		if v.input, err = hex.DecodeString(v.Hex); err != nil {
			tb.Fatalf("vector %s: %v", v.Name, err)
		}
		vectors = append(vectors, v)
	}
	if err := lines.Err(); err != nil {
		tb.Fatal(err)
	}
	return vectors
}

func TestVectors(t *testing.T) {
	names, good, bad := map[string]bool{}, 0, 0
	for _, v := range readVectors(t) {
		if names[v.Name] {
			t.Errorf("%s: two vectors have this name", v.Name)
		}
		names[v.Name] = true
		got := "ok"
		var refusal *Error
		if err := Valid(v.input); errors.As(err, &refusal) {
			got = refusal.Code
			bad++
		} else {
			good++
			if !json.Valid(v.input) {
				t.Errorf("%s: encoding/json refuses %s", v.Name, v.input)
			}
		}
		if got != v.Expect {
			t.Errorf("%s: got %s, want %s, for %q", v.Name, got, v.Expect, v.input)
		}
	}
	if good < 15 || bad < 60 {
		t.Errorf("%d good and %d bad vectors: some were lost", good, bad)
	}
}
