package strict

import (
	"bytes"
	"encoding/hex"
	"errors"
	"math"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
)

// hash is a text type whose zero value has a text.
type hash [32]byte

func (h hash) AppendText(dst []byte) ([]byte, error) { return hex.AppendEncode(dst, h[:]), nil }

func (h *hash) UnmarshalText(text []byte) error {
	if len(text) != 64 {
		return errors.New("a hash has 64 digits")
	}
	_, err := hex.Decode(h[:], text) // takes upper case: the second writing
	return err
}

// note is a text type whose text may need escapes and may be refused.
type note struct{ s string }

var errNote = errors.New("no bang")

func (n note) AppendText(dst []byte) ([]byte, error) {
	if n.s == "!" {
		return dst, errNote
	}
	return append(dst, n.s...), nil
}

func (n *note) UnmarshalText(text []byte) error {
	if bytes.ContainsRune(text, '!') {
		return errNote
	}
	n.s = string(text)
	return nil
}

type status string

type inner struct {
	Start string `json:"start,required"`
	End   string `json:"end"`
	Days  int64  `json:"days"`
}

type rich struct {
	Type    status `json:"type"`
	Count   int64  `json:"count"`
	Small   int    `json:"small"`
	Port    uint32 `json:"port"`
	Yes     bool   `json:"yes"`
	ignored int
	Blob    []byte   `json:"blob"`
	Hash    hash     `json:"hash"`
	Note    note     `json:"note"`
	Far     *hash    `json:"far"`
	Order   *inner   `json:"order"`
	Plain   struct { // may be written {}, and is then absent
		A string  `json:"a"`
		B []int64 `json:"b"`
	} `json:"plain"`
	Acts    []inner   `json:"acts"`
	Names   []string  `json:"names"`
	Numbers []int64   `json:"numbers"`
	Flags   []bool    `json:"flags"`
	Hashes  []hash    `json:"hashes"`
	Notes   []note    `json:"notes"`
	Blobs   [][]byte  `json:"blobs"`
	Grid    [][]int64 `json:"grid"`
	Self    *rich     `json:"self"`
	Selves  []*rich   `json:"selves"`
	Free    Raw       `json:"free"`
	Frees   []Raw     `json:"frees"`
	Skipped string    `json:"-"`
	Silent  string
}

const zeros = "0000000000000000000000000000000000000000000000000000000000000000"

// whole is a value of which every member is present.
const whole = `{"type":"a\"b\\c\n\u0000/é\u001f","count":-9007199254740991,"small":7,"port":4294967295,"yes":true,` +
	`"blob":"AAE=","hash":"01` + zeros01 + `","note":"x\ty","far":"02` + zeros01 + `",` +
	`"order":{"start":"2026-05-31","days":3},"plain":{"b":[0]},"acts":[{"start":"a"},{"start":"b","end":"c"}],` +
	`"names":["",""],"numbers":[0,-1],"flags":[false,true],"hashes":["` + zeros + `"],"notes":["",","],` +
	`"blobs":["","AA=="],"grid":[[],[1]],"self":{"yes":true},"selves":[{},{"count":1}],` +
	`"free":{"z":1,"a":[0,"",{},[],false]},"frees":[0,"",{},[],false,"x"]}`

const zeros01 = "00000000000000000000000000000000000000000000000000000000000000"

func TestDecodedIsWrittenBack(t *testing.T) {
	for _, text := range []string{
		whole, `{}`, `{"note":"\u000b"}`, `{"names":["` + "\u007f\u2028\U0010ffff" + `"]}`,
		`{"self":{"self":{"self":{"yes":true}}}}`, `{"free":"x"}`, `{"free":true}`, `{"free":-5}`,
	} {
		var v rich
		if err := Decode([]byte(text), &v, len(text)); err != nil {
			t.Errorf("Decode(%s): %v", text, err)
			continue
		}
		if got := string(Encode(v)); got != text {
			t.Errorf("Encode by value:\n got %s\nwant %s", got, text)
		}
		if got := string(Append([]byte("prefix"), &v)); got != "prefix"+text {
			t.Errorf("Append by pointer:\n got %s\nwant %s", got, text)
		}
		if err := Valid([]byte(text)); err != nil {
			t.Errorf("Valid(%s): %v", text, err)
		}
	}
}

func TestOutermostValueIsAlwaysWritten(t *testing.T) {
	for _, c := range []struct {
		target any
		text   string
	}{
		{new([]int64), `[]`},
		{new([]inner), `[{"start":"x"}]`},
		{new(string), `""`},
		{new(int), `0`},
		{new(bool), `false`},
		{new(hash), `"` + zeros + `"`},
		{new(Raw), `{}`},
		{new(rich), `{}`},
		{new(*rich), `{}`},
	} {
		if err := Decode([]byte(c.text), c.target, 1000); err != nil {
			t.Errorf("Decode(%s): %v", c.text, err)
		}
		if got := string(Encode(c.target)); got != c.text {
			t.Errorf("Encode: got %s, want %s", got, c.text)
		}
		if got := string(Encode(reflect.ValueOf(c.target).Elem().Interface())); got != c.text {
			t.Errorf("Encode by value: got %s, want %s", got, c.text)
		}
	}
}

