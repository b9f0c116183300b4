package cli

import (
	"fmt"

	"licet/license"
	"licet/strict"
)

type licenseCmds struct {
	Find       licenseFindCmd    `cmd:"" help:"Search licenses by name, number, NPI, profession, status, city."`
	Show       licenseShowCmd    `cmd:"" help:"What a license says on a day, as known at a time."`
	History    licenseHistoryCmd `cmd:"" help:"Every entry about a license, in plain words."`
	Issue      licenseIssueCmd   `cmd:"" help:"Grant a license."`
	Renew      licenseRenewCmd   `cmd:"" help:"Add a term."`
	Amend      licenseAmendCmd   `cmd:"" help:"Change the name, the address or the route."`
	Surrender  surrenderCmd      `cmd:"" help:"End the registration from a day on, because the holder gave it back."`
	Inactivate inactivateCmd     `cmd:"" help:"Put the registration to rest from a day on."`
	Reactivate reactivateCmd     `cmd:"" help:"Make the registration active again, also after a surrender. It brings no term: --through adds one beside it."`
	Decease    deceaseCmd        `cmd:"" help:"End the registration of a holder who died."`
	Extend     extendCmd         `cmd:"" help:"Move the last day of a term later: by emergency order, or while a timely renewal application is pending."`
	Discipline disciplineCmd     `cmd:"" help:"Put an order on a license, or revise an open one."`
	Stay       stayCmd           `cmd:"" help:"Stay an order from a day on."`
	Unstay     unstayCmd         `cmd:"" help:"End a stay: from this day the order holds again."`
	Lift       liftCmd           `cmd:"" help:"End an order: from this day it holds no longer."`
	Void       voidCmd           `cmd:"" help:"Take back entries that should never have been."`
	Correct    correctCmd        `cmd:"" help:"Replace what an entry changed."`
	Seal       sealCmd           `cmd:"" help:"Remove an order's row and its words, after writing the board's own copy."`
	Sealed     sealedCmd         `cmd:"" help:"Show the board's own copy of a sealed order."`
	Link       linkCmd           `cmd:"" help:"Say that two licenses have one holder; each board signs its own."`
	Unlink     unlinkCmd         `cmd:"" help:"Take the signing board's word about a link back."`
}

// licenseArg is the license that a command is about.
type licenseArg struct {
	License string `arg:"" name:"id" help:"License id: board.profession.number, such as us-il.physician.036123456."`
}

// board returns the board of the license, and checks the id's form.
func (a licenseArg) board() (string, error) {
	id, err := license.ParseID(a.License)
	if err != nil {
		return "", usage("%w", err)
	}
	return id.Board, nil
}

// holder are the flags that say who the holder is and where.
type holder struct {
	Family string `help:"Family name." group:"Holder" placeholder:"NAME"`
	Given  string `help:"Given name." group:"Holder" placeholder:"NAME"`
	Middle string `help:"Middle name." group:"Holder" placeholder:"NAME"`
	Suffix string `help:"Suffix, such as Jr." group:"Holder" placeholder:"TEXT"`
	Legal  string `help:"Legal name of an organization." group:"Holder" placeholder:"NAME"`
	DBA    string `help:"Name under which an organization does business." group:"Holder" name:"dba" placeholder:"NAME"`
	Street string `help:"Street." group:"Holder" placeholder:"TEXT"`
	City   string `help:"City." group:"Holder" placeholder:"TEXT"`
	State  string `help:"State, such as IL." group:"Holder" placeholder:"TEXT"`
	Zip    string `help:"ZIP code." group:"Holder" placeholder:"TEXT"`
	NPI    string `help:"National Provider Identifier." group:"Holder" name:"npi" placeholder:"NUMBER"`
}

// content returns what the flags say, by kind of opening.
func (h holder) content() map[string][]byte {
	m := map[string][]byte{}
	n := license.Name{Family: h.Family, Given: h.Given, Middle: h.Middle, Suffix: h.Suffix, Legal: h.Legal, DBA: h.DBA}
	if n != (license.Name{}) {
		m[license.OpeningName] = strict.Encode(&n)
	}
	for kind, text := range map[string]string{
		license.OpeningStreet: h.Street, license.OpeningCity: h.City, license.OpeningState: h.State,
		license.OpeningZip: h.Zip, license.OpeningNPI: h.NPI,
	} {
		if text != "" {
			m[kind] = []byte(text)
		}
	}
	return m
}

// openings salts what the flags say.
func (h holder) openings() (os []license.Opening, refs []license.OpeningRef) {
	content := h.content()
	for _, kind := range license.OpeningKinds {
		if b, ok := content[kind]; ok {
			o, ref := newOpening(kind, b)
			os, refs = append(os, o), append(refs, ref)
		}
	}
	return os, refs
}

type licenseIssueCmd struct {
	licenseArg
	holder
	signing
	Organization bool   `help:"The holder is an organization. Implied by --legal."`
	Issued       day    `help:"Day of the original issue. Absent: the first day." placeholder:"DAY"`
	From         day    `help:"First day of the first term. Absent: the board's legal day." placeholder:"DAY"`
	Through      day    `help:"Last day of the term. Absent: it has no end." placeholder:"DAY"`
	Grace        day    `help:"Last day on which it counts as expired but not lapsed." placeholder:"DAY"`
	Route        string `help:"How it was obtained: examination, endorsement, imlc, …" placeholder:"WORD"`
}

