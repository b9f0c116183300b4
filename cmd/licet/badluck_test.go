package main

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Bad luck: disks that are full, read-only or damaged, and a home or a port that
// another process has. Each ends in one sentence and an exit code that is not 0;
// nothing that was recorded is lost, and once the luck turns the node goes on.

// TestBadLuck plays each misfortune on a copy of one home.
func TestBadLuck(t *testing.T) {
	v := &victim{t: t, home: t.TempDir()}
	v.start("--name", "test/luck", "--member", "one=One", "--board", "us-il=Illinois")
	v.mustServe()
	l := beginLoad(t, v)
	for range 3 {
		if told, err := send(t.Context(), v.url, l.next().raw); err != nil || !told {
			t.Fatal(told, err)
		}
	}
	v.interrupt()
	size := headIn(t, v.home).Size
	for name, misfortune := range map[string]func(b *badLuck){
		"read-only home":      (*badLuck).readOnly,
		"two processes":       (*badLuck).twoProcesses,
		"damaged table":       (*badLuck).damagedTable,
		"damaged index":       (*badLuck).damagedIndex,
		"disk full at start":  (*badLuck).fullAtStart,
		"disk full meanwhile": (*badLuck).fullMeanwhile,
		"engine log cut":      (*badLuck).cutEngineLog,
	} {
		t.Run(name, func(t *testing.T) {
			misfortune(&badLuck{victim: &victim{t: t, home: copyHome(t, v.home)}, load: l, size: size})
		})
	}
}

type badLuck struct {
	*victim
	load *load
	size int64 // of the log in the home
}

// mustFail waits for the end of the program: one sentence that says this.
func (b *badLuck) mustFail(says string) {
	b.t.Helper()
	select {
	case <-b.ended:
	case <-time.After(endsWithin):
		_ = b.cmd.Process.Signal(syscall.SIGQUIT)
		<-b.ended
		b.t.Fatalf("it does not end:\n%s", b.stderr)
	}
	out := b.stderr.String()
	var sentences int
	for line := range strings.Lines(out) {
		if strings.HasPrefix(line, "licet: ") && strings.Contains(line, says) {
			sentences++
		}
	}
	if code := b.cmd.ProcessState.ExitCode(); code != 1 && code != 2 || sentences != 1 || strings.Contains(out, "goroutine ") {
		b.t.Fatalf("exit code %d, wanted is a sentence with %q:\n%s", code, says, out)
	}
}

// mustGoOn starts again: the log is as long as it was, and takes one more act.
func (b *badLuck) mustGoOn() {
	b.t.Helper()
	b.start()
	b.mustServe()
	b.load.check(b.victim)
	if told, err := send(b.t.Context(), b.url, b.load.next().raw); err != nil || !told {
		b.t.Fatal(told, err)
	}
	b.interrupt()
	if got := headIn(b.t, b.home).Size; got < b.size+2 {
		b.t.Errorf("the log had %d entries; with one more act it has %d", b.size, got)
	}
}

func (b *badLuck) readOnly() {
	modes := map[string]fs.FileMode{}
	check := func(err error) {
		b.t.Helper()
		if err != nil {
			b.t.Fatal(err)
		}
	}
	check(filepath.WalkDir(b.home, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		modes[path] = info.Mode().Perm()
		return err
	}))
	if os.Getuid() == 0 { // whom modes do not hold back
		b.mount("-o", "bind", b.home)
		b.mount("-o", "remount,ro,bind", b.home)
	} else {
		check(os.Chmod(b.home, 0o500))
		b.t.Cleanup(func() { _ = os.Chmod(b.home, 0o700) })
	}
	b.start()
	b.mustFail("cannot be")
	if os.Getuid() == 0 {
		b.unmount()
	} else {
		check(os.Chmod(b.home, 0o700))
	}
	b.mustGoOn()
}

// mount mounts something at the home.
func (b *badLuck) mount(args ...string) {
	b.t.Helper()
	if os.Getuid() != 0 {
		b.t.Skip("only root can mount")
	}
	if out, err := exec.Command("mount", append(args, b.home)...).CombinedOutput(); err != nil {
		b.t.Skipf("nothing can be mounted here: %v %s", err, out)
	}
	b.t.Cleanup(func() { _ = exec.Command("umount", "-l", b.home).Run() })
}