func TestRefused(t *testing.T) {
	deep := strings.Repeat(`{"self":`, 16) + `{"yes":true}` + strings.Repeat(`}`, 16)
	for _, c := range []struct {
		text, code, path string
		offset           int
		says             string
	}{
		{`{"count":1,"count":2}`, CodeRepeated, "count", 11, "twice"},
		{`{"count":1,"type":"x"}`, CodeOrder, "type", 11, `before "count"`},
		{`{"coumt":1}`, CodeUnknown, "coumt", 1, `did you mean "count"?`},
		{`{"Count":1}`, CodeUnknown, "Count", 1, `write "count"`},
		{`{"flagſ":[true]}`, CodeUnknown, `"flagſ"`, 1, `write "flags"`},
		{`{"quite other":1}`, CodeUnknown, `"quite other"`, 1, "leave it out"},
		{`{"c\u006funt":1}`, CodeEscape, "", 3, "write o"},
		{`{"Silent":"x"}`, CodeUnknown, "Silent", 1, ""},
		{`{"count": 1}`, CodeWhiteSpace, "count", 9, "without"},
		{`{"count" :1}`, CodeWhiteSpace, "", 8, "without"},
		{"{}\n", CodeWhiteSpace, "", 2, ""},
		{`{}{}`, CodeTrailing, "", 2, ""},
		{`{"count":null}`, CodeNull, "count", 9, "leave the member out"},
		{`null`, CodeNull, "", 0, ""},
		{`{"count":1.5}`, CodeFloat, "count", 9, ""},
		{`{"count":1e3}`, CodeFloat, "count", 9, ""},
		{`{"count":-0}`, CodeNegativeZero, "count", 9, ""},
		{`{"count":-007}`, CodeLeadingZero, "count", 9, ""},
		{`{"count":9007199254740992}`, CodeRange, "count", 9, ""},
		{`{"count":-99999999999999999999999999}`, CodeRange, "count", 9, ""},
		{`{"port":4294967296}`, CodeRange, "port", 8, "4294967295"},
		{`{"port":-1}`, CodeRange, "port", 8, ""},
		{`{"count":0}`, CodeEmpty, "count", 9, "leave it out"},
		{`{"type":""}`, CodeEmpty, "type", 8, ""},
		{`{"yes":false}`, CodeEmpty, "yes", 7, ""},
		{`{"names":[]}`, CodeEmpty, "names", 9, ""},
		{`{"plain":{}}`, CodeEmpty, "plain", 9, ""},
		{`{"self":{}}`, CodeEmpty, "self", 8, ""},
		{`{"blob":""}`, CodeEmpty, "blob", 8, ""},
		{`{"note":""}`, CodeEmpty, "note", 8, ""},
		{`{"free":{}}`, CodeEmpty, "free", 8, ""},
		{`{"free":{"a":0}}`, CodeEmpty, "free.a", 13, ""},
		{`{"hash":"` + zeros + `"}`, CodeEmpty, "hash", 8, ""},
		{`{"far":"` + zeros + `"}`, CodeEmpty, "far", 7, ""},
		{"{\"type\":\"a\xff\"}", CodeUTF8, "type", 10, ""},
		{`{"type":"\/"}`, CodeEscape, "type", 9, "write /"},
		{`{"type":"\u000A"}`, CodeEscape, "type", 9, `write \n`},
		{`{"type":"\u001F"}`, CodeEscape, "type", 9, `write \u001f`},
		{`{"type":"\u0041"}`, CodeEscape, "type", 9, "write A"},
		{`{"type":"\ud83d\ude00"}`, CodeEscape, "type", 9, "surrogate"},
		{"{\"type\":\"a\tb\"}", CodeEscape, "type", 10, `write \t`},
		{`{"type":1}`, CodeKind, "type", 8, "a number stands where a string is due"},
		{`{"count":"1"}`, CodeKind, "count", 9, ""},
		{`{"yes":1}`, CodeKind, "yes", 7, ""},
		{`{"names":{}}`, CodeKind, "names", 9, ""},
		{`{"order":[]}`, CodeKind, "order", 9, ""},
		{`[]`, CodeKind, "", 0, ""},
		{`{"names":["",1]}`, CodeKind, "names[1]", 13, ""},
		{`{"hash":"01"}`, CodeText, "hash", 8, "64 digits"},
		{`{"note":"!"}`, CodeText, "note", 8, "no bang"},
		{`{"hash":"0A` + zeros01 + `"}`, CodeSecondWriting, "hash", 8, "0a0000"},
		{`{"blob":"AB=="}`, CodeSecondWriting, "blob", 8, `write "AA=="`},
		{`{"blob":"AA\n=="}`, CodeSecondWriting, "blob", 8, ""},
		{`{"blob":"AA"}`, CodeText, "blob", 8, "padding"},
		{`{"blob":"_-8="}`, CodeText, "blob", 8, ""},
		{`{"order":{"end":"x"}}`, CodeRequired, "order.start", 19, "add it"},
		{`{"acts":[{"start":"a"},{}]}`, CodeRequired, "acts[1].start", 24, ""},
		{`{"acts":[{"start":"a"},{"start":7}]}`, CodeKind, "acts[1].start", 32, ""},
		{`{"grid":[[],[1,"x"]]}`, CodeKind, "grid[1][1]", 15, ""},
		{`{"free":{"a":1,"a":2}}`, CodeRepeated, "free.a", 15, ""},
		{`{"frees":[{"b":[1,2.5]}]}`, CodeFloat, "frees[0].b[1]", 18, ""},
		{`{"free":{"a b":{"c":null}}}`, CodeNull, `free."a b".c`, 20, ""},
		{deep, CodeDepth, strings.Repeat("self.", 15) + "self", 128, ""},
		{`{"free":` + strings.Repeat("[", 16) + strings.Repeat("]", 16) + `}`, CodeDepth, "free" + strings.Repeat("[0]", 15), 23, ""},
		{``, CodeSyntax, "", 0, "the input ends"},
		{`{`, CodeSyntax, "", 1, ""},
		{`{"count":1,}`, CodeSyntax, "", 11, ""},
		{`{"count":-}`, CodeSyntax, "count", 10, "a digit"},
		{`{"type":"x`, CodeSyntax, "type", 10, ""},
		{`{"yes":tru}`, CodeSyntax, "yes", 7, ""},
		{"\ufeff{}", CodeSyntax, "", 0, "byte order mark"},
		{`{count:1}`, CodeSyntax, "", 1, ""},
		{`{"count":1` + strings.Repeat(" ", 1000) + `}`, CodeTooLong, "", 1000, "1011 bytes"},
	} {
		v := rich{ignored: 1, Type: "left over", Silent: "left over"}
		err := Decode([]byte(c.text), &v, 1000)
		var refusal *Error
		if !errors.As(err, &refusal) {
			t.Errorf("Decode(%s) = %v, want an *Error", c.text, err)
			continue
		}
		if refusal.Code != c.code || refusal.Path != c.path || refusal.Offset != c.offset || !strings.Contains(refusal.Problem, c.says) {
			t.Errorf("Decode(%s):\n got code %s, path %s, offset %d: %s\nwant code %s, path %s, offset %d: …%s…",
				c.text, refusal.Code, refusal.Path, refusal.Offset, refusal.Problem, c.code, c.path, c.offset, c.says)
		}
		if !reflect.ValueOf(v).IsZero() {
			t.Errorf("Decode(%s) failed and left %+v behind", c.text, v)
		}
	}
}

