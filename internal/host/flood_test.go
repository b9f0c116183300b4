package host

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"licet/internal/keys"
	"licet/license"
	"licet/strict"
)

// One address asks without end and as much as it can, others begin questions or
// fetch answers and never go on. Recording, questions by number and searches from
// another address go on meanwhile, and all of them are answered.
func TestFlood(t *testing.T) {
	home := open(t, t.TempDir())
	who := foundBoard(t, home, "test/flood")
	s, err := Start(home, Config{Listener: listen(t), Heartbeat: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	defer stop(t, s)
	if err := s.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	ctx, end := context.WithTimeout(t.Context(), time.Minute)
	defer end()
	f := &flooded{t: t, s: s, clerk: who.clerk, ctx: ctx}
	for n := 1; n <= 5; n++ {
		f.record(n)
	}
	defer f.linger(40)() // before the node stops: it would wait for them
	stopFlood := f.flood(100)
	for f.answered.Load() < 100 { // the flood is under way
		if ctx.Err() != nil {
			t.Fatal("the flood is not answered")
		}
		f.get(http.DefaultClient, "/v1/licenses?number=41000001")
	}
	before := f.answered.Load()
	for n := 6; n <= 10; n++ {
		f.record(n)
		f.get(http.DefaultClient, fmt.Sprintf("/v1/licenses?number=41%06d", n))
		f.get(http.DefaultClient, "/v1/licenses?name=querfurth&status=active")
		f.get(http.DefaultClient, fmt.Sprintf("/licenses/us-il.nurse.041%06d", n))
	}
	if f.answered.Load() == before {
		t.Error("there was no flood meanwhile")
	}
	stopFlood()
	if n := f.failed.Load(); n > 0 {
		t.Errorf("%d questions of the flood got neither an answer nor a word when to ask again", n)
	}
}

type flooded struct {
	t                *testing.T
	s                *Host
	clerk            keys.Key
	ctx              context.Context
	answered, failed atomic.Int64
}

// record issues a license, and returns when a search finds it.
func (f *flooded) record(n int) {
	f.t.Helper()
	name, ref := opening(byte(n), license.OpeningName, strict.Encode(&license.Name{Given: "Wilhelmine", Family: "Querfurth"}))
	p := sign(f.t, f.s.Ledger.Head().Origin, license.InstantOf(time.Now()), []license.Opening{name}, []keys.Key{f.clerk}, issue(n, ref))
	req, err := http.NewRequestWithContext(f.ctx, http.MethodPost, f.s.URL+"/v1/acts?wait=1", bytes.NewReader(p.Encode()))
	if err != nil {
		f.t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		f.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	if b, _ := io.ReadAll(res.Body); res.StatusCode != http.StatusOK {
		f.t.Fatalf("license %d: %s %s", n, res.Status, b)
	}
}

// get wants an answer.
func (f *flooded) get(c *http.Client, path string) {
	f.t.Helper()
	if status, body, err := f.ask(c, path); err != nil || status != http.StatusOK || !bytes.Contains(body, []byte("Querfurth")) {
		f.t.Errorf("%s: %d %s %v", path, status, body, err)
	}
}

func (f *flooded) ask(c *http.Client, path string) (int, []byte, error) {
	req, err := http.NewRequestWithContext(f.ctx, http.MethodGet, f.s.URL+path, nil)
	if err != nil {
		return 0, nil, err
	}
	res, err := c.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer func() { _ = res.Body.Close() }()
	b, err := io.ReadAll(res.Body)
	return res.StatusCode, b, err
}

// address is where the node listens.
func (f *flooded) address() string {
	u, err := url.Parse(f.s.URL)
	if err != nil {
		f.t.Fatal(err)
	}
	return net.JoinHostPort("127.0.0.1", u.Port())
}

// flood asks from an address of its own, many at a time, until it is stopped.
func (f *flooded) flood(askers int) (stop func()) {
	from := &net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, 2)}}
	c := &http.Client{Transport: &http.Transport{
		MaxIdleConnsPerHost: askers,
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return from.DialContext(ctx, "tcp4", f.address())
		},
	}}
	var wg sync.WaitGroup
	done := make(chan struct{})
	for i := range askers {
		wg.Go(func() {
			for k := 0; ; k++ {
				select {
				case <-done:
					return
				default:
				}
				query := []string{"", "name=q&limit=100", "status=may+practice&on=2029-01-01", "name=qurefurth+wilhelmin", "jurisdiction=us-il&limit=100"}[(i+k)%5]
				status, _, err := f.ask(c, "/v1/licenses?"+query)
				if err != nil || status != http.StatusOK && status != http.StatusServiceUnavailable {
					f.failed.Add(1)
				}
				f.answered.Add(1)
			}
		})
	}
	return func() {
		close(done)
		wg.Wait()
		c.CloseIdleConnections()
	}
}

// linger begins questions that never end, and asks for answers that nobody fetches.
func (f *flooded) linger(connections int) (hangUp func()) {
	var all []net.Conn
	for i := range connections {
		c, err := (&net.Dialer{}).DialContext(f.ctx, "tcp4", f.address())
		if err != nil {
			f.t.Fatal(err)
		}
		all = append(all, c)
		begun := "GET /v1/licenses?name=q HTTP/1.1\r\nHost: x\r\n"
		if i%2 == 0 { // more answers than the connection holds
			begun = ""
			for range 200 {
				begun += "GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n"
			}
		}
		if _, err := io.WriteString(c, begun); err != nil {
			f.t.Fatal(err)
		}
	}
	return func() {
		for _, c := range all {
			_ = c.Close()
		}
	}
}
