package license

import (
	"bytes"
	"reflect"
	"slices"

	"licet/phrase"
	"licet/strict"
)

// ActBytesMax is the size that no act passes.
const ActBytesMax = 12 << 10

// An Act is one decision as its officers sign it: JSON in the one writing, whose
// first member "do" is the verb. Acts name the count of the facet that they
// change as their signers saw it; a count of zero is absent.
type Act interface {
	// Verb returns the act's verb, such as "license.renew".
	Verb() string
	// Target returns kind and id of the record that the act changes.
	Target() (kind, id string)
	// Opens returns the commitments whose openings must travel with the act.
	Opens() []OpeningRef
	// decide says what the act does to the records, or why it is refused.
	decide(v View) (*Effect, *Refusal)
}

// An OpeningRef is a commitment with the kind of what it commits to.
type OpeningRef struct {
	Kind       string `json:"kind"`
	Commitment Hash   `json:"commitment"`
}

// LicenseIssue grants a license. The licensee id is random and new.
type LicenseIssue struct {
	Do       string       `json:"do"`
	License  string       `json:"license,required"`
	Licensee string       `json:"licensee,required"`
	Subject  string       `json:"subject,required"`
	Route    string       `json:"route"`
	Issued   Day          `json:"issued,required"` // original issue
	From     Day          `json:"from,required"`   // first day of the first term
	Through  Day          `json:"through"`
	Grace    Day          `json:"grace"`
	Openings []OpeningRef `json:"openings"`
}

// LicenseRenew adds a term.
type LicenseRenew struct {
	Do      string `json:"do"`
	License string `json:"license,required"`
	Count   int64  `json:"count"` // of the term facet
	From    Day    `json:"from,required"`
	Through Day    `json:"through"`
	Grace   Day    `json:"grace"`
}

// LicenseAmend changes names, addresses and the route.
type LicenseAmend struct {
	Do       string       `json:"do"`
	License  string       `json:"license,required"`
	Count    int64        `json:"count"` // of the identity facet
	From     Day          `json:"from,required"`
	Route    string       `json:"route"`
	Openings []OpeningRef `json:"openings"`
}

// LicenseSurrender ends the registration from a day on.
type LicenseSurrender struct {
	Do      string `json:"do"`
	License string `json:"license,required"`
	Count   int64  `json:"count"` // of the term facet
	From    Day    `json:"from,required"`
}

// LicenseInactivate puts the registration to rest from a day on.
type LicenseInactivate struct {
	Do      string `json:"do"`
	License string `json:"license,required"`
	Count   int64  `json:"count"` // of the term facet
	From    Day    `json:"from,required"`
}

// LicenseReactivate makes the registration active again from a day on. It brings no
// term; a renewal does.
type LicenseReactivate struct {
	Do      string `json:"do"`
	License string `json:"license,required"`
	Count   int64  `json:"count"` // of the term facet
	From    Day    `json:"from,required"`
}

// LicenseDecease ends the registration of a person who died.
type LicenseDecease struct {
	Do      string `json:"do"`
	License string `json:"license,required"`
	Count   int64  `json:"count"`         // of the term facet
	From    Day    `json:"from,required"` // day of death
}

// LicenseExtend moves the last day of a term, or its last day of grace, later.
type LicenseExtend struct {
	Do      string `json:"do"`
	License string `json:"license,required"`
	Count   int64  `json:"count"`         // of the term facet
	Term    Day    `json:"term,required"` // first day of the term
	Through Day    `json:"through,required"`
	Grace   Day    `json:"grace"`
}

// LicenseDiscipline puts an order on a license, or revises one that is open.
type LicenseDiscipline struct {
	Do         string `json:"do"`
	License    string `json:"license,required"`
	Order      string `json:"order,required"` // random; new, or of an open order
	Count      int64  `json:"count"`          // of the order's row; absent for a new one
	Commitment Hash   `json:"commitment,required"`
	Authority  string `json:"authority,required"`
	From       Day    `json:"from,required"` // first day
	Through    Day    `json:"through"`       // last day; absent: indefinite
}

