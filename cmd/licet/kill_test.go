package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"licet/internal/auditor"
	"licet/internal/keys"
	"licet/internal/ledger"
	"licet/license"
	"licet/proof"
	"licet/tx"
)

var (
	kills    = flag.Int("kills", 10, "how often TestKill kills the program")
	killSeed = flag.Uint64("killseed", 1, "seed of TestKill's instants")
)

const (
	killPhrase  = "a passphrase for tests"
	killClients = 4
)

// A victim is the real program over one home, that can be killed.
type victim struct {
	t       *testing.T
	home    string
	cmd     *exec.Cmd
	url     string
	stderr  *bytes.Buffer
	ended   chan struct{} // the process is gone
	serving chan struct{} // it told its URL
}

func (v *victim) start(args ...string) {
	v.t.Helper()
	program, err := exec.LookPath("licet")
	if err != nil {
		v.t.Fatal(err)
	}
	cmd := exec.Command(program, append([]string{"up", "--listen", "localhost:0", "--heartbeat", "1s", "--home", v.home}, args...)...)
	cmd.Env = append(os.Environ(), keys.EnvPassphrase+"="+killPhrase)
	cmd.Dir = v.home
	stderr := new(bytes.Buffer)
	cmd.Stderr = stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		v.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		v.t.Fatal(err)
	}
	ended, serving := make(chan struct{}), make(chan struct{})
	v.cmd, v.stderr, v.ended, v.serving = cmd, stderr, ended, serving
	go func() {
		defer close(ended)
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if _, url, ok := strings.Cut(lines.Text(), " at http://"); ok {
				v.url = "http://" + url
				close(serving)
			}
		}
		_ = cmd.Wait()
	}()
	v.t.Cleanup(func() { _ = cmd.Process.Kill(); <-ended })
}

func (v *victim) mustServe() {
	v.t.Helper()
	select {
	case <-v.serving:
	case <-v.ended:
		v.t.Fatalf("the program ended:\n%s", v.stderr)
	case <-time.After(servesWithin):
		v.t.Fatalf("it does not serve within %v", servesWithin)
	}
}

// kill is kill -9 after a while.
func (v *victim) kill(after time.Duration) {
	v.t.Helper()
	select {
	case <-time.After(after):
	case <-v.ended:
		v.t.Fatalf("the program ended by itself:\n%s", v.stderr)
	}
	_ = v.cmd.Process.Kill()
	<-v.ended
}

func (v *victim) interrupt() {
	v.t.Helper()
	_ = v.cmd.Process.Signal(os.Interrupt)
	select {
	case <-v.ended:
	case <-time.After(endsWithin):
		v.t.Fatal("it does not end")
	}
	if code := v.cmd.ProcessState.ExitCode(); code != 0 {
		v.t.Fatalf("exit code %d:\n%s", code, v.stderr)
	}
}

func (v *victim) get(path string, into any) {
	v.t.Helper()
	res, err := http.Get(v.url + path)
	if err != nil {
		v.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	b, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s %s", path, res.Status, b)
	}
	if err == nil && into != nil {
		err = json.Unmarshal(b, into)
	}
	if err != nil {
		v.t.Fatal(err)
	}
}

// A sent act is one that the load sent.
type sent struct {
	id      string // of the license that it issues
	payload license.Hash
	raw     []byte
	told    bool // the node said that it is recorded
}

// A load issues licenses over HTTP and remembers what it was told.
type load struct {
	t      *testing.T
	origin string
	clerk  keys.Key

	mu   sync.Mutex
	acts []*sent
}

func (l *load) sign(by string, k keys.Key, acts ...license.Act) *tx.Transaction {
	p := tx.New(l.origin, true, license.InstantOf(time.Now()).AddSeconds(-5), 86400, acts, nil)
	p.Sign(tx.SignEd25519(by, k.Private(), p.HeaderBytes))
	return p
}

// next signs the issue of one more license.
func (l *load) next() *sent {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := len(l.acts)
	s := &sent{id: fmt.Sprintf("us-il.nurse.041%06d", n)}
	p := l.sign("officer/us-il/clerk", l.clerk, &license.LicenseIssue{
		License: s.id, Licensee: fmt.Sprintf("%032x", n+1), Subject: license.SubjectPerson, Issued: "2020-06-01", From: "2024-06-01", Through: "2030-05-31",
	})
	s.payload, s.raw = p.HeaderHash, p.Encode()
	l.acts = append(l.acts, s)
	return s
}

