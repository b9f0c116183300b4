package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"

	"licet/internal/keys"
	"licet/license"
	"licet/proof"
	"licet/strict"
)

// sealCmd seals an order. Afterwards no node has its words any more, so the
// deciding board's own copy is written first, encrypted.
type sealCmd struct {
	onOrder
	Export        string   `help:"File for the board's own copy, encrypted (default: sealed-ORDER.age here)." placeholder:"FILE" type:"path"`
	Recipient     []string `help:"Encrypt the copy to this age recipient, instead of a passphrase. Repeat it for several." placeholder:"age1…" sep:"none"`
	WithoutExport bool     `help:"Write no copy: the board has its own."`
}

// An exportedOrder is the board's own copy of an order that is sealed.
type exportedOrder struct {
	Origin   string            `json:"origin"`
	License  string            `json:"license"`
	Order    string            `json:"order"`
	Openings []license.Opening `json:"openings"` // the order's words, and those of its earlier versions
	Bundle   strict.Raw        `json:"bundle"`   // history bundle, which proves what stood in the registry
}

// Run seals an order.
func (c sealCmd) Run(e *env) error {
	o, err := c.find(e)
	if err != nil {
		return err
	}
	if err := c.export(e, o); err != nil {
		return err
	}
	err = e.decide(c.signing, nil, &license.LicenseSeal{License: c.License, Order: o.ID, Count: o.Count})
	var p *problem
	if errors.As(err, &p) && p.Status == http.StatusUnprocessableEntity && !c.WithoutExport {
		// Refused for certain: the order stands, and its copy would only lie about.
		err = errors.Join(err, os.Remove(c.exportTo(o)))
	}
	return err
}

func (c sealCmd) exportTo(o *license.Order) string {
	if c.Export != "" {
		return c.Export
	}
	return "sealed-" + o.ID[:8] + ".age"
}

func (c sealCmd) export(e *env, o *license.Order) error {
	if c.WithoutExport {
		return nil
	}
	x, err := e.orderToExport(c.License, o.ID)
	if err != nil {
		return err
	}
	path := c.exportTo(o)
	ask := func() (string, error) { return keys.Standard().New("the sealed order " + o.ID[:8]) }
	if err := keys.SaveExport(path, strict.Encode(x), c.Recipient, ask); err != nil {
		return err
	}
	fmt.Fprintf(e.stderr, "The board's own copy of order %s is in %s, encrypted. No node can give it back later.\n", o.ID[:8], path)
	return nil
}

// orderToExport fetches an order's words and what proves them.
func (e *env) orderToExport(id, order string) (*exportedOrder, error) {
	b, err := e.getWhenReady("/v1/bundles/" + license.KindLicense + "/" + idPath(id) + "?history=1")
	if err != nil {
		return nil, err
	}
	u, err := proof.ParseBundle(b)
	if err != nil {
		return nil, fmt.Errorf("the node's bundle of %s cannot be read: %w", id, err)
	}
	x := &exportedOrder{Origin: u.Origin, License: id, Order: order, Bundle: b}
	for _, h := range u.Histories {
		if h.Kind != license.KindLicense || h.ID != id {
			continue
		}
		for i := range h.Entries {
			if err := e.addOpenings(x, h.Entries[i].Entry); err != nil {
				return nil, err
			}
		}
	}
	if len(x.Openings) == 0 {
		return nil, fmt.Errorf("the node does not tell the words of order %s", order)
	}
	return x, nil
}

// addOpenings fetches the openings that an entry gives the order.
func (e *env) addOpenings(x *exportedOrder, entry []byte) error {
	var en license.Entry
	if err := strict.Decode(entry, &en, license.EntryBytesMax); err != nil {
		return fmt.Errorf("an entry about %s cannot be read: %w", x.License, err)
	}
	for _, ch := range en.Changes {
		if ch.Do != license.DoOrder || ch.Order != x.Order {
			continue
		}
		b, err := e.get(openingPath(x.License, ch.Commitment))
		if notThere(err) {
			return usage("the node does not show the words of order %s to everybody. When the board has its own copy of them, seal with --without-export", x.Order)
		}
		if err != nil {
			return err
		}
		var o license.Opening
		if err := strict.Decode(b, &o, 2*license.OpeningBytesMax); err != nil {
			return fmt.Errorf("the words of order %s cannot be read: %w", x.Order, err)
		}
		if o.Commit() != ch.Commitment {
			return fmt.Errorf("the words that the node tells of order %s are not those that were signed", x.Order)
		}
		x.Openings = append(x.Openings, o)
	}
	return nil
}

type sealedCmd struct {
	File     string `arg:"" help:"File that \"licet license seal\" wrote." type:"path"`
	Identity string `help:"File with the age identity that the copy was encrypted to." placeholder:"FILE" type:"path"`
	Bundle   string `help:"Write the history bundle in it to this file, for \"licet verify\"." placeholder:"FILE" type:"path"`
}

// Run shows the board's own copy of a sealed order.
func (c sealedCmd) Run(e *env) error {
	ask := func() (string, error) { return keys.Standard().For(keys.File{Path: c.File, For: "the sealed order"}) }
	b, err := keys.OpenExport(c.File, c.Identity, ask)
	if err != nil {
		return err
	}
	var x exportedOrder
	if err := strict.Decode(b, &x, 2*proof.BundleBytesMax); err != nil {
		return fmt.Errorf("%s holds no sealed order: %w", c.File, err)
	}
	if c.Bundle != "" {
		if err := writeNew(c.Bundle, x.Bundle); err != nil {
			return err
		}
	}
	if e.JSON {
		e.printf("%s\n", b)
		return nil
	}
	e.printf("Order %s on license %s, sealed in network %s\n", x.Order, x.License, x.Origin)
	for _, o := range x.Openings {
		e.printf("%s\n", readable(o.Bytes))
	}
	return nil
}

// readable writes a document over several lines.
func readable(document []byte) string {
	b, err := json.MarshalIndent(json.RawMessage(document), "", "  ")
	if err != nil {
		return string(document)
	}
	return string(b)
}
