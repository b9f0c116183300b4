package api

import (
	"encoding/base64"
	"net/http"
	"time"

	"licet/license"
	"licet/proof"
)

// stillAfter is how many heartbeats old the newest checkpoint is when the network is said
// to stand still.
const stillAfter = 3

// notesRead is in how many of the newest checkpoints a member's cosignature is looked for.
const notesRead = 256

// What a node says of itself and of the network.
const (
	stateStarting   = "starting"    // no checkpoint yet
	stateCatchingUp = "catching-up" // it fetches old blocks and does not vote
	stateStill      = "stands-still"
	stateRuns       = "runs"
)

type statusAnswer struct {
	State      string            `json:"state"`
	Origin     string            `json:"origin"`
	Height     int64             `json:"height"` // newest block
	Size       int64             `json:"size"`   // entries of the log
	Time       license.Instant   `json:"time"`   // legal time of that block
	Checkpoint *statusCheckpoint `json:"checkpoint,omitempty"`
	Peers      int               `json:"peers"`  // nodes that this one is connected with
	Lookup     int64             `json:"lookup"` // entries that the index for searches has read
	Set        int64             `json:"set"`
	Self       string            `json:"self,omitempty"` // the member whose engine key this node has; absent: no member's, so it does not vote
	Members    []statusMember    `json:"members"`
}

type statusCheckpoint struct {
	Height int64           `json:"height"`
	Size   int64           `json:"size"`
	Time   license.Instant `json:"time"`
	Age    int64           `json:"age_seconds"`
}

type statusMember struct {
	ID       string          `json:"id"`
	Name     string          `json:"name"`
	Weight   int64           `json:"weight"`
	URL      string          `json:"url,omitempty"`
	Cosigned license.Instant `json:"cosigned,omitempty"` // time of its newest cosignature among those that are looked at
	Missing  bool            `json:"missing,omitempty"`  // it votes, and the newest checkpoint lacks its cosignature
}

// status says how this node and the network fare.
func (a *API) status(w http.ResponseWriter, _ *http.Request) error {
	s, err := a.fare()
	if err != nil {
		return err
	}
	return sendJSON(w, s)
}

func (a *API) fare() (*statusAnswer, error) {
	n := a.Node.Status()
	head := a.Ledger.Head()
	s := &statusAnswer{
		State: stateRuns, Origin: head.Origin, Height: head.Height, Size: head.Size, Time: head.Time,
		Peers: n.Peers, Lookup: a.Lookup.Position().Size, Set: head.Set,
	}
	network, err := a.answers.Network()
	if err != nil {
		return nil, err
	}
	if c, t, ok := a.Ledger.Checkpoint(n.Checkpointed); ok && n.Checkpointed >= 0 {
		s.Checkpoint = &statusCheckpoint{Height: n.Checkpointed, Size: c.Size, Time: t, Age: max(a.Now().Unix()+network.Offset-t.Unix(), 0)}
	}
	switch {
	case n.CatchingUp:
		s.State = stateCatchingUp
	case s.Checkpoint == nil:
		s.State = stateStarting
	case time.Duration(s.Checkpoint.Age)*time.Second > stillAfter*n.Heartbeat:
		s.State = stateStill
	}
	set, err := a.Ledger.VotersOf(head.Height + 1)
	if err != nil {
		return nil, err
	}
	own := base64.StdEncoding.EncodeToString(n.Keys.PubKey)
	for _, m := range set.Members {
		if m.Validator == own {
			s.Self = m.ID
		}
	}
	s.Members, err = a.cosigners(n.Checkpointed)
	return s, err
}

// cosigners says of each member when it cosigned last.
func (a *API) cosigners(newest int64) ([]statusMember, error) {
	set, err := a.Ledger.VotersOf(a.Ledger.Head().Height + 1)
	if err != nil {
		return nil, err
	}
	var ms []statusMember
	at := map[string]int{}
	for _, m := range set.Members {
		if m.Weight > 0 {
			at[m.ID] = len(ms)
		}
		ms = append(ms, statusMember{ID: m.ID, Name: m.Name, Weight: m.Weight, URL: m.URL, Missing: m.Weight > 0})
	}
	trust := proof.TrustOf(a.Ledger.Head().Origin, set, nil)
	left := len(at)
	for h := newest; h >= 0 && h > newest-notesRead && left > 0; h-- {
		note, err := a.Ledger.Note(h)
		if err != nil {
			return nil, err
		}
		_, signed, _, err := trust.VerifyNote(note)
		if note == nil || err != nil { // an older set's
			continue
		}
		for _, c := range signed {
			i, known := at[c.Name]
			if !known || ms[i].Cosigned != "" {
				continue
			}
			ms[i].Cosigned = license.InstantUnix(c.Time)
			ms[i].Missing = h < newest
			left--
		}
	}
	return ms, nil
}
