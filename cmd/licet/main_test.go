package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"licet/internal/cli"
	"licet/internal/keys"
	"licet/license"
)

// The stories in testdata/script run the real program, each in an empty directory
// with a network of its own. Commands that they have besides testscript's own:
//
//	up [FLAG...]        start "licet up" in the background and wait until it serves
//	down                stop it as Ctrl-C does, and wait for its end
//	registry TIME [RULES]  up, with a test network whose legal time begins there, the
//	                    board us-il, professions, a clerk and a director
//	at TIME             advance legal time
//	exits CODE LINE...  run a command that ends with this exit code
//	entry VAR ID N      set a variable to the number of a license's N-th entry
//	order VAR ID N      set a variable to the id of a license's N-th order
//	unreliable N        set UNRELIABLE to a way to the node that ends after N requests
//	cursor VAR          set a variable to the cursor that a stopped export printed
//	joined A B C        check that file C is A and then B
//	roundtrip FILE      compare an export of the demo with the roster that was copied
//	fact VAR ID CODE    set a variable to the id of a license's first fact of a kind
//	finds QUERY ID      ask the search, which must find the license
//	answers LIST FILE   ask the search each question of a list, all pages of it, and
//	                    write what it says
//	awaits FILE [TEXT]  wait until a file is there, and holds a text
//	call VAR ID         set a variable to the id of a call about a license that is held
//	hash VAR DIR        set a variable to the hash of a contract's files
//	tampering OLD NEW   set TAMPERING to a way to the node that changes texts of contracts
//	page PATH TEXT      ask for a page, on which the text must stand
//	readme              run every command of README against the demo that runs
//	members URL         record the next member set, in which the one member's node has
//	                    this address, and wait until that set signs

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"licet": licet})
}

// licet is main, with passphrases that are cheap to check: the weakening is in
// the test's binary alone, no flag or variable asks the real one for it.
func licet() {
	keys.WeakenForTest(forever{})
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	os.Exit(cli.Run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

type forever struct{}

func (forever) Helper()        {}
func (forever) Cleanup(func()) {}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			e.Setenv("LICET_PASSPHRASE", "a passphrase for tests")
			e.Setenv("LICET_HOME", filepath.Join(e.WorkDir, "home"))
			e.Setenv("HOME", e.WorkDir)
			contracts, err := filepath.Abs("../../contracts")
			if err != nil {
				return err
			}
			e.Setenv("CONTRACTS", contracts)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"up": up, "down": down, "nodes": nodes, "kill9": kill9, "ports": ports, "level": level, "until": until, "registry": registry, "at": at, "exits": exits, "entry": entry, "order": order, "members": members,
			"unreliable": unreliable, "cursor": cursor, "joined": joined, "roundtrip": roundtrip,
			"fact": fact, "finds": finds, "answers": answers, "page": page, "readme": readme, "awaits": awaits, "hash": hash, "call": call, "tampering": tampering,
		},
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
	})
}

const (
	servesWithin = time.Minute
	endsWithin   = 30 * time.Second
)

// A daemon is a running "licet up".
type daemon struct {
	cmd    *exec.Cmd
	ended  chan error
	stderr strings.Builder
}

// running holds the daemon of each script, by its work directory; scripts run at
// the same time.
var running = newDaemons()

func up(ts *testscript.TestScript, neg bool, args []string) {
	if neg {
		ts.Fatalf("use \"exits\" for a start that fails")
	}
	d := &daemon{ended: make(chan error, 1)}
	d.cmd = exec.Command(lookPath(ts, "licet"), append([]string{"up", "--listen", "localhost:0", "--heartbeat", "1s"}, args...)...)
	d.cmd.Env = environment(ts)
	d.cmd.Dir = ts.Getenv("WORK")
	d.cmd.Stderr = &d.stderr
	out, err := d.cmd.StdoutPipe()
	ts.Check(err)
	ts.Check(d.cmd.Start())
	running.put(ts.Getenv("WORK"), d)
	ts.Defer(func() { stop(ts) })
	served := make(chan string, 1)
	go func() {
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			if _, url, ok := strings.Cut(lines.Text(), " at http://"); ok {
				served <- "http://" + url
			}
		}
		d.ended <- d.cmd.Wait()
	}()
	select {
	case url := <-served:
		ts.Setenv("LICET_SERVER", url)
		ts.Setenv("ADDRESS", strings.TrimPrefix(url, "http://"))
		ts.Setenv("BY_NUMBER", strings.Replace(url, "localhost", "127.0.0.1", 1))
	case err := <-d.ended:
		d.ended <- err
		ts.Fatalf("licet up ended: %v\n%s", err, d.stderr.String())
	case <-time.After(servesWithin):
		_ = d.cmd.Process.Kill()
		ts.Fatalf("licet up does not serve within %v\n%s", servesWithin, d.stderr.String())
	}
}

