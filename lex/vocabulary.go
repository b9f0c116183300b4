package lex

// A Vocabulary is what a program may name besides the language: functions that read,
// and effects that it may intend. It is fixed with the edition of whoever uses it.
type Vocabulary struct {
	Functions []Function
	Effects   []EffectKind
}

// A Function reads something for a program.
type Function struct {
	Name   string
	Params []string // their names, for messages; all must be given
	// Call answers. Its cost is charged before the answer is seen, and must be the same
	// on every machine. A nil Host is never passed.
	Call func(h Host, args []Value) (Value, Cost, *Fault)
}

// A Host is what functions read from: the caller's own, passed through.
type Host any

// A Cost is what a function charges.
type Cost struct{ Steps, Bytes int64 }

// An EffectKind is an effect that programs may make by calling its name.
type EffectKind struct {
	Name   string
	Fields []EffectField
}

// An EffectField is a field of an effect. Kinds are "text", "int", "bool", "date",
// "list" (of texts).
type EffectField struct {
	Name     string
	Kind     string
	Optional bool
}

func (v *Vocabulary) function(name string) *Function {
	for i := range v.Functions {
		if v.Functions[i].Name == name {
			return &v.Functions[i]
		}
	}
	return nil
}

func (v *Vocabulary) effect(name string) *EffectKind {
	for i := range v.Effects {
		if v.Effects[i].Name == name {
			return &v.Effects[i]
		}
	}
	return nil
}

func (v *Vocabulary) has(name string) bool {
	return builtins[name] != nil || v.function(name) != nil || v.effect(name) != nil
}
