// Package importer turns a board's file into import.assert acts.
//
// A file goes through five rooms, each of which knows only the one before it:
//
//	reader    bytes into records: separators, quotes, limits (reader.go, source.go)
//	mapping   which column means what, written by a clerk in TOML (mapping.go)
//	row       one record as the mapping understands it, or why not (row.go)
//	plan      what each row adds to what the registry holds already (plan.go)
//	batch     acts and openings, as many as one transaction carries (batch.go)
//
// Nothing is guessed: what the mapping does not say, or a row does not hold, is
// reported with row, column, value, reason and rule, and that row is not asserted.
package importer
