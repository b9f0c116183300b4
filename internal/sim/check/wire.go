package check

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"

	"licet/strict"
)

// The formats, as the specifications write them. Hashes and days are texts here.

type transaction struct {
	Header     strict.Raw   `json:"header,required"`
	Acts       []strict.Raw `json:"acts,required"`
	Openings   []opening    `json:"openings"`
	Signatures []signature  `json:"signatures"`
}

type header struct {
	V        int64  `json:"v,required"`
	Origin   string `json:"origin,required"`
	SignedAt string `json:"signed_at,required"`
	NotAfter string `json:"not_after,required"`
	All      bool   `json:"all"`
	Acts     int64  `json:"acts,required"`
	Root     string `json:"root,required"`
}

type signature struct {
	By                string `json:"by"`
	Key               string `json:"key"`
	Sig               []byte `json:"sig"`
	AuthenticatorData []byte `json:"authenticator_data"`
	ClientData        []byte `json:"client_data"`
}

type opening struct {
	Kind  string `json:"kind"`
	Salt  []byte `json:"salt"`
	Bytes []byte `json:"bytes"`
}

func (o *opening) commitment() string {
	if o.Kind == "contract" && len(o.Salt) == 0 { // a text of a contract hides nothing
		return hexHash(o.Bytes)
	}
	return hexHash([]byte("licet/opening/1\x00" + o.Kind + "\x00" + string(o.Salt) + string(o.Bytes)))
}

// An Entry is one leaf of the log.
type Entry struct {
	V         int64       `json:"v"`
	Index     int64       `json:"index"`
	Block     int64       `json:"block"`
	Time      string      `json:"time"`
	End       *blockEnd   `json:"end"`
	Kind      string      `json:"kind"`
	ID        string      `json:"id"`
	Prev      string      `json:"prev"`
	Act       string      `json:"act"`
	Cause     *cause      `json:"cause"`
	Effective string      `json:"effective"`
	Replaces  string      `json:"replaces"`
	Voids     []string    `json:"voids"`
	Changes   []change    `json:"changes"`
	Import    *provenance `json:"import"`
	Body      strict.Raw  `json:"body"`
	Result    string      `json:"result"`
	Also      []write     `json:"also"`

	hash string
}

type blockEnd struct {
	Map   string `json:"map"`
	Set   int64  `json:"set"`
	Rules int64  `json:"rules"`
}

type cause struct {
	Header     string `json:"header"`
	Signatures string `json:"signatures"`
	Act        int64  `json:"act"`

	Contract  string `json:"contract"`
	Version   int64  `json:"version"`
	Amendment int64  `json:"amendment"`
	Hash      string `json:"hash"`
	Function  string `json:"function"`
	Line      int64  `json:"line"`
	Citation  string `json:"citation"`
	Trigger   string `json:"trigger"`
	Day       string `json:"day"`
}

type provenance struct {
	File     string `json:"file"`
	Row      int64  `json:"row"`
	Day      string `json:"day"`
	Importer string `json:"importer"`
}

type write struct {
	Kind  string     `json:"kind"`
	ID    string     `json:"id"`
	Value strict.Raw `json:"value"`
}

type change struct {
	Do         string `json:"do"`
	Licensee   string `json:"licensee"`
	Subject    string `json:"subject"`
	Source     string `json:"source"`
	Route      string `json:"route"`
	Status     string `json:"status"`
	Kind       string `json:"kind"`
	Order      string `json:"order"`
	Authority  string `json:"authority"`
	Commitment string `json:"commitment"`
	Other      string `json:"other"`
	From       string `json:"from"`
	Through    string `json:"through"`
	Grace      string `json:"grace"`
	Action     string `json:"action"`
	Contract   string `json:"contract"`
}

