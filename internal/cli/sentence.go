package cli

import (
	"errors"
	"io/fs"
	"net/url"
	"strings"
	"syscall"

	"licet/internal/auditor"
	"licet/internal/host"
	"licet/internal/keys"
	"licet/internal/ledger"
	"licet/internal/node"
	"licet/license"
)

// sentence says what is wrong and what to do about it.
func sentence(err error) string {
	var u *url.Error
	var r *license.Refusal
	var p *problem
	var c *ledger.CorruptError
	switch {
	case errors.Is(err, syscall.ENOSPC):
		return full("the disk is full; free some space and start again, nothing that was recorded is lost (" + err.Error() + ")")
	case errors.As(err, &p):
		return p.sentence()
	case errors.As(err, &r):
		return "Refused: " + r.Error()
	case errors.As(err, &c):
		return full(c.Error())
	case errors.As(err, &u):
		base, _, _ := strings.Cut(u.URL, "/v1/")
		return full("no node answers at " + base + " (" + rootCause(u.Err) + "); start one with \"licet up\", or name another with --server")
	case errors.Is(err, host.ErrPortInUse):
		return full(err.Error() + "; stop it, or choose another address with --listen")
	case errors.Is(err, host.ErrHomeInUse), errors.Is(err, node.ErrHomeInUse):
		return full(strings.TrimPrefix(err.Error(), "node: ") + "; stop it, or choose another directory with --home")
	case errors.Is(err, auditor.ErrInUse):
		return full(err.Error() + "; wait for its end, or choose another directory with --dir")
	case errors.Is(err, keys.ErrPassphrase):
		return full(strings.TrimPrefix(err.Error(), "keys: "))
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return full(err.Error() + "; choose another directory with --home, or change who may write there")
	}
	return full(strings.TrimPrefix(strings.TrimPrefix(err.Error(), "keys: "), "node: "))
}

// full makes one line of an error, with a full stop at its end.
func full(s string) string {
	s = strings.ReplaceAll(strings.TrimSpace(s), "\n", "; ")
	if s == "" || strings.HasSuffix(s, ".") || strings.HasSuffix(s, "?") || strings.HasSuffix(s, "]") {
		return s
	}
	return s + "."
}

// rootCause returns the innermost error's words.
func rootCause(err error) string {
	for {
		next := errors.Unwrap(err)
		if next == nil {
			return err.Error()
		}
		err = next
	}
}
