package main

import (
	"bufio"
	"encoding/json"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// Commands of scripts about networks of several: nodes, kill9, ports.

// seats holds the nodes of each script, by its work directory and their home.
var seats = struct {
	sync.Mutex
	by map[string]*daemon
}{by: map[string]*daemon{}}

// ports puts free ports into variables: ports NAME... Nobody else is given them while
// the script begins, since all are held until all are known.
func ports(ts *testscript.TestScript, _ bool, args []string) {
	for _, name := range args {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		ts.Check(err)
		defer func() { _ = l.Close() }()
		ts.Setenv(name, strconv.Itoa(l.Addr().(*net.TCPAddr).Port))
	}
}

// nodes starts the nodes of these homes and waits until all of them serve; the
// address of home il is in IL.
func nodes(ts *testscript.TestScript, _ bool, args []string) {
	var served []chan string
	for _, home := range args {
		served = append(served, seat(ts, home))
	}
	over := time.After(servesWithin)
	for i, home := range args {
		d := seatOf(ts, home)
		select {
		case url := <-served[i]:
			ts.Setenv(strings.ToUpper(home), url)
		case err := <-d.ended:
			d.ended <- err
			ts.Fatalf("node %s ended: %v\n%s", home, err, d.stderr.String())
		case <-over:
			ts.Fatalf("node %s does not serve within %v", home, servesWithin)
		}
	}
}

func seatOf(ts *testscript.TestScript, home string) *daemon {
	seats.Lock()
	defer seats.Unlock()
	return seats.by[ts.Getenv("WORK")+"/"+home]
}

// seat starts a node. The channel gets its address when it serves.
func seat(ts *testscript.TestScript, home string) chan string {
	d := &daemon{ended: make(chan error, 1)}
	d.cmd = exec.Command(lookPath(ts, "licet"), "up", "--listen", "localhost:0", "--heartbeat", "1s", "--home", ts.MkAbs(home))
	d.cmd.Env = environment(ts)
	d.cmd.Stderr = &d.stderr
	out, err := d.cmd.StdoutPipe()
	ts.Check(err)
	ts.Check(d.cmd.Start())
	seats.Lock()
	seats.by[ts.Getenv("WORK")+"/"+home] = d
	seats.Unlock()
	ts.Defer(func() { end(ts, home, os.Interrupt) })
	served := make(chan string, 1)
	go func() {
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if _, url, ok := strings.Cut(lines.Text(), " serves network "); ok {
				_, url, _ = strings.Cut(url, " at ")
				served <- url
			}
		}
		d.ended <- d.cmd.Wait()
	}()
	return served
}

// end ends a node, once, and waits for it.
func end(ts *testscript.TestScript, home string, with os.Signal) {
	key := ts.Getenv("WORK") + "/" + home
	seats.Lock()
	d := seats.by[key]
	delete(seats.by, key)
	seats.Unlock()
	if d == nil {
		return
	}
	_ = d.cmd.Process.Signal(with)
	select {
	case err := <-d.ended:
		if err != nil && with == os.Interrupt {
			ts.Fatalf("node %s ended with %v\n%s", home, err, d.stderr.String())
		}
	case <-time.After(endsWithin):
		_ = d.cmd.Process.Signal(syscall.SIGQUIT) // for the goroutines
		<-d.ended
		ts.Fatalf("node %s does not end within %v\n%s", home, endsWithin, d.stderr.String())
	}
}

// kill9 kills nodes, as a power cut does.
func kill9(ts *testscript.TestScript, _ bool, args []string) {
	for _, home := range args {
		end(ts, home, syscall.SIGKILL)
	}
}

// level waits until other nodes have recorded what the first one has by now.
func level(ts *testscript.TestScript, _ bool, args []string) {
	size := func(home string) int64 {
		res, err := http.Get(ts.Getenv(strings.ToUpper(home)) + "/v1/network")
		ts.Check(err)
		defer func() { _ = res.Body.Close() }()
		var n struct {
			Size int64 `json:"size"`
		}
		ts.Check(json.NewDecoder(res.Body).Decode(&n))
		return n.Size
	}
	want := size(args[0])
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	over := time.After(servesWithin)
	for _, home := range args[1:] {
		for size(home) < want {
			select {
			case <-look.C:
			case <-over:
				ts.Fatalf("node %s has %d entries, %s has %d", home, size(home), args[0], want)
			}
		}
	}
}

// until runs a command again and again until its standard output holds a text, whatever
// its exit code: until TEXT COMMAND...
func until(ts *testscript.TestScript, _ bool, args []string) {
	look := time.NewTicker(100 * time.Millisecond)
	defer look.Stop()
	over := time.After(servesWithin)
	for {
		_ = ts.Exec(args[1], args[2:]...)
		if strings.Contains(ts.ReadFile("stdout"), args[0]) {
			return
		}
		select {
		case <-look.C:
		case <-over:
			ts.Fatalf("%q does not come", args[0])
		}
	}
}
