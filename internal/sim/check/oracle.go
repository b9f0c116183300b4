package check

type expected struct{}

func (w *World) expect()    {}
func (w *World) met() error { return nil }
