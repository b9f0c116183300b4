package contract

import (
	"licet/license"
)

// Language is the edition of the language that contracts are written in.
const Language = "lex/1"

// Limits of a contract's parts.
const (
	ManifestBytesMax   = 64 << 10
	ParametersBytesMax = 64 << 10
	ScenarioBytesMax   = 64 << 10
	ScenariosMax       = 64
	wordsMax           = 1_000 // bytes of plain words
	citationMax        = 200
)

// A Manifest is what boards sign of a contract, besides the texts whose hashes it names.
type Manifest struct {
	V          int64        `json:"v,required"` // 1
	Name       string       `json:"name,required"`
	Version    int64        `json:"version,required"`
	Title      string       `json:"title,required"`
	Language   string       `json:"language,required"`
	Amendments *Share       `json:"amendments"` // none: a change of parameters binds a board when it signs it
	Roles      []Role       `json:"roles,required"`
	Openings   []string     `json:"openings"` // kinds that the contract reads
	Hooks      []Hook       `json:"hooks,required"`
	Functions  []Function   `json:"functions,required"` // in the order of the source
	Codes      []Code       `json:"codes"`              // what refusals and notices say, in order of their codes
	Source     license.Hash `json:"source,required"`    // SHA-256 of its bytes
	Parameters license.Hash `json:"parameters"`         // likewise, of Parameters in the one writing; none: no parameters
	Scenarios  []Scenario   `json:"scenarios"`          // in order of their names
}

// A Share of the boards that adopted a contract: at least Of in Among of them.
type Share struct {
	Of    int64 `json:"of,required"`
	Among int64 `json:"among,required"`
}

// A Role is what a board is to the contract, with the professions whose licenses it
// brings along.
type Role struct {
	Role        string   `json:"role,required"`
	Words       string   `json:"words,required"`
	Professions []string `json:"professions,required"` // physician; of every board in the role
}

// A Hook says which function answers what.
type Hook struct {
	Kind     string   `json:"kind,required"`
	Answers  []string `json:"answers,required"`
	Function string   `json:"function,required"`
	Fault    string   `json:"fault"`    // of kind before: what becomes of the act when the hook faults
	ForEach  bool     `json:"for_each"` // it is called for each linked license, and touches that one alone
}

// Kinds of hooks.
const (
	Before  = "before" // an act is decided
	On      = "on"     // an entry was written
	OnDay   = "day"    // a day came that a record names
	OnTimer = "timer"  // a day came for which the contract set a timer
)

// What becomes of an act when a hook before it faults.
const (
	FailOpen   = "open"   // the act is recorded
	FailClosed = "closed" // the act is refused
)

// Days that hooks of kind day answer: the first day of something, or the first after it.
var Days = []string{"term-begins", "term-ends", "grace-ends", "order-begins", "order-ends", "lifecycle-begins", "fact-begins", "fact-ends"}

// A Function says where a function of the source comes from.
type Function struct {
	Name        string `json:"name,required"`
	Citation    string `json:"citation"` // absent: it only helps others
	Words       string `json:"words,required"`
	Unconfirmed bool   `json:"unconfirmed"` // nobody has compared it with the text of the law
}

// A Code is a reason that a refusal or a notice names.
type Code struct {
	Code  string `json:"code,required"`
	Words string `json:"words,required"`
}

// A Scenario is a text that says what the contract is to do.
type Scenario struct {
	Name string       `json:"name,required"`
	Hash license.Hash `json:"hash,required"`
}

// Function returns what the manifest says of a function, or nil.
func (m *Manifest) Function(name string) *Function {
	for i := range m.Functions {
		if m.Functions[i].Name == name {
			return &m.Functions[i]
		}
	}
	return nil
}

// CodeWords returns what a code says, or "".
func (m *Manifest) CodeWords(code string) string {
	for _, c := range m.Codes {
		if c.Code == code {
			return c.Words
		}
	}
	return ""
}
