package cli

import (
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/pelletier/go-toml/v2"

	"licet/license"
)

type policyCmds struct {
	Set  policySetCmd  `cmd:"" help:"Set whose signatures a board's acts need."`
	Show policyShowCmd `cmd:"" help:"Show a board's policy."`
}

type policySetCmd struct {
	signing
	File string `arg:"" help:"Policy in TOML: board, and [[rule]] with acts, from, signers and needs. The first rule that covers an act counts." type:"path"`
}

// A policyFile is a policy as people write it:
//
//	board = "us-il"
//	[[rule]]
//	acts = ["license.discipline", "license.void"]
//	from = ["clerk", "director"]
//	signers = 2
//	needs = { director = 1 }
type policyFile struct {
	Board string `toml:"board"`
	Rule  []struct {
		Acts    []string         `toml:"acts"`
		From    []string         `toml:"from"`
		Signers int64            `toml:"signers"`
		Needs   map[string]int64 `toml:"needs"`
	} `toml:"rule"`
}

func (p policyFile) rules() (rules []license.Rule) {
	for _, r := range p.Rule {
		rule := license.Rule{Acts: r.Acts, From: r.From, Signers: r.Signers}
		for role, n := range r.Needs {
			rule.Roles = append(rule.Roles, license.RoleNeed{Role: role, Count: n})
		}
		slices.SortFunc(rule.Roles, func(a, b license.RoleNeed) int {
			if a.Role < b.Role {
				return -1
			}
			return 1
		})
		rules = append(rules, rule)
	}
	return rules
}

// Run sets a policy.
func (c policySetCmd) Run(e *env) error {
	var f policyFile
	if err := readTOML(c.File, &f); err != nil {
		return err
	}
	if f.Board == "" || len(f.Rule) == 0 {
		return usage("%s names no board, or no [[rule]]", c.File)
	}
	var old license.Policy
	if _, err := e.record(license.KindPolicy, f.Board, &old); err != nil {
		return err
	}
	return e.decide(c.signing, nil, &license.PolicySet{Board: f.Board, Count: old.Count, Rules: f.rules()})
}

type policyShowCmd struct{ boardArg }

// Run shows a policy.
func (c policyShowCmd) Run(e *env) error { return e.showRecord(license.KindPolicy, c.Board) }

// readTOML reads a file; names that it does not know are mistakes.
func readTOML(path string, v any) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	err = toml.NewDecoder(f).DisallowUnknownFields().Decode(v)
	var unknown *toml.StrictMissingError
	var wrong *toml.DecodeError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &unknown) && len(unknown.Errors) > 0:
		row, _ := unknown.Errors[0].Position()
		return usage("%s, line %d: there is no setting %v", path, row, unknown.Errors[0].Key())
	case errors.As(err, &wrong):
		row, _ := wrong.Position()
		return usage("%s, line %d: %w", path, row, err)
	}
	return fmt.Errorf("%s: %w", path, err)
}
