package check

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"sort"
	"strings"
	"time"

	"licet/strict"
)

// An effect is what an act must write, judged on the records before it.
type effect struct {
	Effective string      `json:"effective"`
	Replaces  string      `json:"replaces"`
	Voids     []string    `json:"voids"`
	Changes   []change    `json:"changes"`
	Import    *provenance `json:"import"`
	Body      strict.Raw  `json:"body"`
	Also      []write     `json:"also"`
}

// effect says what the act does, or which of its preconditions does not hold.
func (w *World) effect(a *act, e *Entry) (effect, error) {
	var f effect
	kind, id := a.target()
	err := w.newOpenings(a)
	if err == nil {
		if kind == "license" {
			err = w.onLicense(a, &f, e)
		} else {
			err = w.onOther(a, &f, e.Block)
		}
	}
	if f.Effective == "" {
		f.Effective = w.today(boardOf(kind, id), e.Time)
	}
	for _, o := range a.opens() {
		f.also("opening", o.commitment, &openingRecord{Kind: o.kind, Who: w.audience(boardOf(kind, id), o.kind)})
	}
	return f, err
}

func (f *effect) also(kind, id string, record any) {
	v := strict.Encode(record)
	if string(v) == "{}" {
		v = nil // a record without members is none
	}
	f.Also = append(f.Also, write{kind, id, v})
}

// matches compares with what the entry says. Of a license it says the changes,
// of other kinds the body.
func (f effect) matches(e *Entry) error {
	says := effect{e.Effective, e.Replaces, e.Voids, e.Changes, e.Import, e.Body, e.Also}
	if want, got := strict.Encode(&f), strict.Encode(&says); !bytes.Equal(want, got) {
		return fmt.Errorf("the act makes\n  %s\nand the entry says\n  %s", want, got)
	}
	return nil
}

type opened struct{ kind, commitment string }

// opens lists what an act commits to.
func (a *act) opens() (os []opened) {
	if a.Do == "license.discipline" || a.Do == "privilege.discipline" {
		return []opened{{"order", a.Commitment}}
	}
	if a.Do == "import.settle" {
		return []opened{{"settlement", a.Commitment}}
	}
	if a.Commitment != "" {
		return []opened{{"fact", a.Commitment}}
	}
	for _, o := range a.Openings {
		os = append(os, opened{o.Kind, o.Commitment})
	}
	for _, t := range a.Texts {
		os = append(os, opened{"contract", t})
	}
	for _, c := range a.Changes {
		switch c.Do {
		case "order":
			os = append(os, opened{"order", c.Commitment})
		case "open":
			os = append(os, opened{c.Kind, c.Commitment})
		}
	}
	return os
}

func (w *World) newOpenings(a *act) error {
	seen := map[string]bool{}
	for _, o := range a.opens() {
		if seen[o.commitment] || w.value("opening", o.commitment) != nil {
			return fmt.Errorf("commitment %s is used twice", o.commitment)
		}
		seen[o.commitment] = true
	}
	return nil
}

func (w *World) audience(name, kind string) string {
	if kind == "contract" {
		return "public"
	}
	var b board
	w.read("board", name, &b)
	for _, x := range b.Audiences {
		if x.Kind == kind {
			return x.Who
		}
	}
	if kind == "settlement" {
		return w.audience(name, "name")
	}
	return "board"
}

// today is the board's legal day at an instant.
func (w *World) today(name, instant string) string {
	var c calendar
	w.read("calendar", name, &c)
	t, _ := time.Parse(time.RFC3339, instant)
	minutes := int64(0)
	for i, r := range c.Rows {
		switch {
		case r.From <= instant:
			minutes = r.at(t)
		case i == 0:
			minutes = r.Minutes
		}
	}
	return t.Add(time.Duration(minutes) * time.Minute).Format(time.DateOnly)
}

// at finds the offset by the last turn of the clocks that is not after t.
func (r *offsetRow) at(t time.Time) int64 {
	minutes, last := r.Minutes, time.Time{}
	if r.Daylight == nil {
		return minutes
	}
	for year := t.Year() - 2; year <= t.Year()+1; year++ {
		begin := r.Daylight.Begin.sunday(year).Add(-time.Duration(r.Minutes) * time.Minute)
		end := r.Daylight.End.sunday(year).Add(-time.Duration(r.Daylight.Minutes) * time.Minute)
		if !begin.After(t) && begin.After(last) {
			minutes, last = r.Daylight.Minutes, begin
		}
		if !end.After(t) && end.After(last) {
			minutes, last = r.Minutes, end
		}
	}
	return minutes
}

