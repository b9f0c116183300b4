package cli

import (
	"fmt"
	"runtime/debug"

	"licet/license"
)

type versionCmd struct{}

// Run prints the program's version and the rules it knows.
func (versionCmd) Run(e *env) error {
	version, revision := "development", ""
	if info, ok := debug.ReadBuildInfo(); ok {
		if v := info.Main.Version; v != "" && v != "(devel)" {
			version = v
		}
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				revision = fmt.Sprintf(" (%.12s)", s.Value)
			}
		}
	}
	e.printf("licet %s%s, rules %d\n", version, revision, license.RulesNewest)
	return nil
}
