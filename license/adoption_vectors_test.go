package license

import (
	"fmt"
	"reflect"
	"slices"
	"testing"

	"licet/strict"
)

// An adoptionVector is an act about contracts on records, and the code of its refusal, or
// what it writes.
type adoptionVector struct {
	Name    string        `json:"name"`
	Now     Instant       `json:"now"`
	Records []shelfRecord `json:"records"`
	Act     string        `json:"act"`
	Expect  string        `json:"expect"`
	Writes  []shelfRecord `json:"writes"`
}

// A shelfRecord is a record of the map; without a value: none.
type shelfRecord struct {
	Kind  string `json:"kind"`
	ID    string `json:"id"`
	Value string `json:"value"`
}

// A shelf is the records on which an act is decided.
type shelf struct{ records []shelfRecord }

func (s *shelf) at(kind, id string) int {
	return slices.IndexFunc(s.records, func(r shelfRecord) bool { return r.Kind == kind && r.ID == id })
}

func (s *shelf) put(kind, id string, r any) {
	s.drop(kind, id)
	s.records = append(s.records, shelfRecord{kind, id, string(strict.Encode(r))})
}

func (s *shelf) drop(kind, id string) {
	s.records = slices.DeleteFunc(s.records, func(r shelfRecord) bool { return r.Kind == kind && r.ID == id })
}

func (s *shelf) Get(kind, id string, r any) bool {
	i := s.at(kind, id)
	return i >= 0 && strict.Decode([]byte(s.records[i].Value), r, 1<<20) == nil
}
func (*shelf) Entries(string, string) []Recorded { return nil }
func (*shelf) NotAfter(Hash) Instant             { return "" }
func (*shelf) Height() int64                     { return 7 }
func (*shelf) Now() Instant                      { return "2026-02-03T12:00:00Z" }

// A bend makes an act that could be recorded one that is refused.
type bend struct {
	code  string
	do    func(s *shelf, a Act)
	texts bool // that of the texts: two such are no pair
}

func set(member string, value any) func(*shelf, Act) {
	return func(_ *shelf, a Act) { reflect.ValueOf(a).Elem().FieldByName(member).Set(reflect.ValueOf(value)) }
}

func theContracts(do func(c *Contracts)) func(*shelf, Act) {
	return func(s *shelf, _ Act) {
		var c Contracts
		s.Get(KindContracts, "us-il", &c)
		do(&c)
		s.put(KindContracts, "us-il", &c)
	}
}

func theContract(do func(k *Contract)) func(*shelf, Act) {
	return func(s *shelf, _ Act) {
		var k Contract
		if s.Get(KindContract, "ce", &k) {
			do(&k)
			s.put(KindContract, "ce", &k)
		}
	}
}

// mineOf is the board's row of the contract.
func mineOf(c *Contracts) *ContractRow {
	for i := range c.Rows {
		if c.Rows[i].Contract == "ce" {
			return &c.Rows[i]
		}
	}
	return new(ContractRow)
}

func text(n int) Hash { return HashOf(fmt.Appendf(nil, "text %d", n)) }

func manyTexts() (hs []Hash) {
	for n := range 68 {
		hs = append(hs, text(n))
	}
	return hs
}

// common are the refusals that every act about a contract begins with.
var common = []bend{
	{code: "unknown-board", do: func(s *shelf, _ Act) { s.drop(KindBoard, "us-il") }},
	{code: "contract-name", do: set("Contract", "C E")},
	{code: "stale", do: set("Count", int64(9))},
}

// mine are those of acts on a contract that the board has.
var mine = []bend{
	{code: "not-adopted", do: theContracts(func(c *Contracts) {
		c.Rows = slices.DeleteFunc(c.Rows, func(r ContractRow) bool { return r.Contract == "ce" })
	})},
	{code: "stale", do: set("Previous", text(99))},
}

var (
	usedText = bend{texts: true, code: "opening-used", do: func(s *shelf, _ Act) { s.put(KindOpening, text(2).String(), &OpeningRecord{Kind: OpeningContract}) }}
	retired  = bend{code: "retired", do: theContract(func(k *Contract) { k.Retired = true })}
	fullRows = bend{code: "too-much", do: theContracts(func(c *Contracts) {
		for n := len(c.Rows); n < 32; n++ {
			c.Rows = append(c.Rows, ContractRow{Contract: fmt.Sprintf("other-%d", n), Version: 1, Hash: text(n), Role: "board"})
		}
	})}
	fullEditions = bend{code: "too-much", do: theContract(func(k *Contract) {
		for n := len(k.Editions); n < 24; n++ {
			k.Editions = append(k.Editions, Edition{Version: 1, Amendment: 1, Hash: text(100 + n), Manifest: text(200 + n)})
		}
	})}
)