// sunday is what clocks show at the turn, carried in UTC.
func (x turn) sunday(year int) time.Time {
	d := time.Date(year, time.Month(x.Month), 1, 0, int(x.At), 0, 0, time.UTC)
	var found time.Time
	for n := int64(0); d.Month() == time.Month(x.Month); d = d.AddDate(0, 0, 1) {
		if d.Weekday() == time.Sunday && n < x.Sunday {
			found, n = d, n+1
		}
	}
	return found
}

func need(what string, has, named int64) error {
	if has != named {
		return fmt.Errorf("%s counts %d, the act names %d", what, has, named)
	}
	return nil
}

func needThat(ok bool, format string, a ...any) error {
	if ok {
		return nil
	}
	return fmt.Errorf(format, a...)
}

// onLicense: what an act changes of a license.
func (w *World) onLicense(a *act, f *effect, e *Entry) error {
	var l license
	there := w.read("license", a.License, &l)
	live := there && l.Licensee != ""
	switch a.Do {
	case "license.issue", "privilege.issue":
		f.Effective = a.From
		f.Changes = append([]change{
			{Do: "issue", Licensee: a.Licensee, Subject: a.Subject, Route: a.Route, Other: a.Rests, From: a.Issued},
			{Do: "term", From: a.From, Through: a.Through, Grace: a.Grace},
		}, a.opening(a.Issued)...)
		f.also("licensee", a.Licensee, &licensee{a.License})
		if err := w.mayRest(a, a.Subject); err != nil {
			return err
		}
		return needThat(!live && w.value("licensee", a.Licensee) == nil, "the license or the licensee id is taken")
	case "license.void":
		f.Voids = a.Entries
		return w.mayVoid(a, &l)
	case "license.correct":
		f.Replaces, f.Changes = a.Entry, a.Changes
		return w.mayCorrect(a, &l)
	case "import.assert":
		return w.onImport(a, f, &l, live)
	case "import.undo":
		f.Voids = a.Entries
		return w.mayUndo(a, &l)
	}
	if !live && !(there && a.Do == "licensee.unlink") {
		return fmt.Errorf("there is no license %s", a.License)
	}
	if err := a.fitsKind(&l); err != nil {
		return err
	}
	switch a.Do {
	case "license.renew", "privilege.renew":
		f.Effective, f.Changes = a.From, []change{{Do: "term", From: a.From, Through: a.Through, Grace: a.Grace}}
		if a.Rests != "" {
			f.Changes = append(f.Changes, change{Do: "rest", Other: a.Rests, From: a.From})
		}
		if err := w.mayRest(a, l.Subject); err != nil {
			return err
		}
		return need("term", l.Counts.Term, a.Count)
	case "privilege.end":
		f.Effective, f.Changes = a.From, []change{{Do: "lifecycle", Status: "canceled", From: a.From}}
		if was := l.statusOn(a.From); was != "" && was != "active" && was != "inactive" {
			return fmt.Errorf("the privilege is %q already", was)
		}
		return need("term", l.Counts.Term, a.Count)
	case "license.surrender":
		f.Effective, f.Changes = a.From, []change{{Do: "lifecycle", Status: "surrendered", From: a.From}}
		return need("term", l.Counts.Term, a.Count)
	case "license.inactivate", "license.reactivate", "license.decease":
		return a.register(f, &l)
	case "license.extend":
		return a.extend(f, &l)
	case "license.amend":
		f.Effective, f.Changes = a.From, a.opening(a.From)
		if a.Route != "" {
			f.Changes = append(f.Changes, change{Do: "route", Route: a.Route, From: a.From})
		}
		return need("identity", l.Counts.Identity, a.Count)
	case "licensee.link", "licensee.unlink":
		return w.onLink(a, f, &l)
	}
	return w.onOrder(a, f, &l, e)
}

// fitsKind: licenses and privileges have acts of their own, and some that serve both.
func (a *act) fitsKind(l *license) error {
	group, verb, _ := strings.Cut(a.Do, ".")
	both := group == "licensee" || slices.Contains([]string{"amend", "reactivate", "stay", "unstay", "seal"}, verb)
	if !both && (group == "privilege") != (len(l.Rests) > 0) {
		return fmt.Errorf("%s is decided about %s, which rests on %v", a.Do, a.License, l.Rests)
	}
	return nil
}

