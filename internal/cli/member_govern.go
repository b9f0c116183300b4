package cli

import (
	"fmt"
	"slices"

	"licet/internal/host"
	"licet/license"
)

// governing are the flags of commands that the members decide together. A draft goes
// round among several sites, which takes its days.
type governing struct {
	Key       []string `help:"Key file to sign with; repeat it for several signers." placeholder:"FILE" short:"k" sep:"none"`
	As        []string `help:"Who signs, once for each --key. Absent: what the key files are for." placeholder:"WHO" sep:"none"`
	ValidDays int      `help:"Days within which the act must be recorded." default:"14" placeholder:"N"`
	Draft     string   `help:"Write the unsigned act to this file, which then goes round: each member signs it with \"licet act sign\" at its own home." placeholder:"FILE" type:"path"`
}

func (g governing) signing() signing { return signing(g) }

// change makes the next member set of the one that stands.
func (e *env) change(g governing, how func(*license.MemberSet) error) error {
	var s license.MemberSet
	if err := e.mustRecord(license.KindMembers, "set", &s); err != nil {
		return err
	}
	next := license.MemberSet{Set: s.Set + 1, Members: slices.Clone(s.Members)}
	if err := how(&next); err != nil {
		return err
	}
	e.warnStandstill(&next)
	return e.decide(g.signing(), nil, &license.MemberSetAct{Set: next.Set, Members: next.Members})
}

// member finds a member in the set.
func memberOf(s *license.MemberSet, id string) (*license.Member, error) {
	if m := s.MemberByID(id); m != nil {
		return m, nil
	}
	return nil, fmt.Errorf("there is no member %s in this network; licet member show lists them", id)
}

// warnStandstill says when those whose nodes decide now would not be enough. It is a
// courtesy: nothing is said when the node cannot be asked.
func (e *env) warnStandstill(next *license.MemberSet) {
	var now networkStatus
	if err := e.getJSON("/v1/status", &now); err != nil || now.Checkpoint == nil {
		return
	}
	var live int64
	for _, m := range now.Members {
		if n := next.MemberByID(m.ID); n != nil && m.Weight > 0 && !m.Missing {
			live += n.Weight
		}
	}
	if total := next.Total(); total > 0 && 3*live <= 2*total {
		fmt.Fprintf(e.stderr, "licet: take care: the nodes that decide now would have weight %d of %d, and more than two thirds must run. The network would stand still until others run, too. Admit with --weight 0 first, and give weight to a node that follows already.\n", live, total)
	}
}

type memberAdmitCmd struct {
	File   string `arg:"" help:"The file in which the agency asks, as its node wrote it." type:"path"`
	Weight *int64 `help:"Its weight, when not that which the file says; 0: an observer." placeholder:"N"`
	governing
}

func (c *memberAdmitCmd) Help() string {
	return "Compare the six words with the agency by telephone: they stand for all its keys. The safest way is in two steps: admit it with --weight 0, let its node follow, " +
		"then give it weight with \"licet member weight\"."
}

// Run admits a member.
func (c *memberAdmitCmd) Run(e *env) error {
	a, err := e.admission(c.File)
	if err != nil {
		return err
	}
	return e.change(c.governing, func(s *license.MemberSet) error {
		if s.MemberByID(a.Member.ID) != nil {
			return fmt.Errorf("%s is a member already; new keys of its node come in with licet member replace-key", a.Member.ID)
		}
		m := a.Member
		if c.Weight != nil {
			m.Weight = *c.Weight
		}
		s.Members = append(s.Members, m)
		e.printf("Admits %s  %s\n  Weight:  %d\n  Address: %s\n  Root:    %s\n  Cosigns: %s\n  Engine:  %s\n", m.ID, m.Name, m.Weight, m.URL, m.Root, m.Cosign, m.Validator)
		if a.Peer != "" {
			e.printf("  Node:    %s\n", a.Peer)
		}
		e.printf("Words of the file: %s\n", a.Words())
		return nil
	})
}

// admission reads what a node wrote for this network.
func (e *env) admission(path string) (*host.Admission, error) {
	b, err := readLimited(path, 1<<20)
	if err != nil {
		return nil, err
	}
	a, err := host.ParseAdmission(b)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	var network struct {
		Origin string `json:"origin"`
	}
	if err := e.getJSON("/v1/network", &network); err != nil {
		return nil, err
	}
	if a.Origin != network.Origin {
		return nil, fmt.Errorf("%s is for network %s, and %s is of %s", path, a.Origin, e.Server, network.Origin)
	}
	return a, nil
}

type memberRemoveCmd struct {
	Member string `arg:"" help:"Member id, such as us-wi."`
	governing
}

// Run lets a member go.
func (c *memberRemoveCmd) Run(e *env) error {
	return e.change(c.governing, func(s *license.MemberSet) error {
		if _, err := memberOf(s, c.Member); err != nil {
			return err
		}
		s.Members = slices.DeleteFunc(s.Members, func(m license.Member) bool { return m.ID == c.Member })
		return nil
	})
}

type memberWeightCmd struct {
	Member string `arg:"" help:"Member id, such as us-wi."`
	Weight int64  `arg:"" help:"Its weight; 0: an observer, who decides nothing." placeholder:"N"`
	governing
}

// Run changes a weight.
func (c *memberWeightCmd) Run(e *env) error {
	return e.change(c.governing, func(s *license.MemberSet) error {
		m, err := memberOf(s, c.Member)
		if err != nil {
			return err
		}
		if m.Weight == c.Weight {
			return usage("%s has weight %d already", c.Member, c.Weight)
		}
		m.Weight = c.Weight
		return checkMember(*m)
	})
}

type memberReplaceKeyCmd struct {
	File string `arg:"" help:"The file with the new keys." type:"path"`
	governing
}

func (c *memberReplaceKeyCmd) Help() string {
	return "The keys count from two blocks after the act on. The node that holds them turns to them by itself and need not be started again. " +
		"A root key that is new signs, too. Compare the six words with the member by telephone."
}

// Run replaces keys of a member.
func (c *memberReplaceKeyCmd) Run(e *env) error {
	a, err := e.admission(c.File)
	if err != nil {
		return err
	}
	return e.change(c.governing, func(s *license.MemberSet) error {
		m, err := memberOf(s, a.Member.ID)
		if err != nil {
			return err
		}
		changed := false
		for _, k := range []struct {
			what     string
			was, now *string
		}{
			{"checkpoint key", &m.Cosign, &a.Member.Cosign},
			{"engine key", &m.Validator, &a.Member.Validator},
			{"log key", &m.Log, &a.Member.Log},
			{"ROOT KEY", &m.Root, &a.Member.Root},
		} {
			if *k.was != *k.now {
				e.printf("New %s of %s: %s\n", k.what, m.ID, *k.now)
				*k.was, changed = *k.now, true
			}
		}
		if !changed {
			return usage("the member set has these keys already")
		}
		e.printf("Words of the file: %s\n", a.Words())
		return checkMember(*m)
	})
}
