package license

// Records that many acts read (boards, policies, officers and the like) are parsed
// once and shared. The law replaces their members and never changes what they
// point to, so a copy of the struct is enough.

// ShareInto copies a record that Shared returned into one of the same type, and
// says whether it could.
func ShareInto(into, shared any) bool {
	switch r := into.(type) {
	case *Board:
		return shareInto(r, shared)
	case *Policy:
		return shareInto(r, shared)
	case *Officer:
		return shareInto(r, shared)
	case *Calendar:
		return shareInto(r, shared)
	case *Profession:
		return shareInto(r, shared)
	case *Network:
		return shareInto(r, shared)
	case *MemberSet:
		return shareInto(r, shared)
	}
	return false
}

func shareInto[T any](into *T, shared any) bool {
	s, ok := shared.(*T)
	if ok {
		*into = *s
	}
	return ok
}

// Shared returns a copy of a record that may be shared, and nil for other kinds.
func Shared(record any) any {
	switch r := record.(type) {
	case *Board:
		return copied(r)
	case *Policy:
		return copied(r)
	case *Officer:
		return copied(r)
	case *Calendar:
		return copied(r)
	case *Profession:
		return copied(r)
	case *Network:
		return copied(r)
	case *MemberSet:
		return copied(r)
	}
	return nil
}

func copied[T any](r *T) *T {
	c := *r
	return &c
}
