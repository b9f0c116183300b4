package cli

import (
	"encoding/base64"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"licet/internal/keys"
	"licet/license"
	"licet/proof"
)

type memberCmds struct {
	Show       memberShowCmd       `cmd:"" help:"Show the members of the network, their weights and keys."`
	Admit      memberAdmitCmd      `cmd:"" help:"Admit an agency: from the file that its node wrote. Members sign, and its own root."`
	Remove     memberRemoveCmd     `cmd:"" help:"Let a member go. Members sign; its own signature is not needed."`
	Weight     memberWeightCmd     `cmd:"" help:"Change a member's weight among those who decide. Members sign."`
	ReplaceKey memberReplaceKeyCmd `cmd:"" name:"replace-key" help:"Put new keys of a member's node into the set: from the file that \"licet keys rotate\" or a new node wrote. Members sign."`
	Set        memberSetCmd        `cmd:"" help:"Change anything else of one member. Members with more than two thirds of the weight sign, and the root of who is new."`
}

type memberShowCmd struct{}

// Run shows the member set.
func (memberShowCmd) Run(e *env) error {
	if e.JSON {
		return e.showRecord(license.KindMembers, "set")
	}
	var s license.MemberSet
	if err := e.mustRecord(license.KindMembers, "set", &s); err != nil {
		return err
	}
	e.printf("Member set %d, weight %d in all. More than two thirds decide.\n", s.Set, s.Total())
	for _, m := range s.Members {
		e.printf("\n%s  %s\n  Weight:  %d\n  Address: %s\n  Root:    %s\n  Cosigns: %s\n", m.ID, m.Name, m.Weight, m.URL, m.Root, m.Cosign)
	}
	return nil
}

type memberSetCmd struct {
	Member string `arg:"" help:"Member id, such as us-wi."`
	governing
	Remove    bool     `help:"Let the member go."`
	Name      string   `help:"The agency's name." placeholder:"TEXT"`
	Weight    *int64   `help:"Its weight among those who decide; 0: an observer, who decides nothing." placeholder:"N"`
	Root      string   `help:"Its root key: the key file, of which the public part is read, or ed25519:… The root signs too, when it is new." placeholder:"FILE|KEY"`
	Cosign    string   `help:"Its checkpoint key: the key file or the verifier key of its node." placeholder:"FILE|KEY"`
	Log       string   `help:"Its log key: the key file or ed25519:…" placeholder:"FILE|KEY"`
	Validator string   `help:"Its engine's key: base64 of 32 bytes." placeholder:"BASE64"`
	URL       string   `help:"Where its node serves." placeholder:"URL"`
	RPID      string   `help:"Domain of its officers' passkeys." name:"rp-id" placeholder:"DOMAIN"`
	Origin    []string `help:"Web origin of its pages, for passkeys. Repeat it; together they replace the old ones." placeholder:"URL" sep:"none"`
	Synced    *bool    `help:"Whether synced passkeys are accepted." negatable:""`
}

func (c *memberSetCmd) Help() string {
	return "What no flag names stays as it was. A new member needs --name and --root, and with a weight also --cosign and --validator. " +
		"Members with more than two thirds of all weight must run their nodes, or the network stands still: give a weight to a node that follows the log already, and take it from one that is to stop. " +
		"Where several members must sign, write a draft with --draft. Publish a new trust file afterwards; old ones find the way by the proofs of every change."
}

// Run changes the member set by one member.
func (c *memberSetCmd) Run(e *env) error {
	var s license.MemberSet
	if err := e.mustRecord(license.KindMembers, "set", &s); err != nil {
		return err
	}
	a := &license.MemberSetAct{Set: s.Set + 1, Members: slices.Clone(s.Members)}
	at := slices.IndexFunc(a.Members, func(m license.Member) bool { return m.ID == c.Member })
	switch {
	case c.Remove && at < 0:
		return fmt.Errorf("there is no member %s in this network; licet member show lists them", c.Member)
	case c.Remove:
		a.Members = slices.Delete(a.Members, at, at+1)
		return e.decide(c.signing(), nil, a)
	case at < 0 && (c.Name == "" || c.Root == ""):
		return usage("%s is a new member and needs --name and --root", c.Member)
	case at < 0:
		at = len(a.Members)
		a.Members = append(a.Members, license.Member{ID: c.Member})
	}
	before := a.Members[at]
	if err := c.apply(&a.Members[at]); err != nil {
		return err
	}
	if reflect.DeepEqual(before, a.Members[at]) {
		return usage("nothing would change; name what shall, such as --weight")
	}
	return e.decide(c.signing(), nil, a)
}

// apply puts the flags' values into a member.
func (c *memberSetCmd) apply(m *license.Member) (err error) {
	for _, f := range []struct {
		to    *string
		value string
		read  func(string) (string, error)
	}{
		{&m.Name, c.Name, nil},
		{&m.Root, c.Root, publicKey},
		{&m.Cosign, c.Cosign, c.cosignKey},
		{&m.Log, c.Log, publicKey},
		{&m.Validator, c.Validator, nil},
		{&m.URL, c.URL, nil},
		{&m.RPID, c.RPID, nil},
	} {
		if f.value == "" {
			continue
		}
		if *f.to = f.value; f.read != nil {
			if *f.to, err = f.read(f.value); err != nil {
				return err
			}
		}
	}
	if c.Weight != nil {
		m.Weight = *c.Weight
	}
	if len(c.Origin) > 0 {
		m.Origins = c.Origin
	}
	if c.Synced != nil {
		m.Synced = *c.Synced
	}
	return checkMember(*m)
}

func checkMember(m license.Member) error {
	if err := proof.CheckMember(m); err != nil {
		return usage("%w", err)
	}
	return nil
}

// cosignKey reads a checkpoint key: the verifier key itself, or from a key file.
func (c *memberSetCmd) cosignKey(s string) (string, error) {
	if _, err := proof.ParseVKey(s); err == nil {
		return s, nil
	}
	f, err := keys.Inspect(s)
	if err != nil {
		return "", err
	}
	raw, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(string(f.Public), "ed25519:"))
	if err != nil {
		return "", usage("%s holds no ed25519 key", s)
	}
	k, err := proof.NewVKey(c.Member, proof.KeyCosign, raw)
	if err != nil {
		return "", usage("%w", err)
	}
	return k.String(), nil
}
