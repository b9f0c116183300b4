package license

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// governed is a book with three members of equal weight, two boards with policy,
// and officers in every condition.
func governed(t testing.TB) *book {
	b := newBook(t)
	member := func(id string, weight int64) Member {
		return Member{ID: id, Weight: weight, Root: "ed25519:" + id, RPID: id + ".example", Origins: []string{"https://" + id + ".example"}, Synced: id == "m1"}
	}
	idfpr := member("idfpr", 0)
	idfpr.Root = "ed25519:member"
	b.must(&MemberSetAct{Set: 2, Members: []Member{member("m1", 1), member("m2", 1), member("m3", 1), idfpr}})
	for _, id := range []string{"us-il", "us-ia"} {
		b.must(&PolicySet{Board: id, Count: 1, Rules: []Rule{
			{Acts: []string{"license.discipline", "license.void"}, From: []string{"clerk", "director"}, Signers: 2, Roles: []RoleNeed{{"director", 1}}},
			{Acts: []string{"license.*", "licensee.*", "fact.*", "import.*", "officer.suspend", "policy.set"}, From: []string{"clerk", "director"}, Signers: 1},
			{Acts: []string{"license.seal"}, From: []string{"clerk"}, Signers: 9}, // never reached
		}})
		for name, roles := range map[string][]string{"guard": {"guard"}, "held": {"director"}, "gone": {"director"}, "second": {"clerk"}, "both": {"clerk", "director"}} {
			b.must(&OfficerAppoint{Officer: id + "/" + name, Key: "ed25519:" + name + " " + id, Roles: roles})
		}
		b.must(&OfficerSuspend{Officer: id + "/held", Count: 1}, &OfficerEnd{Officer: id + "/gone", Count: 1})
	}
	return b
}

func officer(id string) Signer {
	board, name, _ := cut(id)
	return Signer{"officer/" + id, "ed25519:" + name + " " + board}
}

func cut(id string) (string, string, bool) {
	for i := range id {
		if id[i] == '/' {
			return id[:i], id[i+1:], true
		}
	}
	return id, "", false
}

func boardRoot(id string) Signer { return Signer{"board/" + id, "ed25519:root " + id} }
func memberRoot(id string) Signer {
	return Signer{"member/" + id, map[bool]string{true: "ed25519:member", false: "ed25519:" + id}[id == "idfpr"]}
}

var (
	clerk, director = officer("us-il/clerk"), officer("us-il/director")
	root            = boardRoot("us-il")
)

// anyAct makes an act of each verb about the board us-il.
func anyAct(verb string) Act {
	const id = "us-il.nurse.041001"
	a := newAct(verb)
	act := reflect.ValueOf(a).Elem()
	if f := act.FieldByName("License"); f.IsValid() {
		f.SetString(id)
		if o := act.FieldByName("Other"); o.IsValid() {
			o.SetString("us-ia.nurse.T1")
		}
		return a
	}
	return anyOther(verb)
}

func anyOther(verb string) Act {
	switch a := newAct(verb).(type) {
	case *FactRecord:
		a.Fact = "us-il/00112233445566778899aabbccddeeff"
		return a
	case *FactAmend:
		a.Fact = "us-il/00112233445566778899aabbccddeeff"
		return a
	case *FactEnd:
		a.Fact = "us-il/00112233445566778899aabbccddeeff"
		return a
	case *ImportClaim:
		a.Claim = "us-il.1234567893"
		return a
	case *BoardAmend:
		a.Board = "us-il"
		return a
	case *BoardCalendar:
		a.Board = "us-il"
		return a
	case *BoardProfession:
		a.Profession = "us-il.nurse"
		return a
	case *OfficerAppoint:
		a.Officer = "us-il/new"
		return a
	case *OfficerAmend:
		a.Officer = "us-il/clerk"
		return a
	case *OfficerSuspend:
		a.Officer = "us-il/clerk"
		return a
	case *OfficerResume:
		a.Officer = "us-il/clerk"
		return a
	case *OfficerEnd:
		a.Officer = "us-il/clerk"
		return a
	case *OfficerRecover:
		a.Officer = "us-il/clerk"
		return a
	case *PolicySet:
		a.Board = "us-il"
		return a
	}
	a := newAct(verb)
	if strings.HasPrefix(verb, "contract.") {
		reflect.ValueOf(a).Elem().FieldByName("Board").SetString("us-il")
		return a
	}
	return nil
}

