package auditor

import (
	"bytes"
	"errors"
	"strings"

	"licet/license"
	"licet/strict"
)

// automatic checks an entry that nobody signed: what a contract did, on the records as
// they stood, is what contracts may do, and the edition that did it was in force. That the
// contract's text says so is not checked here: an auditor does not run contracts.
func (b *block) automatic(e *license.Recorded, raw []byte, untrue func(string, ...any) error) error {
	v := &past{b: b, now: e.Time, height: e.Block}
	var n license.Network
	if v.Get(license.KindNetwork, "network", &n); e.Block == 0 || n.RulesAt(e.Block) < 2 {
		return errors.Join(v.err, untrue("it names no signed act"))
	}
	eff, why := v.intended(e)
	if v.err != nil {
		return v.err
	}
	if why != "" {
		return untrue("%s", why)
	}
	if eff.Kind, eff.ID = e.Kind, e.ID; eff.Effective == "" {
		eff.Effective = license.Today(v, license.BoardOf(e.Kind, e.ID))
	}
	if !bytes.Equal(entryOf(eff, e.Act, e), raw) {
		return errors.Join(v.err, untrue("it says something else than a contract may do"))
	}
	return v.err
}

// intended does again what the entry says of a contract, or says why it cannot be.
func (p *past) intended(e *license.Recorded) (*license.Effect, string) {
	switch c := e.Cause; {
	case c == nil:
		return p.days(e)
	case c.Header != (license.Hash{}) || c.Signatures != (license.Hash{}) || c.Act != 0:
		return nil, "it names a signed act and a contract"
	case e.Kind == license.KindFault:
		return p.fault(e)
	case e.Kind == license.KindNotice:
		return p.notice(e)
	case e.Kind != license.KindLicense:
		return nil, "no contract does anything to such a record"
	}
	eff, why, no := p.effect(e)
	if no != nil {
		why = "no contract may do this: " + no.Sentence
	}
	if why == "" && eff == nil {
		why = "it changes nothing"
	}
	return eff, why
}

// effect does again what the entry says of a license.
func (p *past) effect(e *license.Recorded) (eff *license.Effect, why string, no *license.Refusal) {
	if len(e.Changes) == 1 && license.VerbOf(e.Changes[0].Do) == e.Act {
		eff, no = license.Automatic(p, e.Cause.Contract, e.ID, e.Changes[0])
		return eff, p.inForce(e.Cause, license.BoardOf(e.Kind, e.ID)), no
	}
	if len(e.Also) != 1 {
		return nil, "no contract does this", nil
	}
	var call license.Call
	switch w := &e.Also[0]; {
	case e.Act == license.ContractQueue && w.Kind == license.KindCall:
		if strict.Decode(w.Value, &call, license.EntryBytesMax) != nil || !marks(&call, e) || p.Get(license.KindCall, w.ID, new(license.Call)) {
			return nil, "its call is none of this contract about this license, or waits already", nil
		}
		if call.Held != strings.HasPrefix(w.ID, license.HeldPrefix) {
			return nil, "its call is held under the number of one that is not", nil
		}
		eff, no = license.Queue(p, e.ID, w.ID, &call)
	case e.Act == license.ContractCalled && w.Kind == license.KindCall:
		if !p.Get(license.KindCall, w.ID, &call) || call.Held || !marks(&call, e) {
			return nil, "no such call waited", nil
		}
		eff, no = license.Queue(p, e.ID, w.ID, nil)
	case e.Act == license.ContractTimer && w.Kind == license.KindTimer:
		return p.timer(e, w)
	default:
		return nil, "no contract does this", nil
	}
	return eff, "", no
}

// marks says whether a call waits about the entry's license.
func marks(c *license.Call, e *license.Recorded) bool {
	about := c.Each
	if about == "" {
		about = c.License
	}
	return c.Contract == e.Cause.Contract && about == e.ID
}

// timer sets, clears or calls one: what is called names no edition.
func (p *past) timer(e *license.Recorded, w *license.Write) (eff *license.Effect, why string, no *license.Refusal) {
	var was, t license.Timer
	name, own := strings.CutPrefix(w.ID, e.ID+"~"+e.Cause.Contract+"~")
	if !own || w.Value != nil && strict.Decode(w.Value, &t, license.EntryBytesMax) != nil {
		return nil, "its timer is none of this contract about this license", nil
	}
	if e.Cause.Version > 0 {
		why = p.inForce(e.Cause, license.BoardOf(e.Kind, e.ID))
	} else if p.Get(license.KindTimer, w.ID, &was); t.Day != "" || was.Day > e.Cause.Day || e.Cause.Day > license.Today(p, license.BoardOf(e.Kind, e.ID)) {
		why = "no such timer was due"
	}
	eff, no = license.SetTimer(p, e.ID, e.Cause.Contract, name, t.Day)
	return eff, why, no
}

// inForce says why the edition was not in force for a board; "" when it was.
func (p *past) inForce(c *license.Cause, board string) string {
	var all license.Contracts
	var k license.Contract
	p.Get(license.KindContracts, board, &all)
	p.Get(license.KindContract, c.Contract, &k)
	e := k.InForce(board)
	if all.Row(c.Contract) < 0 || k.Retired || e == nil || e.Hash != c.Hash || e.Version != c.Version || e.Amendment != c.Amendment {
		return "the edition of contract " + c.Contract + " that it names was not in force for board " + board
	}
	return ""
}

// days says how far a board's calls have come: nothing else of its record changes.
func (p *past) days(e *license.Recorded) (*license.Effect, string) {
	var was, is license.Board
	if e.Kind != license.KindBoard || e.Act != license.ContractDays || !p.Get(e.Kind, e.ID, &was) || strict.Decode(e.Body, &is, license.EntryBytesMax) != nil {
		return nil, "it names no signed act"
	}
	was.Days, was.Last = is.Days, license.Hash{}
	return &license.Effect{Record: &was}, ""
}

func (p *past) notice(e *license.Recorded) (*license.Effect, string) {
	var n license.Notice
	if e.Act != license.ContractNotify || strict.Decode(e.Body, &n, license.EntryBytesMax) != nil ||
		n.Contract != e.Cause.Contract || n.Version != e.Cause.Version || p.Get(e.Kind, e.ID, new(license.Notice)) ||
		license.BoardOf(license.KindLicense, n.License) != license.BoardOf(e.Kind, e.ID) {
		return nil, "it is no notice of this contract"
	}
	return &license.Effect{Record: &n}, p.inForce(e.Cause, license.BoardOf(e.Kind, e.ID))
}

// fault counts a call that had no effects, or ends a row of them.
func (p *past) fault(e *license.Recorded) (*license.Effect, string) {
	var was, is license.Fault
	p.Get(e.Kind, e.ID, &was)
	if e.Act != license.ContractFault || strict.Decode(e.Body, &is, license.EntryBytesMax) != nil || !strings.HasPrefix(e.ID, e.Cause.Contract+"/") {
		return nil, "it is no fault of this contract"
	}
	if is.Faults == 0 {
		if was.Faults == 0 {
			return nil, "there was no fault to end"
		}
		return &license.Effect{Record: &license.Fault{Hash: e.Cause.Hash}}, ""
	}
	if was.Hash != e.Cause.Hash {
		was.Faults = 0
	}
	was = license.Fault{
		Faults: was.Faults + 1, Suspended: was.Faults+1 >= license.FaultsMax, Hash: e.Cause.Hash, Trigger: e.Cause.Trigger,
		Code: is.Code, Call: is.Call,
	}
	return &license.Effect{Record: &was}, ""
}
