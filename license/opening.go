package license

import (
	"crypto/sha256"
	"unicode/utf8"

	"licet/phrase"
	"licet/strict"
)

// OpeningBytesMax is the size that an opening's bytes do not pass; a larger order
// stays with the board and is named by its hash.
const OpeningBytesMax = 64 << 10

// SaltBytes is the length of an opening's salt.
const SaltBytes = 32

// An Opening is the content behind a commitment. It travels beside the acts and
// is kept outside the log and the map, so that it can be removed.
type Opening struct {
	Kind  string `json:"kind"`
	Salt  []byte `json:"salt"`
	Bytes []byte `json:"bytes"`
}

// Commit returns the opening's commitment:
// SHA-256("licet/opening/1" ‖ 0 ‖ kind ‖ 0 ‖ salt ‖ bytes), and of a text of a contract,
// which has no salt, SHA-256(bytes).
func (o *Opening) Commit() Hash {
	if o.Kind == OpeningContract && len(o.Salt) == 0 {
		return HashOf(o.Bytes)
	}
	h := sha256.New()
	h.Write([]byte("licet/opening/1\x00"))
	h.Write([]byte(o.Kind))
	h.Write([]byte{0})
	h.Write(o.Salt)
	h.Write(o.Bytes)
	return Hash(h.Sum(nil))
}

// Kinds of openings. Name, order and settlement hold JSON in the one writing; the others
// plain text.
const (
	OpeningName   = "name"  // Name
	OpeningOrder  = "order" // OrderDocument
	OpeningStreet = "street"
	OpeningCity   = "city"
	OpeningState  = "state"
	OpeningZip    = "zip"
	OpeningNPI    = "npi"
	OpeningFact   = "fact" // what a fact says besides its code
	// OpeningSettlement is a SettlementDocument. Where a board does not say who may see
	// it, that is who may see names.
	OpeningSettlement = "settlement"
)

// OpeningKinds are all kinds.
var OpeningKinds = []string{OpeningName, OpeningOrder, OpeningStreet, OpeningCity, OpeningState, OpeningZip, OpeningNPI, OpeningFact, OpeningSettlement}

// A Name is what a person or organization is called.
type Name struct {
	Family string `json:"family"`
	Given  string `json:"given"`
	Middle string `json:"middle"`
	Suffix string `json:"suffix"`
	Legal  string `json:"legal"` // organizations: legal name
	DBA    string `json:"dba"`   // organizations: doing business as
}

// String writes the name in reading order.
func (n Name) String() string {
	if n.Legal != "" {
		if n.DBA != "" && n.DBA != n.Legal {
			return n.Legal + " (doing business as " + n.DBA + ")"
		}
		return n.Legal
	}
	s := n.Given
	for _, p := range []string{n.Middle, n.Family, n.Suffix} {
		if p != "" && s != "" {
			s += " "
		}
		s += p
	}
	return s
}

// ParseName reads the bytes of a name opening.
func ParseName(b []byte) (n Name, err error) {
	err = strict.Decode(b, &n, OpeningBytesMax)
	return n, err
}

// An OrderDocument is a board's order in the shape of FSMB's board orders: who
// ordered, what, on which grounds (NPDB basis codes). Report says what it is to
// an earlier report, in NPDB's words.
type OrderDocument struct {
	Entity    string        `json:"entity"`    // disciplinary entity
	Report    string        `json:"report"`    // initial, revision-to-action, correction, void
	Issued    Day           `json:"issued"`    // day of the order
	Effective Day           `json:"effective"` // day from which it holds
	Appeal    Day           `json:"appeal"`    // last day of appeal
	Actions   []OrderAction `json:"actions"`
	Bases     []string      `json:"bases"` // NPDB basis for action codes, such as "A6"
	Text      string        `json:"text"`  // the order's words
	File      Hash          `json:"file"`  // SHA-256 of a larger document that stays with the board
}

// An OrderAction is one thing that an order does.
type OrderAction struct {
	Code        string `json:"code"` // ActionCodes
	Prejudicial bool   `json:"prejudicial"`
	Indefinite  bool   `json:"indefinite"`
	TermYears   int64  `json:"term_years"`
	TermMonths  int64  `json:"term_months"`
	TermDays    int64  `json:"term_days"`
	Stayed      bool   `json:"stayed"`
	Terms       string `json:"terms"` // conditions, in words
}

// ActionCodes are the kinds of action, the most severe first: the first that an
// order holds names its status.
var ActionCodes = []string{
	"revocation", "denial", "summary-suspension", "suspension", "surrender", "probation", "supervision",
	"practice-modification", "education", "monitoring", "fine", "reprimand", "censure", "other",
}

// ParseOrderDocument reads the bytes of an order opening.
func ParseOrderDocument(b []byte) (d OrderDocument, err error) {
	err = strict.Decode(b, &d, OpeningBytesMax)
	return d, err
}

// Main returns the most severe action code of the order, or "".
func (d *OrderDocument) Main() string {
	for _, c := range ActionCodes {
		for _, a := range d.Actions {
			if a.Code == c {
				return c
			}
		}
	}
	return ""
}

// A SettlementDocument says whose rows stand under a number. It covers the surnames that
// it names and no others.
type SettlementDocument struct {
	Holder []string `json:"holder"` // surnames of the license's holder, in every spelling
	Others []string `json:"others"` // surnames of other people, whose rows are not the license's
	Reason string   `json:"reason"`
}

// ParseSettlementDocument reads the bytes of a settlement opening.
func ParseSettlementDocument(b []byte) (d SettlementDocument, err error) {
	err = strict.Decode(b, &d, OpeningBytesMax)
	return d, err
}

// CheckText accepts the bytes of a plain opening: UTF-8 without control characters
// other than line feed and tab.
func CheckText(b []byte) error {
	if !utf8.Valid(b) {
		return phrase.Errorf("the text is not UTF-8")
	}
	for _, c := range b {
		if c < 0x20 && c != '\n' && c != '\t' || c == 0x7f {
			return phrase.Errorf("the text holds control character 0x%02x", c)
		}
	}
	return nil
}