// apart are the verbs that have a rule of their own, and no policy.
var apart = []string{"network.found", "board.create", "board.claim", "board.succeed", "member.set", "clock.advance", "rules.adopt"}

func code(r *Refusal) string {
	if r == nil {
		return ""
	}
	return r.Code
}

func TestAuthorityOfEveryVerb(t *testing.T) {
	b := governed(t)
	two := []string{"license.discipline", "license.void"}
	one := []string{
		"license.issue", "license.renew", "license.amend", "license.surrender", "license.inactivate", "license.reactivate", "license.decease", "license.extend", "license.stay", "license.unstay", "license.lift", "license.correct",
		"license.seal", "licensee.link", "licensee.unlink", "fact.record", "fact.amend", "fact.end", "import.assert", "import.claim", "import.undo", "import.settle", "import.withdraw",
	}
	oneOrRoot := []string{"officer.suspend", "policy.set"}
	rootOnly := []string{"board.amend", "board.calendar", "board.profession", "officer.appoint", "officer.amend", "officer.resume", "officer.end", "officer.recover"}
	rootOnly = append(rootOnly, "contract.adopt", "contract.join", "contract.supersede", "contract.amend_params", "contract.retire", "contract.retry", "contract.leave") // no rule of these boards covers them
	rootOnly = append(rootOnly, "privilege.issue", "privilege.renew", "privilege.end", "privilege.discipline", "privilege.lift")
	for _, verb := range Verbs() {
		a := anyAct(verb)
		in := func(l []string) bool { return slices.Contains(l, verb) }
		if a == nil {
			if !in(apart) {
				t.Errorf("%s is not tested", verb)
			}
			continue
		}
		byTwo, byOne, byRoot := in(two), in(one) || in(oneOrRoot), in(rootOnly) || in(oneOrRoot)
		if !byTwo && !byOne && !byRoot {
			t.Errorf("%s: nobody may sign it", verb)
		}
		want := func(may bool, otherwise string) string {
			if may {
				return ""
			}
			return otherwise
		}
		rootCode := want(byRoot, "under-signed")
		if byOne || byTwo { // a rule covers it: then the root is no officer
			rootCode = want(byRoot, "not-officer")
		}
		for _, c := range []struct {
			who  string
			want string
			by   []Signer
		}{
			{"nobody", "under-signed", nil},
			{"the clerk", want(byOne, "under-signed"), []Signer{clerk}},
			{"the director", want(byOne, "under-signed"), []Signer{director}},
			{"both", want(byOne || byTwo, "under-signed"), []Signer{clerk, director}},
			{"the root", rootCode, []Signer{root}},
			{"another board's root", want(false, map[bool]string{true: "not-officer", false: "under-signed"}[byOne || byTwo]), []Signer{boardRoot("us-ia")}},
			{"another board's officers", want(false, map[bool]string{true: "foreign-board", false: "under-signed"}[byOne || byTwo]), []Signer{officer("us-ia/clerk"), officer("us-ia/director")}},
			{"members", want(false, map[bool]string{true: "not-officer", false: "under-signed"}[byOne || byTwo]), []Signer{memberRoot("m1"), memberRoot("m2"), memberRoot("m3"), memberRoot("idfpr")}},
			{"the root beside strangers", want(byRoot, map[bool]string{true: "foreign-board", false: "under-signed"}[byOne || byTwo]), []Signer{officer("us-ia/clerk"), root}},
		} {
			if got := code(Authorize(a, c.by, b)); got != c.want {
				t.Errorf("%s by %s: %q, want %q", verb, c.who, got, c.want)
			}
		}
	}
}

