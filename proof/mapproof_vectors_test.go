package proof_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"flag"
	"os"
	"slices"
	"strings"
	"testing"

	"licet/proof"
	"licet/strict"
)

const mapVectorFile = "../docs/spec/vectors/map.jsonl"

var updateMap = flag.Bool("update-map", false, "write "+mapVectorFile+" anew")

// mapVector is one line of the file; docs/spec/map.md says what a reader does
// with it. Which members are present tells what it is about: a leaf, a root or
// a proof.
type mapVector struct {
	Name   string `json:"name,required"`
	Expect string `json:"expect,required"`

	Kind  string `json:"kind"`
	ID    string `json:"id"`
	Bytes string `json:"bytes"`
	Leaf  string `json:"leaf"`

	Leaves []proof.MapLeaf `json:"leaves"`

	Root   string `json:"root"`
	Key    string `json:"key"`
	Value  string `json:"value"`
	Proof  string `json:"proof"`
	Binary string `json:"binary"`
}

func hexOf(h [32]byte) string { return hex.EncodeToString(h[:]) }

func unhex(t *testing.T, s string) (h [32]byte) {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil || len(b) != 32 {
		t.Fatalf("%q is not a hash", s)
	}
	return [32]byte(b)
}

func TestMapVectors(t *testing.T) {
	if *updateMap {
		if err := os.WriteFile(mapVectorFile, writeMapVectors(t), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	file, err := os.ReadFile(mapVectorFile)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(file, writeMapVectors(t)) {
		t.Error("the file is not what the test writes; if that is meant, run the test with -update-map")
	}
	for line := range bytes.Lines(file) {
		var v mapVector
		if err := strict.Decode(bytes.TrimSuffix(line, []byte("\n")), &v, 1<<20); err != nil {
			t.Fatal(err)
		}
		switch {
		case v.Leaf != "":
			checkLeafVector(t, v)
		case v.Proof == "":
			if got := hexOf(naiveRoot(vectorLeaves(t, v.Leaves), 0)); got != v.Root {
				t.Errorf("%s: root %s, want %s", v.Name, got, v.Root)
			}
		default:
			checkProofVector(t, v)
		}
	}
}

func vectorLeaves(t *testing.T, leaves []proof.MapLeaf) (out []naiveLeaf) {
	for _, l := range leaves {
		out = append(out, naiveLeaf{unhex(t, l.Key), unhex(t, l.Value)})
	}
	naiveSort(out)
	return out
}

func checkLeafVector(t *testing.T, v mapVector) {
	key := proof.MapKey(v.Kind, v.ID)
	if hexOf(key) != v.Key {
		t.Errorf("%s: key %x", v.Name, key)
	}
	if leaf := proof.MapLeafHash(key, sha256.Sum256([]byte(v.Bytes))); hexOf(leaf) != v.Leaf {
		t.Errorf("%s: leaf %x", v.Name, leaf)
	}
}

func checkProofVector(t *testing.T, v mapVector) {
	var value *[32]byte
	if v.Value != "" {
		h := unhex(t, v.Value)
		value = &h
	}
	var p proof.MapProof
	err := strict.Decode([]byte(v.Proof), &p, mapProofBytesMax)
	if err == nil {
		err = p.Verify(unhex(t, v.Root), unhex(t, v.Key), value)
	}
	if got := mapVectorCode(err); got != v.Expect {
		t.Errorf("%s: %s (%v), want %s", v.Name, got, err, v.Expect)
	}
	if v.Binary != "" {
		b, err := p.AppendBinary(nil)
		if err != nil || hex.EncodeToString(b) != v.Binary {
			t.Errorf("%s: binary form %x (%v)", v.Name, b, err)
		}
	}
}

func mapVectorCode(err error) string {
	var form *strict.Error
	var rule *proof.MapProofError
	switch {
	case err == nil:
		return "ok"
	case errors.As(err, &form):
		return form.Code
	case errors.As(err, &rule):
		return string(rule.Code)
	}
	return "error without a code"
}

type mapVectorWriter struct {
	t   *testing.T
	out []byte
}

func (w *mapVectorWriter) add(v mapVector) {
	w.out = append(strict.Append(w.out, v), '\n')
}

func writeMapVectors(t *testing.T) []byte {
	w := &mapVectorWriter{t: t}
	w.addLeaf("leaf: a record", "license", "us-il.physician.036123456", `{"id":"us-il.physician.036123456"}`)
	w.addLeaf("leaf: a value without bytes", "license", "us-il.physician.1", "")
	w.addLeaf("leaf: an id that is not ASCII", "board", "é\x00", "x")
	for _, m := range vectorMaps {
		leaves := m.leaves()
		v := mapVector{Name: "root: " + m.name, Expect: "ok", Root: hexOf(naiveRoot(leaves, 0))}
		for _, l := range leaves {
			v.Leaves = append(v.Leaves, proof.MapLeaf{Key: hexOf(l.key), Value: hexOf(l.value)})
		}
		w.add(v)
		for _, key := range m.ask {
			w.addProof(m.name, leaves, vectorKey(key))
		}
	}
	w.addBad()
	return w.out
}

func (w *mapVectorWriter) addLeaf(name, kind, id, value string) {
	key, h := proof.MapKey(kind, id), sha256.Sum256([]byte(value))
	w.add(mapVector{
		Name: name, Expect: "ok", Kind: kind, ID: id, Bytes: value,
		Leaf: hexOf(naiveHash(0, key, h)), Key: hexOf(key), Value: hexOf(h),
	})
}

func (w *mapVectorWriter) addProof(name string, leaves []naiveLeaf, key [32]byte) {
	p, value := naiveProve(leaves, key, 0)
	b, err := p.AppendBinary(nil)
	if err != nil {
		w.t.Fatal(err)
	}
	v := mapVector{
		Expect: "ok", Root: hexOf(naiveRoot(leaves, 0)), Key: hexOf(key),
		Proof: string(strict.Encode(p)), Binary: hex.EncodeToString(b),
	}
	switch {
	case value != nil:
		v.Name, v.Value = "presence: "+name, hexOf(*value)
	case p.Other != nil:
		v.Name = "absence beside another leaf: " + name
	default:
		v.Name = "absence in an empty place: " + name
	}
	w.add(v)
}

// vectorMap is a map whose keys are given by their first and last byte.
type vectorMap struct {
	name string
	keys []string
	ask  []string
}

var vectorMaps = []vectorMap{
	{"no leaf", nil, []string{"0000", "ffff"}},
	{"one leaf", []string{"a000"}, []string{"a000", "a001", "0000"}},
	{"two leaves that part at bit 0", []string{"0000", "8000"}, []string{"0000", "8000", "ff00"}},
	{"two leaves that part at bit 4", []string{"a000", "a800"}, []string{"a000", "a800", "a700", "b000", "0000"}},
	{"two leaves that part at bit 255", []string{"0000", "0001"}, []string{"0000", "0001", "0002", "0100"}},
	{"five leaves", []string{"0000", "1000", "1200", "9000", "9100"}, []string{"1200", "9000", "1300", "6000", "a000", "c000", "9101"}},
}

// vectorKey makes a key of its first and last byte.
func vectorKey(s string) (key [32]byte) {
	b, _ := hex.DecodeString(s)
	key[0], key[31] = b[0], b[1]
	return key
}

func (m vectorMap) leaves() (leaves []naiveLeaf) {
	for _, k := range m.keys {
		leaves = append(leaves, naiveLeaf{vectorKey(k), sha256.Sum256([]byte(k))})
	}
	naiveSort(leaves)
	return leaves
}

// addBad takes proofs of one map apart in all ways that have a code.
func (w *mapVectorWriter) addBad() {
	leaves := vectorMaps[len(vectorMaps)-1].leaves()
	root := hexOf(naiveRoot(leaves, 0))
	inside, empty, beside := vectorKey("1200"), vectorKey("c000"), vectorKey("1300")
	here, value := naiveProve(leaves, inside, 0)
	gone, _ := naiveProve(leaves, empty, 0)
	next, _ := naiveProve(leaves, beside, 0)
	hash, zeros := strings.Repeat("ab", 32), strings.Repeat("0", 64)
	// Trees that no map has, hence roots that verify without the rules.
	leaf := naiveHash(0, inside, *value)
	loose := hexOf(naiveHash(1, leaf, [32]byte{}))
	hollow := hexOf(naiveHash(1, [32]byte{}, [32]byte{}))

	present := func(name, expect, root, proof string) {
		w.add(mapVector{Name: name, Expect: expect, Root: root, Key: hexOf(inside), Value: hexOf(*value), Proof: proof})
	}
	absent := func(name, expect, root string, key [32]byte, proof string) {
		w.add(mapVector{Name: name, Expect: expect, Root: root, Key: hexOf(key), Proof: proof})
	}
	js := func(p proof.MapProof) string { return string(strict.Encode(p)) }
	with := func(p proof.MapProof, path ...string) string { p.Path = path; return js(p) }
	withOther := func(key, value string) string {
		return js(proof.MapProof{Path: next.Path, Other: &proof.MapLeaf{Key: key, Value: value}})
	}

	reversed := slices.Clone(here.Path)
	slices.Reverse(reversed)
	present("root of another state", "root-differs", hash, js(here))
	present("presence by a proof of absence", "root-differs", root, js(gone))
	present("siblings in the wrong order", "root-differs", root, with(here, reversed...))
	present("a sibling left out", "root-differs", root, with(here, slices.Delete(slices.Clone(here.Path), 1, 2)...))
	present("an empty sibling added at the top", "root-differs", root, with(here, append(slices.Clone(here.Path), "")...))
	absent("absence of a key that is present", "root-differs", root, inside, with(here, here.Path...))
	absent("absence in an empty place by the path of another leaf", "root-differs", root, beside, with(proof.MapProof{}, next.Path...))
	absent("other leaf with another value", "root-differs", root, beside, withOther(next.Other.Key, hash))
	present("leaf that is not collapsed", "sibling-empty", loose, with(proof.MapProof{}, ""))
	absent("other leaf that is not collapsed", "sibling-empty", loose, beside, `{"path":[""],"other":{"key":"`+hexOf(inside)+`","value":"`+hexOf(*value)+`"}}`)
	absent("empty place that is not collapsed", "sibling-empty", hollow, beside, with(proof.MapProof{}, ""))
	present("empty sibling as zeros", "sibling-zero", root, strings.Replace(js(here), `""`, `"`+zeros+`"`, 1))
	present("sibling in upper case", "hash-form", root, with(here, append([]string{strings.ToUpper(here.Path[0])}, here.Path[1:]...)...))
	present("sibling too short", "hash-form", root, with(here, hash[:62]))
	present("sibling too long", "hash-form", root, with(here, hash+"ab"))
	absent("other value too short", "hash-form", root, beside, withOther(next.Other.Key, hash[:62]))
	absent("other key not in hex", "hash-form", root, beside, withOther("g"+hash[1:], hash))
	present("257 siblings", "path-long", root, with(here, slices.Repeat([]string{hash}, 257)...))
	absent("empty place below 256 siblings", "path-long", root, beside, with(proof.MapProof{}, slices.Repeat([]string{hash}, 256)...))
	present("presence with another leaf", "other-extra", root, js(next))
	absent("other leaf is the key's own", "other-key", root, inside, js(proof.MapProof{Path: here.Path, Other: &proof.MapLeaf{Key: hexOf(inside), Value: hexOf(*value)}}))
	absent("other leaf from elsewhere", "other-place", root, beside, withOther(hexOf(vectorKey("9000")), hash))
	present("empty path written", "empty", root, `{"path":[]}`)
	present("white space", "white-space", root, `{"path": ["`+hash+`"]}`)
	present("null for a sibling", "null", root, `{"path":[null]}`)
	present("null for no other leaf", "null", root, `{"path":["`+hash+`"],"other":null}`)
	absent("other leaf without value", "required", root, beside, `{"other":{"key":"`+hash+`"}}`)
	absent("members in the wrong order", "order", root, beside, `{"other":{"key":"`+hash+`","value":"`+hash+`"},"path":["`+hash+`"]}`)
	present("unknown member", "unknown", root, `{"depth":1}`)
}
