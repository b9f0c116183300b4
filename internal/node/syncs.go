package node

import (
	"sync/atomic"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// CountSyncs passes everything on to fs and counts, in n, how often a file or
// directory is forced to the disk. Benchmarks say with it what an act costs;
// the engine's consensus log and vote record are not on a vfs.FS and not counted.
func CountSyncs(fs vfs.FS, n *atomic.Int64) vfs.FS { return countingFS{fs, n} }

type countingFS struct {
	vfs.FS
	n *atomic.Int64
}

func (c countingFS) file(f vfs.File, err error) (vfs.File, error) {
	if err != nil {
		return nil, err
	}
	return countingFile{f, c.n}, nil
}

func (c countingFS) Create(name string, w vfs.DiskWriteCategory) (vfs.File, error) {
	return c.file(c.FS.Create(name, w))
}

func (c countingFS) OpenReadWrite(name string, w vfs.DiskWriteCategory, o ...vfs.OpenOption) (vfs.File, error) {
	return c.file(c.FS.OpenReadWrite(name, w, o...))
}

func (c countingFS) OpenDir(name string) (vfs.File, error) { return c.file(c.FS.OpenDir(name)) }

func (c countingFS) ReuseForWrite(from, to string, w vfs.DiskWriteCategory) (vfs.File, error) {
	return c.file(c.FS.ReuseForWrite(from, to, w))
}

// Unwrap lets Pebble find the file system below.
func (c countingFS) Unwrap() vfs.FS { return c.FS }

type countingFile struct {
	vfs.File
	n *atomic.Int64
}

func (f countingFile) Sync() error {
	f.n.Add(1)
	return f.File.Sync()
}

func (f countingFile) SyncData() error {
	f.n.Add(1)
	return f.File.SyncData()
}

func (f countingFile) SyncTo(length int64) (full bool, err error) {
	full, err = f.File.SyncTo(length)
	if full {
		f.n.Add(1)
	}
	return full, err
}
