package importer

import (
	"cmp"
	"fmt"
	"strings"

	"licet/license"
)

// Describe says in lines what the act of row i of a batch would record.
func (b *Batch) Describe(i int) []string {
	if c, ok := b.Acts[i].(*license.ImportClaim); ok {
		return describeClaims(c)
	}
	a, ok := b.Acts[i].(*license.ImportAssert)
	if !ok {
		return nil
	}
	var lines []string
	switch {
	case a.Licensee != "" && a.Issued == "":
		lines = append(lines, fmt.Sprintf("brings it in: %s, not described by any file", a.Subject))
	case a.Licensee != "":
		lines = append(lines, fmt.Sprintf("brings it in: %s, first issued %s", a.Subject, a.Issued))
	case a.Issued != "":
		lines = append(lines, fmt.Sprintf("describes it: first issued %s", a.Issued))
	}
	for _, c := range a.Changes {
		switch c.Do {
		case license.DoTerm:
			lines = append(lines, fmt.Sprintf("term %s through %s", c.From, cmp.Or(string(c.Through), "no set end")))
		case license.DoLifecycle:
			lines = append(lines, fmt.Sprintf("%s from %s", c.Status, c.From))
		case license.DoOrder:
			lines = append(lines, fmt.Sprintf("order from %s%s, authority %s: %s", c.From, through(c.Through), c.Authority, b.order(c.Commitment)))
		}
	}
	for _, ref := range a.Openings {
		lines = append(lines, fmt.Sprintf("%s from %s: %s", ref.Kind, cmp.Or(a.From, a.Day), b.text(ref)))
	}
	return lines
}

func through(d license.Day) string {
	if d == "" {
		return ""
	}
	return " through " + string(d)
}

// opening returns the content behind a commitment of the batch.
func (b *Batch) opening(c license.Hash) []byte {
	for i := range b.Openings {
		if b.Openings[i].Commit() == c {
			return b.Openings[i].Bytes
		}
	}
	return nil
}

func (b *Batch) text(ref license.OpeningRef) string {
	content := b.opening(ref.Commitment)
	if ref.Kind == license.OpeningName {
		if n, err := license.ParseName(content); err == nil {
			return shown(n.String())
		}
	}
	return shown(strings.ReplaceAll(string(content), "\n", " "))
}

func (b *Batch) order(c license.Hash) string {
	d, err := license.ParseOrderDocument(b.opening(c))
	if err != nil {
		return "?"
	}
	return d.Main()
}
