package cli

import (
	"fmt"
	"slices"

	"licet/internal/importer"
	"licet/license"
	"licet/strict"
)

type importSettleCmd struct {
	licenseArg
	signing
	Holder []string `required:"" help:"Surname under which rows of this number are the holder's; repeat it for each spelling and each former name." placeholder:"SURNAME" sep:"none"`
	Other  []string `help:"Surname under which rows of this number are somebody else's; they are refused. Repeat it for several." placeholder:"SURNAME" sep:"none"`
	Reason string   `required:"" help:"Why, in words. Whoever may see names may read it." placeholder:"TEXT"`
}

func (c *importSettleCmd) Help() string {
	return "Files may have one number under several surnames, or under another one than an earlier file. An import then sets all rows of that license aside. With this, an officer decides whose they are; the license need not be in the registry yet. The decision holds for the surnames that it names, in whatever case and accents, and the next import goes by it; a further surname is set aside again. A newer decision takes the place of an older one. \"licet import withdraw\" takes it back."
}

// Run decides whose rows stand under a number.
func (c importSettleCmd) Run(e *env) error {
	if _, err := c.board(); err != nil {
		return err
	}
	for _, n := range slices.Concat(c.Holder, c.Other) {
		if importer.FoldSurname(n) == "" {
			return usage("%q is no surname", n)
		}
	}
	for _, n := range c.Other {
		if slices.ContainsFunc(c.Holder, func(h string) bool { return importer.FoldSurname(h) == importer.FoldSurname(n) }) {
			return usage("rows under %s are the holder's or somebody else's, and not both", n)
		}
	}
	doc := license.SettlementDocument{Holder: c.Holder, Others: c.Other, Reason: c.Reason}
	o, ref := newOpening(license.OpeningSettlement, strict.Encode(&doc))
	s, err := e.settlement(c.License)
	if err != nil {
		return err
	}
	if err := e.decide(c.signing, []license.Opening{o}, &license.ImportSettle{License: c.License, Count: s.Count, Commitment: ref.Commitment}); err != nil {
		return err
	}
	if !e.JSON && c.Draft == "" {
		e.printf("The next import goes by it.\n")
	}
	return nil
}

func (e *env) settlement(id string) (s license.Settlement, err error) {
	_, err = e.record(license.KindSettlement, id, &s)
	return s, err
}

type importWithdrawCmd struct {
	licenseArg
	signing
}

func (c *importWithdrawCmd) Help() string {
	return "The next import sets rows of this number under several surnames aside again. What was copied because of the decision stands until it is taken back: licet import undo FILE --license LICENSE."
}

// Run takes a decision back.
func (c importWithdrawCmd) Run(e *env) error {
	if _, err := c.board(); err != nil {
		return err
	}
	s, err := e.settlement(c.License)
	if err != nil {
		return err
	}
	if s.Commitment == (license.Hash{}) {
		return fmt.Errorf("nothing that was decided about the surnames under %s stands", c.License)
	}
	if err := e.decide(c.signing, nil, &license.ImportWithdraw{License: c.License, Count: s.Count}); err != nil || e.JSON || c.Draft != "" {
		return err
	}
	return e.printCopied(c.License)
}

// printCopied says which files' rows stand under a license, and how they are taken back.
func (e *env) printCopied(id string) error {
	held, err := remote{e}.Licenses(e.ctx, []string{id})
	if err != nil || held[0] == nil {
		return err
	}
	var seen []license.Hash
	for _, c := range held[0].Copied {
		if slices.Contains(seen, c.File) {
			continue
		}
		if seen = append(seen, c.File); len(seen) == 1 {
			e.printf("Rows that were copied stand until they are taken back, those of the decision too:\n")
		}
		e.printf("  licet import undo %s --license %s   (file of %s)\n", c.File, id, c.Day)
	}
	return nil
}
