package sim

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"licet/license"
)

// A Report counts what a game reached.
type Report struct {
	Blocks, Acts, Bundles int
	App                   string // hash of the last state, hexadecimal
	Records, Entries      int
	Passkeys              int            // payloads that were recorded with a passkey's signature
	Applied               map[string]int // by verb
	Refused               map[string]int // by code
	Carried               map[string]int // how verified entries read
	Crashes               map[string]int
	Contracts             map[string]int // entries that nobody signed, by what they say
	Calls                 map[string]int // what became of calls, and what restarts found waiting
}

func newReport() *Report {
	return &Report{Applied: map[string]int{}, Refused: map[string]int{}, Carried: map[string]int{}, Crashes: map[string]int{}, Contracts: map[string]int{}, Calls: map[string]int{}}
}

func (r *Report) crashed(x *replica) {
	for k, n := range x.seen {
		r.Crashes[crashNames[k]] += n
	}
}

// Add adds another game's counts.
func (r *Report) Add(o *Report) {
	r.Blocks += o.Blocks
	r.App = o.App
	r.Acts += o.Acts
	r.Bundles += o.Bundles
	r.Passkeys += o.Passkeys
	r.Records += o.Records
	r.Entries += o.Entries
	for _, m := range []struct{ to, from map[string]int }{{r.Applied, o.Applied}, {r.Refused, o.Refused}, {r.Carried, o.Carried}, {r.Crashes, o.Crashes}, {r.Contracts, o.Contracts}, {r.Calls, o.Calls}} {
		for k, n := range m.from {
			m.to[k] += n
		}
	}
}

// NewReport returns an empty one, to add to.
func NewReport() *Report { return newReport() }

// Missing lists the verbs that were never applied. A network is founded once, by
// its genesis.
func (r *Report) Missing() (verbs []string) {
	for _, v := range license.Verbs() {
		if r.Applied[v] == 0 && v != "network.found" {
			verbs = append(verbs, v)
		}
	}
	return verbs
}

// ofContracts are what games with contracts reach: entries, what became of calls, what the
// checker's own sums found kept, and restarts over what waits.
var ofContracts = []string{
	license.ContractQueue, license.ContractCalled, license.ContractTimer, license.ContractNotify, license.ContractFault, license.ContractDays,
	"contract.impose", "contract.lift", "contract.set_lifecycle", "contract.set_term",
	"fault bad-effect", "fault depth", "suspended", "sound again", "held, not failed", "no room", "days wait",
	"lapses kept", "cascades kept", "kept waiting", "restarts over waiting calls", "restarts within a day",
}

// MissingOfContracts lists what contracts never did.
func (r *Report) MissingOfContracts() (never []string) {
	for _, k := range ofContracts {
		if r.Contracts[k]+r.Calls[k] == 0 {
			never = append(never, k)
		}
	}
	return never
}

// String writes the counts.
func (r *Report) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d acts in %d blocks, %d entries, %d records, %d bundles verified, %d payloads with passkeys; last app hash %s\n", r.Acts, r.Blocks, r.Entries, r.Records, r.Bundles, r.Passkeys, r.App)
	for _, m := range []struct {
		name string
		of   map[string]int
	}{{"applied", r.Applied}, {"refused", r.Refused}, {"entries read", r.Carried}, {"crashes", r.Crashes}, {"of contracts", r.Contracts}, {"calls", r.Calls}} {
		fmt.Fprintf(&b, "%s (%d):", m.name, len(m.of))
		for _, k := range slices.Sorted(maps.Keys(m.of)) {
			fmt.Fprintf(&b, " %s %d,", k, m.of[k])
		}
		b.WriteByte('\n')
	}
	return b.String()
}
