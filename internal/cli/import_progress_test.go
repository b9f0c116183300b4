package cli

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"licet/internal/importer"
)

func TestMeter(t *testing.T) {
	clock := time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name     string
		terminal bool
		want     string
	}{
		{"lines", false, "reading: 1,100 rows, 25 %, 100 rows/s, 34 s left\nplanning: 2,200 rows, 50 %, 200 rows/s, 12 s left\n"},
		{"a terminal", true, "\rreading: 1,000 rows, 25 %, 100 rows/s, 31 s left\rreading: 1,100 rows, 25 %, 100 rows/s, 34 s left\rplanning: 2,200 rows, 50 %, 200 rows/s, 12 s left\r" + strings.Repeat(" ", 49) + "\r"},
	} {
		var out bytes.Buffer
		now := clock
		m := &meter{out: &out, terminal: c.terminal, now: func() time.Time { return now }}
		m.tell(importer.Progress{Phase: "reading", Rows: 100, Bytes: 1000, Size: 40_000})
		if c.terminal {
			now = clock.Add(10 * time.Second)
			m.tell(importer.Progress{Phase: "reading", Rows: 1000, Bytes: 10_000, Size: 40_000})
		}
		now = clock.Add(11 * time.Second)
		m.tell(importer.Progress{Phase: "reading", Rows: 1100, Bytes: 10_000, Size: 40_000})
		m.tell(importer.Progress{Phase: "reading", Rows: 1101, Bytes: 10_000, Size: 40_000})
		m.tell(importer.Progress{Phase: "planning", Rows: 0, Total: 4400, Size: 40_000})
		now = now.Add(11 * time.Second)
		m.tell(importer.Progress{Phase: "planning", Rows: 2200, Total: 4400, Size: 40_000})
		m.clear()
		if got := out.String(); got != c.want {
			t.Errorf("%s: %q", c.name, got)
		}
	}
}

func TestLeft(t *testing.T) {
	for d, want := range map[time.Duration]string{0: "1 s", 59 * time.Second: "60 s", 61 * time.Second: "1 min 1 s", 90 * time.Minute: "1 h 30 min"} {
		if got := left(d); got != want {
			t.Errorf("%v: %s", d, got)
		}
	}
}
