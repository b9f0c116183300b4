package cli

import (
	"context"
	"encoding/json"
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
			line := "  " + printable([]byte(x.State+" "+x.Number))
			if x.Taxonomy != "" {
				line += ", taxonomy " + printable([]byte(x.Taxonomy))
			}
			if x.Primary {
				line += " (main)"
			}
			e.printf("%s\n", line)
		}
	}
	return nil
}

// A likelyClaim may be about a license.
type likelyClaim struct {
	NPI        string      `json:"npi"`
	SourceName string      `json:"source_name"`
	Day        license.Day `json:"day"`
	State      string      `json:"state"`
	Number     string      `json:"number"`
	Taxonomy   string      `json:"taxonomy"`
}

// printClaims prints who claims a license of this state and number, so that nobody
// takes it for more.
func (a *answer) printClaims(e *env) {
	for _, c := range a.Claims {
		e.printf("Claimed in the file of %s of %s by NPI %s: %s", c.Day.Long(), shown(c.SourceName), c.NPI, printable([]byte(c.State+" "+c.Number)))
		if c.Taxonomy != "" {
			e.printf(", taxonomy %s", printable([]byte(c.Taxonomy)))
		}
		e.printf(".\n")
	}
	if a.MoreClaims {
		e.printf("More claim it than are shown here.\n")
	}
	if len(a.Claims) > 0 {
		e.printf("Nobody checked a claim or matched it with this license; another profession's number may be alike. It decides nothing.\n")
	}
}

// Claims returns what stands of many NPIs.
func (r remote) Claims(ctx context.Context, ids []string) ([]*license.Claims, error) {
	var answer struct {
		Claims []struct {
			ID     string          `json:"id"`
			Record *license.Claims `json:"record"`
		} `json:"claims"`
	}
	if err := r.ask("/v1/claims/lookup", ids, &answer); err != nil {
		return nil, err
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
