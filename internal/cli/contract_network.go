package cli

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"licet/internal/pack"
	"licet/license"
)

// rulesOfContracts are the first rules under which boards adopt contracts.
const rulesOfContracts = 2

// An adopterNow is what a contract is to a board, as a node says.
type adopterNow struct {
	Contract  string       `json:"contract"`
	Title     string       `json:"title"`
	Board     string       `json:"board"`
	BoardName string       `json:"board_name"`
	Role      string       `json:"role"`
	Since     license.Day  `json:"since"`
	Present   license.Day  `json:"edition_since"`
	Version   int64        `json:"version"`
	Amendment int64        `json:"amendment"`
	Hash      license.Hash `json:"hash"`
	Signed    license.Hash `json:"signed"`
	Retire    bool         `json:"retire"`
	Retired   bool         `json:"retired"`
	Fault     *struct {
		Call     string `json:"call"`
		Retry    string `json:"retry"`
		Sentence string `json:"sentence"`
	} `json:"fault"`
}

// An editionNow is an edition as a node says.
type editionNow struct {
	Version   int64        `json:"version"`
	Amendment int64        `json:"amendment"`
	Hash      license.Hash `json:"hash"`
	Title     string       `json:"title"`
	Of        int64        `json:"of"`
	Among     int64        `json:"among"`
	Boards    []string     `json:"boards"`
	Signed    []string     `json:"signed"`
	Texts     []struct {
		Part string       `json:"part"`
		Hash license.Hash `json:"hash"`
	} `json:"texts"`
}

// called writes version and amendment.
func called(version, amendment int64) string {
	if amendment == 0 {
		return fmt.Sprintf("version %d", version)
	}
	return fmt.Sprintf("version %d, amendment %d", version, amendment)
}

// A contractNow is a contract as a node says.
type contractNow struct {
	Contract string       `json:"contract"`
	Title    string       `json:"title"`
	Newest   license.Hash `json:"newest"`
	Retired  bool         `json:"retired"`
	Boards   []adopterNow `json:"boards"`
	Editions []editionNow `json:"editions"`
}

// edition finds an edition by its hash; "" is the newest that is in force.
func (k *contractNow) edition(hash string) (*editionNow, error) {
	h := k.Newest
	if hash != "" {
		var err error
		if h, err = license.ParseHash(hash); err != nil {
			return nil, usage("%q is no hash of an edition: %w", hash, err)
		}
	}
	i := slices.IndexFunc(k.Editions, func(e editionNow) bool { return e.Hash == h })
	if i < 0 {
		return nil, fmt.Errorf("contract %s has no edition %s; licet contract show %s lists those that it has", k.Contract, h, k.Contract)
	}
	return &k.Editions[i], nil
}

// contractNow asks for a contract; nil: the network has none of that name.
func (e *env) contractNow(name string) (*contractNow, error) {
	k := new(contractNow)
	err := e.getJSON("/v1/contracts/"+url.PathEscape(name), k)
	if notThere(err) {
		return nil, nil
	}
	return k, err
}

// mustContract asks for a contract that has to be there.
func (e *env) mustContract(name string) (*contractNow, error) {
	k, err := e.contractNow(name)
	if err == nil && k == nil {
		err = fmt.Errorf("there is no contract %s in this network; licet contract list shows those that there are", name)
	}
	return k, err
}

// served reads an edition from its texts, which are checked against the hash that
// boards signed.
func (e *env) served(name string, ed *editionNow) (*pack.Pack, error) {
	if len(ed.Texts) == 0 || ed.Texts[0].Part != pack.PartManifest {
		return nil, fmt.Errorf("the node at %s names no manifest of contract %s", e.Server, name)
	}
	p, err := pack.Of(ed.Hash, ed.Texts[0].Hash, func(h license.Hash) ([]byte, error) {
		return e.get("/v1/contracts/" + url.PathEscape(name) + "/texts/" + h.String())
	})
	if err != nil {
		return nil, fmt.Errorf("contract %s as the node at %s serves it is not what boards signed: %w", name, e.Server, err)
	}
	if p.Manifest.Name != name {
		return nil, fmt.Errorf("the node at %s serves contract %s as %s", e.Server, p.Manifest.Name, name)
	}
	return p, nil
}

