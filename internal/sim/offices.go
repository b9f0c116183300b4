package sim

import (
	"fmt"
	"slices"

	"licet/license"
)

// Acts about boards, officers, policies, members, files and the clock.

func (w *writer) theBoard() (b license.Board) {
	w.d.Get(license.KindBoard, w.board, &b)
	return b
}

func (w *writer) amendBoard() license.Act {
	b := w.theBoard()
	as := slices.Clone(audiences)
	if w.rng.IntN(2) == 0 {
		as = append(as, license.Audience{Kind: license.OpeningNPI, Who: license.AudienceBoard})
	}
	return &license.BoardAmend{Board: w.board, Count: b.Count, Name: fmt.Sprintf("%s %d", w.board, b.Count), Audiences: as}
}

func (w *writer) succeed() license.Act {
	b := w.theBoard()
	return &license.BoardSucceed{Board: w.board, Count: b.Count, Old: b.Root, Root: w.newKey()}
}

func (w *writer) calendar() license.Act {
	var c license.Calendar
	w.d.Get(license.KindCalendar, w.board, &c)
	rows := license.CentralTime()
	switch n := w.rng.IntN(14); {
	case n < 3: // a law that ends the turning of clocks
		rows = append(rows, license.OffsetRow{From: license.Instant(fmt.Sprintf("%d-07-01T05:00:00Z", 2025+n)), Minutes: -300})
	case n < 6:
		rows[0].Daylight.Begin, rows[0].Daylight.End = license.Turn{Month: 10, Sunday: int64(n)}, license.Turn{Month: 1, Sunday: 5, At: 60}
	case n < 9: // by which the legal day is another at once, perhaps
		rows = []license.OffsetRow{{From: rows[0].From, Minutes: int64(n-7) * 14 * 60}}
	case n < 11: // and at an instant to come
		rows = append(rows, license.OffsetRow{From: w.d.now.AddSeconds(w.rng.Int64N(3 * 86400)), Minutes: int64(2*n-19) * 14 * 60})
	}
	return &license.BoardCalendar{Board: w.board, Count: c.Count, Rows: rows}
}

func (w *writer) profession() license.Act {
	id := w.board + "." + one(w.game, []string{"nurse", "firm", "barber"})
	var p license.Profession
	w.d.Get(license.KindProfession, id, &p)
	a := &license.BoardProfession{Profession: id, Count: p.Count, Title: "Again", Pattern: "041######|F-@@###|#+", Labels: []license.Label{{Code: "active", Text: "Aktiv"}}}
	if w.rng.IntN(2) == 0 {
		a.Coverage = &license.Coverage{IssuedFrom: "2001-01-01", Except: "sealed files"}
	}
	return a
}

func (w *writer) appoint() license.Act {
	id := fmt.Sprintf("%s/o%d", w.board, len(w.officers[w.board]))
	w.officers[w.board] = append(w.officers[w.board], id)
	return &license.OfficerAppoint{Officer: id, Title: "Deputy", Key: w.newOfficerKey(), Roles: []string{one(w.game, []string{"clerk", "director"})}}
}

func (w *writer) officer(status ...string) (id string, o license.Officer) {
	for range 6 {
		id, o = one(w.game, w.officers[w.board]), license.Officer{}
		if w.d.Get(license.KindOfficer, id, &o); slices.Contains(status, o.Status) {
			return id, o
		}
	}
	return id, o
}

func (w *writer) amendOfficer() license.Act {
	id, o := w.officer("", license.OfficerSuspended)
	key := o.Key
	if w.rng.IntN(2) == 0 {
		key = w.newOfficerKey()
	}
	return &license.OfficerAmend{Officer: id, Count: o.Count, Title: "Clerk", Key: key, Roles: one(w.game, [][]string{{"clerk"}, {"director"}, {"clerk", "director"}})}
}

func (w *writer) suspend() license.Act {
	id, o := w.officer("")
	return &license.OfficerSuspend{Officer: id, Count: o.Count}
}

func (w *writer) resume() license.Act {
	id, o := w.officer(license.OfficerSuspended)
	return &license.OfficerResume{Officer: id, Count: o.Count}
}

// recover names what an officer becomes a week later or more; now and then too early.
func (w *writer) recover() license.Act {
	id, o := w.officer("", license.OfficerSuspended, license.OfficerEnded)
	from := w.d.Now().AddSeconds(6*86400 + int64(w.rng.IntN(86400*8)))
	return &license.OfficerRecover{Officer: id, Count: o.Count, From: from, Title: "Recovered", Key: w.newOfficerKey(), Roles: []string{one(w.game, []string{"clerk", "director"})}}
}

func (w *writer) end() license.Act {
	id, o := w.officer("", license.OfficerSuspended)
	return &license.OfficerEnd{Officer: id, Count: o.Count}
}

