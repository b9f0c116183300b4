// Package contract runs the rules that boards adopt: one hook of one contract, over
// records as they stand, into a list of effects that it intends. It changes nothing by
// itself and knows neither blocks nor storage; the ledger calls it.
//
//	manifest   what boards sign besides the source (manifest.go, parameter.go)
//	package    manifest, source and parameters, checked together (package.go, check.go)
//	run        one hook, one trigger (run.go, effect.go)
//	view       records as contracts see them (vocabulary.go, view.go)
//
// docs/spec/contracts.md fixes what is hashed and what a call means.
package contract
