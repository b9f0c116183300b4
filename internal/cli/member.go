package cli

import "licet/license"

type memberCmds struct {
	Show memberShowCmd `cmd:"" help:"Show the members of the network, their weights and keys."`
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
