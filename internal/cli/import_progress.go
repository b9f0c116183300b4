package cli

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/term"

	"licet/internal/importer"
)

// A meter says how far an import is, how fast it goes and how long it will still
// take: on a terminal in one line that is written over, elsewhere in a line now and then.
type meter struct {
	out      io.Writer
	terminal bool
	now      func() time.Time
	phase    string
	began    time.Time // of the phase
	shown    time.Time
	width    int // of what stands on the terminal's line
}

// Pauses between two sayings.
const (
	meterTerminal = 200 * time.Millisecond
	meterLines    = 10 * time.Second
)

func newMeter(out io.Writer) *meter {
	f, ok := out.(*os.File)
	return &meter{out: out, terminal: ok && term.IsTerminal(int(f.Fd())), now: time.Now}
}

// tell says how far the import is, unless it said so a moment ago.
func (m *meter) tell(p importer.Progress) {
	now := m.now()
	if p.Phase != m.phase {
		m.phase, m.began, m.shown = p.Phase, now, now
		return
	}
	m.show(progressLine(p, now.Sub(m.began)))
}

// show writes a line, unless one was written a moment ago.
func (m *meter) show(line string) {
	now := m.now()
	pause := meterLines
	if m.terminal {
		pause = meterTerminal
	}
	if m.shown.IsZero() { // what is over at once says nothing
		m.shown = now
	}
	if now.Sub(m.shown) < pause {
		return
	}
	m.shown = now
	if !m.terminal {
		fmt.Fprintln(m.out, line)
		return
	}
	fmt.Fprintf(m.out, "\r%s%s", line, strings.Repeat(" ", max(0, m.width-len(line))))
	m.width = len(line)
}

// clear wipes the terminal's line, so that what comes stands on its own.
func (m *meter) clear() {
	if m.width > 0 {
		fmt.Fprintf(m.out, "\r%s\r", strings.Repeat(" ", m.width))
	}
	m.width = 0
}

// progressLine says how far a phase is after some time.
func progressLine(p importer.Progress, took time.Duration) string {
	done, all := p.Bytes, p.Size
	if p.Total > 0 {
		done, all = p.Rows, p.Total
	}
	line := fmt.Sprintf("%s: %s rows", p.Phase, digits(p.Rows))
	if all > 0 {
		line += fmt.Sprintf(", %d %%", 100*done/all)
	}
	if took < time.Second {
		return line
	}
	line += fmt.Sprintf(", %s rows/s", digits(int64(float64(p.Rows)/took.Seconds())))
	if done > 0 && done < all {
		line += ", " + left(time.Duration(float64(took)*float64(all-done)/float64(done))) + " left"
	}
	return line
}

// left writes a time as people say it.
func left(d time.Duration) string {
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%d s", int(d.Seconds())+1)
	case d < time.Hour:
		return fmt.Sprintf("%d min %d s", int(d.Minutes()), int(d.Seconds())%60)
	}
	return fmt.Sprintf("%d h %d min", int(d.Hours()), int(d.Minutes())%60)
}
