// Package lex is the language of contracts, edition 1: a closed subset of Starlark
// in which every program ends within its bounds, and gives the same result on every
// machine (docs/spec/lex-1.md).
//
// A contract is a pure function: records and parameters in, a list of effects out.
// What records there are, which functions read them and which effects exist is the
// caller's Vocabulary; the language knows nothing of licenses.
//
//	source    characters that a source may hold (source.go)
//	check     what is in the language, and what to write instead (check*.go)
//	program   constants and functions, ready to be called (program.go)
//	machine   steps, bytes, faults (machine.go); statements, expressions, operators
//	values    what programs compute with (value.go, date.go)
//
// Edition 1 is never changed: what a program did, it does forever. Another edition
// would be a package beside this one.
package lex
