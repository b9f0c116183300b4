package strict

// any reads a value of whatever shape and checks its writing.
func (d *decoder) any() *Error {
	if d.pos >= len(d.data) {
		return d.noValue("a value")
	}
	switch c := d.data[d.pos]; {
	case c == '{':
		return d.anyObject()
	case c == '[':
		return d.anyArray()
	case c == '"':
		_, err := d.text()
		return err
	case c == '-' || '0' <= c && c <= '9':
		_, err := d.integer()
		return err
	case hasPrefix(d.data[d.pos:], "true"):
		d.pos += len("true")
		return nil
	case hasPrefix(d.data[d.pos:], "false"):
		d.pos += len("false")
		return nil
	}
	return d.noValue("a value")
}

func (d *decoder) anyArray() *Error {
	if err := d.open('[', "an array"); err != nil {
		return err
	}
	if d.closes(']') {
		return nil
	}
	for n := 0; ; n++ {
		if err := d.any(); err != nil {
			return err.inElement(n)
		}
		if d.closes(']') {
			return nil
		}
		if err := d.comma("a comma or ]"); err != nil {
			return err
		}
	}
}

func (d *decoder) anyObject() *Error {
	if err := d.open('{', "an object"); err != nil {
		return err
	}
	if d.closes('}') {
		return nil
	}
	var names nameSet
	for {
		if err := d.anyMember(&names); err != nil {
			return err
		}
		if d.closes('}') {
			return nil
		}
		if err := d.comma("a comma or }"); err != nil {
			return err
		}
	}
}

func (d *decoder) anyMember(names *nameSet) *Error {
	at := d.pos
	if at >= len(d.data) || d.data[at] != '"' {
		return d.unexpected("a member name")
	}
	if _, err := d.text(); err != nil {
		return err
	}
	// A string has one writing, so equal names have equal bytes.
	name := d.data[at:d.pos]
	if d.pos >= len(d.data) || d.data[d.pos] != ':' {
		return d.unexpected("a colon")
	}
	d.pos++
	if !names.add(name) {
		return d.fail(at, CodeRepeated, "the member stands twice in its object; write it once").inNamed(unquote(name))
	}
	start := d.pos
	if err := d.any(); err != nil {
		return err.inNamed(unquote(name))
	}
	if isEmpty(d.data[start:d.pos]) {
		return d.empty(start).inNamed(unquote(name))
	}
	return nil
}

// unquote returns the content of a string known to be well written.
func unquote(written []byte) string {
	d := decoder{data: written}
	content, _ := d.text()
	return string(content)
}

// nameSet remembers the names of one object. Most objects are small; for a
// large one a map keeps the work proportional to the input.
type nameSet struct {
	few  [8][]byte
	n    int
	many map[string]struct{}
}

// add reports whether the name is new.
func (s *nameSet) add(name []byte) bool {
	for _, known := range s.few[:s.n] {
		if string(known) == string(name) {
			return false
		}
	}
	if s.n < len(s.few) {
		s.few[s.n] = name
		s.n++
		return true
	}
	if _, known := s.many[string(name)]; known {
		return false
	}
	if s.many == nil {
		s.many = map[string]struct{}{}
	}
	s.many[string(name)] = struct{}{}
	return true
}
