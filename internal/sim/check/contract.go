package check

import (
	"encoding/json"
	"fmt"
	"slices"
	"sort"
	"strings"

	"licet/strict"
)

// What boards adopted: who signed what, and which edition binds whom.

// onContract judges an act about a contract and says what it writes.
func (w *World) onContract(a *act, f *effect, height int64) error {
	var n network
	var all contracts
	var k contract
	w.read("network", "network", &n)
	w.read("contracts", a.Board, &all)
	there := w.read("contract", a.Contract, &k)
	has := all.Count
	all.Last, all.Count = "", all.Count+1
	at := slices.IndexFunc(all.Rows, func(r contractRow) bool { return r.Contract == a.Contract })
	if a.Do == "contract.retry" {
		return w.retry(a, f, &all, has)
	}
	starts := a.Do == "contract.adopt" || a.Do == "contract.join"
	switch {
	case n.rulesOf(height) < 2:
		return fmt.Errorf("there are no contracts under rules %d", n.rulesOf(height))
	case starts != (at < 0) || there == (a.Do == "contract.adopt"):
		return fmt.Errorf("contract %s is there: %v, the board's row of it is %d", a.Contract, there, at)
	case !starts && all.Rows[at].Hash != a.Previous:
		return fmt.Errorf("the board has edition %s, the act names %s", all.Rows[at].Hash, a.Previous)
	case k.Retired && a.Do != "contract.leave" && a.Do != "contract.retire":
		return fmt.Errorf("contract %s is retired", a.Contract)
	}
	var was contractRow
	if at >= 0 {
		was = all.Rows[at]
	}
	if err := k.mayTake(a, was); err != nil {
		return err
	}
	all.sign(a, at)
	binds := k.binds()
	if e := k.edition(a.Hash); e == nil && len(a.Texts) > 0 {
		k.bring(a)
	}
	k.bind(a, binds)
	k.Retired = k.Retired || len(binds) > 0 && w.allRetire(a, &all, binds)
	f.Body = strict.Encode(&all)
	f.also("contract", a.Contract, &k)
	return need("contracts", has, a.Count)
}

// retry lets a call that faulted wait again.
func (w *World) retry(a *act, f *effect, all *contracts, has int64) error {
	var c call
	id, held := strings.CutPrefix(a.Call, "held-")
	if !w.read("call", a.Call, &c) || !held || !c.Held || c.Contract != a.Contract || c.Board != a.Board {
		return fmt.Errorf("no call %s of %s is held for %s", a.Call, a.Contract, a.Board)
	}
	c.Held, c.Asked = false, true
	f.Body = strict.Encode(all)
	f.also("call", a.Call, &struct{}{})
	f.also("call", id, &c)
	return need("contracts", has, a.Count)
}

// mayTake says whether the edition that the act names is one that the board can have next.
func (k *contract) mayTake(a *act, was contractRow) error {
	e := k.edition(a.Hash)
	newest := map[int64]int64{} // amendment by version
	var version int64
	for _, x := range k.Editions {
		version, newest[x.Version] = max(version, x.Version), max(newest[x.Version], x.Amendment)
	}
	same := e != nil && e.Version == a.Version && e.Amendment == a.Amendment && len(a.Texts) == 0
	var ok bool
	switch a.Do {
	case "contract.adopt":
		ok = e == nil && a.Version > 0
	case "contract.join":
		ok = same && len(e.Boards) > 0
	case "contract.supersede":
		ok = same && len(e.Boards) > 0 && e.Of == a.Of && e.Among == a.Among && a.Version > was.Version ||
			e == nil && a.Version == version+1 && a.Amendment == 0
	case "contract.amend_params":
		ok = a.Version == was.Version && (same && a.Amendment > was.Amendment || e == nil && a.Amendment == newest[a.Version]+1)
	case "contract.retire":
		ok = !was.Retire
	case "contract.leave":
		ok = true
	}
	if a.Of != 0 || a.Among != 0 {
		ok = ok && a.Of > 0 && a.Of <= a.Among && a.Of > a.Among-a.Of
	}
	return needThat(ok, "the board has %+v, %s of %s does not follow", was, a.Do, a.Hash)
}

