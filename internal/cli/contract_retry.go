package cli

import (
	"fmt"

	"licet/license"
)

type contractRetryCmd struct {
	parting
	Call string `help:"Id of the call, as the license's page and licet contract calls name it. Absent: the newest that is held for the board." placeholder:"CALL" xor:"which"`
	All  bool   `help:"All calls of the contract that are held for the board, at most a hundred at a time." xor:"which"`
}

func (contractRetryCmd) Help() string {
	return "A call that failed is held, and the license that it is about says that a rule has still to be applied. Mend what made it fail, " +
		"such as by a newer version of the contract; then ask for it again. It runs in the next block, by the edition that is in force then. " +
		"Where the board has left the contract, the call ends and changes nothing."
}

// Run asks for held calls to be made again.
func (c *contractRetryCmd) Run(e *env) error {
	if err := c.someone(); err != nil {
		return err
	}
	if _, err := e.contractsHere(); err != nil {
		return err
	}
	var all license.Contracts
	if _, err := e.record(license.KindContracts, c.Board, &all); err != nil {
		return err
	}
	calls := []string{c.Call}
	if c.Call == "" {
		var err error
		if calls, err = c.held(e); err != nil {
			return err
		}
	}
	var acts []license.Act
	for i, call := range calls {
		acts = append(acts, &license.ContractRetry{Board: c.Board, Contract: c.Contract, Count: all.Count + int64(i), Call: call})
		e.says(func() { e.printf("Board %s asks for call %s of contract %s again.\n", c.Board, call, c.Contract) })
	}
	if err := c.warn(e); err != nil {
		return err
	}
	if err := c.ask(e); err != nil {
		return err
	}
	return e.decide(c.signing, nil, acts...)
}

// held finds the calls that are held for a board: the newest, or all, the oldest first, in
// the order in which they were called.
func (c *contractRetryCmd) held(e *env) (ids []string, err error) {
	l, _, err := e.heldCalls(c.Board, c.Contract)
	if err != nil {
		return nil, err
	}
	if len(l.Held) == 0 {
		return nil, fmt.Errorf("no call of contract %s is held for board %s; licet contract calls --board %s lists those that are", c.Contract, c.Board, c.Board)
	}
	for i := range l.Held {
		ids = append([]string{l.Held[i].Call}, ids...)
	}
	if !c.All {
		ids = ids[len(ids)-1:]
	}
	return ids, nil
}

// warn says that the edition which failed is still in force.
func (c *contractRetryCmd) warn(e *env) error {
	k, err := e.contractNow(c.Contract)
	if err != nil || k == nil {
		return err
	}
	for i := range k.Boards {
		if a := &k.Boards[i]; a.Board == c.Board && a.Fault != nil {
			e.says(func() {
				e.printText("The edition that failed is still in force for the board, %s: unless records have changed, it fails again.", called(a.Version, a.Amendment))
			})
		}
	}
	return nil
}
