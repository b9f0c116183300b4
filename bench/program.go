package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// What a process needs (memory, time until it is ready) is measured on the program
// that members run, and not within the bench, where peers share the heap.

// A program is the built licet.
type program struct{ path string }

func buildProgram(b *bench) program {
	p := program{b.store("licet")}
	build := exec.Command("go", "build", "-o", p.path, "./cmd/licet")
	build.Dir = ".."
	if text, err := build.CombinedOutput(); err != nil {
		panic(string(text))
	}
	return p
}

// passphrase protects keys that are thrown away with the run.
const passphrase = "bench passphrase"

func (p program) command(args ...string) *exec.Cmd {
	c := exec.Command(p.path, args...)
	c.Env = append(os.Environ(), "LICET_PASSPHRASE="+passphrase)
	return c
}

// runWithin bounds a command, so that no bench runs on and on.
const runWithin = 45 * time.Minute

// run runs the program to its end. What it says of its progress is shown.
func (p program) run(args ...string) (stdout []byte, used usage) {
	c := p.command(args...)
	var out bytes.Buffer
	c.Stdout, c.Stderr = &out, &indented{out: os.Stdout}
	began := time.Now()
	end := start(c)
	defer end()
	late := time.AfterFunc(runWithin, end)
	defer late.Stop()
	if err := c.Wait(); err != nil {
		panic(fmt.Sprintf("licet %s: %v, after %s", strings.Join(args, " "), err, time.Since(began).Round(time.Second)))
	}
	s := c.ProcessState
	return out.Bytes(), usage{Wall: time.Since(began), CPU: s.UserTime() + s.SystemTime()}
}

// A usage is what some work took, on the clock and on all cores together.
type usage struct{ Wall, CPU time.Duration }

// indented shows lines of another program among the bench's.
type indented struct {
	out  io.Writer
	line []byte
}

func (w *indented) Write(b []byte) (int, error) {
	w.line = append(w.line, b...)
	for {
		line, rest, found := bytes.Cut(w.line, []byte("\n"))
		if !found {
			return len(b), nil
		}
		fmt.Fprintf(w.out, "    %s\n", line)
		w.line = append([]byte(nil), rest...)
	}
}

// An upNode is the program as a node.
type upNode struct {
	cmd *exec.Cmd
	url string
	out *bufio.Reader
	end func() // kills it, unless it has ended
}

const readyWait = 10 * time.Minute

var servesAt = regexp.MustCompile(`serves network \S+ at (http\S+)`)

// up starts a node and returns when it answers that it is ready, and how long that took.
func (p program) up(home string, args ...string) (*upNode, time.Duration) {
	s := &upNode{cmd: p.command(append([]string{"up", "--home", home, "--listen", "127.0.0.1:0"}, args...)...)}
	s.cmd.Stderr = &indented{out: os.Stdout}
	s.out = bufio.NewReader(must(s.cmd.StdoutPipe()))
	began := time.Now()
	s.end = start(s.cmd)
	for s.url == "" {
		line, err := s.out.ReadString('\n')
		if err != nil {
			panic(fmt.Sprintf("licet up: %v", errors.Join(err, s.cmd.Wait())))
		}
		if m := servesAt.FindStringSubmatch(line); m != nil {
			s.url = m[1]
		}
	}
	s.ready()
	took := time.Since(began)
	go func() { _, _ = io.Copy(io.Discard, s.out) }()
	return s, took
}

// ready waits until the node can prove and find all that it has recorded.
func (s *upNode) ready() {
	for began := time.Now(); ; time.Sleep(2 * time.Millisecond) {
		res, err := http.Get(s.url + "/readyz")
		if err == nil {
			_, _ = io.Copy(io.Discard, res.Body)
			_ = res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return
			}
		}
		if time.Since(began) > readyWait {
			panic("the node is not ready")
		}
	}
}

func (s *upNode) stop() {
	check(s.cmd.Process.Signal(os.Interrupt))
	check(s.cmd.Wait())
	s.end()
}

// peakMiB is the most memory that the node ever held, as the system counts it; 0:
// the system does not say.
func (s *upNode) peakMiB() float64 {
	_, after, _ := strings.Cut(procFile(s.cmd.Process.Pid, "status"), "VmHWM:")
	f := strings.Fields(after)
	if len(f) == 0 {
		return 0
	}
	kib, _ := strconv.ParseFloat(f[0], 64)
	return kib / 1024
}

// ticks are those in which the system counts a process's time, a second.
const ticks = 100

// cpu is the time that the node spent on all cores; 0: the system does not say.
func (s *upNode) cpu() time.Duration {
	stat := procFile(s.cmd.Process.Pid, "stat")
	f := strings.Fields(stat[strings.LastIndexByte(stat, ')')+1:]) // from field 3 on
	if len(f) < 13 {
		return 0
	}
	user, _ := strconv.ParseInt(f[11], 10, 64)
	system, _ := strconv.ParseInt(f[12], 10, 64)
	return time.Duration(user+system) * time.Second / ticks
}

func procFile(pid int, name string) string {
	b, _ := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), name))
	return string(b)
}