// mayRest: a privilege rests on another board's license of the same kind of holder.
func (w *World) mayRest(a *act, subject string) error {
	if a.Rests == "" {
		return nil
	}
	var home license
	w.read("license", a.Rests, &home)
	if home.Licensee == "" || home.Rests != nil || home.Subject != subject || boardOf("license", a.Rests) == boardOf("license", a.License) {
		return fmt.Errorf("%s cannot rest on %s: %+v", a.License, a.Rests, home)
	}
	return nil
}

// register changes the registration from a day on.
func (a *act) register(f *effect, l *license) error {
	status := map[string]string{"license.inactivate": "inactive", "license.reactivate": "active", "license.decease": "deceased"}[a.Do]
	f.Effective, f.Changes = a.From, []change{{Do: "lifecycle", Status: status, From: a.From}}
	was := l.statusOn(a.From)
	var ok bool
	switch status {
	case "inactive":
		ok = was == "" || was == "active"
	case "active":
		ok = was == "inactive" || was == "surrendered" || was == "canceled"
	case "deceased":
		ok = l.Subject == "person" && !slices.ContainsFunc(l.Lifecycles, func(c lifecycle) bool { return c.Status == status || c.From > a.From })
	}
	if !ok {
		return fmt.Errorf("the license is %q on %s, %s does not follow", was, a.From, a.Do)
	}
	return need("term", l.Counts.Term, a.Count)
}

func (a *act) extend(f *effect, l *license) error {
	c := change{Do: "extend", From: a.Term, Through: a.Through, Grace: a.Grace}
	f.Changes = []change{c}
	t := l.newestTerm(a.Term)
	if t == nil || !t.longer(c) {
		return fmt.Errorf("the term from %s cannot be extended so", a.Term)
	}
	f.Effective = dayAfter(t.Through)
	for i := range l.Terms {
		if u := &l.Terms[i]; u != t && u.From <= a.Through && (u.Through == "" || u.Through > t.Through) {
			return fmt.Errorf("the term from %s is in the way", u.From)
		}
	}
	return need("term", l.Counts.Term, a.Count)
}

func (a *act) opening(from string) (cs []change) {
	for _, o := range a.Openings {
		cs = append(cs, change{Do: "open", Kind: o.Kind, Commitment: o.Commitment, From: from})
	}
	return cs
}

func (w *World) onOrder(a *act, f *effect, l *license, e *Entry) error {
	var count int64
	o := l.order(a.Order)
	if o != nil {
		count = o.Count
	}
	if a.Do == "license.discipline" || a.Do == "privilege.discipline" {
		f.Effective = a.From
		f.Changes = []change{{Do: "order", Order: a.Order, Authority: a.Authority, Commitment: a.Commitment, From: a.From, Through: a.Through}}
		for _, x := range w.entries[a.License] {
			if o == nil && slices.ContainsFunc(x.Changes, func(c change) bool { return c.Order == a.Order }) {
				return fmt.Errorf("order %s was there before", a.Order)
			}
		}
		return need("order", count, a.Count)
	}
	if o == nil {
		return fmt.Errorf("there is no order %s", a.Order)
	}
	if a.Do != "license.seal" {
		_, verb, _ := bytes.Cut([]byte(a.Do), []byte("."))
		f.Effective, f.Changes = a.From, []change{{Do: string(verb), Order: a.Order, From: a.From}}
		return need("order", count, a.Count)
	}
	f.Changes = []change{{Do: "seal", Order: a.Order}}
	for _, x := range w.entries[a.License] {
		for _, c := range x.Changes {
			if c.Order == a.Order && x.Cause != nil && w.notAfter[x.Cause.Header] >= e.Time {
				return fmt.Errorf("a header that names order %s is good until %s", a.Order, w.notAfter[x.Cause.Header])
			}
			if c.Order == a.Order && c.Do == "order" && c.Contract == "" {
				f.also("opening", c.Commitment, &openingRecord{Kind: "order", Who: "board", Sealed: true})
			}
		}
	}
	return need("order", count, a.Count)
}