// contractsHere checks that the network has contracts at all, and says whether it is a
// test network.
func (e *env) contractsHere() (test bool, err error) {
	var now struct {
		Origin string `json:"origin"`
		Test   bool   `json:"test"`
		Rules  int64  `json:"rules"`
	}
	if err := e.getJSON("/v1/network", &now); err != nil {
		return false, err
	}
	if now.Rules < rulesOfContracts {
		return false, fmt.Errorf("boards adopt contracts under rules %d, and network %s decides under rules %d; its members adopt the next ones with: licet rules adopt %d --in 100", rulesOfContracts, now.Origin, now.Rules, rulesOfContracts)
	}
	return now.Test, nil
}

// rowOf returns a board's record of contracts, with its row of one of them.
func (e *env) rowOf(board, name string) (all license.Contracts, row *license.ContractRow, err error) {
	_, err = e.record(license.KindContracts, board, &all)
	for i := range all.Rows {
		if all.Rows[i].Contract == name {
			row = &all.Rows[i]
		}
	}
	return all, row, err
}

// mineIs returns a board's row of a contract, which it must have.
func (e *env) mineIs(board, name string) (count int64, row *license.ContractRow, err error) {
	all, row, err := e.rowOf(board, name)
	if err == nil && row == nil {
		err = fmt.Errorf("contract %s is not in force for board %s; licet contract list --board %s shows what is", name, board, board)
	}
	return all.Count, row, err
}

// missing returns those texts of a pack that the network does not have yet, the manifest
// first: they travel with the act.
func (e *env) missing(p *pack.Pack) (openings []license.Opening, hashes []license.Hash, err error) {
	bytes := 0
	for _, t := range p.Texts() {
		there, err := e.record(license.KindOpening, t.Hash.String(), new(license.OpeningRecord))
		if err != nil {
			return nil, nil, err
		}
		if there || slices.Contains(hashes, t.Hash) {
			continue
		}
		openings = append(openings, license.Opening{Kind: license.OpeningContract, Bytes: t.Bytes})
		hashes = append(hashes, t.Hash)
		bytes += len(t.Bytes)
	}
	if bytes > textsBytesMax {
		return nil, nil, fmt.Errorf("the texts of the contract have %d bytes together, and an act carries at most %d of them; shorten the scenarios", bytes, textsBytesMax)
	}
	return openings, hashes, nil
}

// textsBytesMax leaves an act with its texts, in base64, below what a transaction holds.
const textsBytesMax = 760 << 10

// A foreseeing view decides an act as the network would, over records that a node says.
// It decides nothing: the network judges what is sent, and the texts besides.
type foreseeing struct {
	*env
	now license.Instant
	err error
}

// Get implements license.View.
func (f *foreseeing) Get(kind, id string, r any) bool {
	ok, err := f.record(kind, id, r)
	if f.err == nil {
		f.err = err
	}
	return ok
}

// Entries implements license.View.
func (*foreseeing) Entries(string, string) []license.Recorded { return nil }

// NotAfter implements license.View.
func (*foreseeing) NotAfter(license.Hash) license.Instant { return "" }

// Height implements license.View.
func (*foreseeing) Height() int64 { return 0 }

// Now implements license.View.
func (f *foreseeing) Now() license.Instant { return f.now }

// foresee returns the contract's record as it will stand after the act, or why the
// network will refuse it.
func (e *env) foresee(a license.Act) (*license.Contract, error) {
	now, err := e.legalNow()
	if err != nil {
		return nil, err
	}
	f := &foreseeing{env: e, now: now}
	effect, r := license.Decide(a, f)
	switch {
	case f.err != nil:
		return nil, f.err
	case r != nil:
		return nil, r
	}
	for _, w := range effect.Also {
		if k, ok := w.Record.(*license.Contract); ok {
			return k, nil
		}
	}
	return nil, fmt.Errorf("%s changes no contract", a.Verb())
}

// roleOf chooses what the board is to a contract: what was named, what it was before, or
// the only role that there is.
func roleOf(p *pack.Pack, named, before string) (string, error) {
	var all []string
	for _, r := range p.Manifest.Roles {
		all = append(all, r.Role)
	}
	switch {
	case named == "" && slices.Contains(all, before):
		return before, nil
	case named == "" && len(all) == 1:
		return all[0], nil
	case named == "":
		return "", usage("what is the board to contract %s? Name --role: %s", p.Manifest.Name, strings.Join(all, ", "))
	case !slices.Contains(all, named):
		return "", usage("contract %s has no role %q; it has %s", p.Manifest.Name, named, strings.Join(all, ", "))
	}
	return named, nil
}