// LicenseStay stays an order from a day on.
type LicenseStay struct {
	Do      string `json:"do"`
	License string `json:"license,required"`
	Order   string `json:"order,required"`
	Count   int64  `json:"count,required"`
	From    Day    `json:"from,required"`
}

// LicenseUnstay ends a stay: from this day the order holds again.
type LicenseUnstay struct {
	Do      string `json:"do"`
	License string `json:"license,required"`
	Order   string `json:"order,required"`
	Count   int64  `json:"count,required"`
	From    Day    `json:"from,required"`
}

// LicenseLift ends an order: from this day it holds no longer.
type LicenseLift struct {
	Do      string `json:"do"`
	License string `json:"license,required"`
	Order   string `json:"order,required"`
	Count   int64  `json:"count,required"`
	From    Day    `json:"from,required"`
}

// LicenseVoid takes back entries that should never have been: their changes count
// no longer, and both stay in the log.
type LicenseVoid struct {
	Do      string `json:"do"`
	License string `json:"license,required"`
	Count   int64  `json:"count"` // of the repairs facet
	Entries []Hash `json:"entries,required"`
}

// LicenseCorrect replaces what an entry changed.
type LicenseCorrect struct {
	Do      string   `json:"do"`
	License string   `json:"license,required"`
	Count   int64    `json:"count"` // of the repairs facet
	Entry   Hash     `json:"entry,required"`
	Changes []Change `json:"changes,required"`
}

// LicenseSeal removes an order's row and opening (20 ILCS 2105/2105-207).
type LicenseSeal struct {
	Do      string `json:"do"`
	License string `json:"license,required"`
	Order   string `json:"order,required"`
	Count   int64  `json:"count,required"`
}

// LicenseeLink says that two licenses have one holder; each board signs its own.
type LicenseeLink struct {
	Do        string `json:"do"`
	License   string `json:"license,required"` // the signing board's
	Count     int64  `json:"count"`            // of the links facet
	Other     string `json:"other,required"`
	Effective Day    `json:"effective,required"`
}

// LicenseeUnlink takes the signing board's word back.
type LicenseeUnlink struct {
	Do        string `json:"do"`
	License   string `json:"license,required"`
	Count     int64  `json:"count"`
	Other     string `json:"other,required"`
	Effective Day    `json:"effective,required"`
}

// FactRecord records a dated fact of a coded kind.
type FactRecord struct {
	Do         string `json:"do"`
	Fact       string `json:"fact,required"` // board/ and 32 random hexadecimal digits
	About      string `json:"about,required"`
	Code       string `json:"code,required"`
	Day        Day    `json:"day,required"`
	Through    Day    `json:"through"`
	Number     int64  `json:"number"`
	Party      string `json:"party"`
	Commitment Hash   `json:"commitment"`
}

// FactAmend replaces a fact's particulars.
type FactAmend struct {
	Do         string `json:"do"`
	Fact       string `json:"fact,required"`
	Count      int64  `json:"count,required"`
	Day        Day    `json:"day,required"`
	Through    Day    `json:"through"`
	Number     int64  `json:"number"`
	Party      string `json:"party"`
	Commitment Hash   `json:"commitment"`
}

// FactEnd ends a fact from a day on.
type FactEnd struct {
	Do    string `json:"do"`
	Fact  string `json:"fact,required"`
	Count int64  `json:"count,required"`
	Day   Day    `json:"day,required"`
}

// NetworkFound is the first act of the founding payload, and of no other. The
// genesis of the engine holds the payload; all members and boards sign it.
type NetworkFound struct {
	Do     string  `json:"do"`
	Name   string  `json:"name,required"`  // the origin without the genesis hash
	Chain  string  `json:"chain,required"` // the engine's chain id
	Time   Instant `json:"time,required"`  // the engine's genesis time
	Rules  int64   `json:"rules,required"`
	Offset int64   `json:"offset"` // test networks: seconds that legal time is ahead
}

// BoardCreate brings a board into the network. A quorum of members and the board's
// root sign; of a board of source import, its importing member's root is the root.
type BoardCreate struct {
	Do           string     `json:"do"`
	Board        string     `json:"board,required"`
	Name         string     `json:"name,required"`
	Member       string     `json:"member,required"`
	Jurisdiction string     `json:"jurisdiction,required"`
	Root         string     `json:"root,required"`
	Source       string     `json:"source"`
	Audiences    []Audience `json:"audiences"`
	SealedShown  string     `json:"sealed_shown"`
}