func TestErrorIsASentence(t *testing.T) {
	var v rich
	err := Decode([]byte(`{"acts":[{"start":"x","days":007}]}`), &v, 1000)
	const want = "the JSON member acts[0].days is refused at byte 29: the integer has a leading zero; drop it"
	if err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
	if err := Decode([]byte(`{"note":"!"}`), &v, 1000); !errors.Is(err, errNote) {
		t.Errorf("the cause is lost: %v", err)
	}
}

func TestLongForeignNameIsShortened(t *testing.T) {
	var v rich
	err := Decode([]byte(`{"`+strings.Repeat("é", 1e5)+`":1}`), &v, 1e6)
	if err == nil || len(err.Error()) > 300 {
		t.Errorf("got %v", err)
	}
}

func TestDecodeDropsFormerContent(t *testing.T) {
	v := rich{Type: "old", Names: []string{"old"}, ignored: 3}
	if err := Decode([]byte(`{"count":1}`), &v, 100); err != nil {
		t.Fatal(err)
	}
	if want := (rich{Count: 1}); !reflect.DeepEqual(v, want) {
		t.Errorf("got %+v", v)
	}
}

func TestDecodedSharesNoMemory(t *testing.T) {
	data := []byte(`{"blob":"AAE=","free":"raw"}`)
	var v rich
	if err := Decode(data, &v, 100); err != nil {
		t.Fatal(err)
	}
	clear(data)
	if string(v.Free) != `"raw"` || !bytes.Equal(v.Blob, []byte{0, 1}) {
		t.Errorf("got %s and %x", v.Free, v.Blob)
	}
}

