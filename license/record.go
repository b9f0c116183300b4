package license

// The records of the map. Each is JSON in the one writing (docs/spec/json.md);
// the member order is the field order here. The member "last" always comes last:
// it names the newest entry about the record, and the record's *body* is the
// record without it (the entry carries the body's hash, so it cannot hold its own).

// A License is a board's permission, and the whole fold of its entries: every
// unvoided term, lifecycle and order. It holds no name, no address and no kind
// of discipline in clear, only commitments to openings. Kind "license".
type License struct {
	Licensee   string         `json:"licensee"`   // random id; holds nothing but links
	Subject    string         `json:"subject"`    // SubjectPerson or SubjectOrganization
	Source     string         `json:"source"`     // "" decided here; SourceImport copied from a file
	Copied     Day            `json:"copied"`     // of source import: day of the newest file that what stands was copied from
	Decided    bool           `json:"decided"`    // likewise: some of what stands was not copied but decided here
	Route      string         `json:"route"`      // how it was obtained: "examination", "endorsement", "imlc", …
	Issued     Day            `json:"issued"`     // original issue; of source import: absent where no file tells
	Terms      []Term         `json:"terms"`      // in the order in which they were recorded
	Lifecycles []Lifecycle    `json:"lifecycles"` // likewise
	Orders     []Order        `json:"orders"`     // likewise; sealed ones are not here
	Openings   []DatedOpening `json:"openings"`   // name, city, …: every one that ever held, dated
	Counts     Counts         `json:"counts"`
	Rests      []Rest         `json:"rests"` // of a privilege: on which license of another board, in the order in which that was recorded
	Last       Hash           `json:"last"`
}

// Subjects of a license.
const (
	SubjectPerson       = "person"
	SubjectOrganization = "organization"
)

// SourceImport marks what was copied from a file and not decided here.
const SourceImport = "import"

// A Term is a span of days for which the license was granted or renewed.
type Term struct {
	From    Day `json:"from"`    // first day
	Through Day `json:"through"` // last day; none: no end was set
	Grace   Day `json:"grace"`   // last day on which it counts as expired but not lapsed; none: no grace
}

// A Lifecycle is a registration status from a day on, until the next one.
type Lifecycle struct {
	Status string `json:"status"` // LifecycleActive, …
	From   Day    `json:"from"`
}

// Lifecycle statuses. "Reinstate" and "restore" mean opposite things in two Acts,
// so neither word is one.
const (
	LifecycleActive      = "active"
	LifecycleInactive    = "inactive"
	LifecycleSurrendered = "surrendered"
	LifecycleDeceased    = "deceased"
	LifecycleCanceled    = "canceled"
)

// An Order is what a board's order puts on the license. What the order says
// stands in an opening.
type Order struct {
	ID         string `json:"id"` // 16 random bytes as hexadecimal digits
	Commitment Hash   `json:"commitment"`
	Authority  string `json:"authority"` // what it does to authority to practice
	Start      Day    `json:"start"`
	End        Day    `json:"end"`      // last day; none: indefinite
	Stays      []Stay `json:"stays"`    // spans in which it is stayed
	Count      int64  `json:"count"`    // how often this row changed; each row counts itself
	Action     string `json:"action"`   // of a contract's order, which has no document: a code of ActionCodes
	Contract   string `json:"contract"` // likewise: its name
}

// A Stay is a span in which a court or the board holds an order back.
type Stay struct {
	From    Day `json:"from"`
	Through Day `json:"through"` // last day; none: still stayed
}

// Effects of an order on authority to practice.
const (
	AuthorityNone       = "none"       // reprimand, fine: practice untouched
	AuthorityConditions = "conditions" // probation, supervision, limits
	AuthorityBarred     = "barred"     // suspension, revocation
)

// A DatedOpening is a commitment that holds from a day on: a name, a city.
type DatedOpening struct {
	Kind       string `json:"kind"`
	Commitment Hash   `json:"commitment"`
	From       Day    `json:"from"`
}

// Counts are how often each facet changed. An act names the count of the facet
// that it changes, so that it applies once, and to what its signer saw.
type Counts struct {
	Identity int64 `json:"identity"` // openings, route
	Term     int64 `json:"term"`     // terms, lifecycles, and on which license a privilege rests
	Links    int64 `json:"links"`
	Imports  int64 `json:"imports"` // assertions from files
	Repairs  int64 `json:"repairs"` // acts that void or correct entries
	Pending  int64 `json:"pending"` // calls of contracts about the license that wait: what they do to it is not there yet
}

// A Licensee marks a licensee id as taken. Kind "licensee".
type Licensee struct {
	License string `json:"license"` // the license that was issued with it
}

