package proof

import (
	"encoding/hex"
	"fmt"
	"testing"

	"golang.org/x/mod/sumdb/tlog"
)

func TestLogVectors(t *testing.T) {
	list := tileVectors()
	list = append(list, bundleVectors(t)...)
	list = append(list, pathVectors(t)...)
	p, trust, entry := testTlogProof(t)
	good := vector{Name: "tlog-proof: good", Type: "tlog-proof", Expect: "ok", Trust: trust.String(), Entry: hex.EncodeToString(entry), AsOf: 50}
	list = append(list, good.over(p.Bytes()))
	p.Extra = []byte("out of band")
	good.Name = "tlog-proof: with extra data"
	list = append(list, good.over(p.Bytes()))
	other := good.over(p.Bytes())
	other.Name, other.Entry, other.Expect, other.AsOf = "tlog-proof: another entry", "00", "inclusion", 0
	list = append(list, other)
	for _, v := range badVectors("tlog-proof", badTlogProofs(t)) {
		v.Trust, v.Entry = trust.String(), hex.EncodeToString(entry)
		list = append(list, v)
	}
	runVectors(t, "log.jsonl", list, checkLogVector)
}

func tileVectors() (list []vector) {
	for _, path := range []string{"tile/0/000", "tile/0/x001/x234/067", "tile/0/273.p/112", "tile/3/x001/000.p/1", "tile/entries/000", "tile/entries/x001/000.p/255", "tile/63/000"} {
		tile, err := ParseTilePath(path)
		list = append(list, vector{Name: "tile-path: " + path, Type: "tile-path", Expect: expect(FlawCode(err)), Input: path, Level: tile.L, Index: tile.N, Width: tile.W})
	}
	for _, path := range []string{"tile/0/0", "tile/0/x000/001", "tile/00/000", "tile/64/000", "tile/0/001/234", "tile/0/000.p/0", "tile/0/000.p/256", "tile/0/000.p/01", "tile/data/000", "/tile/0/000"} {
		list = append(list, vector{Name: "tile-path: " + path, Type: "tile-path", Expect: "tile-path", Input: path})
	}
	for _, tt := range []struct {
		size  int64
		level int
		index int64
	}{{70000, 0, 272}, {70000, 0, 273}, {70000, 0, 274}, {70000, -1, 273}, {70000, 1, 1}, {70000, 2, 0}, {70000, 3, 0}, {256, 0, 0}, {256, 1, 0}, {0, 0, 0}, {maxSize, 6, 0}, {maxSize, 7, 0}} {
		list = append(list, vector{
			Name: fmt.Sprintf("tile-width: size %d, level %d, index %d", tt.size, tt.level, tt.index), Type: "tile-width", Expect: "ok",
			Size: tt.size, Level: tt.level, Index: tt.index, Width: TileWidthAt(tt.size, tt.level, tt.index),
		})
	}
	return list
}

func bundleVectors(t *testing.T) []vector {
	bundle, err := EncodeEntries([][]byte{[]byte(`{"entry":0}`), {}, {0xff}})
	if err != nil {
		t.Fatal(err)
	}
	v := func(name, code, data string, width int, entries ...string) vector {
		return vector{Name: "entries: " + name, Type: "entries", Expect: expect(code), Bytes: data, Width: width, Entries: entries}
	}
	good := hex.EncodeToString(bundle)
	return []vector{
		v("three", "", good, 3, "7b22656e747279223a307d", "", "ff"),
		v("two where three stand", "bundle-width", good, 2),
		v("four where three stand", "bundle-width", good, 4),
		v("ends within a length", "bundle-cut", good+"00", 4),
		v("ends within an entry", "bundle-cut", good[:len(good)-2], 3),
		v("an entry above 16 KiB", "entry-size", "400100", 1),
		v("width 0", "bundle-width", "0000", 0),
		v("width 257", "bundle-width", "0000", 257),
	}
}

func pathVectors(t *testing.T) (list []vector) {
	l := newMemoryLog(t, 9)
	for _, index := range []int64{0, 4, 7, 8} {
		c := l.checkpoint(t, 9)
		path, err := InclusionPath(9, index, l)
		if err != nil {
			t.Fatal(err)
		}
		v := vector{
			Name: fmt.Sprintf("inclusion: entry %d of 9", index), Type: "inclusion", Expect: "ok", Size: 9, Index: index,
			Root: hex.EncodeToString(c.Root[:]), Entry: hex.EncodeToString(l.entries[index]), Path: HexPath(path),
		}
		wrong := v
		wrong.Name, wrong.Expect, wrong.Index = v.Name+", at another index", "inclusion", (index+1)%9
		list = append(list, v, wrong)
	}
	for _, old := range []int64{0, 1, 6, 8, 9} {
		c, before := l.checkpoint(t, 9), l.checkpoint(t, old)
		path, err := ConsistencyPath(9, old, l)
		if err != nil {
			t.Fatal(err)
		}
		v := vector{
			Name: fmt.Sprintf("consistency: 9 after %d", old), Type: "consistency", Expect: "ok", Size: 9, OldSize: old,
			Root: hex.EncodeToString(c.Root[:]), OldRoot: hex.EncodeToString(before.Root[:]), Path: HexPath(path),
		}
		wrong := v
		wrong.Name, wrong.Expect, wrong.OldRoot = v.Name+", another past", "consistency", hex.EncodeToString(make([]byte, 32))
		list = append(list, v, wrong)
	}
	return list
}

func checkLogVector(t *testing.T, v vector) (vector, error) {
	t.Helper()
	hash := func(s string) tlog.Hash {
		h, err := ParseHexPath([]string{s})
		if err != nil {
			t.Fatal(err)
		}
		return h[0]
	}
	entry, err := hex.DecodeString(v.Entry)
	if err != nil {
		t.Fatal(err)
	}
	switch v.Type {
	case "tile-path":
		tile, err := ParseTilePath(string(v.input(t)))
		v.Level, v.Index, v.Width = tile.L, tile.N, tile.W
		return v, err
	case "tile-width":
		v.Width = TileWidthAt(v.Size, v.Level, v.Index)
		return v, nil
	case "entries":
		entries, err := DecodeEntries(v.input(t), v.Width)
		v.Entries = nil
		for _, e := range entries {
			v.Entries = append(v.Entries, hex.EncodeToString(e))
		}
		return v, err
	case "inclusion", "consistency":
		path, err := ParseHexPath(v.Path)
		if err != nil {
			return v, err
		}
		if v.Type == "inclusion" {
			return v, CheckInclusion(path, v.Size, v.Index, hash(v.Root), tlog.RecordHash(entry))
		}
		return v, CheckConsistency(path, v.Size, hash(v.Root), v.OldSize, hash(v.OldRoot))
	}
	p, err := ParseTlogProof(v.input(t))
	if err != nil {
		return v, err
	}
	trust, err := ParseTrust([]byte(v.Trust))
	if err != nil {
		t.Fatal(err)
	}
	_, v.AsOf, err = p.Verify(trust, entry)
	return v, err
}