func down(ts *testscript.TestScript, _ bool, _ []string) { stop(ts) }

// stop interrupts the script's daemon and waits for its end, which must be clean.
func stop(ts *testscript.TestScript) {
	d := running.take(ts.Getenv("WORK"))
	if d == nil {
		return
	}
	_ = d.cmd.Process.Signal(os.Interrupt)
	select {
	case err := <-d.ended:
		if err != nil {
			ts.Fatalf("licet up ended with %v\n%s", err, d.stderr.String())
		}
	case <-time.After(endsWithin):
		_ = d.cmd.Process.Signal(syscall.SIGQUIT) // for the goroutines
		<-d.ended
		ts.Fatalf("licet up does not end within %v\n%s", endsWithin, d.stderr.String())
	}
}

// registry founds the network that the stories play in.
func registry(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 1 && len(args) != 2 {
		ts.Fatalf("usage: registry TIME [RULES]")
	}
	up(ts, false, []string{
		"--name", "test/story", "--time", args[0], "--member", "idfpr=IDFPR", "--rules", append(args, "0")[1],
		"--board", "us-il=Illinois Department of Financial and Professional Regulation",
	})
	home := filepath.Join(ts.Getenv("LICET_HOME"), "keys")
	for name, path := range map[string]string{
		"MEMBER": "member-idfpr-root", "BOARD": "board-us-il-root", "CLERK": "clerk", "DIRECTOR": "director",
	} {
		ts.Setenv(name, filepath.Join(home, path+".key"))
	}
	policy := filepath.Join(ts.Getenv("WORK"), "story-policy.toml")
	ts.Check(os.WriteFile(policy, []byte(storyPolicy), 0o600))
	root := []string{"--key", ts.Getenv("BOARD")}
	for _, line := range [][]string{
		{"keys", "new", "--for", "officer us-il/clerk", "-o", ts.Getenv("CLERK")},
		{"keys", "new", "--for", "officer us-il/director", "-o", ts.Getenv("DIRECTOR")},
		append([]string{"board", "calendar", "us-il", "--central-time"}, root...),
		append([]string{"board", "profession", "us-il.physician", "--title", "Physician", "--pattern", "036######", "--issued-from", "1998-01-01"}, root...),
		append([]string{"board", "profession", "us-il.nurse", "--title", "Registered professional nurse", "--pattern", "041######", "--issued-from", "1998-01-01"}, root...),
		append([]string{"officer", "appoint", "us-il/clerk", "--role", "clerk", "--public", ts.Getenv("CLERK")}, root...),
		append([]string{"officer", "appoint", "us-il/director", "--role", "director", "--public", ts.Getenv("DIRECTOR")}, root...),
		append([]string{"policy", "set", policy}, root...),
	} {
		ts.Check(ts.Exec("licet", line...))
	}
}

const storyPolicy = `
board = "us-il"

[[rule]]
acts = ["license.discipline", "license.stay", "license.unstay", "license.lift", "license.void", "license.correct", "license.seal", "license.surrender"]
from = ["clerk", "director"]
signers = 2
needs = { director = 1 }

[[rule]]
acts = ["license.*", "licensee.*", "fact.*"]
from = ["clerk", "director"]
signers = 1
`

func at(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: at TIME")
	}
	ts.Check(ts.Exec("licet", "clock", "advance", "--to", args[0], "--key", ts.Getenv("MEMBER")))
}

