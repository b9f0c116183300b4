// Package contracts holds the packs that ship with Licet: the rules of boards and
// compacts, each in a folder of its own, as their authors write them.
package contracts

import "embed"

// Files are the packs, by their folders' names.
//
//go:embed */*.toml */rules.star */scenarios
var Files embed.FS
