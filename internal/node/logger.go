package node

import (
	"context"
	"fmt"
	"log/slog"

	cmtlog "github.com/cometbft/cometbft/libs/log"
)

// engineLogger writes the engine's log to a slog.Logger. What the engine calls
// "info" is several lines a block: debug, by our measure.
type engineLogger struct{ to *slog.Logger }

var _ cmtlog.Logger = engineLogger{}

func (l engineLogger) Debug(msg string, kv ...any) { l.log(slog.LevelDebug-4, msg, kv) }
func (l engineLogger) Info(msg string, kv ...any)  { l.log(slog.LevelDebug, msg, kv) }
func (l engineLogger) Error(msg string, kv ...any) { l.log(slog.LevelError, msg, kv) }

func (l engineLogger) With(kv ...any) cmtlog.Logger {
	return engineLogger{slog.New(l.to.Handler().WithAttrs(attributes(kv)))}
}

func (l engineLogger) log(level slog.Level, msg string, kv []any) {
	ctx := context.Background()
	if l.to.Enabled(ctx, level) { // many values are costly to write out
		l.to.LogAttrs(ctx, level, msg, attributes(kv)...)
	}
}

// attributes pairs keys and values. Values that know how to print themselves
// do so; a value without key gets a key that shows.
func attributes(kv []any) []slog.Attr {
	var as []slog.Attr
	for i := 0; i < len(kv); i += 2 {
		if i+1 == len(kv) {
			return append(as, slog.Any("!NOKEY", kv[i]))
		}
		as = append(as, slog.Any(fmt.Sprint(kv[i]), printed(kv[i+1])))
	}
	return as
}

func printed(v any) any {
	if s, ok := v.(fmt.Stringer); ok {
		return lazy{s}
	}
	return v
}

// lazy calls String only when the line is really written.
type lazy struct{ s fmt.Stringer }

func (l lazy) LogValue() (v slog.Value) {
	defer func() {
		if r := recover(); r != nil { // a nil pointer behind the interface
			v = slog.StringValue(fmt.Sprintf("!PANIC: %v", r))
		}
	}()
	return slog.StringValue(l.s.String())
}
