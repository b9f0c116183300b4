package cli

import (
	"fmt"
	"strings"

	"licet/internal/wording"
	"licet/license"
)

type officerRecoverCmd struct {
	officerArg
	signing
	Public string   `help:"The new key: its file, of which the public part is read, or ed25519:…" placeholder:"FILE|KEY"`
	Title  string   `help:"Title from then on. Absent: as it was." placeholder:"TEXT"`
	Role   []string `help:"Roles from then on. Absent: as they were." placeholder:"ROLE" sep:"none"`
	Wait   int      `help:"Days that all can see it before it takes effect, from 7 to 90 after it is recorded." default:"7" placeholder:"DAYS"`
	Cancel bool     `help:"Instead: end a recovery that waits. Those sign whom the policy names for officer.amend."`
}

func (c *officerRecoverCmd) Help() string {
	return "The board's root key signs, alone, and nothing happens at once: for the days of --wait everybody sees on the board's page who gets which key, and the board's officers can end it with --cancel. " +
		"Then it takes effect by itself, also for an officer who was suspended or whose appointment had ended. It needs rules 3, under which the root no longer changes at once what the policy gives the officers."
}

// Run recovers an officer, or ends that.
func (c *officerRecoverCmd) Run(e *env) error {
	now, err := e.legalNow()
	if err != nil {
		return err
	}
	var was license.Officer
	if _, err := e.record(license.KindOfficer, c.Officer, &was); err != nil {
		return err
	}
	o := was.At(now)
	if c.Cancel {
		return c.cancel(e, o)
	}
	if c.Public == "" {
		return usage("which key? Name the new one with --public")
	}
	a := &license.OfficerRecover{Officer: c.Officer, Count: o.Count, Title: o.Title, Roles: o.Roles}
	if a.Key, err = publicKey(c.Public); err != nil {
		return err
	}
	if c.Title != "" {
		a.Title = c.Title
	}
	if len(c.Role) > 0 {
		a.Roles = c.Role
	}
	if len(a.Roles) == 0 {
		return usage("%s is new; name its roles with --role", c.Officer)
	}
	// It waits from when it is recorded, which may take as long as the act is good for.
	a.From = now.AddSeconds(int64(c.Wait+c.ValidDays) * 86400)
	e.printf("From %s on officer %s signs with %s, unless the board's officers end it before.\n", wording.Moment(a.From, nil), c.Officer, a.Key)
	return e.decide(c.signing, nil, a)
}

// cancel writes the officer as it is, which ends what waits.
func (c *officerRecoverCmd) cancel(e *env, o license.Officer) error {
	if o.Next == nil {
		return fmt.Errorf("no recovery of officer %s waits", c.Officer)
	}
	a := &license.OfficerAmend{Officer: c.Officer, Count: o.Count, Title: o.Title, Key: o.Key, Roles: o.Roles}
	if a.Key == "" { // who never was an officer is none with this key either
		a.Key, a.Roles = o.Next.Key, o.Next.Roles
	}
	return e.decide(c.signing, nil, a)
}

type officerWaitsCmd struct {
	Board string `arg:"" help:"Board, such as us-il."`
}

// Run lists what waits.
func (c officerWaitsCmd) Run(e *env) error {
	path := "/v1/boards/" + idPath(c.Board) + "/recoveries"
	if e.JSON {
		b, err := e.get(path)
		if err == nil {
			e.printf("%s\n", b)
		}
		return err
	}
	var waits struct {
		Items []struct {
			Officer string          `json:"officer"`
			From    license.Instant `json:"from"`
			Key     string          `json:"key"`
			Roles   []string        `json:"roles"`
		} `json:"items"`
	}
	if err := e.getJSON(path, &waits); err != nil {
		return err
	}
	if len(waits.Items) == 0 {
		e.printf("No recovery of an officer of %s waits.\n", c.Board)
	}
	for _, x := range waits.Items {
		e.printf("%s from %s on: %s, as %s\nTo end it: licet officer recover %s --cancel\n", x.Officer, wording.Moment(x.From, nil), x.Key, strings.Join(x.Roles, ", "), x.Officer)
	}
	return nil
}