func TestWhoCounts(t *testing.T) {
	b := governed(t)
	two, one, rooted := anyAct("license.discipline"), anyAct("license.issue"), anyAct("officer.amend")
	for i, c := range []struct {
		a    Act
		want string
		by   []Signer
	}{
		{two, "under-signed", []Signer{clerk, clerk}},
		{two, "officer-key", []Signer{clerk, {clerk.By, "ed25519:another"}}}, // one officer with two keys is one
		{two, "under-signed", []Signer{director, director}},
		{two, "under-signed", []Signer{clerk, officer("us-il/second")}}, // none a director
		{two, "", []Signer{clerk, officer("us-il/both")}},
		{two, "under-signed", []Signer{officer("us-il/both")}}, // two roles are not two people
		{two, "role", []Signer{officer("us-il/guard"), director}},
		{two, "officer-suspended", []Signer{clerk, officer("us-il/held")}},
		{two, "officer-ended", []Signer{clerk, officer("us-il/gone")}},
		{two, "", []Signer{officer("us-il/gone"), clerk, officer("us-ia/clerk"), director}},
		{one, "role", []Signer{officer("us-il/guard")}},
		{one, "officer-suspended", []Signer{officer("us-il/held")}},
		{one, "officer-ended", []Signer{officer("us-il/gone")}},
		{one, "officer-unknown", []Signer{{"officer/us-il/nobody", "ed25519:x"}}},
		{one, "officer-key", []Signer{{clerk.By, director.Key}}},
		{one, "officer-key", []Signer{{clerk.By, root.Key}}},
		{one, "not-officer", []Signer{{"us-il/clerk", clerk.Key}}},
		{one, "foreign-board", []Signer{{"officer/us-ia/clerk", clerk.Key}}},
		{rooted, "under-signed", []Signer{{root.By, clerk.Key}}},
		{rooted, "under-signed", []Signer{{"member/us-il", root.Key}}},
		{rooted, "", []Signer{{root.By, "ed25519:other"}, root}},
	} {
		if got := code(Authorize(c.a, c.by, b)); got != c.want {
			t.Errorf("%d: %s by %v: %q, want %q", i, c.a.Verb(), c.by, got, c.want)
		}
	}
	stranger := &LicenseIssue{License: "us-mn.nurse.1"}
	if got := code(Authorize(stranger, []Signer{clerk, root}, b)); got != "unknown-board" {
		t.Errorf("a board that is not there: %q", got)
	}
}

// Whatever policy says, the root can set another.
func TestNoPolicyLocksABoardOut(t *testing.T) {
	b := governed(t)
	b.must(&PolicySet{Board: "us-il", Count: 2, Rules: []Rule{{Acts: append([]string{"license.*", "policy.*", "officer.*"}, "board.*"), From: []string{"king"}, Signers: 64}}})
	for _, verb := range []string{"policy.set", "officer.appoint", "officer.end", "board.amend", "board.calendar", "board.profession"} {
		if r := Authorize(anyAct(verb), []Signer{root}, b); r != nil {
			t.Errorf("%s: %v", verb, r)
		}
	}
	if r := Authorize(anyAct("license.issue"), []Signer{root}, b); code(r) != "not-officer" {
		t.Errorf("the root issues a license over the policy: %v", r)
	}
}

func TestMemberQuorum(t *testing.T) {
	b := governed(t)
	m1, m2, m3, none := memberRoot("m1"), memberRoot("m2"), memberRoot("m3"), memberRoot("idfpr")
	clock := &ClockAdvance{Seconds: 1}
	for i, c := range []struct {
		want string
		by   []Signer
	}{
		{"no-quorum", nil},
		{"no-quorum", []Signer{m1}},
		{"no-quorum", []Signer{m1, m2}}, // exactly two thirds
		{"no-quorum", []Signer{m1, m2, none}},
		{"no-quorum", []Signer{m1, m1, m2, m2}},
		{"no-quorum", []Signer{m1, m2, {m3.By, "ed25519:x"}}},
		{"no-quorum", []Signer{m1, m2, {"board/m3", m3.Key}}},
		{"", []Signer{m1, m2, m3}},
	} {
		if got := code(Authorize(clock, c.by, b)); got != c.want {
			t.Errorf("%d: %v: %q, want %q", i, c.by, got, c.want)
		}
	}
	var empty book
	if got := code(Authorize(clock, nil, &empty)); got != "no-quorum" {
		t.Errorf("without members: %q", got)
	}
}