// BoardAmend changes what a board says of itself.
type BoardAmend struct {
	Do          string     `json:"do"`
	Board       string     `json:"board,required"`
	Count       int64      `json:"count,required"`
	Name        string     `json:"name,required"`
	Audiences   []Audience `json:"audiences"`
	SealedShown string     `json:"sealed_shown"`
}

// BoardSucceed replaces a board's root key; the old and the new root sign. It names
// both keys: else whoever holds a succession could add a signature by a key of their
// own and pass that off as the old root.
type BoardSucceed struct {
	Do    string `json:"do"`
	Board string `json:"board,required"`
	Count int64  `json:"count,required"`
	Old   string `json:"old,required"`
	Root  string `json:"root,required"`
}

// BoardClaim ends source import: the board that files were copied of joins, with a root
// key of its own. A quorum of members and the new root sign; the importing member,
// whose key the old root is, need not.
type BoardClaim struct {
	Do     string `json:"do"`
	Board  string `json:"board,required"`
	Count  int64  `json:"count,required"`
	Old    string `json:"old,required"`
	Root   string `json:"root,required"`
	Member string `json:"member,required"` // the member that it belongs to from now on
	Name   string `json:"name"`            // absent: as it was
}

// BoardCalendar sets a board's table of UTC offsets.
type BoardCalendar struct {
	Do    string      `json:"do"`
	Board string      `json:"board,required"`
	Count int64       `json:"count"`
	Rows  []OffsetRow `json:"rows,required"`
}

// BoardProfession sets one of a board's professions.
type BoardProfession struct {
	Do         string    `json:"do"`
	Profession string    `json:"profession,required"` // us-il.physician
	Count      int64     `json:"count"`
	Title      string    `json:"title,required"`
	Pattern    string    `json:"pattern,required"`
	Labels     []Label   `json:"labels"`
	Coverage   *Coverage `json:"coverage"`
}

// OfficerAppoint makes somebody an officer of a board.
type OfficerAppoint struct {
	Do      string   `json:"do"`
	Officer string   `json:"officer,required"`
	Title   string   `json:"title"`
	Key     string   `json:"key,required"`
	Roles   []string `json:"roles,required"`
}

// OfficerAmend changes an officer's title, key or roles.
type OfficerAmend struct {
	Do      string   `json:"do"`
	Officer string   `json:"officer,required"`
	Count   int64    `json:"count,required"`
	Title   string   `json:"title"`
	Key     string   `json:"key,required"`
	Roles   []string `json:"roles,required"`
}

// OfficerSuspend stops an officer's signature from counting, for the time being.
type OfficerSuspend struct {
	Do      string `json:"do"`
	Officer string `json:"officer,required"`
	Count   int64  `json:"count,required"`
}

// OfficerResume ends a suspension of an officer.
type OfficerResume struct {
	Do      string `json:"do"`
	Officer string `json:"officer,required"`
	Count   int64  `json:"count,required"`
}

// OfficerEnd ends an appointment for good.
type OfficerEnd struct {
	Do      string `json:"do"`
	Officer string `json:"officer,required"`
	Count   int64  `json:"count,required"`
}

// PolicySet sets whose signatures a board's acts need.
type PolicySet struct {
	Do    string `json:"do"`
	Board string `json:"board,required"`
	Count int64  `json:"count"`
	Rules []Rule `json:"rules,required"`
}

// MemberSetAct changes the agencies of the network by one step.
type MemberSetAct struct {
	Do      string   `json:"do"`
	Set     int64    `json:"set,required"` // the number that the new set gets
	Members []Member `json:"members,required"`
}

// ImportAssert copies one row of a file: what the file says of a license.
type ImportAssert struct {
	Do       string       `json:"do"`
	License  string       `json:"license,required"`
	Count    int64        `json:"count"`    // of the imports facet
	Previous Hash         `json:"previous"` // the entry that says now what this row said before
	File     Hash         `json:"file,required"`
	Row      int64        `json:"row,required"`
	Day      Day          `json:"day,required"`
	Licensee string       `json:"licensee"` // for a license that is new to the network
	Subject  string       `json:"subject"`  // likewise
	Issued   Day          `json:"issued"`   // likewise; absent: the file does not tell
	Changes  []Change     `json:"changes"`
	Openings []OpeningRef `json:"openings"` // hold from the changes' first day, or Day
	From     Day          `json:"from"`     // day from which the openings hold
}

