package proof

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"
)

// memoryLog keeps a small log's entries and hashes.
type memoryLog struct {
	entries [][]byte
	hashes  []tlog.Hash
}

func newMemoryLog(t testing.TB, size int) *memoryLog {
	t.Helper()
	l := &memoryLog{}
	for i := range size {
		e := fmt.Appendf(nil, `{"entry":%d}`, i)
		h, err := tlog.StoredHashes(int64(i), e, l)
		if err != nil {
			t.Fatal(err)
		}
		l.entries, l.hashes = append(l.entries, e), append(l.hashes, h...)
	}
	return l
}

func (l *memoryLog) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	var out []tlog.Hash
	for _, i := range indexes {
		if i >= int64(len(l.hashes)) {
			return nil, fmt.Errorf("no hash %d", i)
		}
		out = append(out, l.hashes[i])
	}
	return out, nil
}

func (l *memoryLog) checkpoint(t testing.TB, size int64) Checkpoint {
	t.Helper()
	root, err := tlog.TreeHash(size, l)
	if err != nil {
		t.Fatal(err)
	}
	return Checkpoint{Origin: testOrigin, Size: size, Root: root}
}

func TestTilePaths(t *testing.T) {
	for _, tt := range []struct {
		level, width int
		index        int64
		path         string
	}{
		{0, 256, 0, "tile/0/000"},
		{0, 256, 1234067, "tile/0/x001/x234/067"},
		{0, 17, 1234, "tile/0/x001/234.p/17"},
		{0, 1, 999, "tile/0/999.p/1"},
		{1, 255, 1000, "tile/1/x001/000.p/255"},
		{63, 256, 0, "tile/63/000"},
		{EntryLevel, 256, 0, "tile/entries/000"},
		{EntryLevel, 112, 273, "tile/entries/273.p/112"},
		{0, 256, 1<<63 - 1, "tile/0/x009/x223/x372/x036/x854/x775/807"},
	} {
		tile := tlog.Tile{H: TileHeight, L: tt.level, N: tt.index, W: tt.width}
		if got := TilePath(tile); got != tt.path {
			t.Errorf("path of %v is %s, want %s", tile, got, tt.path)
		}
		if got, err := ParseTilePath(tt.path); err != nil || got != tile {
			t.Errorf("%s read as %v, %v", tt.path, got, err)
		}
	}
	for _, path := range []string{
		"", "tile", "tile/", "tile/0", "tile/0/", "tile/0/0", "tile/0/00", "tile/0/0000", "tile/0/x000", "tile/0/x000/001", "tile/00/000",
		"tile/64/000", "tile/-1/000", "tile/+1/000", "tile/data/000", "tile/8/0/000", "tile/entries", "tile/entries/0",
		"tile/0/001/234", "tile/0/x001234", "tile/0/x001//234", "tile/0/X001/234", "tile/0/x001/234/", "tile/0/x1/234", "tile/0/ 01", "tile/0/+01", "tile/0/-01",
		"tile/0/000.p/0", "tile/0/000.p/256", "tile/0/000.p/01", "tile/0/000.p/", "tile/0/000.p", "tile/0/000.p/-1", "tile/0/000.p/1/", "tile/0/000.p/1.p/1",
		"tile/0/x009/x223/x372/x036/x854/x775/808", "/tile/0/000", "tile/0/000?x", "tile/0/000\n", "tile/0/../000", "checkpoint",
		"tile/0/" + strings.Repeat("x000/", 1000) + "000",
	} {
		if got, err := ParseTilePath(path); FlawCode(err) != "tile-path" {
			t.Errorf("%.60q read as %v, %v", path, got, err)
		}
	}
}