// An adoptionCase is an act that can be recorded, with its refusals in their order.
type adoptionCase struct {
	act   func() Act
	world func(s *shelf) // what differs from Illinois and Iowa, who have version 1
	bends []bend
}

// first, amended and second are hashes of editions that the record has.
var first, amended, second = text(11), text(12), text(13)

func boardsHave(s *shelf, row *ContractRow) {
	s.put(KindBoard, "us-il", &Board{Name: "Illinois", Member: "idfpr", Jurisdiction: "us-il", Root: "ed25519:x", Count: 1})
	c := Contracts{Count: 3}
	if row != nil {
		c.Rows = append(c.Rows, *row)
	}
	s.put(KindContracts, "us-il", &c)
	s.put(KindContract, "ce", &Contract{Editions: []Edition{
		{Version: 1, Hash: first, Manifest: first, Of: 2, Among: 3, Boards: []string{"us-ia", "us-il", "us-mn"}},
		{Version: 1, Amendment: 1, Hash: amended, Manifest: amended, Of: 2, Among: 3, Signed: []string{"us-ia"}},
		{Version: 2, Hash: second, Manifest: second, Boards: []string{"us-wi"}},
	}})
}

func adoptionCases() []adoptionCase {
	texts := []Hash{text(1), text(2)}
	version := func(n int64) func(*shelf, Act) { return set("Version", n) }
	return []adoptionCase{
		{
			func() Act {
				return &ContractAdopt{Board: "us-il", Contract: "ce", Count: 3, Version: 1, Hash: text(1), Role: "board", Of: 2, Among: 3, Texts: texts}
			},
			func(s *shelf) { boardsHave(s, nil); s.drop(KindContract, "ce") },
			slices.Concat([]bend{usedText}, common, []bend{
				{code: "contract-exists", do: func(s *shelf, _ Act) { s.put(KindContract, "ce", &Contract{}) }},
				{code: "edition", do: version(-1)},
				{code: "share", do: set("Of", int64(1))},
				{texts: true, code: "too-much", do: set("Texts", manyTexts())},
				fullRows,
			}),
		},
		{
			func() Act {
				return &ContractJoin{Board: "us-il", Contract: "ce", Count: 3, Version: 1, Hash: first, Role: "board"}
			},
			func(s *shelf) { boardsHave(s, nil) },
			slices.Concat(common, []bend{
				{code: "unknown-contract", do: func(s *shelf, _ Act) { s.drop(KindContract, "ce") }},
				{code: "adopted", do: theContracts(func(c *Contracts) {
					c.Rows = append(c.Rows, ContractRow{Contract: "ce", Version: 1, Hash: first, Role: "board"})
				})},
				retired,
				{code: "unknown-edition", do: set("Hash", text(99))},
				{code: "edition", do: version(2)},
				{code: "edition", do: theContract(func(k *Contract) { k.Editions[0].Boards = nil })},
				fullRows,
			}),
		},
		{
			func() Act {
				return &ContractSupersede{Board: "us-il", Contract: "ce", Count: 3, Version: 3, Hash: text(1), Previous: first, Role: "board", Of: 2, Among: 3, Texts: texts}
			},
			nil,
			slices.Concat([]bend{usedText}, common, mine, []bend{
				retired,
				{texts: true, code: "unknown-edition", do: set("Texts", []Hash(nil))},
				{code: "edition", do: version(4)},
				{code: "share", do: set("Of", int64(1))},
				{texts: true, code: "too-much", do: set("Texts", manyTexts())},
				fullEditions,
			}),
		},
		{
			func() Act {
				return &ContractSupersede{Board: "us-il", Contract: "ce", Count: 3, Version: 2, Hash: second, Previous: first, Role: "board"}
			},
			nil,
			slices.Concat(common, mine, []bend{
				retired,
				{code: "edition", do: set("Texts", texts)},
				{code: "edition", do: theContract(func(k *Contract) { k.Editions[2].Boards = nil })},
				{code: "edition", do: set("Of", int64(2))},
				{code: "edition", do: theContracts(func(c *Contracts) { mineOf(c).Version = 2 })},
			}),
		},
		{
			func() Act {
				return &ContractAmendParams{Board: "us-il", Contract: "ce", Count: 3, Version: 1, Amendment: 2, Hash: text(1), Previous: first, Texts: texts}
			},
			nil,
			slices.Concat([]bend{usedText}, common, mine, []bend{
				retired,
				{code: "edition", do: version(2)},
				{texts: true, code: "unknown-edition", do: set("Texts", []Hash(nil))},
				{code: "edition", do: set("Amendment", int64(3))},
				{texts: true, code: "too-much", do: set("Texts", manyTexts())},
				fullEditions,
			}),
		},
		{
			func() Act {
				return &ContractAmendParams{Board: "us-il", Contract: "ce", Count: 3, Version: 1, Amendment: 1, Hash: amended, Previous: first}
			},
			nil,
			slices.Concat(common, mine, []bend{
				retired,
				{code: "edition", do: set("Texts", texts)},
				{code: "edition", do: set("Amendment", int64(2))},
				{code: "edition", do: theContracts(func(c *Contracts) { mineOf(c).Amendment = 1 })},
			}),
		},
		{
			func() Act { return &ContractRetire{Board: "us-il", Contract: "ce", Count: 3, Previous: first} },
			nil,
			slices.Concat(common, mine, []bend{{code: "nothing", do: theContracts(func(c *Contracts) { mineOf(c).Retire = true })}}),
		},
		{
			func() Act { return &ContractLeave{Board: "us-il", Contract: "ce", Count: 3, Previous: first} },
			nil,
			slices.Concat(common, mine),
		},
		{
			func() Act {
				return &ContractRetry{Board: "us-il", Contract: "ce", Count: 3, Call: "held-0000000007.000001"}
			},
			func(s *shelf) {
				boardsHave(s, nil)
				s.put(KindCall, "held-0000000007.000001", &Call{
					Contract: "ce", Board: "us-il", Kind: "day", Name: "term-ends", Function: "f", License: "us-il.nurse.1", Today: "2026-02-01", Day: "2026-02-01", Held: true,
				})
			},
			slices.Concat(common, []bend{{code: "unknown-call", do: set("Call", "held-0000000007.000002")}}),
		},
	}
}

