package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"licet/internal/digest"
	"licet/internal/keys"
	"licet/license"
	"licet/tx"
)

// signing are the flags of commands that decide something.
type signing struct {
	Key       []string `help:"Key file to sign with; repeat it for several signers." placeholder:"FILE" short:"k" sep:"none"`
	As        []string `help:"Who signs, such as officer/us-il/mreyes, once for each --key in the same order. Absent: what the key files are for." placeholder:"WHO" sep:"none"`
	ValidDays int      `help:"Days within which the act must be recorded." default:"1" placeholder:"N"`
	Draft     string   `help:"Write the unsigned act to this file instead, for \"licet act sign\"." placeholder:"FILE" type:"path"`
}

// signedAgo keeps the time of signing behind the time of the next block, which
// is the time of the block before: a payload "signed later" is refused.
const signedAgo = 5 * time.Second

// An outcome is what a node says became of a payload.
type outcome struct {
	Payload license.Hash `json:"payload"`
	Block   int64        `json:"block"`
	State   string       `json:"state"` // "signed, not yet recorded"
	Applied []struct {
		Act   int64        `json:"act"`
		Index int64        `json:"index"`
		Entry license.Hash `json:"entry"`
	} `json:"applied"`
	Refused []actRefused `json:"refused"`
}

type actRefused struct {
	Act int64 `json:"act"` // counted from 1
	license.Refusal
}

// legalNow is legal time now: real time, on test networks moved ahead.
func (e *env) legalNow() (license.Instant, error) {
	var clock struct {
		Offset int64 `json:"offset"`
	}
	if err := e.getJSON("/v1/clock", &clock); err != nil {
		return "", err
	}
	return license.InstantOf(time.Now()).AddSeconds(clock.Offset), nil
}

// today is a board's legal day.
func (e *env) today(board string) (license.Day, error) {
	now, err := e.legalNow()
	if err != nil {
		return "", err
	}
	var c license.Calendar
	if _, err := e.record(license.KindCalendar, board, &c); err != nil {
		return "", err
	}
	return c.Day(now), nil
}

// dayOr returns the day that was named, or the board's legal day.
func (e *env) dayOr(d day, board string) (license.Day, error) {
	if d != "" {
		return license.Day(d), nil
	}
	return e.today(board)
}

// payload makes an unsigned transaction for the server's network. Without all its acts
// are decided one by one, so that one that is refused does not hold up the others.
func (e *env) payload(s signing, all bool, acts []license.Act, openings []license.Opening) (*tx.Transaction, error) {
	if s.ValidDays < 1 || s.ValidDays > tx.LifeDaysMax {
		return nil, usage("--valid-days is a number from 1 to %d", tx.LifeDaysMax)
	}
	var network struct {
		Origin string `json:"origin"`
	}
	if err := e.getJSON("/v1/network", &network); err != nil {
		return nil, err
	}
	now, err := e.legalNow()
	if err != nil {
		return nil, err
	}
	signed := now.AddSeconds(-int64(signedAgo / time.Second))
	return tx.New(network.Origin, all, signed, int64(s.ValidDays)*86400, acts, openings), nil
}

// someone refuses a decision that nobody is named to sign.
func (s signing) someone() error {
	if len(s.Key) == 0 && s.Draft == "" && os.Getenv(keys.EnvKey) == "" {
		return usage("who signs? Name a key file with --key, or write a draft with --draft FILE")
	}
	return nil
}

// decide signs acts and has them recorded, or writes their draft.
func (e *env) decide(s signing, openings []license.Opening, acts ...license.Act) error {
	if err := s.someone(); err != nil {
		return err
	}
	t, err := e.payload(s, true, acts, openings)
	if err != nil {
		return err
	}
	if s.Draft != "" {
		return e.writeDraft(s.Draft, t)
	}
	if err := s.sign(t); err != nil {
		return err
	}
	return e.submit(t.Encode())
}

// writeDraft writes an unsigned payload to a new file.
func (e *env) writeDraft(path string, t *tx.Transaction) error {
	if err := writeNew(path, t.Encode()); err != nil {
		return err
	}
	e.printf("Draft written to %s. Its words: %s.\nSign it with \"licet act sign\", then send it with \"licet act submit\".\n", path, digest.Words(t.HeaderHash))
	e.tellQuorum(t)
	return nil
}

