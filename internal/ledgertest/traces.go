package ledgertest

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/sstable"
	"github.com/cockroachdb/pebble/v2/vfs"
)

// Forms are the ways in which a text may stand somewhere: as it is, in hex, and in
// base64 at each of the three offsets that it can have in what was encoded.
func Forms(text string) (forms [][]byte) {
	forms = append(forms, []byte(text), []byte(hex.EncodeToString([]byte(text))))
	for skip := range 3 {
		whole := text[skip:]
		whole = whole[:len(whole)/3*3]
		forms = append(forms, []byte(base64.StdEncoding.EncodeToString([]byte(whole))), []byte(base64.URLEncoding.EncodeToString([]byte(whole))))
	}
	return forms
}

// Holds says whether b holds one of the forms.
func Holds(b []byte, forms [][]byte) bool {
	for _, f := range forms {
		if bytes.Contains(b, f) {
			return true
		}
	}
	return false
}

// Traces lists the files under dir that hold the text in any form, and the tables
// of Pebble stores that hold it in a block that is compressed, or hidden behind
// newer values. Nothing may write to dir meanwhile.
func Traces(t testing.TB, dir, text string) (found []string) {
	t.Helper()
	forms := Forms(text)
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		hit := Holds(b, forms)
		if !hit && filepath.Ext(path) == ".sst" {
			hit = tableHolds(t, path, forms)
		}
		if hit {
			name, _ := filepath.Rel(dir, path)
			found = append(found, name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// tableHolds reads every key and value of a table.
func tableHolds(t testing.TB, path string, forms [][]byte) (hit bool) {
	t.Helper()
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(path, err)
		}
	}
	var options pebble.Options
	options.EnsureDefaults()
	f, err := vfs.Default.Open(path)
	check(err)
	readable, err := sstable.NewSimpleReadable(f)
	check(err)
	r, err := sstable.NewReader(context.Background(), readable, options.MakeReaderOptions())
	check(err)
	defer func() { check(r.Close()) }()
	it, err := r.NewIter(sstable.NoTransforms, nil, nil, sstable.AssertNoBlobHandles)
	check(err)
	defer func() { check(it.Close()) }()
	for kv := it.First(); kv != nil; kv = it.Next() {
		v, _, err := kv.Value(nil)
		check(err)
		hit = hit || Holds(v, forms) || Holds(kv.K.UserKey, forms)
	}
	check(it.Error())
	return hit
}