// sign changes what the board signed.
func (c *contracts) sign(a *act, at int) {
	row := contractRow{a.Contract, a.Version, a.Amendment, a.Hash, a.Role, false}
	c.Rows = slices.Clone(c.Rows)
	switch a.Do {
	case "contract.adopt", "contract.join":
		c.Rows = append(c.Rows, row)
	case "contract.supersede":
		c.Rows[at] = row
	case "contract.amend_params":
		row.Role, row.Retire = c.Rows[at].Role, c.Rows[at].Retire
		c.Rows[at] = row
	case "contract.retire":
		c.Rows[at].Retire = true
	case "contract.leave":
		c.Rows = append(c.Rows[:at], c.Rows[at+1:]...)
	}
}

func (k *contract) edition(hash string) *edition {
	for i := range k.Editions {
		if k.Editions[i].Hash == hash {
			return &k.Editions[i]
		}
	}
	return nil
}

// binds is board → hash of the edition in force for it.
func (k *contract) binds() map[string]string {
	m := map[string]string{}
	for _, e := range k.Editions {
		for _, b := range e.Boards {
			m[b] = e.Hash
		}
	}
	return m
}

// bring adds the edition whose texts travel with the act.
func (k *contract) bring(a *act) {
	e := edition{Version: a.Version, Amendment: a.Amendment, Hash: a.Hash, Manifest: a.Texts[0], Of: a.Of, Among: a.Among}
	if a.Do == "contract.amend_params" {
		base := k.edition(a.Previous)
		e.Of, e.Among = base.Of, base.Among
	}
	k.Editions = append(k.Editions, e)
}

// bind puts editions in force as the act says, and writes for whom each is.
func (k *contract) bind(a *act, binds map[string]string) {
	switch a.Do {
	case "contract.adopt", "contract.join", "contract.supersede":
		binds[a.Board] = a.Hash
	case "contract.leave":
		delete(binds, a.Board)
	case "contract.amend_params":
		k.amend(a, binds)
	}
	for i := range k.Editions {
		e := &k.Editions[i]
		e.Boards = nil
		for b, h := range binds {
			if h == e.Hash {
				e.Boards = append(e.Boards, b)
			}
		}
		sort.Strings(e.Boards)
	}
}

// amend lets a board's signature under an amendment count: for itself, and for all
// boards of the version when enough have signed. Nobody goes back.
func (k *contract) amend(a *act, binds map[string]string) {
	e := k.edition(a.Hash)
	signed := map[string]bool{a.Board: true}
	for _, b := range e.Signed {
		signed[b] = true
	}
	var boards, favor int64
	for b, h := range binds {
		if k.edition(h).Version == e.Version {
			boards++
			if signed[b] || h == e.Hash {
				favor++
			}
		}
	}
	whole := e.Of > 0 && favor*e.Among >= boards*e.Of
	for b, h := range binds {
		if x := k.edition(h); (b == a.Board || whole && x.Version == e.Version) && x.Amendment < e.Amendment {
			binds[b] = e.Hash
		}
	}
	e.Signed = nil
	for b := range signed {
		if !whole {
			e.Signed = append(e.Signed, b)
		}
	}
	sort.Strings(e.Signed)
}

// allRetire says whether every board that the contract binds wants it to end.
func (w *World) allRetire(a *act, mine *contracts, binds map[string]string) bool {
	for b := range binds {
		c := *mine
		if b != a.Board {
			c = contracts{}
			w.read("contracts", b, &c)
		}
		if !slices.ContainsFunc(c.Rows, func(r contractRow) bool { return r.Contract == a.Contract && r.Retire }) {
			return false
		}
	}
	return true
}

// texts checks that an edition that came with an act is what the act says of it.
func (p *payload) texts(a *act) error {
	if len(a.Texts) == 0 {
		return nil
	}
	for i := range p.Openings {
		o := &p.Openings[i]
		if o.commitment() != a.Texts[0] {
			continue
		}
		var m struct {
			Name    string
			Version int64
		}
		if err := json.Unmarshal(o.Bytes, &m); err != nil {
			return err
		}
		hash := hexHash([]byte("licet/contract/1\x00" + string(o.Bytes)))
		return needThat(hash == a.Hash && m.Name == a.Contract && m.Version == a.Version, "the manifest of %s version %d has hash %s; the act says otherwise", m.Name, m.Version, hash)
	}
	return fmt.Errorf("the manifest %s did not travel with the act", a.Texts[0])
}
