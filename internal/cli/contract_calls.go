package cli

import (
	"cmp"
	"encoding/json"
	"net/url"
	"strings"

	"licet/license"
)

type contractCallsCmd struct {
	Contract string `arg:"" optional:"" help:"Of this contract alone."`
	Board    string `help:"Board for which they are." required:"" placeholder:"BOARD"`
}

func (contractCallsCmd) Help() string {
	return "A call that failed changed nothing. It is held: its license says that a rule has still to be applied, until the rule is mended and the board asks " +
		"for the call again. Calls that wait come by themselves, in one of the next blocks."
}

// heldCalls are what contracts have still to do for a board, as a node says.
type heldCalls struct {
	Held []struct {
		Call     string `json:"call"`
		Contract string `json:"contract"`
		License  string `json:"license"`
		Function string `json:"function"`
		Why      string `json:"why"`
		Sentence string `json:"sentence"`
		Retry    string `json:"retry"`
	} `json:"held"`
	More    bool  `json:"more"`
	Waiting int64 `json:"waiting"`
	Days    *struct {
		Day license.Day `json:"day"`
	} `json:"days"`
}

// heldCalls asks which calls are held for a board; "" is of any contract.
func (e *env) heldCalls(board, contract string) (l heldCalls, answer []byte, err error) {
	q := url.Values{}
	if contract != "" {
		q.Set("contract", contract)
	}
	answer, err = e.get("/v1/boards/" + url.PathEscape(board) + "/calls" + query(q))
	if err == nil {
		err = json.Unmarshal(answer, &l)
	}
	return l, answer, err
}

// Run lists calls.
func (c contractCallsCmd) Run(e *env) error {
	l, b, err := e.heldCalls(c.Board, c.Contract)
	if err != nil {
		return err
	}
	if e.JSON {
		e.printf("%s\n", strings.TrimSpace(string(b)))
		return nil
	}
	for _, x := range l.Held {
		e.printText("%s: contract %s has still to be applied, %s", x.License, x.Contract, cmp.Or(x.Why, "function "+x.Function))
		e.printText("  %s", x.Sentence)
		e.printText("  When it is mended: %s", x.Retry)
	}
	switch {
	case l.More:
		e.printf("More calls are held, or wait, than are listed here.\n")
	case len(l.Held) == 0:
		e.printf("No call is held for board %s.\n", c.Board)
	}
	if l.Waiting > 0 {
		e.printf("By themselves, in one of the next blocks, come: %s.\n", many(int(l.Waiting), "call"))
	}
	if l.Days != nil {
		e.printf("The calls for %s are still being made.\n", l.Days.Day.Long())
	}
	return nil
}