// A record of the map.
type (
	license struct {
		Licensee   string         `json:"licensee"`
		Subject    string         `json:"subject"`
		Source     string         `json:"source"`
		Copied     string         `json:"copied"`
		Decided    bool           `json:"decided"`
		Route      string         `json:"route"`
		Issued     string         `json:"issued"`
		Terms      []term         `json:"terms"`
		Lifecycles []lifecycle    `json:"lifecycles"`
		Orders     []order        `json:"orders"`
		Openings   []datedOpening `json:"openings"`
		Counts     counts         `json:"counts"`
		Rests      []rest         `json:"rests"`
		Last       string         `json:"last"`
	}
	rest struct {
		License string `json:"license"`
		From    string `json:"from"`
	}
	term struct {
		From    string `json:"from"`
		Through string `json:"through"`
		Grace   string `json:"grace"`
	}
	lifecycle struct {
		Status string `json:"status"`
		From   string `json:"from"`
	}
	order struct {
		ID         string `json:"id"`
		Commitment string `json:"commitment"`
		Authority  string `json:"authority"`
		Start      string `json:"start"`
		End        string `json:"end"`
		Stays      []stay `json:"stays"`
		Count      int64  `json:"count"`
		Action     string `json:"action"`
		Contract   string `json:"contract"`
	}
	stay struct {
		From    string `json:"from"`
		Through string `json:"through"`
	}
	datedOpening struct {
		Kind       string `json:"kind"`
		Commitment string `json:"commitment"`
		From       string `json:"from"`
	}
	counts struct {
		Identity int64 `json:"identity"`
		Term     int64 `json:"term"`
		Links    int64 `json:"links"`
		Imports  int64 `json:"imports"`
		Repairs  int64 `json:"repairs"`
		Pending  int64 `json:"pending"`
	}
	licensee struct {
		License string `json:"license"`
	}
	link struct {
		Boards    []string `json:"boards"`
		Effective string   `json:"effective"`
		Ended     string   `json:"ended"`
	}
	board struct {
		Name         string     `json:"name"`
		Member       string     `json:"member"`
		Jurisdiction string     `json:"jurisdiction"`
		Root         string     `json:"root"`
		Source       string     `json:"source"`
		Audiences    []audience `json:"audiences"`
		SealedShown  string     `json:"sealed_shown"`
		Days         *dayCalls  `json:"days"`
		Count        int64      `json:"count"`
		Last         string     `json:"last"`
	}
	dayCalls struct {
		Day   string `json:"day"`
		After string `json:"after"`
	}
	audience struct {
		Kind string `json:"kind"`
		Who  string `json:"who"`
	}
	profession struct {
		Title    string    `json:"title"`
		Pattern  string    `json:"pattern"`
		Labels   []label   `json:"labels"`
		Coverage *coverage `json:"coverage"`
		Count    int64     `json:"count"`
		Last     string    `json:"last"`
	}
	label struct {
		Code string `json:"code"`
		Text string `json:"text"`
	}
	coverage struct {
		IssuedFrom string `json:"issued_from"`
		CompleteAs string `json:"complete_as"`
		Except     string `json:"except"`
	}
	calendar struct {
		Rows  []offsetRow `json:"rows"`
		Count int64       `json:"count"`
		Last  string      `json:"last"`
	}
	offsetRow struct {
		From     string    `json:"from"`
		Minutes  int64     `json:"minutes"`
		Daylight *daylight `json:"daylight"`
	}
	daylight struct {
		Minutes int64 `json:"minutes"`
		Begin   turn  `json:"begin"`
		End     turn  `json:"end"`
	}
	turn struct {
		Month  int64 `json:"month"`
		Sunday int64 `json:"sunday"`
		At     int64 `json:"at"`
	}
	officer struct {
		Title  string    `json:"title"`
		Key    string    `json:"key"`
		Roles  []string  `json:"roles"`
		Status string    `json:"status"`
		Next   *recovery `json:"next"`
		Count  int64     `json:"count"`
		Last   string    `json:"last"`
	}
	recovery struct {
		From  string   `json:"from"`
		Title string   `json:"title"`
		Key   string   `json:"key"`
		Roles []string `json:"roles"`
	}
	policy struct {
		Rules []rule `json:"rules"`
		Count int64  `json:"count"`
		Last  string `json:"last"`
	}
	rule struct {
		Acts    []string   `json:"acts"`
		From    []string   `json:"from"`
		Signers int64      `json:"signers"`
		Roles   []roleNeed `json:"roles"`
	}
	roleNeed struct {
		Role  string `json:"role"`
		Count int64  `json:"count"`
	}
	fact struct {
		About      string `json:"about"`
		Code       string `json:"code"`
		Day        string `json:"day"`
		Through    string `json:"through"`
		Number     int64  `json:"number"`
		Party      string `json:"party"`
		Commitment string `json:"commitment"`
		Ended      string `json:"ended"`
		Count      int64  `json:"count"`
		Last       string `json:"last"`
	}
	settlement struct {
		Commitment string `json:"commitment"`
		Count      int64  `json:"count"`
		Last       string `json:"last"`
	}
	claims struct {
		Import *provenance `json:"import"`
		Claims []claim     `json:"claims"`
		Count  int64       `json:"count"`
		Last   string      `json:"last"`
	}
	claim struct {
		State    string `json:"state"`
		Number   string `json:"number"`
		Taxonomy string `json:"taxonomy"`
		Primary  bool   `json:"primary"`
	}
	contracts struct {
		Rows  []contractRow `json:"rows"`
		Count int64         `json:"count"`
		Last  string        `json:"last"`
	}
	contractRow struct {
		Contract  string `json:"contract"`
		Version   int64  `json:"version"`
		Amendment int64  `json:"amendment"`
		Hash      string `json:"hash"`
		Role      string `json:"role"`
		Retire    bool   `json:"retire"`
	}
	contract struct {
		Editions []edition `json:"editions"`
		Retired  bool      `json:"retired"`
	}
	edition struct {
		Version   int64    `json:"version"`
		Amendment int64    `json:"amendment"`
		Hash      string   `json:"hash"`
		Manifest  string   `json:"manifest"`
		Of        int64    `json:"of"`
		Among     int64    `json:"among"`
		Boards    []string `json:"boards"`
		Signed    []string `json:"signed"`
	}
	timer struct {
		Day string `json:"day"`
	}
	call struct {
		Contract string `json:"contract"`
		Board    string `json:"board"`
		Kind     string `json:"kind"`
		Name     string `json:"name"`
		Function string `json:"function"`
		License  string `json:"license"`
		Each     string `json:"each"`
		Trigger  string `json:"trigger"`
		Index    int64  `json:"index"`
		Today    string `json:"today"`
		Day      string `json:"day"`
		Depth    int64  `json:"depth"`
		Held     bool   `json:"held"`
		Asked    bool   `json:"asked"`
	}
	notice struct {
		License  string `json:"license"`
		Contract string `json:"contract"`
		Version  int64  `json:"version"`
		Code     string `json:"code"`
		Citation string `json:"citation"`
		Day      string `json:"day"`
		Last     string `json:"last"`
	}
	fault struct {
		Faults    int64  `json:"faults"`
		Suspended bool   `json:"suspended"`
		Hash      string `json:"hash"`
		Code      string `json:"code"`
		Trigger   string `json:"trigger"`
		Call      string `json:"call"`
		Last      string `json:"last"`
	}
	openingRecord struct {
		Kind   string `json:"kind"`
		Who    string `json:"who"`
		Sealed bool   `json:"sealed"`
	}
	network struct {
		Name   string     `json:"name"`
		Rules  int64      `json:"rules"`
		Next   *nextRules `json:"next"`
		Offset int64      `json:"offset"`
		Count  int64      `json:"count"`
		Last   string     `json:"last"`
	}
	nextRules struct {
		Rules  int64 `json:"rules"`
		Height int64 `json:"height"`
	}
	memberSet struct {
		Set     int64    `json:"set"`
		Members []member `json:"members"`
		Last    string   `json:"last"`
	}
	member struct {
		ID        string   `json:"id"`
		Name      string   `json:"name"`
		Weight    int64    `json:"weight"`
		Cosign    string   `json:"cosign"`
		Log       string   `json:"log"`
		Validator string   `json:"validator"`
		Root      string   `json:"root"`
		URL       string   `json:"url"`
		RPID      string   `json:"rp_id"`
		Origins   []string `json:"origins"`
		Synced    bool     `json:"synced"`
	}
)

