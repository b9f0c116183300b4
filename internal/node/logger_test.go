package node

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"

	cmtlog "github.com/cometbft/cometbft/libs/log"
	cmttypes "github.com/cometbft/cometbft/types"
)

func TestEngineLogger(t *testing.T) {
	var out bytes.Buffer
	l := cmtlog.Logger(engineLogger{slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	var nobody *cmttypes.Block
	l = l.With("module", "consensus")
	l.Debug("too fine")
	l.Info("block", "height", 7, "hash", cmtlog.NewLazySprintf("%X", []byte{0xab}), "nobody", nobody)
	l.Error("odd", "alone")
	for _, want := range []string{
		"level=DEBUG msg=block module=consensus height=7 hash=AB nobody=", "level=ERROR msg=odd module=consensus !NOKEY=alone",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("log %q does not have %q", out.String(), want)
		}
	}
	if strings.Contains(out.String(), "fine") {
		t.Error("the engine's debug lines show at level debug")
	}
}