// ImportUndo takes back what rows of one file said of a license, or claimed by one NPI:
// they count no longer, and the corrected file may be copied.
type ImportUndo struct {
	Do      string `json:"do"`
	License string `json:"license"`
	Claim   string `json:"claim"` // in the place of a license
	Count   int64  `json:"count"` // of the license's repairs facet; of the claims
	File    Hash   `json:"file,required"`
	Entries []Hash `json:"entries,required"`
}

// ImportSettle records whose rows stand under a number that files have under several
// surnames. The opening says it (SettlementDocument); importers go by it.
type ImportSettle struct {
	Do         string `json:"do"`
	License    string `json:"license,required"` // which the registry need not hold yet
	Count      int64  `json:"count"`
	Commitment Hash   `json:"commitment,required"`
}

// ImportWithdraw takes back what was decided so.
type ImportWithdraw struct {
	Do      string `json:"do"`
	License string `json:"license,required"`
	Count   int64  `json:"count,required"`
}

// ImportClaim copies what a row claims of the licenses of the holder of one NPI. It
// decides nothing, and touches no license.
type ImportClaim struct {
	Do     string  `json:"do"`
	Claim  string  `json:"claim,required"` // board.NPI
	Count  int64   `json:"count"`
	File   Hash    `json:"file,required"`
	Row    int64   `json:"row,required"`
	Day    Day     `json:"day,required"`
	Claims []Claim `json:"claims"` // in the row's order; none: the row claims nothing any more
}

// ClockAdvance moves legal time ahead, on networks whose name starts with "test/".
type ClockAdvance struct {
	Do      string `json:"do"`
	Old     int64  `json:"old"` // the offset as it is, in seconds
	Seconds int64  `json:"seconds,required"`
}

// RulesAdopt says from which height on the network's next rules decide. A quorum of
// members signs; it stands alone in its payload.
type RulesAdopt struct {
	Do     string `json:"do"`
	Count  int64  `json:"count,required"` // of the network's record
	Rules  int64  `json:"rules,required"`
	Height int64  `json:"height,required"` // the first block under them
}

func (a *LicenseIssue) Verb() string      { return "license.issue" }
func (a *LicenseRenew) Verb() string      { return "license.renew" }
func (a *LicenseAmend) Verb() string      { return "license.amend" }
func (a *LicenseSurrender) Verb() string  { return "license.surrender" }
func (a *LicenseInactivate) Verb() string { return "license.inactivate" }
func (a *LicenseReactivate) Verb() string { return "license.reactivate" }
func (a *LicenseDecease) Verb() string    { return "license.decease" }
func (a *LicenseExtend) Verb() string     { return "license.extend" }
func (a *LicenseDiscipline) Verb() string { return "license.discipline" }
func (a *LicenseStay) Verb() string       { return "license.stay" }
func (a *LicenseUnstay) Verb() string     { return "license.unstay" }
func (a *LicenseLift) Verb() string       { return "license.lift" }
func (a *LicenseVoid) Verb() string       { return "license.void" }
func (a *LicenseCorrect) Verb() string    { return "license.correct" }
func (a *LicenseSeal) Verb() string       { return "license.seal" }
func (a *LicenseeLink) Verb() string      { return "licensee.link" }
func (a *LicenseeUnlink) Verb() string    { return "licensee.unlink" }
func (a *FactRecord) Verb() string        { return "fact.record" }
func (a *FactAmend) Verb() string         { return "fact.amend" }
func (a *FactEnd) Verb() string           { return "fact.end" }
func (a *NetworkFound) Verb() string      { return "network.found" }
func (a *BoardCreate) Verb() string       { return "board.create" }
func (a *BoardAmend) Verb() string        { return "board.amend" }
func (a *BoardSucceed) Verb() string      { return "board.succeed" }
func (a *BoardClaim) Verb() string        { return "board.claim" }
func (a *BoardCalendar) Verb() string     { return "board.calendar" }
func (a *BoardProfession) Verb() string   { return "board.profession" }
func (a *OfficerAppoint) Verb() string    { return "officer.appoint" }
func (a *OfficerAmend) Verb() string      { return "officer.amend" }
func (a *OfficerSuspend) Verb() string    { return "officer.suspend" }
func (a *OfficerResume) Verb() string     { return "officer.resume" }
func (a *OfficerEnd) Verb() string        { return "officer.end" }
func (a *PolicySet) Verb() string         { return "policy.set" }
func (a *MemberSetAct) Verb() string      { return "member.set" }
func (a *ImportAssert) Verb() string      { return "import.assert" }
func (a *ImportUndo) Verb() string        { return "import.undo" }
func (a *ImportSettle) Verb() string      { return "import.settle" }
func (a *ImportWithdraw) Verb() string    { return "import.withdraw" }
func (a *ImportClaim) Verb() string       { return "import.claim" }
func (a *ClockAdvance) Verb() string      { return "clock.advance" }
func (a *RulesAdopt) Verb() string        { return "rules.adopt" }

