package cli

import (
	"strings"

	"licet/internal/keys"
	"licet/license"
)

type boardCmds struct {
	Create     boardCreateCmd     `cmd:"" help:"Bring a board into the network. Members with more than two thirds of the weight sign, and the board's root."`
	Amend      boardAmendCmd      `cmd:"" help:"Change a board's name or who may see what."`
	Calendar   boardCalendarCmd   `cmd:"" help:"Set a board's table of UTC offsets, which says when its legal day begins."`
	Profession boardProfessionCmd `cmd:"" help:"Set one of a board's professions."`
	Claim      boardClaimCmd      `cmd:"" help:"Let a board of which copies were kept join, with a root key and officers of its own."`
	Succeed    boardSucceedCmd    `cmd:"" help:"Replace a board's root key. The old and the new one sign."`
	Show       boardShowCmd       `cmd:"" help:"Show a board's record."`
}

type boardArg struct {
	Board string `arg:"" help:"Board id, such as us-il."`
}

// audienceFlags say who may see which openings.
type audienceFlags struct {
	Public      []string `help:"Kinds of openings that everybody may see: name, city, state, order, … Repeat it." placeholder:"KIND" sep:"none"`
	SealedShown string   `help:"How history shows sealed matter: as one confidential entry (absent), or \"hidden\"." placeholder:"WORD"`
}

func (f audienceFlags) audiences() (as []license.Audience) {
	for _, k := range f.Public {
		as = append(as, license.Audience{Kind: k, Who: license.AudiencePublic})
	}
	return as
}

type boardCreateCmd struct {
	boardArg
	signing
	audienceFlags
	Name         string `required:"" help:"The board's name." placeholder:"TEXT"`
	Member       string `required:"" help:"Member agency that it belongs to." placeholder:"ID"`
	Jurisdiction string `help:"Jurisdiction, such as us-il. Absent: the board's id." placeholder:"CODE"`
	Root         string `help:"The board's root key: its file or ed25519:… Absent: the --key that is for this board." placeholder:"FILE|KEY"`
	Import       bool   `help:"The board has not joined: the member keeps copies of what the board publishes, and its root is the member's."`
}

// Run brings a board into the network.
func (c boardCreateCmd) Run(e *env) error {
	root, err := c.root()
	if err != nil {
		return err
	}
	a := &license.BoardCreate{
		Board: c.Board, Name: c.Name, Member: c.Member, Jurisdiction: c.Jurisdiction, Root: root,
		Audiences: c.audiences(), SealedShown: c.SealedShown,
	}
	if a.Jurisdiction == "" {
		a.Jurisdiction = c.Board
	}
	if c.Import {
		a.Source = license.SourceImport
	}
	return e.decide(c.signing, nil, a)
}

// root finds the board's root key among the signers' when none was named.
func (c boardCreateCmd) root() (string, error) {
	if c.Root != "" {
		return publicKey(c.Root)
	}
	for _, path := range c.Key {
		f, err := keys.Inspect(path)
		if err != nil {
			return "", err
		}
		if by, err := f.By(); err == nil && (by == "board/"+c.Board || c.Import && by == "member/"+c.Member) {
			return string(f.Public), nil
		}
	}
	return "", usage("which is the board's root key? Make one with: licet keys new --for \"board %s root\" -o FILE, and sign with it too", c.Board)
}

type boardAmendCmd struct {
	boardArg
	signing
	audienceFlags
	Name string `help:"New name. Absent: as it was." placeholder:"TEXT"`
}

// Run changes what a board says of itself.
func (c boardAmendCmd) Run(e *env) error {
	var b license.Board
	if err := e.mustRecord(license.KindBoard, c.Board, &b); err != nil {
		return err
	}
	a := &license.BoardAmend{Board: c.Board, Count: b.Count, Name: b.Name, Audiences: b.Audiences, SealedShown: b.SealedShown}
	if c.Name != "" {
		a.Name = c.Name
	}
	if len(c.Public) > 0 {
		a.Audiences = c.audiences()
	}
	if c.SealedShown != "" {
		a.SealedShown = c.SealedShown
	}
	return e.decide(c.signing, nil, a)
}

type boardSucceedCmd struct {
	boardArg
	signing
	Public string `required:"" help:"The new root key: its file, of which the public part is read, or ed25519:…" placeholder:"FILE|KEY"`
}

func (c *boardSucceedCmd) Help() string {
	return "Name both key files: --key OLD --key NEW. Verifiers with the old trust file follow the succession; publish a new trust file all the same."
}