// Run grants a license.
func (c licenseIssueCmd) Run(e *env) error {
	board, err := c.board()
	if err != nil {
		return err
	}
	from, err := e.dayOr(c.From, board)
	if err != nil {
		return err
	}
	openings, refs := c.openings()
	if _, named := c.content()[license.OpeningName]; !named {
		return usage("whose license? Name the holder with --family and --given, or with --legal")
	}
	a := &license.LicenseIssue{
		License: c.License, Licensee: randomID(), Subject: license.SubjectPerson, Route: c.Route, Issued: license.Day(c.Issued),
		From: from, Through: license.Day(c.Through), Grace: license.Day(c.Grace), Openings: refs,
	}
	if c.Organization || c.Legal != "" {
		a.Subject = license.SubjectOrganization
	}
	if a.Issued == "" {
		a.Issued = from
	}
	return e.decide(c.signing, openings, a)
}

type licenseRenewCmd struct {
	licenseArg
	signing
	From    day `help:"First day of the new term. Absent: the day after the last term." placeholder:"DAY"`
	Through day `help:"Last day of the new term. Absent: it has no end." placeholder:"DAY"`
	Grace   day `help:"Last day on which it counts as expired but not lapsed." placeholder:"DAY"`
}

// Run adds a term.
func (c licenseRenewCmd) Run(e *env) error {
	a, err := c.prepare(e)
	if err != nil {
		return err
	}
	return e.decide(c.signing, nil, a)
}

func (c licenseRenewCmd) prepare(e *env) (*license.LicenseRenew, error) {
	l, err := e.licenseRecord(c.License)
	if err != nil {
		return nil, err
	}
	from := license.Day(c.From)
	if from == "" {
		last := lastDay(l)
		if last == "" {
			return nil, usage("the last term of %s has no end; say when the new one begins with --from", c.License)
		}
		from = last.Add(1)
	}
	return &license.LicenseRenew{
		License: c.License, Count: l.Counts.Term, From: from, Through: license.Day(c.Through), Grace: license.Day(c.Grace),
	}, nil
}

// lastDay returns the last day of the latest term, or none.
func lastDay(l *license.License) (last license.Day) {
	for _, t := range l.Terms {
		if t.Through == "" {
			return ""
		}
		last = max(last, t.Through)
	}
	return last
}

// recordAndDay fetches the license as it stands, and the day from which an act
// on it holds: the one that was named, or its board's legal day.
func (c licenseArg) recordAndDay(e *env, d day) (*license.License, license.Day, error) {
	board, err := c.board()
	if err != nil {
		return nil, "", err
	}
	l, err := e.licenseRecord(c.License)
	if err != nil {
		return nil, "", err
	}
	from, err := e.dayOr(d, board)
	return l, from, err
}

type licenseAmendCmd struct {
	licenseArg
	holder
	signing
	From  day    `help:"Day from which it holds. Absent: the board's legal day." placeholder:"DAY"`
	Route string `help:"How the license was obtained." placeholder:"WORD"`
}

// Run changes the holder's particulars.
func (c licenseAmendCmd) Run(e *env) error {
	l, from, err := c.recordAndDay(e, c.From)
	if err != nil {
		return err
	}
	openings, refs := c.openings()
	if len(refs) == 0 && c.Route == "" {
		return usage("nothing changes: name what is new, such as --family or --city")
	}
	return e.decide(c.signing, openings, &license.LicenseAmend{
		License: c.License, Count: l.Counts.Identity, From: from, Route: c.Route, Openings: refs,
	})
}

type surrenderCmd struct {
	licenseArg
	signing
	From day `help:"Day from which it is surrendered. Absent: the board's legal day." placeholder:"DAY"`
}

// Run ends the registration.
func (c surrenderCmd) Run(e *env) error {
	l, from, err := c.recordAndDay(e, c.From)
	if err != nil {
		return err
	}
	return e.decide(c.signing, nil, &license.LicenseSurrender{License: c.License, Count: l.Counts.Term, From: from})
}

type linkFlags struct {
	licenseArg
	signing
	Other     string `arg:"" help:"The other license's id."`
	Effective day    `help:"Day from which it holds. Absent: the board's legal day." placeholder:"DAY"`
}

func (c linkFlags) prepare(e *env) (count int64, from license.Day, err error) {
	if _, err := license.ParseID(c.Other); err != nil {
		return 0, "", usage("%w", err)
	}
	l, from, err := c.recordAndDay(e, c.Effective)
	if err != nil {
		return 0, "", err
	}
	return l.Counts.Links, from, nil
}

type linkCmd struct{ linkFlags }

// Run links two licenses, as far as the signing board is concerned.
func (c linkCmd) Run(e *env) error {
	count, from, err := c.prepare(e)
	if err != nil {
		return err
	}
	return e.decide(c.signing, nil, &license.LicenseeLink{License: c.License, Count: count, Other: c.Other, Effective: from})
}

type unlinkCmd struct{ linkFlags }

// Run takes the signing board's word back.
func (c unlinkCmd) Run(e *env) error {
	count, from, err := c.prepare(e)
	if err != nil {
		return err
	}
	return e.decide(c.signing, nil, &license.LicenseeUnlink{License: c.License, Count: count, Other: c.Other, Effective: from})
}

// entryRef is an entry as a flag names it: its index in the log, or its hash.
func (e *env) entryRef(of []historyEntry, ref string) (historyEntry, error) {
	for _, h := range of {
		if ref == fmt.Sprint(h.Index) || ref == h.Hash.String() {
			return h, nil
		}
	}
	return historyEntry{}, usage("there is no entry %s about this license; \"licet license history\" shows their numbers", ref)
}
