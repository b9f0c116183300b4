package cli

import (
	"licet/internal/host"
	"licet/license"
)

type keysRotateCmd struct {
	Checkpoint bool   `help:"A new checkpoint key, with which the node cosigns."`
	Engine     bool   `help:"A new engine key, with which the node votes."`
	Out        string `required:"" short:"o" help:"File to write, for \"licet member replace-key\". It holds no secret." placeholder:"FILE" type:"path"`
}

func (c *keysRotateCmd) Help() string {
	return "The node keeps the old keys and goes on with them until the members have put the new ones into the set; two blocks later it turns to the new ones by itself. " +
		"It never votes with both: the set of each block names one, and each key has its own record of its last vote."
}

// Run makes new keys for a node.
func (c *keysRotateCmd) Run(e *env) error {
	if !c.Checkpoint && !c.Engine {
		return usage("which key? Name --checkpoint, --engine or both")
	}
	dir, err := e.home()
	if err != nil {
		return err
	}
	id, err := host.NodeOf(dir)
	if err != nil {
		return err
	}
	var s license.MemberSet
	if err := e.mustRecord(license.KindMembers, "set", &s); err != nil {
		return err
	}
	m, err := memberOf(&s, id)
	if err != nil {
		return err
	}
	var at struct {
		Origin string `json:"origin"`
	}
	if err := e.getJSON("/v1/network", &at); err != nil {
		return err
	}
	next, err := host.Rotate(dir, *m, c.Checkpoint, c.Engine)
	if err != nil {
		return err
	}
	a, err := host.NewAdmission(at.Origin, next, "")
	if err != nil {
		return err
	}
	if err := writeNew(c.Out, a.Encode()); err != nil {
		return err
	}
	e.printf("The new keys are in %s, beside the old ones, which stay in use until the members have decided.\n", dir)
	e.printf("Wrote %s. Its words: %s.\nA member drafts the act: licet member replace-key %s --draft ACT.json\n", c.Out, a.Words(), c.Out)
	return nil
}