func TestTileWidthAt(t *testing.T) {
	// The example of C2SP tlog-tiles: 70,000 entries.
	for _, tt := range []struct {
		size  int64
		level int
		index int64
		want  int
	}{
		{70000, 0, 272, 256},
		{70000, 0, 273, 112},
		{70000, 0, 274, 0},
		{70000, EntryLevel, 273, 112},
		{70000, 1, 0, 256},
		{70000, 1, 1, 17},
		{70000, 2, 0, 1},
		{70000, 3, 0, 0},
		{256, 0, 0, 256},
		{256, 1, 0, 1},
		{0, 0, 0, 0},
		{maxSize, 5, 31, 255},
		{maxSize, 6, 0, 31},
		{maxSize, 7, 0, 0},
		{maxSize, 8, 0, 0},
		{maxSize, 63, 0, 0},
		{maxSize, 0, 1<<63 - 1, 0},
		{5, 0, -1, 0},
	} {
		if got := TileWidthAt(tt.size, tt.level, tt.index); got != tt.want {
			t.Errorf("size %d, level %d, index %d: %d, want %d", tt.size, tt.level, tt.index, got, tt.want)
		}
	}
	var paths []string
	for _, tile := range PartialTiles(70000) {
		paths = append(paths, TilePath(tile))
	}
	if got := strings.Join(paths, " "); got != "tile/entries/273.p/112 tile/0/273.p/112 tile/1/001.p/17 tile/2/000.p/1" {
		t.Errorf("partial tiles: %s", got)
	}
}

// TileWidthAt against the tiles that x/mod would make.
func TestTileWidthAgainstNewTiles(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.Int64Range(0, 200_000).Draw(t, "size")
		want := map[tlog.Tile]bool{}
		for _, tile := range tlog.NewTiles(TileHeight, 0, size) {
			want[tile] = true
		}
		level := rapid.IntRange(0, 4).Draw(t, "level")
		for index := int64(0); ; index++ {
			w := TileWidthAt(size, level, index)
			if w == 0 {
				break
			}
			tile := tlog.Tile{H: TileHeight, L: level, N: index, W: w}
			if !want[tile] {
				t.Fatalf("size %d has no tile %v", size, tile)
			}
			delete(want, tile)
		}
		for tile := range want {
			if tile.L == level {
				t.Fatalf("size %d: tile %v is missing", size, tile)
			}
		}
	})
}

func TestTileData(t *testing.T) {
	l := newMemoryLog(t, 300)
	for path, want := range map[string]int{
		"tile/0/000": 8192, "tile/0/001.p/44": 44 * 32, "tile/0/001.p/10": 320, "tile/1/000.p/1": 32, "tile/0/000.p/7": 224,
		"tile/0/001": -1, "tile/0/001.p/45": -1, "tile/0/002.p/1": -1, "tile/2/000.p/1": -1, "tile/entries/000": -1, "tile/63/000": -1,
	} {
		tile, err := ParseTilePath(path)
		if err != nil {
			t.Fatal(err)
		}
		data, err := TileData(tile, 300, l)
		if want < 0 && FlawCode(err) != "no-tile" || want >= 0 && (err != nil || len(data) != want) {
			t.Errorf("%s: %d bytes, %v", path, len(data), err)
		}
	}
}

// fetch answers as a node would that drops partial tiles once they are full.
func (l *memoryLog) fetch(path string) ([]byte, error) {
	tile, err := ParseTilePath(path)
	if err != nil {
		return nil, err
	}
	if tile.W < TileWidth && TileWidthAt(int64(len(l.entries)), tile.L, tile.N) == TileWidth {
		return nil, errors.New("this partial tile is gone")
	}
	return TileData(tile, int64(len(l.entries)), l)
}