// A Link says that two licenses have one holder. It counts when both boards have
// signed it. Kind "link".
type Link struct {
	Boards    []string `json:"boards"`    // boards that have signed, at most two
	Effective Day      `json:"effective"` // none until both have
	Ended     Day      `json:"ended"`
}

// HoldsOn says whether both boards' link counts on a day.
func (k *Link) HoldsOn(day Day) bool {
	return k.Effective != "" && k.Effective <= day && (k.Ended == "" || day < k.Ended)
}

// A Board is a licensing authority. Kind "board".
type Board struct {
	Name         string     `json:"name"`
	Member       string     `json:"member"`       // the member agency it belongs to
	Jurisdiction string     `json:"jurisdiction"` // us-il
	Root         string     `json:"root"`         // root key; informative: verifiers take it from the trust file
	Source       string     `json:"source"`       // SourceImport: its importing member keeps it, the board has not joined
	Audiences    []Audience `json:"audiences"`    // who may see which kind of opening; others: board
	SealedShown  string     `json:"sealed_shown"` // "" history shows one confidential entry; "hidden" none
	Days         *DayCalls  `json:"days"`         // calls of contracts that wait; none: no day's
	Count        int64      `json:"count"`
	Last         Hash       `json:"last"`
}

// An Audience says who may see a kind of opening.
type Audience struct {
	Kind string `json:"kind"`
	Who  string `json:"who"` // AudiencePublic or AudienceBoard
}

// Audiences of openings.
const (
	AudiencePublic = "public"
	AudienceBoard  = "board"
)

// AudienceOf returns who may see openings of the kind.
func (b *Board) AudienceOf(kind string) string {
	for _, a := range b.Audiences {
		if a.Kind == kind {
			return a.Who
		}
	}
	if kind == OpeningContract { // law, which is for everybody
		return AudiencePublic
	}
	if kind == OpeningSettlement { // it holds names
		return b.AudienceOf(OpeningName)
	}
	return AudienceBoard
}

// A Profession is one of a board's license types. Kind "profession".
type Profession struct {
	Title    string    `json:"title"`    // "Physician and surgeon"
	Pattern  string    `json:"pattern"`  // how its numbers are written, see number.go
	Labels   []Label   `json:"labels"`   // the board's words for standing codes
	Coverage *Coverage `json:"coverage"` // none: nothing can be said to be absent
	Count    int64     `json:"count"`
	Last     Hash      `json:"last"`
}

// A Label is a board's word for a code.
type Label struct {
	Code string `json:"code"`
	Text string `json:"text"`
}

// LabelOf returns the board's word for a code, or "".
func (p *Profession) LabelOf(code string) string {
	if p != nil {
		for _, l := range p.Labels {
			if l.Code == code {
				return l.Text
			}
		}
	}
	return ""
}

// Coverage is what a board declares complete.
type Coverage struct {
	IssuedFrom Day    `json:"issued_from"` // licenses issued from this day on are here
	CompleteAs Day    `json:"complete_as"` // as of this day; none: kept current
	Except     string `json:"except"`      // what is not public, in words
}

// An Officer is a person or service that signs for a board. Kind "officer".
type Officer struct {
	Title  string    `json:"title"`
	Key    string    `json:"key"` // ed25519:… or es256:…
	Roles  []string  `json:"roles"`
	Status string    `json:"status"` // "" active; OfficerSuspended, OfficerEnded
	Next   *Recovery `json:"next"`   // what the officer becomes after a waiting time; also when that is past
	Count  int64     `json:"count"`
	Last   Hash      `json:"last"`
}

// Statuses of an officer.
const (
	OfficerSuspended = "suspended"
	OfficerEnded     = "ended"
)

// A Policy says whose signatures a board's acts need. Kind "policy".
type Policy struct {
	Rules []Rule `json:"rules"`
	Count int64  `json:"count"`
	Last  Hash   `json:"last"`
}

// A Rule covers acts and names who must sign them. Signers count once each; an
// officer counts when one of the officer's roles is in From.
type Rule struct {
	Acts    []string   `json:"acts"`    // verbs; "license.*" covers a group
	From    []string   `json:"from"`    // roles whose holders may sign
	Signers int64      `json:"signers"` // how many distinct officers
	Roles   []RoleNeed `json:"roles"`   // of them, at least so many with these roles
}

// A RoleNeed asks for a number of signers with a role.
type RoleNeed struct {
	Role  string `json:"role"`
	Count int64  `json:"count"`
}