func (w *World) onLink(a *act, f *effect, l *license) error {
	pair := []string{a.License, a.Other}
	sort.Strings(pair)
	var k link
	w.read("link", pair[0]+"~"+pair[1], &k)
	mine := boardOf("license", a.License)
	_, verb, _ := bytes.Cut([]byte(a.Do), []byte("."))
	f.Effective, f.Changes = a.Effective, []change{{Do: string(verb), Other: a.Other, From: a.Effective}}
	signed := slices.Contains(k.Boards, mine)
	if a.Do == "licensee.link" {
		k.Boards = append(k.Boards, mine)
		sort.Strings(k.Boards)
		if len(k.Boards) == 2 || boardOf("license", a.Other) == mine {
			k.Effective, k.Ended = a.Effective, ""
		}
		signed = !signed && w.value("license", a.Other) != nil && a.Other != a.License
	} else {
		k.Boards = slices.DeleteFunc(k.Boards, func(b string) bool { return b == mine })
		if k.Effective != "" && k.Ended == "" {
			k.Ended = a.Effective
		}
	}
	f.also("link", pair[0]+"~"+pair[1], &k)
	if !signed {
		return fmt.Errorf("the link does not stand so that %s follows", a.Do)
	}
	return need("links", l.Counts.Links, a.Count)
}

func (w *World) entry(id, hash string) *Entry {
	i := slices.IndexFunc(w.entries[id], func(e *Entry) bool { return e.hash == hash })
	if i < 0 {
		return nil
	}
	return w.entries[id][i]
}

func (w *World) mayVoid(a *act, l *license) error {
	for _, h := range a.Entries {
		e := w.entry(a.License, h)
		if e == nil || void(e, w.entries[a.License]) {
			return fmt.Errorf("there is no live entry %s", h)
		}
		if slices.ContainsFunc(e.Changes, func(c change) bool { return c.Do == "seal" }) {
			return fmt.Errorf("entry %s seals", h)
		}
		if s := standing(e, w.entries[a.License]); s != e && s.Import == nil && !slices.Contains(a.Entries, s.hash) {
			return fmt.Errorf("entry %s was corrected", h)
		}
	}
	return need("repairs", l.Counts.Repairs, a.Count)
}

func (w *World) mayCorrect(a *act, l *license) error {
	e := w.entry(a.License, a.Entry)
	if e == nil || standing(e, w.entries[a.License]) != e || len(a.Changes) != len(e.Changes) {
		return fmt.Errorf("entry %s cannot be corrected so", a.Entry)
	}
	for i, c := range a.Changes {
		if o := e.Changes[i]; c.Do != o.Do || c.Order != o.Order || c.Other != o.Other || c.Licensee != o.Licensee && c.Do == "issue" {
			return fmt.Errorf("change %d is another one than the entry's", i+1)
		}
	}
	return need("repairs", l.Counts.Repairs, a.Count)
}

// onImport: what a file's row says. What the board itself decided must still count
// afterwards.
func (w *World) onImport(a *act, f *effect, l *license, live bool) error {
	var b board
	w.read("board", boardOf("license", a.License), &b)
	from := a.From
	if from == "" {
		from = a.Day
	}
	f.Effective, f.Replaces = from, a.Previous
	f.Import = &provenance{a.File, a.Row, a.Day, b.Member}
	f.Changes = append(slices.Clone(a.Changes), a.opening(from)...)
	if !live {
		f.Changes = append([]change{{Do: "issue", Licensee: a.Licensee, Subject: a.Subject, Source: "import", From: a.Issued}}, f.Changes...)
		f.also("licensee", a.Licensee, &licensee{a.License})
		var x licensee
		if w.read("licensee", a.Licensee, &x) && x.License != a.License {
			return fmt.Errorf("licensee id %s is taken", a.Licensee)
		}
		return need("imports", l.Counts.Imports, a.Count)
	}
	before := w.entries[a.License]
	if a.Issued != "" { // told late: of whom it is already
		if l.Issued != "" || a.Previous != "" {
			return fmt.Errorf("the issue of %s was told before", a.License)
		}
		f.Changes = append([]change{{Do: "issue", Licensee: l.Licensee, Subject: l.Subject, Source: "import", Route: l.Route, From: a.Issued}}, f.Changes...)
	}
	if p := w.entry(a.License, a.Previous); p != nil && p.Changes[0].Do == "issue" {
		f.Changes = append([]change{p.Changes[0]}, f.Changes...)
	} else if p == nil && a.Previous != "" {
		return fmt.Errorf("there is no assertion %s", a.Previous)
	}
	after := append(slices.Clone(before), &Entry{Index: 1 << 60, hash: "next", Replaces: f.Replaces, Changes: f.Changes, Import: f.Import})
	for _, n := range native(before) {
		if !slices.Contains(native(after), n) {
			return fmt.Errorf("a file takes the place of what the board decided in entry %d", n.Index)
		}
	}
	if l.Source != "import" {
		return fmt.Errorf("a file speaks over a license that its board issued")
	}
	return need("imports", l.Counts.Imports, a.Count)
}