// send posts an act and says whether the node says that it is recorded.
func send(ctx context.Context, url string, raw []byte) (recorded bool, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url+"/v1/acts?wait=1", bytes.NewReader(raw))
	if err != nil {
		return false, err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return false, err
	}
	defer func() { _ = res.Body.Close() }()
	b, err := io.ReadAll(res.Body)
	var o struct {
		State string
		Block int64
	}
	switch {
	case err != nil:
		return false, err
	case res.StatusCode != http.StatusOK && res.StatusCode != http.StatusAccepted:
		return false, fmt.Errorf("%s: %s", res.Status, b)
	}
	err = json.Unmarshal(b, &o)
	return o.Block > 0, err
}

// run sends acts with several clients until the node is gone.
func (l *load) run(url string, ended <-chan struct{}) (wait func()) {
	ctx, cancel := context.WithCancel(context.Background())
	var clients sync.WaitGroup
	for range killClients {
		clients.Go(func() {
			for ctx.Err() == nil {
				s := l.next()
				if told, err := send(ctx, url, s.raw); err == nil {
					s.told = told
				} else if strings.HasPrefix(err.Error(), "4") {
					l.t.Errorf("%s: %v", s.id, err)
				}
			}
		})
	}
	return func() { <-ended; cancel(); clients.Wait() }
}

// TestKill kills the program at random instants, while it starts and while it
// records, and looks each time whether the log goes on where it was, whether every
// act that was called recorded is, and that none was recorded twice.
func TestKill(t *testing.T) {
	n := *kills
	if testing.Short() {
		n = min(n, 2)
	}
	killed(t, *killSeed, n)
}

// TestSoakKills does it for as long as LICET_SOAK says, from new seeds on.
func TestSoakKills(t *testing.T) {
	long, err := time.ParseDuration(os.Getenv("LICET_SOAK"))
	if err != nil {
		t.Skip("LICET_SOAK is no duration, such as 2h")
	}
	seed := uint64(time.Now().UnixNano())
	for end := time.Now().Add(long); time.Now().Before(end) && !t.Failed(); seed++ {
		t.Run(fmt.Sprintf("-kills=50 -killseed=%d", seed), func(t *testing.T) { killed(t, seed, 50) })
	}
}

func killed(t *testing.T, seed uint64, n int) {
	rnd := rand.New(rand.NewPCG(seed, 0))
	v := &victim{t: t, home: t.TempDir()}
	v.start("--name", "test/kill", "--member", "one=One", "--board", "us-il=Illinois")
	v.mustServe()
	l := beginLoad(t, v)
	a := auditorFor(t, v)
	for round := range n {
		wait := l.run(v.url, v.ended)
		v.kill(time.Duration(rnd.IntN(1000)) * time.Millisecond)
		wait()
		for rnd.IntN(3) == 0 { // it dies while it starts, too
			v.start()
			v.kill(time.Duration(rnd.IntN(1500)) * time.Millisecond)
		}
		v.start()
		v.mustServe()
		a.Base = v.url
		if _, err := a.Audit(); err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		l.check(v)
	}
	l.finish(v)
	report, err := a.Audit()
	if err != nil {
		t.Fatal(err)
	}
	told := 0
	for _, s := range l.acts {
		if s.told {
			told++
		}
	}
	v.interrupt()
	head := headIn(t, v.home)
	if report.Size != head.Size {
		t.Errorf("audited %d entries of %d", report.Size, head.Size)
	}
	t.Logf("%d kills, %d acts, %d of them told; %d blocks, %d entries", n, len(l.acts), told, head.Height, head.Size)
	if told == 0 {
		t.Error("no act was told as recorded: the load proves nothing")
	}
	twin(t, v.home, head)
}