// Target of each act.
func (a *LicenseIssue) Target() (string, string)      { return KindLicense, a.License }
func (a *LicenseRenew) Target() (string, string)      { return KindLicense, a.License }
func (a *LicenseAmend) Target() (string, string)      { return KindLicense, a.License }
func (a *LicenseSurrender) Target() (string, string)  { return KindLicense, a.License }
func (a *LicenseInactivate) Target() (string, string) { return KindLicense, a.License }
func (a *LicenseReactivate) Target() (string, string) { return KindLicense, a.License }
func (a *LicenseDecease) Target() (string, string)    { return KindLicense, a.License }
func (a *LicenseExtend) Target() (string, string)     { return KindLicense, a.License }
func (a *LicenseDiscipline) Target() (string, string) { return KindLicense, a.License }
func (a *LicenseStay) Target() (string, string)       { return KindLicense, a.License }
func (a *LicenseUnstay) Target() (string, string)     { return KindLicense, a.License }
func (a *LicenseLift) Target() (string, string)       { return KindLicense, a.License }
func (a *LicenseVoid) Target() (string, string)       { return KindLicense, a.License }
func (a *LicenseCorrect) Target() (string, string)    { return KindLicense, a.License }
func (a *LicenseSeal) Target() (string, string)       { return KindLicense, a.License }
func (a *LicenseeLink) Target() (string, string)      { return KindLicense, a.License }
func (a *LicenseeUnlink) Target() (string, string)    { return KindLicense, a.License }
func (a *FactRecord) Target() (string, string)        { return KindFact, a.Fact }
func (a *FactAmend) Target() (string, string)         { return KindFact, a.Fact }
func (a *FactEnd) Target() (string, string)           { return KindFact, a.Fact }
func (a *NetworkFound) Target() (string, string)      { return KindNetwork, "network" }
func (a *BoardCreate) Target() (string, string)       { return KindBoard, a.Board }
func (a *BoardAmend) Target() (string, string)        { return KindBoard, a.Board }
func (a *BoardSucceed) Target() (string, string)      { return KindBoard, a.Board }
func (a *BoardClaim) Target() (string, string)        { return KindBoard, a.Board }
func (a *BoardCalendar) Target() (string, string)     { return KindCalendar, a.Board }
func (a *BoardProfession) Target() (string, string)   { return KindProfession, a.Profession }
func (a *OfficerAppoint) Target() (string, string)    { return KindOfficer, a.Officer }
func (a *OfficerAmend) Target() (string, string)      { return KindOfficer, a.Officer }
func (a *OfficerSuspend) Target() (string, string)    { return KindOfficer, a.Officer }
func (a *OfficerResume) Target() (string, string)     { return KindOfficer, a.Officer }
func (a *OfficerEnd) Target() (string, string)        { return KindOfficer, a.Officer }
func (a *PolicySet) Target() (string, string)         { return KindPolicy, a.Board }
func (a *MemberSetAct) Target() (string, string)      { return KindMembers, "set" }
func (a *ImportAssert) Target() (string, string)      { return KindLicense, a.License }
func (a *ImportUndo) Target() (string, string) {
	if a.Claim != "" {
		return KindClaim, a.Claim
	}
	return KindLicense, a.License
}
func (a *ImportSettle) Target() (string, string)   { return KindSettlement, a.License }
func (a *ImportWithdraw) Target() (string, string) { return KindSettlement, a.License }
func (a *ImportClaim) Target() (string, string)    { return KindClaim, a.Claim }
func (a *ClockAdvance) Target() (string, string)   { return KindNetwork, "network" }
func (a *RulesAdopt) Target() (string, string)     { return KindNetwork, "network" }