func TestEmptyMembersAreNotWritten(t *testing.T) {
	v := rich{
		Blob: []byte{}, Names: []string{}, Far: new(hash), Order: nil, Self: &rich{Names: []string{}},
		Free: Raw(`{}`), Skipped: "x", Silent: "x",
	}
	v.Plain.B = []int64{}
	if got := string(Encode(v)); got != `{}` {
		t.Errorf("got %s", got)
	}
}

func TestWhatHasNoWritingIsRefusedOnReading(t *testing.T) {
	loop := &rich{}
	loop.Self = loop
	for _, v := range []any{
		loop, (*rich)(nil),
		rich{Note: note{"!"}},
		rich{Type: "\xff"},
		rich{Count: IntMax + 1},
		rich{Count: math.MinInt64},
		rich{Free: Raw(`1,"x":2`)},
		rich{Free: Raw(` 1`)},
		rich{Frees: []Raw{nil}},
		rich{Selves: []*rich{nil}},
		Raw(nil),
	} {
		var back rich
		if data := Encode(v); Decode(data, &back, 1e6) == nil {
			t.Errorf("Encode(%T) = %s, which Decode takes", v, data)
		}
	}
}

func TestUnsupportedTypesPanic(t *testing.T) {
	type halfText struct{ halfTextMethods }
	for _, v := range []any{
		nil,
		1.5,
		map[string]int{},
		[2]int{},
		int8(1),
		new(any),
		[]*int{},
		struct{ inner }{},
		structOf("A", `json:"a"`, "B", `json:"a"`),
		structOf("A", `json:"a,string"`),
		structOf("A", `json:",required"`),
		structOf("a", `json:"a"`),
		halfTextMethods{},
		[]halfText{},
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("Encode(%T) did not panic", v)
				}
			}()
			Encode(v)
		}()
	}
}

// structOf makes a struct of int fields with these names and tags; vet would
// refuse the mistakes in a literal.
func structOf(namesAndTags ...string) any {
	var fields []reflect.StructField
	for i := 0; i < len(namesAndTags); i += 2 {
		f := reflect.StructField{Name: namesAndTags[i], Type: reflect.TypeFor[int](), Tag: reflect.StructTag(namesAndTags[i+1])}
		if f.Name[0] >= 'a' {
			f.PkgPath = "licet/strict"
		}
		fields = append(fields, f)
	}
	return reflect.New(reflect.StructOf(fields)).Elem().Interface()
}

type halfTextMethods struct{}

func (halfTextMethods) MarshalText() ([]byte, error) { return nil, nil }

func TestPlansAreMadeConcurrently(t *testing.T) {
	type node struct { // contains itself, and is met here first
		Name string  `json:"name"`
		Sons []*node `json:"sons"`
	}
	const text = `{"name":"a","sons":[{"name":"b","sons":[{}]}]}`
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			var v node
			if err := Decode([]byte(text), &v, 100); err != nil {
				t.Error(err)
			} else if got := string(Encode(v)); got != text {
				t.Errorf("got %s", got)
			}
		})
	}
	group.Wait()
}

// Every byte in every place of a word ends a run, or does not, as in short strings.
func TestLongStrings(t *testing.T) {
	for c := range 256 {
		for at := range 17 {
			in := append([]byte{'"'}, bytes.Repeat([]byte{'a'}, 24)...)
			in[1+at] = byte(c)
			in = append(in, '"')
			plain := c >= 0x20 && c < 0x80 && c != '"' && c != '\\'
			if err := Valid(in); (err == nil) != plain {
				t.Fatalf("byte 0x%02x at %d: %v", c, at, err)
			}
		}
	}
	in := `"aaaaaaaaaaaaaaaaÄaaaaaaaaaaaaaaaa"`
	if err := Valid([]byte(in)); err != nil {
		t.Error(err)
	}
}

// Arrays of strings are read apart from other arrays.
func TestArraysOfStrings(t *testing.T) {
	type holder struct {
		List []string `json:"list"`
	}
	for _, want := range [][]string{
		{"a"},
		{"", "b", ""},
		{`"`, "\\", "plain", "\n\u0001", "Ä"},
		{strings.Repeat("x", 100), "\x1f"},
		slices.Repeat([]string{"abc", "d\te"}, 50),
	} {
		written := Encode(&holder{want})
		var got holder
		if err := Decode(written, &got, 1<<20); err != nil || !slices.Equal(got.List, want) {
			t.Errorf("%q: %v, %v", want, got.List, err)
		}
		for cut := range written {
			if err := Decode(written[:cut], &got, 1<<20); err == nil || got.List != nil {
				t.Fatalf("%s was read as %q", written[:cut], got.List)
			}
		}
	}
}