// An act holds the members of every verb. Which of them a verb has, the registry's
// own decoder checks; here only what they say counts, so encoding/json reads them.
type act struct {
	Do      string
	License string

	Licensee, Subject, Route, Issued, From, Term, Through, Grace string
	Count                                                        int64
	Openings                                                     []struct{ Kind, Commitment string }

	Order, Commitment, Authority string
	Entries                      []string
	Entry                        string
	Changes                      []change
	Other, Effective             string

	Fact, About, Code, Day, Party string
	Number                        int64

	Name, Chain, Time string
	Rules             json.RawMessage
	Offset            int64

	Board, Member, Jurisdiction, Root, Source string
	Audiences                                 []audience
	SealedShown                               string `json:"sealed_shown"`
	Rows                                      []offsetRow
	Profession, Title, Pattern                string
	Labels                                    []label
	Coverage                                  *coverage
	Officer, Key                              string
	Roles                                     []string

	Set     int64
	Members []member

	Previous, File string
	Row            int64
	Claim          string
	Claims         []claim
	Old            json.RawMessage // clock.advance: an offset; board.succeed, board.claim: a key
	Seconds        int64
	Height         int64

	Rests                         string
	Contract, Hash, Role, Call    string
	Version, Amendment, Of, Among int64
	Texts                         []string
}

func readAct(b []byte) (a act, err error) {
	if err = strict.Valid(b); err == nil {
		err = json.Unmarshal(b, &a)
	}
	return a, err
}

// target is kind and id of the record that the act is about.
func (a *act) target() (kind, id string) {
	group, verb, _ := strings.Cut(a.Do, ".")
	if verb == "settle" || verb == "withdraw" {
		return "settlement", a.License
	}
	switch group {
	case "license", "licensee", "privilege", "import":
		if a.Claim != "" {
			return "claim", a.Claim
		}
		return "license", a.License
	case "contract":
		return "contracts", a.Board
	case "fact":
		return "fact", a.Fact
	case "officer":
		return "officer", a.Officer
	case "policy":
		return "policy", a.Board
	case "member":
		return "members", "set"
	case "network", "clock", "rules":
		return "network", "network"
	}
	switch verb {
	case "calendar":
		return "calendar", a.Board
	case "profession":
		return "profession", a.Profession
	}
	return "board", a.Board
}

// boardOf is the board that a record belongs to; records of the network have none.
func boardOf(kind, id string) string {
	switch kind {
	case "license", "profession", "settlement", "claim":
		b, _, _ := strings.Cut(id, ".")
		return b
	case "officer", "fact", "notice":
		b, _, _ := strings.Cut(id, "/")
		return b
	case "fault":
		_, b, _ := strings.Cut(id, "/")
		return b
	case "board", "calendar", "policy", "contracts":
		return id
	}
	return ""
}

func hexHash(b []byte) string {
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:])
}