// TestAdoptionVectors pins what acts about contracts do, why they are refused, and of two
// reasons which one is told (docs/spec/adoption.md, section 3).
func TestAdoptionVectors(t *testing.T) {
	var lines []adoptionVector
	for n, c := range adoptionCases() {
		try := func(name, want string, bends ...bend) {
			a, s := c.act(), new(shelf)
			if boardsHave(s, &ContractRow{Contract: "ce", Version: 1, Hash: first, Role: "board"}); c.world != nil {
				s.records = nil
				c.world(s)
			}
			for _, b := range bends {
				b.do(s, a)
			}
			v := adoptionVector{Name: fmt.Sprintf("%s %d: %s", a.Verb(), n+1, name), Now: s.Now(), Expect: want, Act: string(EncodeAct(a))}
			v.Records = slices.Clone(s.records)
			e, r := Decide(a, s)
			switch {
			case r == nil && want == "ok":
				v.Writes = writesOf(e)
			case r == nil || r.Code != want:
				t.Errorf("%s: %v, want %s", v.Name, r, want)
			}
			same := func(o adoptionVector) bool { return o.Act == v.Act && slices.Equal(o.Records, v.Records) }
			if !slices.ContainsFunc(lines, same) { // one bend may take away what another bends
				lines = append(lines, v)
			}
		}
		try("good", "ok")
		for i, b := range c.bends {
			try(fmt.Sprintf("%s, %d", b.code, i+1), b.code, b)
			for j := i + 1; j < len(c.bends); j++ {
				long := c.bends[j].code == "too-much" && j > i+1 // one of each is enough
				if !long && (!b.texts || !c.bends[j].texts) {
					try(fmt.Sprintf("%s, %d, before %s, %d", b.code, i+1, c.bends[j].code, j+1), b.code, b, c.bends[j])
				}
			}
		}
	}
	checkVectors(t, "adoption.jsonl", lines)
}

// writesOf are the records that an effect writes, without "last".
func writesOf(e *Effect) []shelfRecord {
	out := []shelfRecord{{e.Kind, e.ID, string(strict.Encode(e.Record))}}
	for _, a := range e.Also {
		w := shelfRecord{a.Kind, a.ID, string(strict.Encode(a.Record))}
		if w.Value == "{}" {
			w.Value = ""
		}
		out = append(out, w)
	}
	return out
}