// mayUndo: only rows of the file, and nothing that the board decided may lose its ground.
func (w *World) mayUndo(a *act, l *license) error {
	before := w.entries[a.License]
	for i, h := range a.Entries {
		e := w.entry(a.License, h)
		if e == nil || e.Import == nil || e.Import.File != a.File || void(e, before) || slices.Contains(a.Entries[:i], h) {
			return fmt.Errorf("entry %s is no row of the file that counts", h)
		}
		if standing(e, before).Import == nil {
			return fmt.Errorf("entry %s was corrected", h)
		}
	}
	after := counting(append(slices.Clone(before), &Entry{Index: 1 << 60, hash: "next", Voids: a.Entries}))
	issued, own := false, false
	for _, e := range after {
		for _, c := range e.Changes {
			issued = issued || c.Do == "issue"
			own = own || e.Import == nil && decides(c)
		}
	}
	if own && !issued {
		return fmt.Errorf("the board's own decisions would be about no license")
	}
	return need("repairs", l.Counts.Repairs, a.Count)
}

// native are the entries that count and that no file says.
func native(es []*Entry) (out []*Entry) {
	for _, c := range counting(es) {
		if c.Import == nil && len(c.Changes) > 0 {
			out = append(out, c)
		}
	}
	return out
}

// onOther: the record that an act makes of another kind.
func (w *World) onOther(a *act, f *effect, height int64) error {
	switch a.Do {
	case "fact.record", "fact.amend", "fact.end":
		return w.onFact(a, f)
	case "import.claim":
		return w.onClaims(a, f)
	case "import.undo":
		return w.undoClaims(a, f)
	case "officer.appoint", "officer.amend", "officer.suspend", "officer.resume", "officer.end", "officer.recover":
		return w.onOfficer(a, f)
	case "board.create", "board.amend", "board.claim", "board.succeed":
		return w.onBoard(a, f)
	case "contract.adopt", "contract.join", "contract.supersede", "contract.amend_params", "contract.retire", "contract.leave", "contract.retry":
		return w.onContract(a, f, height)
	}
	var has int64
	switch a.Do {
	case "import.settle", "import.withdraw":
		var s settlement
		w.read("settlement", a.License, &s)
		if a.Do == "import.withdraw" && s.Commitment == "" {
			return fmt.Errorf("nothing is settled about %s", a.License)
		}
		has, f.Body = s.Count, strict.Encode(&settlement{Commitment: a.Commitment, Count: s.Count + 1})
	case "board.calendar":
		var c calendar
		w.read("calendar", a.Board, &c)
		has, f.Body = c.Count, strict.Encode(&calendar{Rows: a.Rows, Count: c.Count + 1})
	case "board.profession":
		var p profession
		w.read("profession", a.Profession, &p)
		has, f.Body = p.Count, strict.Encode(&profession{Title: a.Title, Pattern: a.Pattern, Labels: a.Labels, Coverage: a.Coverage, Count: p.Count + 1})
	case "policy.set":
		var p policy
		w.read("policy", a.Board, &p)
		has, f.Body = p.Count, strict.Encode(&policy{Rules: a.rules(), Count: p.Count + 1})
	case "member.set":
		var s memberSet
		w.read("members", "set", &s)
		f.Body = strict.Encode(&memberSet{Set: a.Set, Members: a.Members})
		return need("member set", s.Set+1, a.Set)
	case "clock.advance":
		var n network
		w.read("network", "network", &n)
		n.Last, n.Offset, n.Count = "", n.Offset+a.Seconds, n.Count+1
		f.Body = strict.Encode(&n)
		var old int64
		_ = json.Unmarshal(a.Old, &old)
		return need("clock", n.Offset-a.Seconds, old)
	case "rules.adopt":
		return w.onRules(a, f, height)
	case "network.found":
		var rules int64
		_ = json.Unmarshal(a.Rules, &rules)
		f.Body = strict.Encode(&network{Name: a.Name, Rules: rules, Offset: a.Offset, Count: 1})
		return needThat(w.value("network", "network") == nil, "the network is founded twice")
	default:
		return fmt.Errorf("%q is no act", a.Do)
	}
	return need(a.Do, has, a.Count)
}

