package cli

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"licet/internal/pack"
	"licet/license"
)

type contractCmds struct {
	Check contractCheckCmd `cmd:"" help:"Say what is wrong with a contract's files, and what to write instead."`
	Test  contractTestCmd  `cmd:"" help:"Play a contract's scenarios, and show the rules that none of them reached."`
	Doc   contractDocCmd   `cmd:"" help:"Write the page that a lawyer signs: rule, source, plain words, parameters, what is still to be confirmed."`

	Adopt     contractAdoptCmd     `cmd:"" help:"Adopt a contract for a board. Its officers sign."`
	Join      contractJoinCmd      `cmd:"" help:"Join a contract that another board adopted."`
	Supersede contractSupersedeCmd `cmd:"" help:"Put a newer version of a contract in force for a board."`
	Amend     contractAmendCmd     `cmd:"" help:"Change a contract's parameters, and nothing else of it."`
	Leave     contractLeaveCmd     `cmd:"" help:"End a contract for a board."`
	Retire    contractRetireCmd    `cmd:"" help:"Say that a board wants a contract to end for all its boards."`
	Retry     contractRetryCmd     `cmd:"" help:"Ask for a rule that failed to be applied again."`
	Calls     contractCallsCmd     `cmd:"" help:"List what contracts have still to do for a board: calls that failed, and calls that wait."`
	List      contractListCmd      `cmd:"" help:"List the contracts that are in force, and for whom."`
	Show      contractShowCmd      `cmd:"" help:"Show a contract that boards adopted: editions, boards, amendments, rules; or write its files."`

	Simulate contractSimulateCmd `cmd:"" help:"Say which licenses' standing would have been otherwise between two days, had the contract been in force."`
}

type contractCheckCmd struct {
	Dir  string `arg:"" help:"Directory with contract.toml, rules.star, parameters.toml and scenarios/." type:"existingdir"`
	Hash string `help:"Say besides whether it is the contract with this hash, such as a draft or another board names." placeholder:"HASH"`
}

func (contractCheckCmd) Help() string {
	return "Nothing is sent anywhere. The hash that is printed is what boards sign: it covers the rules, the parameters and the scenarios, " +
		"and not how the files are written. docs/contracts.md shows how a contract is written."
}

// loadPack reads a pack. Problems are printed, and end the command with exit code 1.
func (e *env) loadPack(dir string) (*pack.Pack, error) {
	p, err := pack.Load(os.DirFS(dir))
	var problems pack.Problems
	if !errors.As(err, &problems) {
		return p, err
	}
	if e.JSON {
		if err := e.printJSON(struct {
			Sound    bool          `json:"sound"`
			Problems pack.Problems `json:"problems"`
		}{false, problems}); err != nil {
			return nil, err
		}
		return nil, errSaid
	}
	for _, x := range problems {
		e.printf("%s\n", x.Error())
	}
	e.printf("%s to mend.\n", many(len(problems), "problem"))
	return nil, errSaid
}

// many writes a number of things.
func many(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

// Run checks a pack.
func (c contractCheckCmd) Run(e *env) error {
	p, err := e.loadPack(c.Dir)
	if err != nil {
		return err
	}
	if err := c.is(p); err != nil {
		return err
	}
	off := p.Off()
	if e.JSON {
		return e.printJSON(struct {
			Sound       bool     `json:"sound"`
			Contract    string   `json:"contract"`
			Version     int64    `json:"version"`
			Hash        string   `json:"hash"`
			Unconfirmed []string `json:"unconfirmed,omitempty"`

			Doubts pack.Problems `json:"doubts,omitempty"`
		}{true, p.Manifest.Name, p.Manifest.Version, p.Hash.String(), off, p.Doubts()})
	}
	e.printf("%s %d is sound: %s, %s, %s.\n", p.Manifest.Name, p.Manifest.Version,
		many(len(p.Manifest.Hooks), "hook"), many(len(p.Parameters.Rows), "parameter"), many(len(p.Scenarios), "scenario"))
	if len(off) > 0 {
		e.printf("Not confirmed, and so switched off except on test networks: %s.\n", strings.Join(off, ", "))
	}
	for _, x := range p.Doubts() {
		e.printf("Look again: %s\n", x.Error())
	}
	e.printf("Hash: %s\n", p.Hash)
	return nil
}

// is compares the pack with the hash that was named.
func (c contractCheckCmd) is(p *pack.Pack) error {
	if c.Hash == "" {
		return nil
	}
	h, err := license.ParseHash(c.Hash)
	if err != nil {
		return usage("%q is no hash of a contract: %w", c.Hash, err)
	}
	if h != p.Hash {
		return fmt.Errorf("these files are another contract, or another edition: their hash is %s, not %s", p.Hash, h)
	}
	return nil
}

type contractTestCmd struct {
	Dir string `arg:"" help:"Directory of the contract." type:"existingdir"`
}

func (contractTestCmd) Help() string {
	return "Each scenario plays in a registry of its own, in memory, by the law and the contract alone. Steps are what the rules cost; a call has at most 100,000. " +
		"Exit code 1: a scenario says otherwise, or there is none."
}

// Run plays the scenarios of a pack.
func (c contractTestCmd) Run(e *env) error {
	p, err := e.loadPack(c.Dir)
	if err != nil {
		return err
	}
	r := p.Test()
	if e.JSON {
		if err := e.printJSON(r); err != nil {
			return err
		}
	} else {
		e.printTest(r)
	}
	if !r.Passed {
		return errSaid
	}
	return nil
}

func (e *env) printTest(r pack.Report) {
	passed := 0
	for _, s := range r.Played {
		word := "FAILS "
		if s.Passed {
			word = "passes"
			passed++
		}
		e.printf("%s  %s: %s (%s, %s, at most %s in one)\n", word, s.File, s.Title, many(s.Calls, "call"), steps(s.Steps), digits(s.StepsMax))
		for _, x := range s.Problems {
			e.printf("        %s:%d: %s\n", x.File, x.Line, x.Reason)
		}
	}
	if len(r.Played) == 0 {
		e.printf("There are no scenarios. Nobody has said what this contract is to do.\n")
		return
	}
	e.printf("%d of %s.\n", passed, many(len(r.Played), "scenario"))
	if len(r.Unused) == 0 {
		e.printf("All %s of the rules were reached.\n", many(r.Lines, "line"))
		return
	}
	e.printf("%d of %s of the rules were never reached:\n", len(r.Unused), many(r.Lines, "line"))
	for _, l := range r.Unused {
		e.printf("  rules.star:%d: %s\n", l.Line, l.Text)
	}
}

func steps(n int64) string {
	if n == 1 {
		return "1 step"
	}
	return digits(n) + " steps"
}

type contractDocCmd struct {
	Dir string `arg:"" help:"Directory of the contract." type:"existingdir"`
	Out string `short:"o" help:"New file to write. Absent: standard output." placeholder:"FILE.md" type:"path"`
}

func (contractDocCmd) Help() string {
	return "The page is Markdown. It bears the hash that boards sign, so that what is signed on paper and by key is the same."
}

// Run writes the page of a pack.
func (c contractDocCmd) Run(e *env) error {
	p, err := e.loadPack(c.Dir)
	switch {
	case err != nil:
		return err
	case c.Out != "":
		return writeNew(c.Out, []byte(p.Page()))
	}
	e.printf("%s", p.Page())
	return nil
}