// Run replaces a board's root key.
func (c *boardSucceedCmd) Run(e *env) error {
	var b license.Board
	if err := e.mustRecord(license.KindBoard, c.Board, &b); err != nil {
		return err
	}
	root, err := publicKey(c.Public)
	if err != nil {
		return err
	}
	return e.decide(c.signing, nil, &license.BoardSucceed{Board: c.Board, Count: b.Count, Old: b.Root, Root: root})
}

type boardCalendarCmd struct {
	boardArg
	signing
	CentralTime bool   `help:"Illinois: six hours behind UTC, five in summer."`
	File        string `help:"A table of your own, in TOML: [[row]] with from and minutes, and [row.daylight] with minutes, begin and end." placeholder:"FILE" type:"path"`
}

// Run sets a board's calendar.
func (c boardCalendarCmd) Run(e *env) error {
	if c.CentralTime == (c.File != "") {
		return usage("which calendar? Name --central-time or --file FILE")
	}
	rows := license.CentralTime()
	if c.File != "" {
		var err error
		if rows, err = readCalendar(c.File); err != nil {
			return err
		}
	}
	var old license.Calendar
	if _, err := e.record(license.KindCalendar, c.Board, &old); err != nil {
		return err
	}
	return e.decide(c.signing, nil, &license.BoardCalendar{Board: c.Board, Count: old.Count, Rows: rows})
}

// readCalendar reads a board's own table. Turns of the clock are written
// begin = { month = 3, sunday = 2, at = 120 }.
func readCalendar(file string) (rows []license.OffsetRow, err error) {
	var table struct {
		Row []struct {
			From     string            `toml:"from"`
			Minutes  int64             `toml:"minutes"`
			Daylight *license.Daylight `toml:"daylight"`
		} `toml:"row"`
	}
	if err := readTOML(file, &table); err != nil {
		return nil, err
	}
	for i, r := range table.Row {
		from, err := license.ParseInstant(r.From)
		if err != nil {
			return nil, usage("%s: row %d: %w", file, i+1, err)
		}
		rows = append(rows, license.OffsetRow{From: from, Minutes: r.Minutes, Daylight: r.Daylight})
	}
	return rows, nil
}

type boardProfessionCmd struct {
	signing
	Profession string   `arg:"" help:"Profession id: board and code, such as us-il.nurse."`
	Title      string   `help:"Title, such as \"Registered professional nurse\"." placeholder:"TEXT"`
	Pattern    string   `help:"How its numbers are written: # a digit, @ a letter, ? either, * anything, + at the end repeats, | between forms." placeholder:"PATTERN"`
	Label      []string `help:"The board's word for a code, such as \"not-renewed=NOT RENEWED\". Repeat it; together they replace the old ones." placeholder:"CODE=TEXT" sep:"none"`
	IssuedFrom day      `help:"Licenses issued from this day on are all here: only then can a license be said not to exist." placeholder:"DAY"`
	CompleteAs day      `help:"The records are complete as of this day. Absent: kept current." placeholder:"DAY"`
	Except     string   `help:"What is not public, in words." placeholder:"TEXT"`
}

// Run sets a profession; what no flag names stays.
func (c boardProfessionCmd) Run(e *env) error {
	var p license.Profession
	found, err := e.record(license.KindProfession, c.Profession, &p)
	if err != nil {
		return err
	}
	if !found && (c.Title == "" || c.Pattern == "") {
		return usage("a new profession needs --title and --pattern")
	}
	a := &license.BoardProfession{Profession: c.Profession, Count: p.Count, Title: p.Title, Pattern: p.Pattern, Labels: p.Labels, Coverage: p.Coverage}
	if c.Title != "" {
		a.Title = c.Title
	}
	if c.Pattern != "" {
		a.Pattern = c.Pattern
	}
	if len(c.Label) > 0 {
		a.Labels = nil
	}
	for _, l := range c.Label {
		code, text, ok := strings.Cut(l, "=")
		if !ok {
			return usage("--label %q: write it like not-renewed=\"NOT RENEWED\"", l)
		}
		a.Labels = append(a.Labels, license.Label{Code: code, Text: text})
	}
	if c.IssuedFrom != "" {
		a.Coverage = &license.Coverage{IssuedFrom: license.Day(c.IssuedFrom), CompleteAs: license.Day(c.CompleteAs), Except: c.Except}
	}
	return e.decide(c.signing, nil, a)
}

type boardShowCmd struct{ boardArg }

// Run shows a board.
func (c boardShowCmd) Run(e *env) error { return e.showRecord(license.KindBoard, c.Board) }