func exits(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		if _, serr := fmt.Sscanf(err.Error(), "exit status %d", &got); serr != nil {
			ts.Fatalf("%v", err)
		}
	}
	if got != want {
		ts.Fatalf("exit code %d, not %d", got, want)
	}
}

// members moves the one member's node to another address: a set of its own.
func members(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: members URL")
	}
	ts.Check(ts.Exec("licet", "member", "set", "idfpr", "--url", args[0], "--key", ts.Getenv("MEMBER")))
	ts.Check(ts.Exec("licet", "member", "show", "--json"))
	var set license.MemberSet
	ts.Check(json.Unmarshal([]byte(ts.ReadFile("stdout")), &set))
	for end := time.Now().Add(servesWithin); ; {
		ts.Check(ts.Exec("licet", "trust"))
		if strings.Contains(ts.ReadFile("stdout"), fmt.Sprintf("# set %d\n", set.Set)) {
			return
		}
		if time.Now().After(end) {
			ts.Fatalf("set %d does not sign", set.Set)
		}
		// Two blocks pass until a set signs, and the next act makes one at once.
		ts.Check(ts.Exec("licet", "clock", "advance", "--by", "1s", "--key", ts.Getenv("MEMBER")))
	}
}

// entry finds the N-th entry about a license, counted from 1.
func entry(ts *testscript.TestScript, _ bool, args []string) {
	pick(ts, args, "history", func(answer []byte) (found []string, err error) {
		var h struct {
			Entries []struct{ Index int64 }
		}
		err = json.Unmarshal(answer, &h)
		for _, en := range h.Entries {
			found = append(found, fmt.Sprint(en.Index))
		}
		return found, err
	})
}

// order finds the N-th order of a license, counted from 1.
func order(ts *testscript.TestScript, _ bool, args []string) {
	pick(ts, args, "show", func(answer []byte) (found []string, err error) {
		var l struct {
			Record struct {
				Orders []struct{ ID string }
			}
		}
		err = json.Unmarshal(answer, &l)
		for _, o := range l.Record.Orders {
			found = append(found, o.ID)
		}
		return found, err
	})
}

// call finds the call that a license's answer says is held.
func call(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: call VAR ID")
	}
	ts.Check(ts.Exec("licet", "license", "show", args[1], "--json"))
	_, id, ok := strings.Cut(ts.ReadFile("stdout"), "(call ")
	if !ok {
		ts.Fatalf("no call about %s is held", args[1])
	}
	id, _, _ = strings.Cut(id, ")")
	ts.Setenv(args[0], id)
}

// hash sets a variable to the hash that boards sign of a contract's files.
func hash(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: hash VAR DIR")
	}
	ts.Check(ts.Exec("licet", "contract", "check", args[1], "--json"))
	var c struct{ Hash string }
	ts.Check(json.Unmarshal([]byte(ts.ReadFile("stdout")), &c))
	ts.Setenv(args[0], c.Hash)
}

// pick sets a variable to the N-th of what a command's answer holds.
func pick(ts *testscript.TestScript, args []string, command string, read func([]byte) ([]string, error)) {
	if len(args) != 3 {
		ts.Fatalf("usage: entry|order VAR ID N")
	}
	ts.Check(ts.Exec("licet", "license", command, args[1], "--json"))
	found, err := read([]byte(ts.ReadFile("stdout")))
	ts.Check(err)
	n, err := strconv.Atoi(args[2])
	ts.Check(err)
	if n < 1 || n > len(found) {
		ts.Fatalf("%s has %d of them", args[1], len(found))
	}
	ts.Setenv(args[0], found[n-1])
}

// lookPath finds a program on the script's path.
func lookPath(ts *testscript.TestScript, name string) string {
	for _, dir := range filepath.SplitList(ts.Getenv("PATH")) {
		if path := filepath.Join(dir, name); isFile(path) {
			return path
		}
	}
	ts.Fatalf("%s is not on the path", name)
	return ""
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

// environment is what the script's programs get.
func environment(ts *testscript.TestScript) (env []string) {
	for _, name := range []string{"PATH", "HOME", "WORK", "TMPDIR", "LICET_HOME", "LICET_PASSPHRASE"} {
		env = append(env, name+"="+ts.Getenv(name))
	}
	return env
}
