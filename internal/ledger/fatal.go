package ledger

import (
	"errors"
	"fmt"
	"strings"

	"github.com/cockroachdb/pebble/v2"
)

// A StoreError says that the store cannot go on: what it holds is damaged, or the
// disk does not take what must be written.
type StoreError struct {
	What  string
	Cause error // may be nil
}

func (e *StoreError) Error() string { return e.What }
func (e *StoreError) Unwrap() error { return e.Cause }

// fatal is the store's logger. It drops the chatter, since errors come back from
// calls; but some of the store's failures have no caller.
type fatal struct {
	quiet
	end func(error) // does not return
}

// Fatalf implements pebble.Logger.
func (f fatal) Fatalf(format string, a ...any) {
	what, _, _ := strings.Cut(fmt.Sprintf(format, a...), "\n")
	err := &StoreError{What: "the registry's store cannot go on: " + what}
	for _, x := range a {
		if cause, ok := x.(error); ok {
			err.Cause = cause
		}
	}
	f.stop(err)
}

// corrupted tells of a table that cannot be read.
func (f fatal) corrupted(info pebble.DataCorruptionInfo) {
	what, _, _ := strings.Cut(fmt.Sprint(info.Details), "\n")
	f.stop(corrupt("%s: %s", info.Path, what))
}

func (f fatal) stop(err error) {
	if f.end != nil {
		f.end(err)
	}
	panic(errors.Join(errors.New("the registry's store failed"), err))
}
