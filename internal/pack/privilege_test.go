package pack

import (
	"strings"
	"testing"
)

// A license whose profession no role names is not the contract's.
func TestRolesNameTheProfessions(t *testing.T) {
	p, err := Load(small(map[string]string{"scenarios/other.txtar": `Another profession pays no fee
-- registry --
license us-il.lpn.043100100 from 2024-06-01 through 2026-05-31
-- story --
2026-01-01 renew us-il.lpn.043100100 from 2026-06-01 through 2028-05-31
  no effects
`}))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range p.Test().Played {
		for _, x := range s.Problems {
			t.Error(x)
		}
	}
}

// Steps of licenses serve privileges, where there is an act for it, and say what is wrong.
func TestPrivilegeSteps(t *testing.T) {
	const story = `A privilege
-- registry --
license us-wi.lpn.1 from 2024-06-01 through 2026-05-31
privilege us-ia.lpn.2 rests us-wi.lpn.1 from 2025-01-01 through 2026-05-31 by nlc
-- story --
2026-01-01 discipline us-ia.lpn.2 order-1 suspension
  us-ia.lpn.2 is SUSPENDED; ACTIVE
  us-wi.lpn.1 is ACTIVE
2026-01-02 stay us-ia.lpn.2 order-1
2026-01-03 unstay us-ia.lpn.2 order-1
2026-01-04 lift us-ia.lpn.2 order-1
2026-01-05 renew us-ia.lpn.2 from 2026-06-01 through 2028-05-31
2026-01-06 surrender us-ia.lpn.2
  refused privilege
2026-01-06 withdraw us-wi.lpn.1
  refused not-privilege
2026-01-06 withdraw us-ia.lpn.2
  us-ia.lpn.2 is CANCELED
`
	for _, c := range []struct{ old, by, want string }{
		{"", "", ""},
		{" rests us-wi.lpn.1 from", " from", "privilege names the license on which it rests"},
		{"rests us-wi.lpn.1", "rests us-wi.lpn.7", "us-wi.lpn.7 is not in the registry"},
		{"rests us-wi.lpn.1", "rests", "pairs of"},
		{"us-ia.lpn.2 rests", "us-wi.lpn.2 rests", "is of the same one"},
	} {
		p, err := Load(small(map[string]string{"scenarios/privilege.txtar": strings.ReplaceAll(story, c.old, c.by)}))
		said := ""
		if err != nil {
			said = err.Error()
		} else {
			for _, s := range p.Test().Played {
				for _, x := range s.Problems {
					said += x.Reason + "\n"
				}
			}
		}
		if c.want == "" && said != "" || !strings.Contains(said, c.want) {
			t.Errorf("%s for %s: %s", c.by, c.old, said)
		}
	}
}
