//go:build !unix

package cli

import (
	"errors"
	"io"
)

// lockWatched cannot make sure here that one process watches a directory.
func lockWatched(string) (io.Closer, error) {
	return nil, errors.New("directories are watched on Unix systems only; run licet import for each file")
}
