package cli

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"licet/internal/wording"
	"licet/license"
)

type clockCmds struct {
	Advance clockAdvanceCmd `cmd:"" help:"Move legal time ahead on a network whose name starts with test/. Members sign."`
	Show    clockShowCmd    `cmd:"" help:"Show legal time."`
}

type clockAdvanceCmd struct {
	signing
	To instant `help:"Legal time from now on, such as 2026-06-01T05:30:00Z." placeholder:"INSTANT"`
	By string  `help:"How far: 36h, 90m, 30d." placeholder:"DURATION"`
}

// Run advances the clock.
func (c clockAdvanceCmd) Run(e *env) error {
	if (c.To == "") == (c.By == "") {
		return usage("how far? Name either --to INSTANT or --by DURATION")
	}
	var clock struct {
		Offset int64 `json:"offset"`
	}
	if err := e.getJSON("/v1/clock", &clock); err != nil {
		return err
	}
	now := license.InstantOf(time.Now()).AddSeconds(clock.Offset)
	var seconds int64
	if c.To != "" {
		to := license.Instant(c.To)
		if seconds = to.Unix() - now.Unix(); seconds < 1 {
			return fmt.Errorf("legal time is %s already; it goes forward only", wording.Moment(now, nil))
		}
	} else {
		d, err := parseDuration(c.By)
		if err != nil {
			return err
		}
		seconds = int64(d / time.Second)
	}
	return e.decide(c.signing, nil, &license.ClockAdvance{Old: clock.Offset, Seconds: seconds})
}

// parseDuration reads 36h, 90m, 45s, or days as 30d.
func parseDuration(s string) (time.Duration, error) {
	if n, ok := strings.CutSuffix(s, "d"); ok {
		if days, err := strconv.ParseInt(n, 10, 32); err == nil && days > 0 && days <= 36500 {
			return time.Duration(days) * 24 * time.Hour, nil
		}
	} else if d, err := time.ParseDuration(s); err == nil && d >= time.Second {
		return d, nil
	}
	return 0, usage("%q is no duration: write it like 36h or 30d", s)
}

type clockShowCmd struct{}

// Run shows legal time.
func (clockShowCmd) Run(e *env) error {
	now, err := e.legalNow()
	if err != nil {
		return err
	}
	if e.JSON {
		return e.printJSON(map[string]string{"legal_time": string(now)})
	}
	e.printf("%s (%s)\n", wording.Moment(now, nil), now)
	return nil
}
