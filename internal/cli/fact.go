package cli

import (
	"strings"

	"licet/license"
)

type factCmds struct {
	Record factRecordCmd `cmd:"" help:"Record a dated fact about a license."`
	Amend  factAmendCmd  `cmd:"" help:"Replace a fact's particulars."`
	End    factEndCmd    `cmd:"" help:"End a fact from a day on."`
}

// particulars are what a fact says.
type particulars struct {
	Day     day    `help:"Day of the fact. Absent: the board's legal day." placeholder:"DAY"`
	Through day    `help:"Last day." placeholder:"DAY"`
	Number  int64  `help:"A number: hours of CE, cents of a bond, basis points of a control person's share (2550 is 25.5 percent)." placeholder:"N"`
	Party   string `help:"The other license, officer or company, by id; of a branch its own license, where it has one." placeholder:"ID"`
	Text    string `help:"What else there is to say, such as a name or the address of premises; kept beside the log." placeholder:"TEXT"`
}

func (p particulars) opening() ([]license.Opening, license.Hash) {
	if p.Text == "" {
		return nil, license.Hash{}
	}
	o, ref := newOpening(license.OpeningFact, []byte(p.Text))
	return []license.Opening{o}, ref.Commitment
}

type factRecordCmd struct {
	signing
	particulars
	About string `required:"" help:"License id." placeholder:"ID"`
	Code  string `required:"" help:"Kind of fact: ${facts}." placeholder:"CODE"`
}

// Run records a fact.
func (c factRecordCmd) Run(e *env) error {
	board, err := (licenseArg{License: c.About}).board()
	if err != nil {
		return err
	}
	day, err := e.dayOr(c.Day, board)
	if err != nil {
		return err
	}
	openings, commitment := c.opening()
	a := &license.FactRecord{
		Fact: board + "/" + randomID(), About: c.About, Code: c.Code, Day: day, Through: license.Day(c.Through),
		Number: c.Number, Party: c.Party, Commitment: commitment,
	}
	if err := e.decide(c.signing, openings, a); err != nil {
		return err
	}
	if !e.JSON && c.Draft == "" {
		e.printf("Fact %s.\n", a.Fact)
	}
	return nil
}

type factArg struct {
	Fact string `arg:"" help:"Fact id, such as us-il/0123456789abcdef0123456789abcdef."`
}

// find reads the fact and the board's legal day, or the day that was named.
func (a factArg) find(e *env, named day) (f license.Fact, day license.Day, err error) {
	if err := e.mustRecord(license.KindFact, a.Fact, &f); err != nil {
		return f, "", err
	}
	board, _, _ := strings.Cut(a.Fact, "/")
	day, err = e.dayOr(named, board)
	return f, day, err
}

type factAmendCmd struct {
	factArg
	signing
	particulars
}

// Run replaces a fact's particulars.
func (c factAmendCmd) Run(e *env) error {
	f, day, err := c.find(e, c.Day)
	if err != nil {
		return err
	}
	openings, commitment := c.opening()
	return e.decide(c.signing, openings, &license.FactAmend{
		Fact: c.Fact, Count: f.Count, Day: day, Through: license.Day(c.Through), Number: c.Number, Party: c.Party, Commitment: commitment,
	})
}

type factEndCmd struct {
	factArg
	signing
	Day day `help:"Day from which it has ended. Absent: the board's legal day." placeholder:"DAY"`
}

// Run ends a fact.
func (c factEndCmd) Run(e *env) error {
	f, day, err := c.find(e, c.Day)
	if err != nil {
		return err
	}
	return e.decide(c.signing, nil, &license.FactEnd{Fact: c.Fact, Count: f.Count, Day: day})
}
