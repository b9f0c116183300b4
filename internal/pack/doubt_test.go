package pack

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What is shipped is in no doubt; what is hardly meant is named by its line.
func TestDoubts(t *testing.T) {
	for _, name := range packs(t) {
		p, err := Load(os.DirFS(filepath.Join(shipped, name)))
		if err != nil {
			t.Fatal(err)
		}
		if d := p.Doubts(); len(d) > 0 {
			t.Errorf("%s: %v", name, d)
		}
	}
	const head = "def fee(ctx, act):\n"
	for _, c := range []struct{ before, want string }{
		{"    if license(act.license).registration == \"not_renewed\":\n        return []\n", `There is no registration "not_renewed". Write one of void, not-told, `},
		{"    if license(act.license).authority not in [\"may-practice\", \"barrred\"]:\n        return []\n", `There is no authority "barrred".`},
		{"    if act.license == None:\n        return set_lifecycle(act.license, \"cancelled\", ctx.today)\n", `There is no status "cancelled". Write one of active, inactive, surrendered, deceased, canceled.`},
		{"    if license(act.license).registration in [\"active\", \"not-lapsed\"] and license(act.license).discipline != \"none\":\n        return []\n", ""},
		{"    # .registration == \"gone\"\n", ""},
		{"    if act.license == None:\n        return []\n    else:\n        return []\n", ""},
	} {
		p, err := Load(small(replaced(t, sourceFile, head, head+c.before)))
		if err != nil {
			t.Fatal(err)
		}
		got := p.Doubts()
		if c.want == "" && len(got) > 0 || c.want != "" && (len(got) != 1 || !strings.Contains(got.Error(), c.want)) {
			t.Errorf("%q: wanted %q, got %v", c.before, c.want, got)
		}
	}
	p, err := Load(small(replaced(t, sourceFile, "    return reject", "    if ctx.today == None:\n        return reject")))
	if err != nil {
		t.Fatal(err)
	}
	if d := p.Doubts(); len(d) != 1 || !strings.Contains(d[0].Reason, "ends without a return") || d[0].Line != 1 {
		t.Errorf("a rule without a return at its end: %v", d)
	}
}