func (w *writer) policy() license.Act {
	var p license.Policy
	w.d.Get(license.KindPolicy, w.board, &p)
	rs := w.rules()
	if w.hasContracts() && w.rng.IntN(2) == 0 {
		rs = append(rs, license.Rule{Acts: []string{"contract.*", "privilege.*"}, From: []string{"director"}, Signers: 1})
	}
	return &license.PolicySet{Board: w.board, Count: p.Count, Rules: rs}
}

// assert copies a row: of a license that is new, or of one that a file brought.
func (w *writer) assert() license.Act {
	a := &license.ImportAssert{File: license.HashOf(fmt.Append(nil, w.rng.IntN(50))), Row: 1 + int64(w.rng.IntN(900)), Day: w.day()}
	a.Changes = w.asserted()
	id, l := one(w.game, w.imported[w.board]), license.License{}
	w.d.Get(license.KindLicense, id, &l)
	if l.Licensee == "" || w.rng.IntN(3) == 0 {
		p, n := w.number()
		a.License, a.Count = id, l.Counts.Imports
		a.Licensee, a.Subject, a.Issued = w.id(), w.subject("nurse"), w.day().Add(-900)
		if e := w.entry(id); l.Licensee == "" && w.rng.IntN(2) == 0 && len(e.Changes) > 0 && e.Changes[0].Do == license.DoIssue { // taken back
			a.Licensee = e.Changes[0].Licensee
			return a
		}
		a.Count = 0
		a.License, a.Licensee, a.Subject, a.Issued = w.board+"."+p+"."+license.EscapeNumber(n), w.id(), w.subject(p), w.day().Add(-900)
		if w.rng.IntN(4) == 0 { // a list of orders tells no more
			a.Issued = ""
		}
		a.Openings = w.holderOpenings(a.Subject)
		w.imported[w.board] = append(w.imported[w.board], a.License)
		return a
	}
	a.License, a.Count = id, l.Counts.Imports
	if l.Issued == "" && w.rng.IntN(2) == 0 { // a roster describes it
		a.Issued = w.day().Add(-900)
		return a
	}
	if w.rng.IntN(2) == 0 {
		for _, e := range w.d.Entries(license.KindLicense, id) {
			if e.Import != nil && w.rng.IntN(2) == 0 {
				a.Previous = e.Hash
			}
		}
	}
	if w.rng.IntN(4) == 0 {
		a.From, a.Openings = w.day(), w.holderOpenings(l.Subject)
	}
	return a
}

// undo takes back rows of the file of one that was copied.
func (w *writer) undo() license.Act {
	id, l := one(w.game, w.imported[w.board]), license.License{}
	w.d.Get(license.KindLicense, id, &l)
	e := w.entry(id)
	if e.Import == nil {
		return nil
	}
	a := &license.ImportUndo{License: id, Count: l.Counts.Repairs, File: e.Import.File, Entries: []license.Hash{e.Hash}}
	if o := w.entry(id); w.rng.IntN(4) == 0 && o.Import != nil && o.Hash != e.Hash {
		a.Entries = append(a.Entries, o.Hash)
	}
	return a
}

// settle decides whose a number is: that of a license that was copied, of one that was
// issued, or of none.
func (w *writer) settle() license.Act {
	id := one(w.game, append(w.imported[w.board], w.settled[w.board]...))
	if id == "" || w.rng.IntN(4) == 0 {
		_, number := w.number()
		id = license.ID{Board: w.board, Profession: "nurse", Number: number}.String()
	}
	var s license.Settlement
	w.d.Get(license.KindSettlement, id, &s)
	d := license.SettlementDocument{Holder: []string{w.name(license.SubjectPerson).Family}, Reason: "By letter."}
	w.settled[w.board] = append(w.settled[w.board], id)
	return &license.ImportSettle{License: id, Count: s.Count, Commitment: w.open(license.OpeningSettlement, d).Commitment}
}

func (w *writer) withdraw() license.Act {
	id := one(w.game, w.settled[w.board])
	if id == "" {
		return nil
	}
	var s license.Settlement
	w.d.Get(license.KindSettlement, id, &s)
	return &license.ImportWithdraw{License: id, Count: s.Count}
}

