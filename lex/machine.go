package lex

import (
	"fmt"

	"go.starlark.net/syntax"
)

// Limits of the language, the same for every program and forever.
const (
	SourceBytesMax  = 64 << 10
	LineMax         = 200   // characters
	NodesMax        = 8_000 // of the syntax tree
	NestingMax      = 60    // of expressions and statements
	LiteralBytesMax = 2_048
	TextBytesMax    = 4_096
	ListMax         = 4_096 // elements of a list, keys of a dict
	CallDepthMax    = 16
	CompareDepthMax = 8
	EffectsMax      = 256
)

// Bounds of one call.
type Bounds struct {
	Steps int64
	Bytes int64 // as the language counts them (docs/spec/lex-1.md), not as the machine does
}

// DefaultBounds are those of contracts.
var DefaultBounds = Bounds{Steps: 100_000, Bytes: 1 << 20}

// Fault codes. Only the code and the line count; the text is for people.
const (
	OutOfSteps     = "out-of-steps"
	OutOfMemory    = "out-of-memory"
	TooLong        = "too-long"
	TooDeep        = "too-deep"
	Overflow       = "overflow"
	Division       = "division"
	WrongKind      = "wrong-kind"
	NoElement      = "no-element"
	NoField        = "no-field"
	NoDate         = "no-date"
	NotSet         = "not-set"
	Frozen         = "frozen"
	ChangedInLoop  = "changed-in-loop"
	NoFunction     = "no-function"
	NotEffects     = "not-effects"
	TooManyEffects = "too-many-effects"
	NotFound       = "not-found" // for functions of the vocabulary
	Internal       = "internal"  // a mistake of this package
)

// A Fault is why a call has no result.
type Fault struct {
	Code string
	Line int // 0: none
	Text string
}

func (f *Fault) Error() string {
	if f.Line == 0 {
		return f.Text + " (" + f.Code + ")"
	}
	return fmt.Sprintf("line %d: %s (%s)", f.Line, f.Text, f.Code)
}

// A machine runs one call.
type machine struct {
	*Program
	host    Host
	bounds  Bounds
	steps   int64
	bytes   int64
	depth   int
	line    int    // of the statement under way
	inside  string // the function under way
	reached func(line int)
}

// fault ends the call. It is a panic within this package, and a value outside of it.
func (m *machine) fault(n syntax.Node, code, format string, args ...any) {
	line := m.line
	if n != nil {
		start, _ := n.Span()
		line = int(start.Line)
	}
	panic(&Fault{code, line, fmt.Sprintf(format, args...)})
}

func (m *machine) step(n int64) {
	if m.steps += n; m.steps > m.bounds.Steps {
		m.fault(nil, OutOfSteps, "The call takes more than %d steps.", m.bounds.Steps)
	}
}

// bytesPerStep is how much memory costs a step.
const bytesPerStep = 32

// take charges memory. What is taken is not given back before the call ends.
func (m *machine) take(n int64) {
	if m.bytes += n; m.bytes > m.bounds.Bytes {
		m.fault(nil, OutOfMemory, "The call takes more than %d bytes.", m.bounds.Bytes)
	}
	m.step(n / bytesPerStep)
}

// What values take, in bytes.
const (
	numberBytes  = 8
	textBytes    = 16 // and its length
	listBytes    = 40
	elementBytes = 16
	growBytes    = 32 // an element that is appended
	dictBytes    = 96
	keyBytes     = 96
	effectBytes  = 64
	fieldBytes   = 48
)