// A Fact is a dated fact of a coded kind that rules read; it changes no status
// by itself (a charge does not). Kind "fact".
type Fact struct {
	About      string `json:"about"` // license id
	Code       string `json:"code"`  // FactCodes
	Day        Day    `json:"day"`
	Through    Day    `json:"through"`
	Number     int64  `json:"number"` // hours of CE, cents of a bond, basis points of control
	Party      string `json:"party"`  // the other license, officer or company, by id
	Commitment Hash   `json:"commitment"`
	Ended      Day    `json:"ended"`
	Count      int64  `json:"count"`
	Last       Hash   `json:"last"`
}

// Kinds of facts that say what an organization is made of. Each names somebody or
// something: a party by id, or what an opening says. Several of one kind may hold at a
// time.
const (
	FactBranch      = "branch"             // premises; the party is the branch's license, where it has one
	FactParent      = "parent"             // the organization that it belongs to
	FactResponsible = "responsible_person" // who answers for it
	FactControl     = "control_person"     // who controls it; the number is the share in basis points
	FactDBA         = "dba"                // a name under which it does business
	FactAgent       = "registered_agent"   // who takes service for it
)

// ShareMax is the whole of an organization in basis points.
const ShareMax = 10_000

// OrganizationFacts are those kinds, as answers list them.
var OrganizationFacts = []string{FactDBA, FactParent, FactBranch, FactResponsible, FactControl, FactAgent}

// FactCodes are the kinds of facts.
var FactCodes = append([]string{"application", "notice", "report", "charge", "qualification", "role", "bond", "ce_hours"}, OrganizationFacts...)

// HoldsOn says whether the fact holds on a day.
func (f *Fact) HoldsOn(day Day) bool {
	return f.Day <= day && (f.Through == "" || day <= f.Through) && (f.Ended == "" || day < f.Ended)
}

// A Settlement is a board's decision whose rows stand under a number that files have
// under several surnames. Kind "settlement".
type Settlement struct {
	Commitment Hash  `json:"commitment"` // of a SettlementDocument; none: withdrawn
	Count      int64 `json:"count"`
	Last       Hash  `json:"last"`
}

// Claims are what the newest row about an NPI says of its holder's licenses. They are
// self-reported, and decide nothing. Kind "claim".
type Claims struct {
	Import *Provenance `json:"import"` // none: what was copied was taken back
	Claims []Claim     `json:"claims"` // in the row's order
	Count  int64       `json:"count"`
	Last   Hash        `json:"last"`
}

// A Claim is a license that somebody says to have.
type Claim struct {
	State    string `json:"state"`
	Number   string `json:"number,required"` // as claimed
	Taxonomy string `json:"taxonomy"`
	Primary  bool   `json:"primary"` // the taxonomy is the holder's main one
}

// An OpeningRecord says that a commitment is taken. Kind "opening".
type OpeningRecord struct {
	Kind   string `json:"kind"`
	Who    string `json:"who"`
	Sealed bool   `json:"sealed"`
}

// A Network holds what decides for all. Kind "network", id "network".
type Network struct {
	Name   string     `json:"name"`   // the origin's name, without the genesis hash
	Rules  int64      `json:"rules"`  // which edition of the state machine, until Next; see RulesAt
	Next   *NextRules `json:"next"`   // the newest that was adopted; also when its height is past
	Offset int64      `json:"offset"` // seconds that legal time is ahead of block time; test networks only
	Count  int64      `json:"count"`
	Last   Hash       `json:"last"`
}

// A MemberSet is the agencies that cosign and decide. Kind "members", id "set".
type MemberSet struct {
	Set     int64    `json:"set"` // number; each change adds one
	Members []Member `json:"members"`
	Last    Hash     `json:"last"`
}

// A Member is an agency. Without weight it is an observer.
type Member struct {
	ID        string   `json:"id"`
	Name      string   `json:"name"`
	Weight    int64    `json:"weight"`
	Cosign    string   `json:"cosign"`    // checkpoint key: c2sp vkey of type 0x04
	Log       string   `json:"log"`       // log key, ed25519:…; as c2sp vkey of type 0x01 its name is the origin
	Validator string   `json:"validator"` // engine key: base64 of 32 bytes ed25519
	Root      string   `json:"root"`      // signs for the member: ed25519:… or es256:…
	URL       string   `json:"url"`
	RPID      string   `json:"rp_id"`   // relying party of its officers' passkeys
	Origins   []string `json:"origins"` // web origins of its pages
	Synced    bool     `json:"synced"`  // whether synced passkeys are accepted
}

// MemberByID returns the member, or nil.
func (s *MemberSet) MemberByID(id string) *Member {
	for i := range s.Members {
		if s.Members[i].ID == id {
			return &s.Members[i]
		}
	}
	return nil
}

// Total returns the sum of weights.
func (s *MemberSet) Total() (t int64) {
	for _, m := range s.Members {
		t += m.Weight
	}
	return t
}
