package cli

import (
	"fmt"
	"slices"
	"strings"

	"licet/internal/keys"
	"licet/license"
	"licet/strict"
)

type boardClaimCmd struct {
	boardArg
	signing
	Member  string   `required:"" help:"Member agency that the board belongs to from now on." placeholder:"ID"`
	Root    string   `help:"The board's own root key: its file, of which the public part is read, or ed25519:… Absent: the --key that is for this board." placeholder:"FILE|KEY"`
	Name    string   `help:"The board's name. Absent: as it was." placeholder:"TEXT"`
	Officer []string `help:"An officer of the board's own: name, roles and key, such as mreyes:clerk,director=mreyes.key. Repeat it." placeholder:"NAME:ROLES=KEY" sep:"none"`
	Policy  string   `help:"The board's own policy, in TOML as for \"licet policy set\"." placeholder:"FILE" type:"path"`
}

func (c *boardClaimCmd) Help() string {
	return "A board of which a member kept copies joins the network. One payload, all or nothing: the board gets its own root key, the importing member's officers end, the board's own are appointed, and its policy is set. Members with more than two thirds of the weight sign, and the board's new root: --key MEMBER … --key BOARD. What was copied stays copied; the board decides from then on. Verifiers with a trust file that names either root follow."
}

// Run lets a board of source import join.
func (c *boardClaimCmd) Run(e *env) error {
	var b license.Board
	if err := e.mustRecord(license.KindBoard, c.Board, &b); err != nil {
		return err
	}
	root, err := c.root()
	if err != nil {
		return err
	}
	acts := []license.Act{&license.BoardClaim{Board: c.Board, Count: b.Count, Old: b.Root, Root: root, Member: c.Member, Name: c.Name}}
	ended, err := e.officersOf(c.Board)
	if err != nil {
		return err
	}
	for _, o := range ended {
		acts = append(acts, &license.OfficerEnd{Officer: o.id, Count: o.Count})
	}
	for _, s := range c.Officer {
		a, err := c.appoint(s)
		if err != nil {
			return err
		}
		acts = append(acts, a)
	}
	policy, err := c.policy(e)
	if err != nil {
		return err
	}
	if policy != nil {
		acts = append(acts, policy)
	}
	return e.decide(c.signing, nil, acts...)
}

// root finds the board's new root key among the signers' when none was named.
func (c *boardClaimCmd) root() (string, error) {
	if c.Root != "" {
		return publicKey(c.Root)
	}
	for _, path := range c.Key {
		f, err := keys.Inspect(path)
		if err != nil {
			return "", err
		}
		if by, err := f.By(); err == nil && by == "board/"+c.Board {
			return string(f.Public), nil
		}
	}
	return "", usage("which is the board's own root key? Make one with: licet keys new --for \"board %s root\" -o FILE, and sign with it too", c.Board)
}

// appoint reads an officer as a flag names one.
func (c *boardClaimCmd) appoint(s string) (*license.OfficerAppoint, error) {
	who, key, keyed := strings.Cut(s, "=")
	name, roles, named := strings.Cut(who, ":")
	if !keyed || !named || name == "" || roles == "" {
		return nil, usage("--officer %s: write it like mreyes:clerk,director=mreyes.key", s)
	}
	public, err := publicKey(key)
	if err != nil {
		return nil, fmt.Errorf("--officer %s: %w", name, err)
	}
	return &license.OfficerAppoint{Officer: c.Board + "/" + name, Key: public, Roles: strings.Split(roles, ",")}, nil
}

// policy sets the board's own. The importing member's would name roles that nobody has
// any more, so where there is one, the board names another.
func (c *boardClaimCmd) policy(e *env) (*license.PolicySet, error) {
	var old license.Policy
	there, err := e.record(license.KindPolicy, c.Board, &old)
	if err != nil || c.Policy == "" && (!there || len(old.Rules) == 0) {
		return nil, err
	}
	if c.Policy == "" {
		return nil, usage("the importing member's policy would stay; name the board's own with --policy")
	}
	var f policyFile
	if err := readTOML(c.Policy, &f); err != nil {
		return nil, err
	}
	if f.Board != c.Board || len(f.Rule) == 0 {
		return nil, usage("%s is not a policy of board %s, or has no [[rule]]", c.Policy, c.Board)
	}
	return &license.PolicySet{Board: c.Board, Count: old.Count, Rules: f.rules()}, nil
}

// A namedOfficer is an officer's record with its id.
type namedOfficer struct {
	id string
	license.Officer
}

// officersOf reads from the log who the board's officers are that have not ended, in
// the order of their ids.
func (e *env) officersOf(board string) (out []namedOfficer, err error) {
	seen := map[string]bool{}
	for en, err := range e.newestFirst() {
		if err != nil {
			return nil, err
		}
		if en.Kind != license.KindOfficer || license.BoardOf(en.Kind, en.ID) != board || seen[en.ID] {
			continue
		}
		seen[en.ID] = true
		o := namedOfficer{id: en.ID}
		if err := strict.Decode(en.Body, &o.Officer, license.EntryBytesMax); err != nil {
			return nil, fmt.Errorf("officer %s cannot be read: %w", en.ID, err)
		}
		if o.Status != license.OfficerEnded {
			out = append(out, o)
		}
	}
	slices.SortFunc(out, func(a, b namedOfficer) int { return strings.Compare(a.id, b.id) })
	return out, nil
}
