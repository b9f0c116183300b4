package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"licet/internal/answer"
	"licet/internal/api"
	"licet/internal/ledger"
	"licet/internal/lookup"
	"licet/internal/node"
)

// Searches over an imported roster, whose names, as people's, are few and often the
// same: by number over HTTP, beside a handler that writes the same bytes and does
// nothing else; by name and whatever else can be asked, one after the other on one
// core.

const searchClients = 32

func searches(b *bench) {
	x := openSearched(b)
	defer x.close()
	b.showYardstick()
	fmt.Printf("  %d licenses\n", len(x.numbers))
	x.byNumber(b)
	kinds := x.questions()
	x.ask(b, "names, all kinds of questions mixed", size(b, 2000, 400), func() answer.Search {
		return kinds[x.people.random.IntN(len(kinds))].of()
	})
	for _, q := range append(kinds, x.otherQuestions()...) {
		x.ask(b, q.name, size(b, 300, 60), q.of)
	}
}

// searched is a registry with its lookup, without the node.
type searched struct {
	l       *ledger.Ledger
	lookup  *lookup.Lookup
	answers *answer.Registry
	numbers []string // of all licenses
	people  *people
}

// openSearched opens what the imported node left.
func openSearched(b *bench) *searched {
	i := b.rosterImported()
	x := &searched{l: must(ledger.Open(filepath.Join(i.home(), "registry"), ledger.Options{}))}
	x.lookup = must(lookup.Open(filepath.Join(i.home(), "lookup"), x.l))
	x.answers = &answer.Registry{Ledger: x.l, Lookup: x.lookup}
	check(x.catchUp(b))
	s := must(x.l.State())
	defer s.Release()
	x.numbers, x.people = draw(s)
	x.warm(i.home())
	return x
}

func (x *searched) close() {
	check(x.lookup.Close())
	check(x.l.Close())
}

// catchUp lets the lookup read what it has not read yet: nothing, unless another
// edition of the program makes it anew.
func (x *searched) catchUp(b *bench) error {
	done := make(chan error)
	go func() { done <- x.lookup.CatchUp(context.Background()) }()
	say := b.progress("entries read by the lookup", int(x.l.Head().Size))
	for tick := time.NewTicker(time.Second); ; {
		select {
		case err := <-done:
			return err
		case <-tick.C:
			say(int(x.lookup.Position().Size))
		}
	}
}

// warm reads the stores' files once, so that the system has them in memory, as
// those of a node that has answered for a while.
func (x *searched) warm(home string) {
	for _, store := range []string{"registry", "lookup"} {
		for _, file := range must(filepath.Glob(filepath.Join(home, store, "*"))) {
			f := must(os.Open(file))
			_, err := io.Copy(io.Discard, f)
			check(errors.Join(err, f.Close()))
		}
	}
}

// byNumber asks over HTTP for random numbers.
func (x *searched) byNumber(b *bench) {
	mux := http.NewServeMux()
	api.New(api.Backend{Ledger: x.l, Lookup: x.lookup, Node: nobody{}, Bundles: api.LedgerBundles}).Register(mux)
	served := httptest.NewServer(mux)
	defer served.Close()
	path := func(i int) string { return "/v1/licenses?number=" + url.QueryEscape(x.numbers[i]) }
	body := fetch(http.DefaultClient, served.URL+path(0))
	plain := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(body)
	}))
	defer plain.Close()
	var ours, peer fetched
	for range b.runs {
		d := size(b, 4*time.Second, time.Second)
		peer.add(x.fetches(plain.URL, d, path))
		ours.add(x.fetches(served.URL, d, path))
	}
	row("answers by number over HTTP", ours.rate, "/s", "")
	row("peer: a handler that writes the same bytes", peer.rate, "/s", "")
	row("ratio", ours.rate.over(peer.rate), "", "≥ 0.25")
	row("CPU time of an answer, with its client", ours.cpu, "µs", "")
	row("peer", peer.cpu, "µs", "")
	row("ratio by CPU time, which other load moves less", peer.cpu.over(ours.cpu), "", "")
}

// fetched is what fetches cost: answers a second, and CPU µs of one.
type fetched struct{ rate, cpu series }

func (f *fetched) add(rate, cpu float64) {
	f.rate, f.cpu = append(f.rate, rate), append(f.cpu, cpu)
}

// cpuTime is what this process has spent on all cores.
func cpuTime() time.Duration {
	var r syscall.Rusage
	check(syscall.Getrusage(syscall.RUSAGE_SELF, &r))
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

// nobody is a node that nothing is asked of here.
type nobody struct{ api.Node }

func (nobody) Submit(context.Context, []byte) (node.Outcome, error) {
	return node.Outcome{}, node.ErrStopped
}

func fetch(c *http.Client, url string) []byte {
	res := must(c.Get(url))
	defer func() { _ = res.Body.Close() }()
	b := must(io.ReadAll(res.Body))
	if res.StatusCode != http.StatusOK {
		panic(fmt.Sprintf("%s: %s %s", url, res.Status, b))
	}
	return b
}

// fetches lets clients ask for random numbers for a while.
func (x *searched) fetches(base string, d time.Duration, path func(int) string) (rate, cpu float64) {
	c := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: searchClients}}
	defer c.CloseIdleConnections()
	var made atomic.Int64
	var wg sync.WaitGroup
	began, spent := time.Now(), cpuTime()
	for i := range searchClients {
		wg.Go(func() {
			r := rand.New(rand.NewPCG(9, uint64(i)))
			for time.Since(began) < d {
				fetch(c, base+path(r.IntN(len(x.numbers))))
				made.Add(1)
			}
		})
	}
	wg.Wait()
	n := int(made.Load())
	return perSecond(n, time.Since(began)), float64((cpuTime() - spent).Microseconds()) / float64(n)
}

// ask measures one kind of question, so many times, one after the other.
func (x *searched) ask(b *bench, name string, times int, of func() answer.Search) {
	var middle, slow, cpu series
	for range b.runs {
		var took, spent series
		for range times {
			q := of()
			began, before := time.Now(), cpuTime()
			must(x.answers.Search(context.Background(), q))
			spent = append(spent, float64((cpuTime()-before).Microseconds())/1000)
			took = append(took, float64(time.Since(began).Microseconds())/1000)
		}
		took, spent = took.sorted(), spent.sorted()
		middle, slow = append(middle, took[len(took)/2]), append(slow, took[len(took)*99/100])
		cpu = append(cpu, spent[len(spent)*99/100])
	}
	row(name+", median", middle, "ms", "")
	row("  99 of 100", slow, "ms", "≤ 25")
	row("  99 of 100, CPU time, which other load moves less", cpu, "ms", "")
}
