package ledgertest

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
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
// newer values. An open store drops files that it needs no more: then all are
// looked at again.
func Traces(t testing.TB, dir, text string) (found []string) {
	t.Helper()
	forms := Forms(text)
	for range 10 {
		found = nil
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			hit, err := fileHolds(path, forms)
			if hit {
				name, _ := filepath.Rel(dir, path)
				found = append(found, name)
			}
			return err
		})
		if err == nil {
			return found
		}
		if !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
	}
	t.Fatalf("the files of %s do not hold still", dir)
	return nil
}

func fileHolds(path string, forms [][]byte) (bool, error) {
	b, err := os.ReadFile(path)
	if err != nil || Holds(b, forms) || filepath.Ext(path) != ".sst" {
		return Holds(b, forms), err
	}
	hit, err := tableHolds(path, forms)
	if err != nil {
		return false, fmt.Errorf("%s: %w", path, err)
	}
	return hit, nil
}

// tableHolds reads every key and value of a table.
func tableHolds(path string, forms [][]byte) (hit bool, err error) {
	var options pebble.Options
	options.EnsureDefaults()
	f, err := vfs.Default.Open(path)
	if err != nil {
		return false, err
	}
	readable, err := sstable.NewSimpleReadable(f)
	if err != nil {
		return false, errors.Join(err, f.Close())
	}
	r, err := sstable.NewReader(context.Background(), readable, options.MakeReaderOptions())
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	it, err := r.NewIter(sstable.NoTransforms, nil, nil, sstable.AssertNoBlobHandles)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, it.Close()) }()
	for kv := it.First(); kv != nil; kv = it.Next() {
		v, _, err := kv.Value(nil)
		if err != nil {
			return false, err
		}
		hit = hit || Holds(v, forms) || Holds(kv.K.UserKey, forms)
	}
	return hit, it.Error()
}