func TestHashReader(t *testing.T) {
	l := newMemoryLog(t, 600)
	c := l.checkpoint(t, 300) // its last tile is partial, and gone
	r := HashReader(c, l.fetch)
	for _, index := range []int64{0, 255, 256, 299} {
		path, err := InclusionPath(c.Size, index, r)
		if err != nil {
			t.Fatal(err)
		}
		if err := CheckInclusion(path, c.Size, index, c.Root, tlog.RecordHash(l.entries[index])); err != nil {
			t.Error(err)
		}
	}
	lie := func(path string) ([]byte, error) {
		data, err := l.fetch(path)
		if err == nil {
			data[len(data)-1] ^= 1
		}
		return data, err
	}
	short := func(path string) ([]byte, error) { return make([]byte, 7), nil }
	for name, fetch := range map[string]func(string) ([]byte, error){"lies": lie, "short": short} {
		if _, err := InclusionPath(c.Size, 5, HashReader(c, fetch)); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestInclusionAndConsistency(t *testing.T) {
	l := newMemoryLog(t, 70)
	rapid.Check(t, func(rt *rapid.T) {
		size := rapid.Int64Range(1, 70).Draw(rt, "size")
		old := rapid.Int64Range(0, size).Draw(rt, "old")
		index := rapid.Int64Range(0, size-1).Draw(rt, "index")
		c, before := l.checkpoint(t, size), l.checkpoint(t, old)
		path, err := InclusionPath(size, index, l)
		if err != nil {
			rt.Fatal(err)
		}
		again, err := ParseHexPath(HexPath(path))
		if err != nil {
			rt.Fatal(err)
		}
		leaf := tlog.RecordHash(l.entries[index])
		if err := CheckInclusion(again, size, index, c.Root, leaf); err != nil {
			rt.Fatal(err)
		}
		if CheckInclusion(path, size, index, c.Root, tlog.RecordHash([]byte("another"))) == nil {
			rt.Fatal("another entry is included")
		}
		if size > 1 && CheckInclusion(path, size, (index+1)%size, c.Root, leaf) == nil {
			rt.Fatal("included at another index")
		}
		joint, err := ConsistencyPath(size, old, l)
		if err != nil {
			rt.Fatal(err)
		}
		if err := CheckConsistency(joint, size, c.Root, old, before.Root); err != nil {
			rt.Fatal(err)
		}
		forged := before.Root
		forged[0] ^= 1
		if CheckConsistency(joint, size, c.Root, old, forged) == nil {
			rt.Fatal("a forged past is consistent")
		}
		if CheckConsistency(append(joint, forged), size, c.Root, old, before.Root) == nil {
			rt.Fatal("a longer path is accepted")
		}
	})
}

func TestPathsRefuse(t *testing.T) {
	l := newMemoryLog(t, 9)
	c := l.checkpoint(t, 9)
	_, past := InclusionPath(9, 9, l)
	_, before := InclusionPath(9, -1, l)
	_, grown := ConsistencyPath(8, 9, l)
	for name, tt := range map[string]struct {
		err  error
		code string
	}{
		"past the end":       {past, "no-entry"},
		"before the start":   {before, "no-entry"},
		"checked past end":   {CheckInclusion(nil, 9, 9, c.Root, c.Root), "no-entry"},
		"endless path":       {CheckInclusion(make([]tlog.Hash, 1000), 9, 1, c.Root, c.Root), "inclusion"},
		"shrunk":             {grown, "sizes"},
		"checked shrunk":     {CheckConsistency(nil, 8, c.Root, 9, c.Root), "sizes"},
		"negative size":      {CheckConsistency(nil, 8, c.Root, -1, c.Root), "sizes"},
		"from nothing, path": {CheckConsistency([]tlog.Hash{c.Root}, 9, c.Root, 0, emptyRoot), "consistency"},
		"from another empty": {CheckConsistency(nil, 9, c.Root, 0, tlog.Hash{}), "consistency"},
		"same size, another": {CheckConsistency(nil, 9, c.Root, 9, emptyRoot), "consistency"},
	} {
		if FlawCode(tt.err) != tt.code {
			t.Errorf("%s: %v, want code %s", name, tt.err, tt.code)
		}
	}
	for _, s := range [][]string{{"ab"}, {strings.Repeat("A", 64)}, {strings.Repeat("g", 64)}, make([]string, 65)} {
		if _, err := ParseHexPath(s); FlawCode(err) != "path-form" {
			t.Errorf("%.20q: %v", s, err)
		}
	}
}

func TestVerifyEntries(t *testing.T) {
	l := newMemoryLog(t, 600)
	rapid.Check(t, func(rt *rapid.T) {
		size := rapid.Int64Range(1, 600).Draw(rt, "size")
		first := rapid.Int64Range(0, size-1).Draw(rt, "first")
		last := rapid.Int64Range(first+1, size).Draw(rt, "last")
		c := l.checkpoint(t, size)
		entries := append([][]byte(nil), l.entries[first:last]...)
		if err := VerifyEntries(c, first, entries, l); err != nil {
			rt.Fatal(err)
		}
		entries[rapid.IntRange(0, len(entries)-1).Draw(rt, "spoiled")] = []byte("another")
		if err := VerifyEntries(c, first, entries, l); FlawCode(err) != "entries" {
			rt.Fatalf("spoiled: %v", err)
		}
	})
	c := l.checkpoint(t, 300)
	if err := VerifyEntries(c, 256, l.entries[256:300], HashReader(c, l.fetch)); err != nil {
		t.Errorf("through tiles: %v", err)
	}
	// A reader that lies cannot make false entries pass.
	fake := newMemoryLog(t, 300)
	fake.entries[270] = []byte("another")
	if err := VerifyEntries(c, 256, fake.entries[256:300], &memoryLog{hashes: make([]tlog.Hash, 1000)}); FlawCode(err) != "entries" {
		t.Errorf("a lying reader: %v", err)
	}
	none := tlog.HashReaderFunc(func([]int64) ([]tlog.Hash, error) { return nil, nil })
	if err := VerifyEntries(c, 0, l.entries[:1], none); FlawCode(err) != "entries" {
		t.Errorf("a reader of nothing: %v", err)
	}
	for name, err := range map[string]error{
		"no entries":    VerifyEntries(c, 0, nil, l),
		"past the end":  VerifyEntries(c, 299, l.entries[:2], l),
		"before start":  VerifyEntries(c, -1, l.entries[:2], l),
		"far past end":  VerifyEntries(c, 1<<63-1, l.entries[:2], l),
		"an empty log":  VerifyEntries(Checkpoint{Root: emptyRoot}, 0, l.entries[:1], l),
		"none in empty": VerifyEntries(Checkpoint{Root: emptyRoot}, 0, nil, l),
	} {
		if FlawCode(err) != "no-entry" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestEntryBundles(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		entries := rapid.SliceOfN(rapid.SliceOfN(rapid.Byte(), 0, 40), 1, TileWidth).Draw(t, "entries")
		bundle, err := EncodeEntries(entries)
		if err != nil {
			t.Fatal(err)
		}
		again, err := DecodeEntries(bundle, len(entries))
		if err != nil {
			t.Fatal(err)
		}
		for i := range entries {
			if !bytes.Equal(entries[i], again[i]) {
				t.Fatalf("entry %d", i)
			}
		}
		for _, width := range []int{len(entries) - 1, len(entries) + 1} {
			if _, err := DecodeEntries(bundle, width); FlawCode(err) != "bundle-width" {
				t.Fatalf("read as %d entries: %v", width, err)
			}
		}
	})
	long := make([]byte, MaxEntryBytes+1)
	if _, err := EncodeEntries([][]byte{long}); FlawCode(err) != "entry-size" {
		t.Errorf("a long entry: %v", err)
	}
	if _, err := EncodeEntries(nil); FlawCode(err) != "bundle-width" {
		t.Errorf("no entries: %v", err)
	}
	for name, tt := range map[string]struct {
		bundle []byte
		width  int
		code   string
	}{
		"empty":              {nil, 1, "bundle-width"},
		"half a length":      {[]byte{0}, 1, "bundle-cut"},
		"cut entry":          {[]byte{0, 2, 'a'}, 1, "bundle-cut"},
		"long entry":         {append([]byte{0x40, 0x01}, long[:100]...), 1, "entry-size"},
		"width 0":            {[]byte{0, 0}, 0, "bundle-width"},
		"width 257":          {[]byte{0, 0}, 257, "bundle-width"},
		"more than it could": {make([]byte, 3+MaxEntryBytes), 1, "bundle-size"},
	} {
		if _, err := DecodeEntries(tt.bundle, tt.width); FlawCode(err) != tt.code {
			t.Errorf("%s: %v, want code %s", name, err, tt.code)
		}
	}
}

func FuzzParseTilePath(f *testing.F) {
	for _, p := range []string{"tile/0/x001/234.p/17", "tile/entries/000", "tile/63/000", "tile/0/x009/x223/x372/x036/x854/x775/807"} {
		f.Add(p, int64(70000))
	}
	f.Fuzz(func(t *testing.T, path string, size int64) {
		tile, err := ParseTilePath(path)
		if err != nil {
			return
		}
		if TilePath(tile) != path {
			t.Errorf("%q written again as %q", path, TilePath(tile))
		}
		if w := TileWidthAt(size, tile.L, tile.N); w < 0 || w > TileWidth {
			t.Errorf("width %d", w)
		}
	})
}

func FuzzDecodeEntries(f *testing.F) {
	f.Add([]byte{0, 1, 'a', 0, 0}, 2)
	f.Fuzz(func(t *testing.T, bundle []byte, width int) {
		entries, err := DecodeEntries(bundle, width)
		if err != nil {
			return
		}
		if again, err := EncodeEntries(entries); err != nil || !bytes.Equal(again, bundle) {
			t.Errorf("written again as %x, %v", again, err)
		}
	})
}
