package cli

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync/atomic"
	"syscall"
)

// A plainLog is a log for people: one line a message. Below level debug it leaves
// out stacks, and what the engine calls an error when it is told to stop.
type plainLog struct {
	slog.Handler
	debug bool
	full  *atomic.Bool // somebody met a full disk, and said so in the log only
}

func newPlainLog(w io.Writer, level slog.Level) plainLog {
	l := plainLog{debug: level <= slog.LevelDebug, full: new(atomic.Bool)}
	l.Handler = slog.NewTextHandler(w, &slog.HandlerOptions{Level: level, ReplaceAttr: l.firstLine})
	return l
}

// firstLine shortens what carries stacks along.
func (l plainLog) firstLine(_ []string, a slog.Attr) slog.Attr {
	if a.Key == slog.TimeKey || a.Key == slog.LevelKey {
		return a
	}
	text := fmt.Sprintf("%+v", a.Value.Resolve().Any())
	if strings.Contains(text, syscall.ENOSPC.Error()) {
		l.full.Store(true)
	}
	if l.debug {
		return a
	}
	if a.Key == "stack" {
		return slog.Attr{}
	}
	if first, _, more := strings.Cut(text, "\n"); more {
		return slog.String(a.Key, first)
	}
	return a
}

// Handle implements slog.Handler.
func (l plainLog) Handle(ctx context.Context, r slog.Record) error {
	if !l.debug && strings.HasPrefix(r.Message, "Stopped accept routine") {
		return nil
	}
	return l.Handler.Handle(ctx, r)
}

// WithAttrs implements slog.Handler.
func (l plainLog) WithAttrs(as []slog.Attr) slog.Handler {
	l.Handler = l.Handler.WithAttrs(as)
	return l
}

// WithGroup implements slog.Handler.
func (l plainLog) WithGroup(name string) slog.Handler {
	l.Handler = l.Handler.WithGroup(name)
	return l
}

// explain adds to an error what the log alone knows of it.
func (l plainLog) explain(err error) error {
	if err != nil && l.full.Load() {
		return &failure{exitNo, fmt.Errorf("%w: %w", syscall.ENOSPC, err)}
	}
	return err
}
