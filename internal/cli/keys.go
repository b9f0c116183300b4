package cli

import (
	"time"

	"licet/internal/keys"
)

type keysCmds struct {
	New  keysNewCmd  `cmd:"" help:"Make a key and write it to a new file, encrypted with a passphrase."`
	Show keysShowCmd `cmd:"" help:"Say what a key file is for, and its public key. Needs no passphrase."`

	Rotate keysRotateCmd `cmd:"" help:"Make new keys for this home's node, also while it runs, and a file with which the members put them into the set."`
}

type keysNewCmd struct {
	For string `required:"" help:"What the key is for: \"officer us-il/mreyes\", \"board us-il root\", \"member idfpr root\"." placeholder:"PURPOSE"`
	Out string `required:"" short:"o" help:"File to write. An existing file is never overwritten." placeholder:"FILE" type:"path"`
}

// Run makes a key file.
func (c keysNewCmd) Run(e *env) error {
	k, err := keys.Generate(c.For, time.Now())
	if err != nil {
		return usage("%w", err)
	}
	phrase, err := keys.Standard().New(c.For)
	if err != nil {
		return err
	}
	if err := keys.Save(c.Out, k, phrase); err != nil {
		return err
	}
	if e.JSON {
		return e.printJSON(map[string]string{"for": k.For, "key": string(k.Public), "file": c.Out})
	}
	e.printf("Wrote %s.\nIts public key: %s\nKeep a copy of the file and the passphrase in a safe place: nobody can make the key again.\n", c.Out, k.Public)
	return nil
}

type keysShowCmd struct {
	File string `arg:"" help:"Key file." type:"path"`
}

// Run shows what a key file says.
func (c keysShowCmd) Run(e *env) error {
	f, err := keys.Inspect(c.File)
	if err != nil {
		return err
	}
	if e.JSON {
		return e.printJSON(map[string]any{"for": f.For, "key": f.Public, "created": f.Created, "encrypted": f.Encrypted})
	}
	protected := "encrypted with a passphrase"
	if !f.Encrypted {
		protected = "not encrypted"
	}
	e.printf("For:     %s\nKey:     %s\nCreated: %s\nFile:    %s\n", f.For, f.Public, f.Created, protected)
	return nil
}