// onRules: the next rules come at a height, and no block after this one is surprised.
func (w *World) onRules(a *act, f *effect, height int64) error {
	var n network
	w.read("network", "network", &n)
	var rules int64
	_ = json.Unmarshal(a.Rules, &rules)
	now := n.rulesOf(height)
	if rules-now != 1 || a.Height <= height+1 || n.rulesOf(height+1) != now {
		return fmt.Errorf("block %d is under rules %d and adopts rules %d for block %d", height, now, rules, a.Height)
	}
	has := n.Count
	n.Last, n.Rules, n.Next, n.Count = "", now, &nextRules{rules, a.Height}, has+1
	f.Body = strict.Encode(&n)
	return need("network", has, a.Count)
}

func (w *World) onFact(a *act, f *effect) error {
	var x fact
	there := w.read("fact", a.Fact, &x)
	x.Last, f.Effective = "", a.Day
	has := x.Count
	x.Count++
	switch a.Do {
	case "fact.record":
		x = fact{About: a.About, Code: a.Code, Count: 1}
		fallthrough
	case "fact.amend":
		x.Day, x.Through, x.Number, x.Party, x.Commitment = a.Day, a.Through, a.Number, a.Party, a.Commitment
	case "fact.end":
		x.Ended = a.Day
	}
	f.Body = strict.Encode(&x)
	if a.Do == "fact.record" {
		return needThat(!there && boardOf("license", a.About) == boardOf("fact", a.Fact), "the fact is there, or of another board")
	}
	return need("fact", has, a.Count)
}

func (w *World) onOfficer(a *act, f *effect) error {
	var o officer
	there := w.read("officer", a.Officer, &o)
	o = o.by(w.now)
	has, was := o.Count, o.Status
	o.Last, o.Count = "", o.Count+1
	var ok bool
	switch a.Do {
	case "officer.appoint":
		o, ok = officer{Title: a.Title, Key: a.Key, Roles: a.Roles, Count: 1}, !there
	case "officer.amend":
		o.Title, o.Key, o.Roles, ok = a.Title, a.Key, a.Roles, was != "ended" || o.Next != nil
		o.Next = nil
	case "officer.suspend":
		o.Status, ok = "suspended", was == ""
	case "officer.resume":
		o.Status, ok = "", was == "suspended"
	case "officer.end":
		o.Status, ok = "ended", was != "ended"
		o.Next = nil
	case "officer.recover":
		if !there {
			o.Status = "ended"
		}
		o.Next, ok = &recovery{a.From, a.Title, a.Key, a.Roles}, w.recovers(a.From)
	}
	f.Body = strict.Encode(&o)
	if !ok {
		return fmt.Errorf("officer %s is %q, %s does not follow", a.Officer, was, a.Do)
	}
	return need("officer", has, a.Count)
}

func (w *World) onBoard(a *act, f *effect) error {
	var b board
	there := w.read("board", a.Board, &b)
	has := b.Count
	b.Last, b.Count = "", b.Count+1
	switch a.Do {
	case "board.create":
		b = board{a.Name, a.Member, a.Jurisdiction, a.Root, a.Source, a.Audiences, a.SealedShown, nil, 1, ""}
		has = a.Count
	case "board.amend":
		b.Name, b.Audiences, b.SealedShown = a.Name, a.Audiences, a.SealedShown
	case "board.succeed":
		b.Root = a.Root
	case "board.claim":
		var old string
		if _ = json.Unmarshal(a.Old, &old); b.Source != "import" || old != b.Root || old == a.Root {
			return fmt.Errorf("board %s of source %q and root %s cannot be claimed so", a.Board, b.Source, b.Root)
		}
		b.Source, b.Root, b.Member = "", a.Root, a.Member
		if a.Name != "" {
			b.Name = a.Name
		}
	}
	f.Body = strict.Encode(&b)
	if there != (a.Do != "board.create") {
		return fmt.Errorf("board %s stands otherwise than %s needs", a.Board, a.Do)
	}
	return need("board", has, a.Count)
}
