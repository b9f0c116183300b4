package cli

import (
	"fmt"
	"time"

	"licet/internal/wording"
	"licet/license"
)

type statusCmd struct{}

// networkStatus is what a node says of itself and the network.
type networkStatus struct {
	State      string          `json:"state"`
	Origin     string          `json:"origin"`
	Height     int64           `json:"height"`
	Size       int64           `json:"size"`
	Time       license.Instant `json:"time"`
	Checkpoint *struct {
		Height int64           `json:"height"`
		Time   license.Instant `json:"time"`
		Age    int64           `json:"age_seconds"`
	} `json:"checkpoint"`
	Peers   int    `json:"peers"`
	Lookup  int64  `json:"lookup"`
	Set     int64  `json:"set"`
	Self    string `json:"self"`
	Members []struct {
		ID       string          `json:"id"`
		Name     string          `json:"name"`
		Weight   int64           `json:"weight"`
		Cosigned license.Instant `json:"cosigned"`
		Missing  bool            `json:"missing"`
	} `json:"members"`
}

// Run says how a node and its network fare. It exits with 1 when the network stands still.
func (statusCmd) Run(e *env) error {
	if e.JSON {
		b, err := e.get("/v1/status")
		if err == nil {
			e.printf("%s\n", b)
		}
		return err
	}
	var s networkStatus
	if err := e.getJSON("/v1/status", &s); err != nil {
		return err
	}
	e.printf("Network:    %s, member set %d\n", s.Origin, s.Set)
	if s.Self == "" {
		e.printf("This node:  IS OF NO MEMBER; it follows, and does not vote\n")
	} else {
		e.printf("This node:  of %s\n", s.Self)
	}
	e.printf("State:      %s\n", stateWords(s.State))
	e.printf("Block:      %d, %s\n", s.Height, wording.Moment(s.Time, nil))
	e.printf("Entries:    %d", s.Size)
	if s.Lookup < s.Size {
		e.printf("; searches have read %d", s.Lookup)
	}
	e.printf("\n")
	if s.Checkpoint == nil {
		e.printf("Checkpoint: none yet\n")
	} else {
		e.printf("Checkpoint: of block %d, %s old\n", s.Checkpoint.Height, time.Duration(s.Checkpoint.Age)*time.Second)
	}
	e.printf("Peers:      %d\n", s.Peers)
	for _, m := range s.Members {
		e.printf("\n%s  %s\n  Weight:   %d\n", m.ID, m.Name, m.Weight)
		switch {
		case m.Weight == 0:
			e.printf("  An observer; it cosigns nothing.\n")
		case !m.Missing:
			e.printf("  Cosigned: the newest checkpoint\n")
		case m.Cosigned != "":
			e.printf("  Cosigned: NOT SINCE %s\n", wording.Moment(m.Cosigned, nil))
		default:
			e.printf("  Cosigned: NONE of the last checkpoints\n")
		}
	}
	if s.State == "stands-still" {
		return &failure{exitNo, fmt.Errorf("the network stands still: more than two thirds of the weight must run. What was recorded is kept")}
	}
	return nil
}

func stateWords(state string) string {
	switch state {
	case "starting":
		return "starts; there is no checkpoint yet"
	case "catching-up":
		return "this node fetches blocks that it missed"
	case "stands-still":
		return "STANDS STILL"
	}
	return "goes on"
}