func (b *badLuck) unmount() {
	b.t.Helper()
	if out, err := exec.Command("umount", b.home).CombinedOutput(); err != nil {
		b.t.Fatal(err, string(out))
	}
}

func (b *badLuck) twoProcesses() {
	b.start()
	b.mustServe()
	second := &badLuck{victim: &victim{t: b.t, home: b.home}}
	second.start()
	second.mustFail("another licet runs in this home")
	b.load.check(b.victim) // the first one does not mind
	b.interrupt()
	b.mustGoOn()
}

// files lists a store's files.
func (b *badLuck) files(pattern ...string) []string {
	b.t.Helper()
	found, err := filepath.Glob(filepath.Join(append([]string{b.home}, pattern...)...))
	if err != nil || len(found) == 0 {
		b.t.Fatalf("no file %s: %v", filepath.Join(pattern...), err)
	}
	return found
}

// flip turns bytes of a file over, and back when it is called again.
func (b *badLuck) flip(path string) {
	b.t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		b.t.Fatal(err)
	}
	for i := len(data) / 8; i < len(data); i += max(len(data)/64, 1) {
		data[i] ^= 0xff
	}
	if err := os.WriteFile(path, data, 0o600); err != nil {
		b.t.Fatal(err)
	}
}

// damagedTable flips bytes in the registry's tables.
func (b *badLuck) damagedTable() {
	b.start() // a start writes what the log holds into tables
	b.mustServe()
	b.interrupt()
	tables := b.files("registry", "*.sst")
	for _, f := range tables {
		b.flip(f)
	}
	b.start()
	b.mustFail("damaged")
	for _, f := range tables {
		b.flip(f)
	}
	b.mustGoOn()
}

// damagedIndex spoils the index for searches, which is only a copy.
func (b *badLuck) damagedIndex() {
	for _, f := range b.files("lookup", "*.db") {
		b.flip(f)
	}
	b.mustGoOn()
}

// cutEngineLog cuts the engine's own log short, as a crash may.
func (b *badLuck) cutEngineLog() {
	for _, f := range b.files("engine", "data", "cs.wal", "wal") {
		info, err := os.Stat(f)
		if err == nil {
			err = os.Truncate(f, info.Size()-7)
		}
		if err != nil {
			b.t.Fatal(err)
		}
	}
	b.mustGoOn()
}

// onSmallDisk moves the home to a disk of its own.
func (b *badLuck) onSmallDisk() {
	b.t.Helper()
	on := b.home
	b.home = b.t.TempDir()
	b.mount("-t", "tmpfs", "-o", "size=160m", "none")
	if out, err := exec.Command("cp", "-a", on+"/.", b.home).CombinedOutput(); err != nil {
		b.t.Fatal(err, string(out))
	}
}

// fill leaves no byte free; what it returns frees the disk again.
func (b *badLuck) fill() (free func()) {
	b.t.Helper()
	path := filepath.Join(b.home, "filler")
	f, err := os.Create(path)
	if err != nil {
		b.t.Fatal(err)
	}
	for n := 1 << 20; n > 0 && err == nil; {
		if _, err = f.Write(make([]byte, n)); errors.Is(err, syscall.ENOSPC) {
			n, err = n/2, nil
		}
	}
	if err := errors.Join(err, f.Close()); err != nil {
		b.t.Fatal(err)
	}
	return func() {
		if err := os.Remove(path); err != nil {
			b.t.Fatal(err)
		}
	}
}

func (b *badLuck) fullAtStart() {
	b.onSmallDisk()
	free := b.fill()
	b.start()
	b.mustFail("disk is full")
	free()
	b.mustGoOn()
}

func (b *badLuck) fullMeanwhile() {
	b.onSmallDisk()
	b.start()
	b.mustServe()
	free := b.fill()
	for range 2000 { // each takes some bytes that are not there
		s := b.load.next()
		told, err := send(b.t.Context(), b.url, s.raw)
		s.told = told
		if err != nil {
			break
		}
	}
	b.mustFail("disk is full")
	free()
	b.mustGoOn()
}
