package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"licet/internal/pack"
)

type contractListCmd struct {
	Board string `help:"Those in force for this board, in the order in which they run. Absent: all contracts of the network." placeholder:"BOARD"`
}

// Run lists contracts.
func (c contractListCmd) Run(e *env) error {
	if c.Board != "" {
		return c.ofBoard(e)
	}
	items, err := e.allContracts()
	if err != nil {
		return err
	}
	if e.JSON {
		return e.printJSON(items)
	}
	if len(items) == 0 {
		e.printf("No board of this network has adopted a contract.\n")
	}
	for i, b := range items {
		var k contractNow
		if err := json.Unmarshal(b, &k); err != nil {
			return err
		}
		if i > 0 {
			e.printf("\n")
		}
		e.printText("%s: %s", k.Contract, k.Title)
		if k.Retired {
			e.printf("  Retired by its boards.\n")
		}
		for _, a := range k.Boards {
			e.printText("  %s: %s", a.Board, a.words())
			e.printf("    Hash: %s\n", a.Hash)
			a.printFault(e, "    ")
		}
		if len(k.Boards) == 0 {
			e.printf("  In force for nobody.\n")
		}
	}
	return nil
}

// allContracts fetches all parts of the list, each item as the node wrote it.
func (e *env) allContracts() (items []json.RawMessage, err error) {
	items = []json.RawMessage{}
	for after := ""; ; {
		var part struct {
			Items []json.RawMessage `json:"items"`
			Next  string            `json:"next"`
		}
		path := "/v1/contracts"
		if after != "" {
			path += "?after=" + url.QueryEscape(after)
		}
		if err := e.getJSON(path, &part); err != nil {
			return nil, err
		}
		items = append(items, part.Items...)
		if part.Next <= after { // a node that does not go on is not followed for ever
			return items, nil
		}
		after = part.Next
	}
}

func (c contractListCmd) ofBoard(e *env) error {
	var list struct {
		Items []json.RawMessage `json:"items"`
	}
	if err := e.getJSON("/v1/boards/"+url.PathEscape(c.Board)+"/contracts", &list); err != nil {
		return err
	}
	if e.JSON {
		return e.printJSON(list.Items)
	}
	if len(list.Items) == 0 {
		e.printf("No contract is in force for board %s.\n", c.Board)
	}
	for i, b := range list.Items {
		var a adopterNow
		if err := json.Unmarshal(b, &a); err != nil {
			return err
		}
		e.printText("%d. %s: %s\n   %s", i+1, a.Contract, a.Title, a.words())
		e.printf("   Hash: %s\n", a.Hash)
		a.printFault(e, "   ")
	}
	return nil
}

// words says what a contract is to a board.
func (a *adopterNow) words() string {
	s := fmt.Sprintf("%s, as %s, %s.", called(a.Version, a.Amendment), a.Role, a.since())
	if a.Signed != a.Hash {
		s += " Other boards made the amendment for all."
	}
	switch {
	case a.Retired:
		s += " Retired: it runs no more."
	case a.Retire:
		s += " The board wants it to end for all."
	}
	return s
}

// since says since when a contract is in force, and since when its edition, where that is
// another day.
func (a *adopterNow) since() string {
	s := "since " + a.Since.Long()
	if a.Present != a.Since && a.Present != "" {
		s += ", this edition since " + a.Present.Long()
	}
	return s
}

// printFault prints how a contract fails for a board, and what the board does.
func (a *adopterNow) printFault(e *env, indent string) {
	if a.Fault == nil {
		return
	}
	e.printText("%sFAILS: %s", indent, a.Fault.Sentence)
	if a.Fault.Retry != "" {
		e.printText("%sMend the rule in a newer version, put it in force, then: %s", indent, a.Fault.Retry)
	}
}

type contractShowCmd struct {
	Contract string `arg:"" help:"Name of the contract, as licet contract list shows it."`
	Edition  string `help:"The edition of this hash. Absent: the newest that is in force." placeholder:"HASH"`
	Texts    string `help:"Write the edition's files into this new directory, as check, test and doc read them." placeholder:"DIR" type:"path"`
}

func (contractShowCmd) Help() string {
	return "Texts come from the node and are checked against the hash that boards signed."
}

// Run shows a contract.
func (c contractShowCmd) Run(e *env) error {
	k, err := e.mustContract(c.Contract)
	if err != nil {
		return err
	}
	ed, err := k.edition(c.Edition)
	if err != nil {
		return err
	}
	p, err := e.served(c.Contract, ed)
	if err != nil {
		return err
	}
	if c.Texts != "" {
		if err := writePack(c.Texts, p); err != nil {
			return err
		}
	}
	if e.JSON {
		b, err := e.get("/v1/contracts/" + url.PathEscape(c.Contract))
		if err == nil {
			e.printf("%s\n", strings.TrimSpace(string(b)))
		}
		return err
	}
	if c.Texts != "" {
		e.printf("Written to %s. Its hash is the one that boards signed: %s\n", c.Texts, p.Hash)
		return nil
	}
	var now struct {
		Test bool `json:"test"`
	}
	if err := e.getJSON("/v1/network", &now); err != nil {
		return err
	}
	e.printEditions(k)
	e.printPack(p, now.Test)
	return nil
}

// printEditions prints the editions of a contract, and for whom they are in force.
func (e *env) printEditions(k *contractNow) {
	if k.Retired {
		e.printf("Retired by its boards: it runs no more, and nobody joins, supersedes or amends it.\n\n")
	}
	for _, x := range k.Editions {
		e.printf("%s: %s\n", strings.ToUpper(called(x.Version, x.Amendment)[:1])+called(x.Version, x.Amendment)[1:], x.Hash)
		for _, a := range k.Boards {
			if a.Hash == x.Hash {
				e.printText("  In force for %s, as %s, %s.%s", a.Board, a.Role, a.since(), a.aside())
				a.printFault(e, "    ")
			}
		}
		if len(x.Boards) == 0 {
			e.printf("  In force for nobody.\n")
		}
		if len(x.Signed) > 0 && x.Among > 0 {
			e.printf("  Signed by %s. It binds all boards of the version when at least %d of %d have signed.\n", strings.Join(x.Signed, ", "), x.Of, x.Among)
		}
	}
	e.printf("\n")
}

func (a *adopterNow) aside() string {
	_, aside, _ := strings.Cut(a.words(), a.since()+".")
	return aside
}

// writePack writes a contract's files, and reads them again: they have the same hash.
func writePack(dir string, p *pack.Pack) error {
	files, err := p.Files()
	if err != nil {
		return err
	}
	if err := os.Mkdir(dir, 0o700); errors.Is(err, os.ErrExist) {
		return fmt.Errorf("%s exists already and is not overwritten; choose another name", dir)
	} else if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return err
		}
		if err := writeNew(path, files[name]); err != nil {
			return err
		}
	}
	again, err := pack.Load(os.DirFS(dir))
	if err != nil || again.Hash != p.Hash {
		return fmt.Errorf("what was written to %s is not read as the same contract: its authors did not write it as docs/contracts.md shows; sign nothing by these files", dir)
	}
	return nil
}