func (a *LicenseIssue) Opens() []OpeningRef { return a.Openings }
func (a *LicenseAmend) Opens() []OpeningRef { return a.Openings }
func (a *LicenseDiscipline) Opens() []OpeningRef {
	return []OpeningRef{{OpeningOrder, a.Commitment}}
}

// Opens names the holder's openings and the documents of the orders that the row
// puts on the license.
func (a *ImportAssert) Opens() []OpeningRef {
	return append(slices.Clip(a.Openings), changeOpens(a.Changes)...)
}

func (a *LicenseCorrect) Opens() []OpeningRef { return changeOpens(a.Changes) }

func changeOpens(cs []Change) (o []OpeningRef) {
	for _, c := range cs {
		switch c.Do {
		case DoOrder:
			o = append(o, OpeningRef{OpeningOrder, c.Commitment})
		case DoOpen:
			o = append(o, OpeningRef{c.Kind, c.Commitment})
		}
	}
	return o
}

func factOpens(h Hash) []OpeningRef {
	if h == (Hash{}) {
		return nil
	}
	return []OpeningRef{{OpeningFact, h}}
}
func (a *FactRecord) Opens() []OpeningRef { return factOpens(a.Commitment) }
func (a *FactAmend) Opens() []OpeningRef  { return factOpens(a.Commitment) }

func (a *ImportSettle) Opens() []OpeningRef {
	return []OpeningRef{{OpeningSettlement, a.Commitment}}
}

func (*LicenseRenew) Opens() []OpeningRef      { return nil }
func (*LicenseSurrender) Opens() []OpeningRef  { return nil }
func (*LicenseInactivate) Opens() []OpeningRef { return nil }
func (*LicenseReactivate) Opens() []OpeningRef { return nil }
func (*LicenseDecease) Opens() []OpeningRef    { return nil }
func (*LicenseExtend) Opens() []OpeningRef     { return nil }
func (*LicenseStay) Opens() []OpeningRef       { return nil }
func (*LicenseUnstay) Opens() []OpeningRef     { return nil }
func (*LicenseLift) Opens() []OpeningRef       { return nil }
func (*LicenseVoid) Opens() []OpeningRef       { return nil }
func (*LicenseSeal) Opens() []OpeningRef       { return nil }
func (*LicenseeLink) Opens() []OpeningRef      { return nil }
func (*LicenseeUnlink) Opens() []OpeningRef    { return nil }
func (*FactEnd) Opens() []OpeningRef           { return nil }
func (*NetworkFound) Opens() []OpeningRef      { return nil }
func (*BoardCreate) Opens() []OpeningRef       { return nil }
func (*BoardAmend) Opens() []OpeningRef        { return nil }
func (*BoardSucceed) Opens() []OpeningRef      { return nil }
func (*BoardClaim) Opens() []OpeningRef        { return nil }
func (*BoardCalendar) Opens() []OpeningRef     { return nil }
func (*BoardProfession) Opens() []OpeningRef   { return nil }
func (*OfficerAppoint) Opens() []OpeningRef    { return nil }
func (*OfficerAmend) Opens() []OpeningRef      { return nil }
func (*OfficerSuspend) Opens() []OpeningRef    { return nil }
func (*OfficerResume) Opens() []OpeningRef     { return nil }
func (*OfficerEnd) Opens() []OpeningRef        { return nil }
func (*PolicySet) Opens() []OpeningRef         { return nil }
func (*MemberSetAct) Opens() []OpeningRef      { return nil }
func (*ImportUndo) Opens() []OpeningRef        { return nil }
func (*ImportWithdraw) Opens() []OpeningRef    { return nil }
func (*ImportClaim) Opens() []OpeningRef       { return nil }
func (*ClockAdvance) Opens() []OpeningRef      { return nil }
func (*RulesAdopt) Opens() []OpeningRef        { return nil }

