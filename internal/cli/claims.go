package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"

	"licet/license"
)

type claimsCmd struct {
	NPI string `arg:"" help:"National Provider Identifier, all ten digits." placeholder:"NPI"`
}

type claimedAnswer struct {
	Items []struct {
		SourceName string      `json:"source_name"`
		Row        int64       `json:"row"`
		Day        license.Day `json:"day"`
		Claims     []struct {
			State    string `json:"state"`
			Number   string `json:"number"`
			Taxonomy string `json:"taxonomy"`
			Primary  bool   `json:"primary"`
		} `json:"claims"`
	} `json:"items"`
	AsOf asOf `json:"as_of"`
}

// Run shows what the holder of an NPI claims.
func (c claimsCmd) Run(e *env) error {
	b, err := e.get("/v1/claims/" + url.PathEscape(c.NPI))
	if err != nil {
		return err
	}
	if e.JSON {
		e.printf("%s\n", strings.TrimSpace(string(b)))
		return nil
	}
	var a claimedAnswer
	if err := json.Unmarshal(b, &a); err != nil {
		return err
	}
	e.printf("NPI %s. What its holder says of licenses; nobody checked it, and it decides nothing. As of %s.\n", c.NPI, a.AsOf.Time)
	for _, i := range a.Items {
		if i.Day == "" {
			e.printf("%s: all that was copied was taken back.\n", i.SourceName)
			continue
		}
		e.printf("%s, file of %s, row %d: %s claimed.\n", i.SourceName, i.Day, i.Row, plural(len(i.Claims), "license"))
		for _, x := range i.Claims {
			line := "  " + x.State + " " + x.Number
			if x.Taxonomy != "" {
				line += ", taxonomy " + x.Taxonomy
			}
			if x.Primary {
				line += " (main)"
			}
			e.printf("%s\n", line)
		}
	}
	return nil
}

// Claims returns what stands of many NPIs.
func (r remote) Claims(ctx context.Context, ids []string) ([]*license.Claims, error) {
	question, err := json.Marshal(map[string][]string{"ids": ids})
	if err != nil {
		return nil, err
	}
	b, err := r.fetch("POST", r.Server, "/v1/claims/lookup", question)
	if err != nil {
		return nil, err
	}
	var answer struct {
		Claims []struct {
			ID     string          `json:"id"`
			Record *license.Claims `json:"record"`
		} `json:"claims"`
	}
	if err := json.Unmarshal(b, &answer); err != nil {
		return nil, fmt.Errorf("the answer of %s about %d NPIs cannot be read: %w", r.Server, len(ids), err)
	}
	found := map[string]*license.Claims{}
	for _, x := range answer.Claims {
		found[x.ID] = x.Record
	}
	out := make([]*license.Claims, len(ids))
	for i, id := range ids {
		out[i] = found[id]
	}
	return out, ctx.Err()
}