func TestAuthorityOfTheNetwork(t *testing.T) {
	b := governed(t)
	quorum := []Signer{memberRoot("m1"), memberRoot("m2"), memberRoot("m3")}
	with := func(by ...Signer) []Signer { return append(slices.Clone(quorum), by...) }
	native := &BoardCreate{Board: "us-mn", Member: "m1", Root: "ed25519:root us-mn"}
	copied := &BoardCreate{Board: "us-mn", Member: "idfpr", Root: "ed25519:member", Source: SourceImport}
	succeed := &BoardSucceed{Board: "us-il", Count: 1, Old: root.Key, Root: "ed25519:next"}
	set := func(ms ...Member) *MemberSetAct { return &MemberSetAct{Set: 3, Members: ms} }
	m := func(id string) Member { return Member{ID: id, Weight: 1, Root: memberRoot(id).Key} }
	moved := m("m1")
	moved.Root = "ed25519:m1 new"
	for i, c := range []struct {
		a    Act
		want string
		by   []Signer
	}{
		{&NetworkFound{}, "", nil}, // genesis is its signature; later its own rule refuses it
		{native, "no-quorum", []Signer{boardRoot("us-mn")}},
		{native, "under-signed", quorum},
		{native, "root-key", with(Signer{"board/us-mn", "ed25519:x"})},
		{native, "", with(boardRoot("us-mn"))},
		{copied, "under-signed", quorum},
		{copied, "", with(memberRoot("idfpr"))},
		{succeed, "under-signed", nil},
		{succeed, "under-signed", []Signer{root}},
		{succeed, "root-key", []Signer{{root.By, "ed25519:next"}, {"board/us-ia", root.Key}}},
		{succeed, "", []Signer{root, {root.By, "ed25519:next"}}},
		{set(m("m1"), m("m2")), "no-quorum", quorum[:2]},
		{set(m("m1"), m("m2")), "", quorum},
		{set(m("m1"), m("m4")), "under-signed", quorum},
		{set(m("m1"), m("m4")), "under-signed", with(Signer{"member/m4", "ed25519:x"})},
		{set(m("m1"), m("m4")), "", with(memberRoot("m4"))},
		{set(moved), "under-signed", quorum},
		{set(moved), "", with(Signer{"member/m1", moved.Root})},
	} {
		if got := code(Authorize(c.a, c.by, b)); got != c.want {
			t.Errorf("%d: %s by %v: %q, want %q", i, c.a.Verb(), c.by, got, c.want)
		}
	}
	var empty book // the founding set is signed by all its members
	if got := code(Authorize(set(m("m1"), m("m2")), quorum[:1], &empty)); got != "under-signed" {
		t.Errorf("founding: %q", got)
	}
	if got := code(Authorize(set(m("m1"), m("m2")), quorum[:2], &empty)); got != "" {
		t.Errorf("founding: %q", got)
	}
}

func TestRelyingPartyOf(t *testing.T) {
	b := governed(t)
	b.must(&BoardCreate{Board: "us-mn", Name: "Minnesota", Member: "m1", Jurisdiction: "us-mn", Root: "ed25519:root us-mn"})
	for by, want := range map[string]RelyingParty{
		"officer/us-il/clerk": {"idfpr.example", []string{"https://idfpr.example"}, false},
		"board/us-mn":         {"m1.example", []string{"https://m1.example"}, true},
		"officer/us-mn/x":     {"m1.example", []string{"https://m1.example"}, true},
		"member/m2":           {"m2.example", []string{"https://m2.example"}, false},
		"member/none":         {}, "officer/us-xx/y": {}, "": {}, "license/us-il.nurse.1": {"idfpr.example", []string{"https://idfpr.example"}, false},
	} {
		if got := RelyingPartyOf(by, b); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: %v, want %v", by, got, want)
		}
	}
}