// acts are one of each verb. The list is the whole of what anybody can decide.
var acts = []Act{
	(*LicenseIssue)(nil),
	(*LicenseRenew)(nil),
	(*LicenseAmend)(nil),
	(*LicenseSurrender)(nil),
	(*LicenseInactivate)(nil),
	(*LicenseReactivate)(nil),
	(*LicenseDecease)(nil),
	(*LicenseExtend)(nil),
	(*LicenseDiscipline)(nil),
	(*LicenseStay)(nil),
	(*LicenseUnstay)(nil),
	(*LicenseLift)(nil),
	(*LicenseVoid)(nil),
	(*LicenseCorrect)(nil),
	(*LicenseSeal)(nil),
	(*LicenseeLink)(nil),
	(*LicenseeUnlink)(nil),
	(*FactRecord)(nil),
	(*FactAmend)(nil),
	(*FactEnd)(nil),
	(*NetworkFound)(nil),
	(*BoardCreate)(nil),
	(*BoardAmend)(nil),
	(*BoardSucceed)(nil),
	(*BoardClaim)(nil),
	(*BoardCalendar)(nil),
	(*BoardProfession)(nil),
	(*OfficerAppoint)(nil),
	(*OfficerAmend)(nil),
	(*OfficerSuspend)(nil),
	(*OfficerResume)(nil),
	(*OfficerRecover)(nil),
	(*OfficerEnd)(nil),
	(*PolicySet)(nil),
	(*MemberSetAct)(nil),
	(*ImportAssert)(nil),
	(*ImportUndo)(nil),
	(*ImportSettle)(nil),
	(*ImportWithdraw)(nil),
	(*ImportClaim)(nil),
	(*ClockAdvance)(nil),
	(*RulesAdopt)(nil),
	(*PrivilegeIssue)(nil),
	(*PrivilegeRenew)(nil),
	(*PrivilegeEnd)(nil),
	(*PrivilegeDiscipline)(nil),
	(*PrivilegeLift)(nil),
	(*ContractAdopt)(nil),
	(*ContractJoin)(nil),
	(*ContractSupersede)(nil),
	(*ContractAmendParams)(nil),
	(*ContractRetire)(nil),
	(*ContractRetry)(nil),
	(*ContractLeave)(nil),
}

// newAct makes an empty act of a verb, or nil.
func newAct(verb string) Act {
	for _, a := range acts {
		if a.Verb() == verb {
			return reflect.New(reflect.TypeOf(a).Elem()).Interface().(Act)
		}
	}
	return nil
}

// ParseAct reads an act. It accepts one writing only.
func ParseAct(b []byte) (Act, error) {
	verb, ok := verbOf(b)
	if !ok {
		return nil, phrase.Errorf(`an act starts with {"do":"…": the first member is its verb`)
	}
	a := newAct(verb)
	if a == nil {
		return nil, phrase.Errorf("%q is no act of this network", verb)
	}
	if err := strict.Decode(b, a, ActBytesMax); err != nil {
		return nil, phrase.Wrap(err, "%s", verb)
	}
	return a, nil
}

func verbOf(b []byte) (string, bool) {
	rest, ok := bytes.CutPrefix(b, []byte(`{"do":"`))
	if !ok {
		return "", false
	}
	i := bytes.IndexByte(rest, '"')
	if i <= 0 || i > 40 {
		return "", false
	}
	return string(rest[:i]), true
}

// EncodeAct writes an act, its verb first.
func EncodeAct(a Act) []byte {
	reflect.ValueOf(a).Elem().FieldByName("Do").SetString(a.Verb())
	return strict.Encode(a)
}

// Verbs returns every verb in order.
func Verbs() []string {
	return verbs
}

var verbs = sortedVerbs()

func sortedVerbs() []string {
	var v []string
	for _, a := range acts {
		v = append(v, a.Verb())
	}
	slices.Sort(v)
	return v
}
