package cli

import (
	"encoding/json"
	"fmt"
	"net/url"

	"licet/license"
	"licet/strict"
)

type voidCmd struct {
	licenseArg
	signing
	Entry []string `required:"" help:"Entry to take back: its number in the log, or its hash. Repeat it for several." placeholder:"ENTRY" sep:"none"`
}

// Run takes entries back.
func (c voidCmd) Run(e *env) error {
	h, err := e.history(c.License, "")
	if err != nil {
		return err
	}
	l, err := e.licenseRecord(c.License)
	if err != nil {
		return err
	}
	a := &license.LicenseVoid{License: c.License, Count: l.Counts.Repairs}
	for _, ref := range c.Entry {
		en, err := e.entryRef(h.Entries, ref)
		if err != nil {
			return err
		}
		a.Entries = append(a.Entries, en.Hash)
	}
	return e.decide(c.signing, nil, a)
}

type correctCmd struct {
	licenseArg
	holder
	signing
	orderFlags
	Entry     string `required:"" help:"Entry to correct: its number in the log, or its hash." placeholder:"ENTRY"`
	From      day    `help:"The right first day." placeholder:"DAY"`
	Through   day    `help:"The right last day." placeholder:"DAY"`
	Grace     day    `help:"The right last day of grace." placeholder:"DAY"`
	Authority string `help:"The right effect on authority to practice: none, conditions, barred." placeholder:"EFFECT"`
	Route     string `help:"The right route." placeholder:"WORD"`
}

// Run replaces what an entry changed: the entry's changes are taken over, with
// what the flags say in the place of what was wrong.
func (c correctCmd) Run(e *env) error {
	board, err := c.board()
	if err != nil {
		return err
	}
	h, err := e.history(c.License, "")
	if err != nil {
		return err
	}
	ref, err := e.entryRef(h.Entries, c.Entry)
	if err != nil {
		return err
	}
	b, err := e.get(fmt.Sprintf("/v1/entries/%d", ref.Index))
	if err != nil {
		return err
	}
	var en license.Entry
	if err := strict.Decode(b, &en, license.EntryBytesMax); err != nil {
		return fmt.Errorf("entry %d cannot be read: %w", ref.Index, err)
	}
	l, err := e.licenseRecord(c.License)
	if err != nil {
		return err
	}
	a := &license.LicenseCorrect{License: c.License, Count: l.Counts.Repairs, Entry: ref.Hash, Changes: en.Changes}
	var openings []license.Opening
	for i := range a.Changes {
		o, err := c.correct(e, board, &a.Changes[i])
		if err != nil {
			return err
		}
		openings = append(openings, o...)
	}
	return e.decide(c.signing, openings, a)
}

// correct puts the flags' values into a change. A commitment stands once in a
// network, so what stays as it was is salted anew.
func (c correctCmd) correct(e *env, board string, ch *license.Change) ([]license.Opening, error) {
	set := func(to *license.Day, v day) {
		if v != "" {
			*to = license.Day(v)
		}
	}
	var kind string
	var content []byte
	switch ch.Do {
	case license.DoExtend: // from says which term
		set(&ch.Through, c.Through)
		set(&ch.Grace, c.Grace)
		return nil, nil
	case license.DoTerm:
		set(&ch.From, c.From)
		set(&ch.Through, c.Through)
		set(&ch.Grace, c.Grace)
		return nil, nil
	case license.DoIssue:
		set(&ch.From, c.Issued)
		if c.Route != "" {
			ch.Route = c.Route
		}
		return nil, nil
	case license.DoOpen:
		kind, content = ch.Kind, c.content()[ch.Kind]
	case license.DoOrder:
		kind = license.OpeningOrder
		set(&ch.Through, c.Through)
		if c.Authority != "" {
			ch.Authority = c.Authority
		}
		if c.Document != "" || len(c.Action) > 0 {
			d, err := c.document(e, board, "correction", max(ch.From, license.Day(c.From)))
			if err != nil {
				return nil, err
			}
			content = strict.Encode(&d)
		}
		fallthrough
	default:
		set(&ch.From, c.From)
		if kind == "" {
			return nil, nil
		}
	}
	if content == nil {
		o, err := e.opening(c.License, ch.Commitment)
		if err != nil {
			return nil, fmt.Errorf("the %s of that entry is not shown, so it has to be given again: %w", kind, err)
		}
		content = o.Bytes
	}
	o, ref := newOpening(kind, content)
	ch.Commitment = ref.Commitment
	return []license.Opening{o}, nil
}

// opening fetches an opening that everybody may see.
func (e *env) opening(id string, c license.Hash) (o license.Opening, err error) {
	b, err := e.get(openingPath(id, c))
	if err != nil {
		return o, err
	}
	if err := json.Unmarshal(b, &o); err != nil || o.Commit() != c {
		return o, fmt.Errorf("the node's opening does not fit commitment %s", c)
	}
	return o, nil
}

// openingPath is where a node shows an opening about a license.
func openingPath(id string, c license.Hash) string {
	return "/v1/openings/" + c.String() + query(url.Values{"of": {license.KindLicense + "/" + id}})
}
