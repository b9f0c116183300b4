package cli

import (
	"cmp"
	"encoding/json"
	"net/url"
	"slices"
	"strings"

	"licet/internal/wording"
	"licet/license"
)

// A ruleShown is the rule of a contract by which something was done, as a node says.
type ruleShown struct {
	Contract  string      `json:"contract"`
	Version   int64       `json:"version"`
	Amendment int64       `json:"amendment"`
	Hash      string      `json:"hash"`
	Function  string      `json:"function"`
	Line      int64       `json:"line"`
	Citation  string      `json:"citation"`
	Day       license.Day `json:"day"`
	Trigger   *struct {
		Hash    string `json:"hash"`
		Index   *int64 `json:"index"`
		Act     string `json:"act"`
		License string `json:"license"`
	} `json:"trigger"`
}

// An automaticShown is a change of a contract that counts on the day.
type automaticShown struct {
	Sentence string    `json:"sentence"`
	Rule     ruleShown `json:"rule"`
}

// cause is the rule as an entry names it.
func (r *ruleShown) cause() *license.Cause {
	return &license.Cause{Contract: r.Contract, Version: r.Version, Amendment: r.Amendment, Function: r.Function, Line: r.Line, Citation: r.Citation}
}

// print tells where the rule stands, and what made it run.
func (r *ruleShown) print(e *env, indent string) {
	line := func(s string) {
		if s != "" {
			e.printf("%s%s\n", indent, printable([]byte(s)))
		}
	}
	place := wording.Rule(r.cause())
	if at := wording.RuleLine(r.cause()); at != "" {
		place += ", " + at
	}
	line("Rule: " + place)
	if r.Hash != "" {
		line("Hash: " + r.Hash)
	}
	if t := r.Trigger; t != nil && t.Index != nil {
		line("Made to run by: entry " + digits(*t.Index) + ", " + t.Act + " of license " + t.License)
	} else if t != nil {
		line("Made to run by: entry with hash " + t.Hash)
	}
}

// printAutomatic prints what contracts did that counts on the day, and what they have
// still to do.
func (a *answer) printAutomatic(e *env, rules bool) {
	for i := range a.Automatic {
		x := &a.Automatic[i]
		e.printf("%-13s %s\n", "Automatic:", printable([]byte(x.Sentence)))
		if rules {
			x.Rule.print(e, strings.Repeat(" ", 14))
		}
	}
	for _, w := range a.Waits {
		e.printf("%-13s %s\n", "Waits:", printable([]byte(w)))
	}
}

type noticeCmds struct {
	List noticeListCmd `cmd:"" help:"List what contracts want a board to be told, the newest first."`
}

type noticeListCmd struct {
	Board string `help:"Board whose notices to list." required:"" placeholder:"BOARD"`
}

func (noticeListCmd) Help() string {
	return "A rule that has something to tell, and changes nothing, leaves a notice. Nothing is sent: look here, or let a program ask for /v1/boards/BOARD/notices."
}

type noticesPart struct {
	Items []noticeShown `json:"items"`
	Next  string        `json:"next"`
	AsOf  asOf          `json:"as_of"`
}

type noticeShown struct {
	ID       string      `json:"id"`
	License  string      `json:"license"`
	Day      license.Day `json:"day"`
	Contract string      `json:"contract"`
	Version  int64       `json:"version"`
	Code     string      `json:"code"`
	Words    string      `json:"words"`
	Citation string      `json:"citation"`
	Entry    string      `json:"entry"`
}

// Run lists a board's notices.
func (c noticeListCmd) Run(e *env) error {
	var all noticesPart
	for q := (url.Values{}); ; q.Set("after", all.Next) {
		var p noticesPart
		b, err := e.get("/v1/boards/" + url.PathEscape(c.Board) + "/notices" + query(q))
		if err == nil {
			err = json.Unmarshal(b, &p)
		}
		if err != nil {
			return err
		}
		all.Items, all.Next, all.AsOf = append(all.Items, p.Items...), p.Next, p.AsOf
		if p.Next == "" {
			break
		}
	}
	slices.SortStableFunc(all.Items, func(a, b noticeShown) int {
		return cmp.Or(cmp.Compare(b.Day, a.Day), cmp.Compare(a.License, b.License), cmp.Compare(a.Contract, b.Contract), cmp.Compare(a.ID, b.ID))
	})
	if e.JSON {
		if all.Items == nil {
			all.Items = []noticeShown{}
		}
		return e.printJSON(struct {
			Items []noticeShown `json:"items"`
			AsOf  asOf          `json:"as_of"`
		}{all.Items, all.AsOf})
	}
	if len(all.Items) == 0 {
		e.printf("No contract has told board %s anything.\n", c.Board)
	}
	for _, n := range all.Items {
		words := n.Words
		if words == "" {
			words = n.Code
		}
		e.printf("%s  %s  %s\n", n.Day.Long(), shown(n.License), printable([]byte(words)))
		e.printf("        by contract %s, version %d, under %s\n", shown(n.Contract), n.Version, printable([]byte(n.Citation)))
	}
	return nil
}
