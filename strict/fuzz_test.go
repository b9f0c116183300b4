package strict

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"
)

// FuzzDecode holds the promise of the package: what is read is written back
// byte for byte, and what is refused leaves nothing behind.
func FuzzDecode(f *testing.F) {
	for _, seed := range append(seeds(f), whole) {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var v rich
		if err := Decode(data, &v, len(data)); err != nil {
			checkRefusal(t, err, len(data))
			if !reflect.ValueOf(v).IsZero() {
				t.Errorf("an error left %+v behind", v)
			}
			return
		}
		if again := Encode(v); !bytes.Equal(again, data) {
			t.Errorf("second writing:\n got %s\nfrom %s", again, data)
		}
		if err := Valid(data); err != nil {
			t.Errorf("Decode takes what Valid refuses: %v", err)
		}
	})
}

// FuzzValid compares Valid with a twin made of encoding/json.
func FuzzValid(f *testing.F) {
	for _, seed := range append(seeds(f), whole) {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		err := Valid(data)
		twin, known := naivelyRewritten(data)
		if valid := known == nil && bytes.Equal(twin, data); valid != (err == nil) {
			t.Fatalf("Valid: %v; the twin: %v, writing %s", err, known, twin)
		}
		var raw Raw
		if again := Decode(data, &raw, len(data)); (again == nil) != (err == nil) {
			t.Errorf("Valid: %v; Decode: %v", err, again)
		}
		if err != nil {
			checkRefusal(t, err, len(data))
			return
		}
		if !bytes.Equal(Encode(raw), data) {
			t.Errorf("Raw is written as %s", Encode(raw))
		}
	})
}

func checkRefusal(t *testing.T, err error, length int) {
	var refusal *Error
	switch {
	case !errors.As(err, &refusal):
		t.Errorf("%T is not an *Error", err)
	case refusal.Offset < 0 || refusal.Offset > length || refusal.Code == "" || refusal.Problem == "":
		t.Errorf("poor error: %+v", refusal)
	}
}

func seeds(tb testing.TB) (texts []string) {
	for _, v := range readVectors(tb) {
		texts = append(texts, string(v.input))
	}
	return texts
}

var errNaive = errors.New("no writing")

// naivelyRewritten reads with encoding/json, which takes too much, and writes
// what it read in the one writing. Whatever it took wrongly comes out changed.
func naivelyRewritten(data []byte) ([]byte, error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	text, err := naiveValue(d, 0)
	if err != nil {
		return nil, err
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, errNaive
	}
	return []byte(text), nil
}

func naiveValue(d *json.Decoder, depth int) (string, error) {
	token, err := d.Token()
	if err != nil {
		return "", err
	}
	switch token := token.(type) {
	case json.Delim:
		if depth == DepthMax {
			return "", errNaive
		}
		return naiveList(d, token, depth+1)
	case bool:
		return fmt.Sprint(token), nil
	case json.Number:
		n, err := token.Int64()
		if err != nil || n > IntMax || n < -IntMax {
			return "", errNaive
		}
		return fmt.Sprint(n), nil
	case string:
		return naiveString(token), nil
	}
	return "", errNaive // null
}

func naiveList(d *json.Decoder, bracket json.Delim, depth int) (string, error) {
	var items []string
	names := map[string]bool{}
	for d.More() {
		item := ""
		if bracket == '{' {
			token, err := d.Token()
			if err != nil {
				return "", err
			}
			name := token.(string)
			if names[name] {
				return "", errNaive
			}
			names[name] = true
			item = naiveString(name) + ":"
		}
		value, err := naiveValue(d, depth)
		if err != nil {
			return "", err
		}
		if bracket == '{' && strings.Contains(`|""|0|false|[]|{}|`, "|"+value+"|") {
			return "", errNaive
		}
		items = append(items, item+value)
	}
	end, err := d.Token()
	if err != nil {
		return "", err
	}
	return fmt.Sprint(bracket) + strings.Join(items, ",") + fmt.Sprint(end), nil
}

func naiveString(s string) string {
	var out strings.Builder
	for _, r := range s {
		switch {
		case strings.ContainsRune("\"\\\b\f\n\r\t", r):
			quoted := map[rune]string{'"': `\"`, '\\': `\\`, '\b': `\b`, '\f': `\f`, '\n': `\n`, '\r': `\r`, '\t': `\t`}
			out.WriteString(quoted[r])
		case r < 0x20:
			fmt.Fprintf(&out, `\u%04x`, r)
		default:
			out.WriteRune(r)
		}
	}
	return `"` + out.String() + `"`
}
