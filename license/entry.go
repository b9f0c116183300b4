package license

import "licet/strict"

// EntryBytesMax is the size that no entry passes.
const EntryBytesMax = 16 << 10

// An Entry is one leaf of the log: a change of one record, or the end of a block.
// Its hash is the RFC 6962 leaf hash of its bytes.
type Entry struct {
	V     int64   `json:"v"`     // 1
	Index int64   `json:"index"` // position in the log
	Block int64   `json:"block"` // height
	Time  Instant `json:"time"`  // recorded: legal time of the block

	End *BlockEnd `json:"end"` // the end of a block; then nothing below

	Kind      string      `json:"kind"`
	ID        string      `json:"id"`
	Prev      Hash        `json:"prev"` // the record's previous entry
	Act       string      `json:"act"`  // verb
	Cause     *Cause      `json:"cause"`
	Effective Day         `json:"effective"` // legal effective day
	Replaces  Hash        `json:"replaces"`  // the entry whose changes these take the place of
	Voids     []Hash      `json:"voids"`     // entries whose changes count no longer
	Changes   []Change    `json:"changes"`   // licenses: the changed facets
	Import    *Provenance `json:"import"`    // where copied facts come from
	Body      strict.Raw  `json:"body"`      // other kinds: the record's new body, whole
	Result    Hash        `json:"result"`    // SHA-256 of the record's new body
	Also      []Write     `json:"also"`      // every other map write of this entry
}

// A BlockEnd closes a block that changed something.
type BlockEnd struct {
	Map   Hash  `json:"map"`   // map root after the block
	Set   int64 `json:"set"`   // number of the member set that decides the next height
	Rules int64 `json:"rules"` // rules under which the next block runs
}

// A Cause says why there is the entry. Of a signed act it names the header's SHA-256, the
// SHA-256 of the signatures as they were counted, and the act's number in the payload.
// Of a contract's effect it names the rule instead, and what made it run.
type Cause struct {
	Header     Hash  `json:"header"`
	Signatures Hash  `json:"signatures"`
	Act        int64 `json:"act"`

	Contract  string `json:"contract"`
	Version   int64  `json:"version"`
	Amendment int64  `json:"amendment"`
	Hash      Hash   `json:"hash"` // of the edition that ran
	Function  string `json:"function"`
	Line      int64  `json:"line"` // of the source, from 1
	Citation  string `json:"citation"`
	Trigger   Hash   `json:"trigger"` // the entry that made it run; of days and timers the newest about the license
	Day       Day    `json:"day"`     // of days and timers: the day that came
}

// Signed says whether the entry records a signed act.
func (e *Entry) Signed() bool { return e.Cause != nil && e.Cause.Contract == "" }

// ByContract returns the name of the contract whose effect the entry is, or "".
func (e *Entry) ByContract() string {
	if e.Cause == nil {
		return ""
	}
	return e.Cause.Contract
}

// A Provenance says which row of which file a fact was copied from, and by whom.
type Provenance struct {
	File     Hash   `json:"file"` // SHA-256 of the file's bytes
	Row      int64  `json:"row"`  // data row, counted from 1
	Day      Day    `json:"day"`  // the day that the file is of
	Importer string `json:"importer"`
}

// A Write is a map write besides the entry's own record. The value is whole.
type Write struct {
	Kind  string     `json:"kind"`
	ID    string     `json:"id"`
	Value strict.Raw `json:"value"` // absent: the key is removed
}

// AlsoKinds are the kinds of records that entries write beside their own. They
// have no history; every other kind has entries of its own.
var AlsoKinds = []string{KindOpening, KindLicensee, KindLink, KindContract, KindTimer, KindCall}

// A Change is one changed facet of a license. Do says which; the other members
// are those that it needs.
type Change struct {
	Do         string `json:"do"`
	Licensee   string `json:"licensee"`   // issue
	Subject    string `json:"subject"`    // issue
	Source     string `json:"source"`     // issue
	Route      string `json:"route"`      // issue, route
	Status     string `json:"status"`     // lifecycle
	Kind       string `json:"kind"`       // open
	Order      string `json:"order"`      // order, stay, unstay, lift, seal
	Authority  string `json:"authority"`  // order
	Commitment Hash   `json:"commitment"` // open, order
	Other      string `json:"other"`      // link, unlink: the other license; issue, rest: on which a privilege rests
	From       Day    `json:"from"`       // issue: original issue; extend: first day of the term; else the first day on which it holds
	Through    Day    `json:"through"`    // term, extend, order: last day
	Grace      Day    `json:"grace"`      // term, extend
	Action     string `json:"action"`     // order of a contract: a code of ActionCodes
	Contract   string `json:"contract"`   // likewise: its name
}

// What a Change does.
const (
	DoIssue     = "issue"     // the license comes to be
	DoTerm      = "term"      // one more term
	DoExtend    = "extend"    // the last day of the term that begins on From is later
	DoLifecycle = "lifecycle" // a registration status from a day on
	DoRoute     = "route"     // how it was obtained
	DoOpen      = "open"      // a name, a city, … from a day on
	DoOrder     = "order"     // an order row comes to be, or is revised
	DoStay      = "stay"      // the order is stayed from a day on
	DoUnstay    = "unstay"    // the stay ended the day before From
	DoLift      = "lift"      // the order ended the day before From
	DoSeal      = "seal"      // the order's row and opening are gone
	DoLink      = "link"
	DoUnlink    = "unlink"
	DoRest      = "rest" // a privilege rests on another license from a day on
	DoWait      = "wait" // a contract's call about the license waits
	DoRan       = "ran"  // it ran, or never will
)

// ValueWithLast adds the member "last", which is always the last one, to a
// record's body: this is the value that stands in the map.
func ValueWithLast(body []byte, h Hash) []byte {
	const member = `"last":"`
	v := make([]byte, 0, len(body)+len(member)+67)
	v = append(v, body[:len(body)-1]...)
	if len(body) > 2 {
		v = append(v, ',')
	}
	v = append(v, member...)
	v, _ = h.AppendText(v)
	return append(v, '"', '}')
}
