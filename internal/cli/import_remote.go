package cli

import (
	"context"
	"encoding/json"
	"fmt"

	"licet/internal/importer"
	"licet/license"
)

// remote is the registry as a plan asks about it, over a node's API.
type remote struct{ *env }

// A heldLicense is what a node says of one of many licenses.
type heldLicense struct {
	ID       string            `json:"id"`
	Record   *license.License  `json:"record"`
	Copied   []importer.Copied `json:"copied"`
	Openings []license.Opening `json:"openings"`
}

// Licenses returns what the registry holds of licenses.
func (r remote) Licenses(ctx context.Context, ids []string) ([]*importer.Held, error) {
	found := map[string]*importer.Held{}
	for rest := ids; len(rest) > 0; {
		n, err := r.look(rest, found)
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return nil, err
		}
		rest = rest[n:]
	}
	out := make([]*importer.Held, len(ids))
	for i, id := range ids {
		out[i] = found[id]
	}
	return out, nil
}

// look asks once, and says for how many of the licenses there was an answer.
func (r remote) look(ids []string, found map[string]*importer.Held) (int, error) {
	question, err := json.Marshal(map[string][]string{"ids": ids})
	if err != nil {
		return 0, err
	}
	b, err := r.fetch("POST", r.Server, "/v1/licenses/lookup", question)
	if err != nil {
		return 0, err
	}
	var answer struct {
		Licenses []heldLicense `json:"licenses"`
		Answered int           `json:"answered"`
	}
	if err := json.Unmarshal(b, &answer); err != nil {
		return 0, fmt.Errorf("the answer of %s about %d licenses cannot be read: %w", r.Server, len(ids), err)
	}
	if answer.Answered < 1 || answer.Answered > len(ids) {
		return 0, fmt.Errorf("%s answered for %d licenses of %d", r.Server, answer.Answered, len(ids))
	}
	for i := range answer.Licenses {
		l := &answer.Licenses[i]
		if l.Record == nil {
			return 0, fmt.Errorf("%s answered about license %s without a record", r.Server, l.ID)
		}
		found[l.ID] = &importer.Held{Record: l.Record, Copied: l.Copied, Openings: l.Openings}
	}
	return answer.Answered, nil
}