func (w *writer) asserted() (cs []license.Change) {
	from := w.day()
	for _, c := range []license.Change{
		{Do: license.DoTerm, From: from, Through: w.after(from)},
		{Do: license.DoLifecycle, Status: one(w.game, []string{license.LifecycleActive, license.LifecycleInactive, license.LifecycleDeceased}), From: from},
		{Do: license.DoRoute, Route: "grandfathered", From: from},
	} {
		if w.rng.IntN(2) == 0 {
			cs = append(cs, c)
		}
	}
	if w.rng.IntN(3) == 0 {
		c := license.Change{Do: license.DoOrder, Order: w.id(), Authority: w.authority(), From: from}
		if w.rng.IntN(4) == 0 && len(w.sealed) > 0 {
			c.Order = one(w.game, w.sealed)
		}
		c.Commitment = w.open(license.OpeningOrder, w.document()).Commitment
		cs = append(cs, c)
	}
	return cs
}

// setMembers lets a second and third member come and go, with other weights.
func (w *writer) setMembers() license.Act {
	var set license.MemberSet
	w.d.Get(license.KindMembers, "set", &set)
	next := slices.Clone(set.Members)
	switch n := len(next); {
	case n > 1 && w.rng.IntN(3) == 0:
		next = next[:n-1]
	case n < 3:
		next = append(next, w.newMember([]string{"", "wi", "mn"}[n], int64(w.rng.IntN(12))))
	default:
		i := 1 + w.rng.IntN(n-1)
		next[i].Weight = int64(1 + w.rng.IntN(9))
		if w.rng.IntN(3) == 0 { // a new engine and checkpoint key
			m := w.newMember(next[i].ID, next[i].Weight)
			next[i].Cosign, next[i].Validator = m.Cosign, m.Validator
		}
	}
	return &license.MemberSetAct{Set: set.Set + 1, Members: next}
}

func (w *writer) advance() license.Act {
	var n license.Network
	w.d.Get(license.KindNetwork, "network", &n)
	days := int64(1 + w.rng.IntN(20))
	if w.rng.IntN(4) == 0 {
		days = 91 // past every not_after
	}
	return &license.ClockAdvance{Old: n.Offset, Seconds: days * 86400}
}

// adoptRules goes on to the next rules that the program has, once, and may put them
// off before.
func (w *writer) adoptRules() license.Act {
	var n license.Network
	w.d.Get(license.KindNetwork, "network", &n)
	h := w.d.Height()
	now := n.RulesAt(h)
	if now == license.RulesNewest {
		return nil
	}
	return &license.RulesAdopt{Count: n.Count, Rules: now + 1, Height: h + 2 + int64(w.rng.IntN(6))}
}

// create brings a board into the network, one of source import among them.
func (w *writer) create() license.Act {
	if len(w.boards)+len(w.coming) >= 4 {
		return nil
	}
	b := fmt.Sprintf("us-b%d", len(w.boards)+len(w.coming))
	a := &license.BoardCreate{Board: b, Name: b, Member: "il", Jurisdiction: b, Root: w.newKey(), Audiences: audiences}
	if len(w.boards) == 2 {
		var set license.MemberSet
		w.d.Get(license.KindMembers, "set", &set)
		a.Source, a.Root = license.SourceImport, set.Members[0].Root
	}
	w.coming = append(w.coming, b)
	return a
}

// claim lets a board of source import join.
func (w *writer) claim() license.Act {
	for _, id := range w.boards {
		var b license.Board
		if w.d.Get(license.KindBoard, id, &b); b.Source == license.SourceImport {
			return &license.BoardClaim{Board: id, Count: b.Count, Old: b.Root, Root: w.newKey(), Member: "il", Name: one(w.game, []string{"", "Joined"})}
		}
	}
	return nil
}

// npis are those whose claims are copied: few, so that rows follow each other.
var npis = []string{"1234567893", "1245319599", "1003000126"}

func (w *writer) copyClaims() license.Act {
	a := &license.ImportClaim{
		Claim: w.board + "." + one(w.game, npis), File: license.HashOf(fmt.Append(nil, w.rng.IntN(50))), Row: 1 + int64(w.rng.IntN(900)), Day: w.day(),
	}
	var c license.Claims
	if w.d.Get(license.KindClaim, a.Claim, &c); c.Import != nil && w.rng.IntN(3) > 0 {
		a.Day = w.after(c.Import.Day)
	}
	a.Count = c.Count
	for range w.rng.IntN(3) {
		_, n := w.number()
		a.Claims = append(a.Claims, license.Claim{State: one(w.game, []string{"IL", "WI", ""}), Number: n, Taxonomy: one(w.game, []string{"163W00000X", ""}), Primary: w.rng.IntN(2) == 0})
	}
	return a
}

func (w *writer) undoClaims() license.Act {
	id := w.board + "." + one(w.game, npis)
	e := one(w.game, w.d.Entries(license.KindClaim, id))
	if e.Import == nil {
		return nil
	}
	var c license.Claims
	w.d.Get(license.KindClaim, id, &c)
	return &license.ImportUndo{Claim: id, Count: c.Count, File: e.Import.File, Entries: []license.Hash{e.Hash}}
}
