// Package license is the law of the registry: what a license is, who may decide
// about it, what each act does, and what stands on a day.
//
// It takes values and returns values. It reads no clock, disk or network, starts
// no goroutine and walks no map, so that every member, auditor and verifier who
// feeds it the same values gets the same bytes.
//
// The parts, in the order in which a newcomer meets them:
//
//	day.go, calendar.go   days, instants, and a board's legal day
//	id.go, number.go      names of licenses; number patterns of professions
//	record.go             what stands in the map: License, Board, Officer, Policy, …
//	act.go                what officers sign, one struct a verb
//	decide_*.go           what an act does to the records, or why it is refused
//	authority.go          whose signatures an act needs
//	entry.go              what the log holds
//	fold.go               from entries to the record
//	standing.go           from the record to the answer for a day
package license
