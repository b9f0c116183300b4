package cli

import (
	"licet/license"
)

type rulesCmds struct {
	Adopt rulesAdoptCmd `cmd:"" help:"Say from which block on the network's next rules decide. Members sign; every member must have installed a program with these rules."`
	Show  rulesShowCmd  `cmd:"" help:"Show under which rules the network runs, and which were adopted for a later block."`
}

type rulesAdoptCmd struct {
	governing
	Rules int64 `arg:"" help:"Number of the rules: the next one." placeholder:"N"`
	At    int64 `help:"Height of the first block under them." placeholder:"HEIGHT"`
	In    int64 `help:"Instead of --at: after so many blocks, at least 3. A network at rest makes one every 10 seconds." placeholder:"BLOCKS"`
}

// networkNow is what a node says of its network.
type networkNow struct {
	Height int64 `json:"height"`
	Rules  int64 `json:"rules"` // that decide the next block
}

// Run adopts rules.
func (c rulesAdoptCmd) Run(e *env) error {
	if (c.At == 0) == (c.In == 0) {
		return usage("from which block on? Name either --at HEIGHT or --in BLOCKS")
	}
	if c.In != 0 && c.In < 3 {
		return usage("--in %d is too soon: at least 3 blocks, for the act itself takes one", c.In)
	}
	if c.Rules > license.RulesNewest {
		return usage("this program has rules %d to %d; it would stop where rules %d begin. Install a newer licet first", license.RulesFirst, license.RulesNewest, c.Rules)
	}
	now, n, err := e.network()
	if err != nil {
		return err
	}
	at := c.At
	if c.In != 0 {
		at = now.Height + c.In
	}
	return e.decide(c.signing(), nil, &license.RulesAdopt{Count: n.Count, Rules: c.Rules, Height: at})
}

// network returns where the network is, and its record.
func (e *env) network() (now networkNow, n license.Network, err error) {
	if err = e.getJSON("/v1/network", &now); err == nil {
		_, err = e.record(license.KindNetwork, "network", &n)
	}
	return now, n, err
}

type rulesShowCmd struct{}

// Run shows the rules.
func (rulesShowCmd) Run(e *env) error {
	now, n, err := e.network()
	if err != nil {
		return err
	}
	coming := n.Next
	if coming != nil && coming.Height <= now.Height+1 {
		coming = nil // in force
	}
	if e.JSON {
		return e.printJSON(struct {
			Height int64              `json:"height"`
			Rules  int64              `json:"rules"`
			Next   *license.NextRules `json:"next,omitempty"`
		}{now.Height, now.Rules, coming})
	}
	e.printf("Rules %d, at block %d.\n", now.Rules, now.Height)
	if coming != nil {
		e.printf("Rules %d from block %d on.\n", coming.Rules, coming.Height)
	}
	e.printf("This program has rules %d to %d.\n", license.RulesFirst, license.RulesNewest)
	return nil
}
