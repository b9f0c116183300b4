package lex

import (
	"fmt"

	"go.starlark.net/resolve"
	"go.starlark.net/syntax"
)

// A Program is a source that was found to be in the language. It may be called by
// several goroutines at once.
type Program struct {
	vocabulary *Vocabulary
	functions  map[string]*syntax.DefStmt
	names      []string // of functions, as they stand in the source
	globals    []Value  // frozen
	lines      []int    // on which statements of functions begin
}

// Functions names the program's functions, in the order of the source.
func (p *Program) Functions() []string { return p.names }

// Params names the parameters of a function; false when there is none of that name.
func (p *Program) Params(function string) ([]string, bool) {
	d := p.functions[function]
	if d == nil {
		return nil, false
	}
	names := make([]string, len(d.Params))
	for i, x := range d.Params {
		names[i] = x.(*syntax.Ident).Name
	}
	return names, true
}

// Lines returns the lines on which statements of functions begin, in order.
func (p *Program) Lines() []int { return p.lines }

// Span returns the lines on which a function begins and ends; 0: there is none of that
// name.
func (p *Program) Span(function string) (first, last int) {
	d := p.functions[function]
	if d == nil {
		return 0, 0
	}
	start, end := d.Span()
	return int(start.Line), int(end.Line)
}

// A Site is a call that stands in a function, methods apart.
type Site struct {
	Name    string // of what is called
	Line    int
	Text    string // the first argument, where it is a text in the source
	Literal bool   // it is one
}

// Sites returns the calls that stand in a function, in the order of the source.
func (p *Program) Sites(function string) (sites []Site) {
	d := p.functions[function]
	if d == nil {
		return nil
	}
	syntax.Walk(d, func(n syntax.Node) bool {
		call, ok := n.(*syntax.CallExpr)
		if !ok {
			return true
		}
		fn, ok := call.Fn.(*syntax.Ident)
		if !ok {
			return true
		}
		site := Site{Name: fn.Name, Line: int(fn.NamePos.Line)}
		if len(call.Args) > 0 {
			if l, ok := call.Args[0].(*syntax.Literal); ok {
				site.Text, site.Literal = l.Value.(string)
			}
		}
		sites = append(sites, site)
		return true
	})
	return sites
}

// constants computes what the source sets outside of functions, once for all calls.
func (p *Program) constants(file *syntax.File) *Fault {
	module := file.Module.(*resolve.Module)
	p.globals = make([]Value, len(module.Globals))
	for i := range p.globals {
		p.globals[i] = notSet
	}
	m := &machine{Program: p, bounds: DefaultBounds}
	return m.catch(func() {
		frame := unset(len(module.Locals))
		for _, s := range file.Stmts {
			if a, ok := s.(*syntax.AssignStmt); ok {
				m.run(frame, a)
			}
		}
		for _, v := range p.globals {
			freeze(v)
		}
	})
}

// A Result is what became of a call.
type Result struct {
	Effects      []*Effect
	Fault        *Fault // then there are no effects
	Steps, Bytes int64
}

// A Call names what is called.
type Call struct {
	Function string
	Args     []Value
	Host     Host
	Bounds   Bounds         // zero: DefaultBounds
	Reached  func(line int) // is told each statement that runs; nil: nobody
}

// Call calls a function. The effects that it returns are its result; whatever goes
// wrong is a fault and never a panic.
func (p *Program) Call(c Call) (r Result) {
	m := &machine{Program: p, host: c.Host, bounds: c.Bounds, reached: c.Reached}
	if m.bounds == (Bounds{}) {
		m.bounds = DefaultBounds
	}
	r.Fault = m.catch(func() {
		d := p.functions[c.Function]
		switch {
		case d == nil:
			m.fault(nil, NoFunction, "The contract has no function %s.", c.Function)
		case len(d.Params) != len(c.Args):
			m.fault(d, NoFunction, "%s takes %d values, and is given %d.", c.Function, len(d.Params), len(c.Args))
		}
		for _, a := range c.Args {
			freeze(a)
		}
		r.Effects = m.effects(d, m.call(d, c.Args))
	})
	r.Steps, r.Bytes = m.steps, m.bytes
	return r
}

// catch turns the panic of a fault into a value. A mistake of this package becomes a
// fault too, so that no contract stops a node.
func (m *machine) catch(f func()) (fault *Fault) {
	defer func() {
		switch x := recover().(type) {
		case nil:
		case *Fault:
			fault = x
		default:
			fault = &Fault{Internal, m.line, fmt.Sprint(x)}
		}
	}()
	f()
	return nil
}

// effects checks what a function returned.
func (m *machine) effects(d *syntax.DefStmt, v Value) []*Effect {
	if e, ok := v.(*Effect); ok {
		return []*Effect{e}
	}
	l, ok := v.(*List)
	if !ok {
		m.fault(d, NotEffects, "The function returns %s, and not a list of effects.", kindOf(v))
	}
	if len(l.elems) > EffectsMax {
		m.fault(d, TooManyEffects, "The function returns %d effects; %d are the most.", len(l.elems), EffectsMax)
	}
	es := make([]*Effect, len(l.elems))
	for i, x := range l.elems {
		e, ok := x.(*Effect)
		if !ok {
			m.fault(d, NotEffects, "The list holds %s among its effects.", kindOf(x))
		}
		es[i] = e
	}
	return es
}

// Returns says whether every way through a function ends with a return. Where one does
// not, a call that takes it returns None. The language has no rule about it.
func (p *Program) Returns(function string) bool {
	d := p.functions[function]
	return d != nil && endsInReturn(d.Body)
}

func endsInReturn(body []syntax.Stmt) bool {
	for _, s := range body {
		switch s := s.(type) {
		case *syntax.ReturnStmt:
			return true
		case *syntax.IfStmt:
			if endsInReturn(s.True) && endsInReturn(s.False) {
				return true
			}
		}
	}
	return false
}
