package cli

import (
	"strings"

	"licet/internal/keys"
	"licet/license"
	"licet/tx"
)

type officerCmds struct {
	Appoint officerAppointCmd `cmd:"" help:"Make somebody an officer of a board."`
	Amend   officerAmendCmd   `cmd:"" help:"Change an officer's title, key or roles."`
	Suspend officerSuspendCmd `cmd:"" help:"Stop an officer's signature from counting, for the time being."`
	Resume  officerResumeCmd  `cmd:"" help:"End an officer's suspension."`
	Undo    officerUndoCmd    `cmd:"" help:"Take back what a stolen key signed."`
	End     officerEndCmd     `cmd:"" help:"End an appointment for good."`
	Recover officerRecoverCmd `cmd:"" help:"With the board's root key: give an officer a new key after a waiting time that all can see."`
	Waits   officerWaitsCmd   `cmd:"" help:"List the recoveries of a board that wait. Look once a week."`
	Show    officerShowCmd    `cmd:"" help:"Show an officer's record."`
}

type officerArg struct {
	Officer string `arg:"" help:"Officer id: board and name, such as us-il/mreyes."`
}

// publicKey reads a public key: written out, or from a key file.
func publicKey(s string) (string, error) {
	if strings.HasPrefix(s, "ed25519:") || strings.HasPrefix(s, "es256:") {
		if _, err := tx.ParseKey(tx.KeySpec(s)); err != nil {
			return "", usage("%w", err)
		}
		return s, nil
	}
	f, err := keys.Inspect(s)
	return string(f.Public), err
}

type officerAppointCmd struct {
	officerArg
	signing
	Title  string   `help:"Title, as people read it." placeholder:"TEXT"`
	Role   []string `required:"" help:"Role that the policy names, such as clerk. Repeat it for several." placeholder:"ROLE" sep:"none"`
	Public string   `required:"" help:"The officer's key: its file, of which the public part is read, or ed25519:…" placeholder:"FILE|KEY"`
}

// Run appoints an officer.
func (c officerAppointCmd) Run(e *env) error {
	key, err := publicKey(c.Public)
	if err != nil {
		return err
	}
	return e.decide(c.signing, nil, &license.OfficerAppoint{Officer: c.Officer, Title: c.Title, Key: key, Roles: c.Role})
}

type officerAmendCmd struct {
	officerArg
	signing
	Title  string   `help:"New title. Absent: as it was." placeholder:"TEXT"`
	Role   []string `help:"Roles from now on. Absent: as they were." placeholder:"ROLE" sep:"none"`
	Public string   `help:"New key: its file or ed25519:… Absent: as it was." placeholder:"FILE|KEY"`
}

// Run changes what an officer's record says.
func (c officerAmendCmd) Run(e *env) (err error) {
	var o license.Officer
	if err := e.mustRecord(license.KindOfficer, c.Officer, &o); err != nil {
		return err
	}
	now, err := e.legalNow()
	if err != nil {
		return err
	}
	o = o.At(now)
	a := &license.OfficerAmend{Officer: c.Officer, Count: o.Count, Title: o.Title, Key: o.Key, Roles: o.Roles}
	if c.Title != "" {
		a.Title = c.Title
	}
	if len(c.Role) > 0 {
		a.Roles = c.Role
	}
	if c.Public != "" {
		if a.Key, err = publicKey(c.Public); err != nil {
			return err
		}
	}
	return e.decide(c.signing, nil, a)
}

type officerStatus struct {
	officerArg
	signing
}

func (c officerStatus) count(e *env) (int64, error) {
	var o license.Officer
	err := e.mustRecord(license.KindOfficer, c.Officer, &o)
	return o.Count, err
}

type officerSuspendCmd struct{ officerStatus }

// Run suspends an officer.
func (c officerSuspendCmd) Run(e *env) error {
	n, err := c.count(e)
	if err != nil {
		return err
	}
	return e.decide(c.signing, nil, &license.OfficerSuspend{Officer: c.Officer, Count: n})
}

type officerResumeCmd struct{ officerStatus }

// Run ends a suspension.
func (c officerResumeCmd) Run(e *env) error {
	n, err := c.count(e)
	if err != nil {
		return err
	}
	return e.decide(c.signing, nil, &license.OfficerResume{Officer: c.Officer, Count: n})
}

type officerEndCmd struct{ officerStatus }

// Run ends an appointment.
func (c officerEndCmd) Run(e *env) error {
	n, err := c.count(e)
	if err != nil {
		return err
	}
	return e.decide(c.signing, nil, &license.OfficerEnd{Officer: c.Officer, Count: n})
}

type officerShowCmd struct{ officerArg }

// Run shows an officer.
func (c officerShowCmd) Run(e *env) error { return e.showRecord(license.KindOfficer, c.Officer) }

// showRecord prints a record as it stands in the map.
func (e *env) showRecord(kind, id string) error {
	var v any
	if err := e.mustRecord(kind, id, &v); err != nil {
		return err
	}
	if e.JSON {
		return e.printJSON(v)
	}
	return e.printIndented(v)
}