// sign adds the signatures of the keys that were named.
func (s signing) sign(t *tx.Transaction) error {
	if len(s.As) > 0 && len(s.As) != max(len(s.Key), 1) {
		return usage("--as stands %d times and --key %d times; each signer needs both", len(s.As), len(s.Key))
	}
	if len(s.Key) == 0 {
		return s.signFromEnvironment(t)
	}
	for i, path := range s.Key {
		k, err := keys.Load(path, keys.Standard().For)
		if err != nil {
			return err
		}
		by := ""
		if len(s.As) > 0 {
			by = s.As[i]
		} else if by, err = k.By(); err != nil {
			return usage("%s is for %q; say who signs with --as", path, k.For)
		}
		t.Sign(tx.SignEd25519(by, k.Private(), t.HeaderBytes))
	}
	return nil
}

// signFromEnvironment signs with the key in LICET_KEY, as services do.
func (s signing) signFromEnvironment(t *tx.Transaction) error {
	if len(s.As) != 1 {
		return usage("%s holds a key; say whose with --as", keys.EnvKey)
	}
	k, found, err := keys.FromEnvironment(strings.ReplaceAll(s.As[0], " ", "-"), time.Now(), os.Getenv)
	if err != nil {
		return err
	}
	if !found {
		return usage("who signs? Name a key file with --key")
	}
	t.Sign(tx.SignEd25519(s.As[0], k.Private(), t.HeaderBytes))
	return nil
}

// submit sends a signed transaction and prints what became of it.
func (e *env) submit(transaction []byte) error {
	b, err := e.fetch("POST", e.Server, "/v1/acts?wait=1", transaction)
	if err != nil {
		return err
	}
	return e.printOutcome(b)
}

// errNotRecorded says that a node took a payload and the network has not decided it.
var errNotRecorded = errors.New("it is signed, not yet recorded")

// submitEach sends a signed payload whose acts are decided one by one, and returns
// what became of each. It prints nothing.
func (e *env) submitEach(t *tx.Transaction) (*outcome, error) {
	answer, err := e.fetch("POST", e.Server, "/v1/acts?wait=1", t.Encode())
	if err != nil {
		return nil, err
	}
	var o outcome
	if err := json.Unmarshal(answer, &o); err != nil {
		return nil, err
	}
	if int64(len(o.Applied)+len(o.Refused)) != t.Header.Acts {
		return nil, fmt.Errorf("payload %s: %w", t.HeaderHash, errNotRecorded)
	}
	return &o, nil
}

func (e *env) printOutcome(b []byte) error {
	if e.JSON {
		e.printf("%s\n", strings.TrimSpace(string(b)))
		return nil
	}
	var o outcome
	if err := json.Unmarshal(b, &o); err != nil {
		return fmt.Errorf("the node's answer cannot be read: %w", err)
	}
	if len(o.Applied) == 0 && len(o.Refused) == 0 {
		e.printf("Signed, not yet recorded. The node keeps it and goes on trying; ask with: licet act status %s\n", o.Payload)
		return &failure{exitNo, errors.New("the network has not recorded the act within half a minute")}
	}
	if len(o.Applied) > 0 {
		e.printf("Recorded in block %d as %s.\n", o.Block, o.entries())
		if o.State != "" {
			e.printf("Its proof is not there yet; ask again in a moment.\n")
		}
	}
	for _, r := range o.Refused {
		e.printf("Act %d was refused: %s\n", r.Act, r.Error())
	}
	if len(o.Refused) > 0 {
		return &failure{exitNo, fmt.Errorf("%d of %d acts were refused", len(o.Refused), len(o.Refused)+len(o.Applied))}
	}
	return nil
}

// entries names the entries of what was recorded.
func (o *outcome) entries() string {
	first, last := o.Applied[0].Index, o.Applied[len(o.Applied)-1].Index
	switch {
	case len(o.Applied) == 1:
		return fmt.Sprintf("entry %d", first)
	case last-first == int64(len(o.Applied)-1):
		return fmt.Sprintf("entries %d to %d", first, last)
	}
	var s []string
	for _, a := range o.Applied {
		s = append(s, fmt.Sprint(a.Index))
	}
	return "entries " + strings.Join(s, ", ")
}

// writeNew writes a file that is not there yet.
func writeNew(path string, content []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, os.ErrExist) {
		return fmt.Errorf("%s exists already and is not overwritten; choose another name", path)
	}
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	return errors.Join(err, f.Sync(), f.Close())
}
