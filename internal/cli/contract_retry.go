package cli

import (
	"fmt"
	"net/url"

	"licet/license"
)

type contractRetryCmd struct {
	parting
	Call string `help:"Id of the call, as the license's page names it. Absent: the newest that is held for the board." placeholder:"CALL"`
}

func (contractRetryCmd) Help() string {
	return "A call that failed is held, and the license that it is about says that a rule has still to be applied. Mend what made it fail, " +
		"such as by a newer version of the contract; then ask for it again. It runs in the next block, by the edition that is in force then. " +
		"Where the board has left the contract, the call ends and changes nothing."
}

// Run asks for a held call to be made again.
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
	if c.Call == "" {
		var err error
		if c.Call, err = e.heldCall(c.Board, c.Contract); err != nil {
			return err
		}
	}
	e.says(func() { e.printf("Board %s asks for call %s of contract %s again.\n", c.Board, c.Call, c.Contract) })
	if err := c.ask(e); err != nil {
		return err
	}
	return e.decide(c.signing, nil, &license.ContractRetry{Board: c.Board, Contract: c.Contract, Count: all.Count, Call: c.Call})
}

// heldCall finds the newest call that is held for a board.
func (e *env) heldCall(board, contract string) (string, error) {
	var list struct {
		Items []adopterNow `json:"items"`
	}
	if err := e.getJSON("/v1/boards/"+url.PathEscape(board)+"/contracts", &list); err != nil {
		return "", err
	}
	for i := range list.Items {
		if a := &list.Items[i]; a.Contract == contract && a.Fault != nil && a.Fault.Call != "" {
			return a.Fault.Call, nil
		}
	}
	return "", fmt.Errorf("the newest call of contract %s for board %s is not held; name the call with --call: the page of its license does", contract, board)
}