// beginLoad appoints the clerk who issues the licenses.
func beginLoad(t *testing.T, v *victim) *load {
	t.Helper()
	root, err := keys.Load(filepath.Join(v.home, "keys", "board-us-il-root.key"), keys.Fixed(killPhrase))
	if err != nil {
		t.Fatal(err)
	}
	l := &load{t: t}
	if l.clerk, err = keys.Generate("officer us-il/clerk", time.Now()); err != nil {
		t.Fatal(err)
	}
	var network struct{ Origin string }
	v.get("/v1/network", &network)
	l.origin = network.Origin
	begin := l.sign("board/us-il", root,
		&license.BoardCalendar{Board: "us-il", Rows: license.CentralTime()},
		&license.BoardProfession{Profession: "us-il.nurse", Title: "Nurse", Pattern: "041######"},
		&license.OfficerAppoint{Officer: "us-il/clerk", Key: string(l.clerk.Public), Roles: []string{"clerk"}},
		&license.PolicySet{Board: "us-il", Rules: []license.Rule{{Acts: []string{"license.*"}, From: []string{"clerk"}, Signers: 1}}},
	)
	if told, err := send(t.Context(), v.url, begin.Encode()); err != nil || !told {
		t.Fatal(told, err)
	}
	return l
}

func auditorFor(t *testing.T, v *victim) *auditor.Auditor {
	t.Helper()
	res, err := http.Get(v.url + "/v1/trust")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	trust, err := proof.ParseTrust(b)
	if err != nil {
		t.Fatal(err)
	}
	return &auditor.Auditor{Base: v.url, Dir: t.TempDir(), Trust: trust}
}

// check finds every act that was told as recorded.
func (l *load) check(v *victim) {
	l.t.Helper()
	for _, s := range l.acts {
		if s.told {
			l.mustBeThere(v, s)
		}
	}
}

func (l *load) mustBeThere(v *victim, s *sent) {
	l.t.Helper()
	var h struct {
		Entries []struct{ Index int64 }
	}
	v.get("/v1/licenses/"+s.id+"/history", &h)
	if len(h.Entries) != 1 {
		l.t.Fatalf("%s has %d entries; one act was recorded", s.id, len(h.Entries))
	}
	var e struct{ Cause struct{ Header string } }
	v.get(fmt.Sprintf("/v1/entries/%d", h.Entries[0].Index), &e)
	if e.Cause.Header != s.payload.String() {
		l.t.Fatalf("%s was recorded by payload %s, sent was %s", s.id, e.Cause.Header, s.payload)
	}
}

// finish sends what was not told again: it was recorded or is now, and once.
func (l *load) finish(v *victim) {
	l.t.Helper()
	for _, s := range l.acts {
		if s.told {
			continue
		}
		if told, err := send(l.t.Context(), v.url, s.raw); err != nil || !told {
			l.t.Fatalf("%s, sent again: %v %v", s.id, told, err)
		}
		l.mustBeThere(v, s)
	}
}

func headIn(t *testing.T, home string) ledger.Head {
	t.Helper()
	r, err := ledger.Open(filepath.Join(home, "registry"), ledger.Options{})
	if err != nil {
		t.Fatal(err)
	}
	h := r.Head()
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	return h
}

// twin is the same node without a registry: it makes it again of the blocks, from
// the first to the last and undisturbed, and must come to the same state.
func twin(t *testing.T, home string, want ledger.Head) {
	t.Helper()
	w := &victim{t: t, home: copyHome(t, home)}
	if err := errors.Join(os.RemoveAll(filepath.Join(w.home, "registry")), os.RemoveAll(filepath.Join(w.home, "lookup"))); err != nil {
		t.Fatal(err)
	}
	w.start()
	w.mustServe()
	w.interrupt()
	got := headIn(t, w.home)
	if got.AppHash() != want.AppHash() || got.Root != want.Root || got.Map != want.Map || got.Height < want.Height {
		t.Errorf("killed: %+v\nundisturbed: %+v", want, got)
	}
}

// copyHome copies a home; a copy's key files are private again.
func copyHome(t *testing.T, home string) string {
	t.Helper()
	to := t.TempDir()
	if err := os.CopyFS(to, os.DirFS(home)); err != nil {
		t.Fatal(err)
	}
	keyFiles, err := filepath.Glob(filepath.Join(to, "keys", "*"))
	for _, k := range keyFiles {
		err = errors.Join(err, os.Chmod(k, 0o600))
	}
	if err != nil {
		t.Fatal(err)
	}
	return to
}
