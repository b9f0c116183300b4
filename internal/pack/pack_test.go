package pack

import (
	"errors"
	"flag"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"licet/internal/contract"
	"licet/license"
	"licet/strict"
)

const shipped = "../../contracts"

func packs(t testing.TB) (names []string) {
	t.Helper()
	ds, err := os.ReadDir(shipped)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range ds {
		if d.IsDir() {
			names = append(names, d.Name())
		}
	}
	return names
}

// What is shipped does what its scenarios say, and no rule stands there untried.
func TestShippedPacks(t *testing.T) {
	for _, name := range packs(t) {
		p, err := Load(os.DirFS(filepath.Join(shipped, name)))
		if err != nil {
			t.Errorf("%s:\n%v", name, err)
			continue
		}
		r := p.Test()
		for _, s := range r.Played {
			for _, x := range s.Problems {
				t.Errorf("%s/%v", name, x)
			}
		}
		for _, l := range r.Unused {
			t.Errorf("%s: line %d is never reached: %s", name, l.Line, l.Text)
		}
		if again := p.Test(); string(strict.Encode(&r.Hash)) != string(strict.Encode(&again.Hash)) || r.Played[0].Steps != again.Played[0].Steps {
			t.Errorf("%s: a second run differs", name)
		}
		if p.Manifest.Name != name {
			t.Errorf("%s: the contract is called %s", name, p.Manifest.Name)
		}
	}
}

var update = flag.Bool("update", false, "write docs/spec/vectors/contracts.jsonl anew")

type vector struct {
	Name       string        `json:"name"`
	Manifest   string        `json:"manifest"`
	Parameters string        `json:"parameters"`
	Source     string        `json:"source"`
	Hash       license.Hash  `json:"hash"`
	Expect     string        `json:"expect"` // ok, or bad: refused
	Orders     []orderVector `json:"orders"`
}

type orderVector struct {
	License string `json:"license"`
	Name    string `json:"name"`
	ID      string `json:"id"`
}

// vectors are a sound contract, and what does not pass under its hash or manifest.
func vectors(t *testing.T) []vector {
	t.Helper()
	p, err := Load(small(nil))
	if err != nil {
		t.Fatal(err)
	}
	parts := p.Parts()
	sound := vector{Name: "sound", Manifest: string(parts.Manifest), Parameters: string(parts.Parameters), Source: string(parts.Source), Hash: p.Hash, Expect: "ok"}
	change := func(name string, change func(*vector)) vector {
		v := sound
		v.Name, v.Expect = name, "bad"
		change(&v)
		return v
	}
	out := []vector{
		sound,
		change("another hash", func(v *vector) { v.Hash[0] ^= 1 }),
		change("another source", func(v *vector) { v.Source += "\n" }),
		change("other parameters", func(v *vector) { v.Parameters = strings.Replace(v.Parameters, "6000", "7000", 1) }),
		change("no parameters", func(v *vector) { v.Parameters = "" }),
		change("parameters without rows", func(v *vector) {
			v.Parameters = `{"v":1}`
			v.rename(parts.Parameters, []byte(v.Parameters))
		}),
		change("parameters written otherwise", func(v *vector) {
			v.Parameters = strings.Replace(v.Parameters, ":", ": ", 1)
			v.rename(parts.Parameters, []byte(v.Parameters))
		}),
		change("manifest written otherwise", func(v *vector) {
			v.Manifest += "\n"
			v.Hash = contract.HashOf([]byte(v.Manifest))
		}),
	}
	for _, id := range []string{"us-il.rn.041100100", "us-wi.rn.1-020"} {
		out[0].Orders = append(out[0].Orders, orderVector{id, "90-days", contract.OrderID(p.Manifest.Name, id, "90-days")})
	}
	return out
}

// rename lets the manifest name another text, and the hash the manifest.
func (v *vector) rename(old, by []byte) {
	v.Manifest = strings.Replace(v.Manifest, license.HashOf(old).String(), license.HashOf(by).String(), 1)
	v.Hash = contract.HashOf([]byte(v.Manifest))
}

func TestVectors(t *testing.T) {
	const path = "../../docs/spec/vectors/contracts.jsonl"
	var want []byte
	for _, v := range vectors(t) {
		p, err := contract.Parse(contract.Parts{Manifest: []byte(v.Manifest), Parameters: []byte(v.Parameters), Source: []byte(v.Source)})
		if ok := err == nil && p.Hash == v.Hash; ok != (v.Expect == "ok") {
			t.Errorf("%s: %v", v.Name, err)
		}
		want = append(append(want, strict.Encode(&v)...), '\n')
	}
	if *update {
		if err := os.WriteFile(path, want, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(path)
	if err != nil || string(have) != string(want) {
		t.Fatalf("%s differs (%v): a contract's hash may not change\n%s", path, err, want)
	}
}

// small is a sound pack, with other texts in the place of some files.
func small(other map[string]string) fs.FS {
	files := map[string]string{
		"contract.toml": `name = "fees"
version = 2
title = "Late fees"
language = "lex/1"
amendments = "2/3"

[[role]]
role = "board"
words = "Whoever licenses nurses."
professions = ["rn"]

[[hook]]
kind = "before"
answers = ["license.renew"]
function = "fee"
fault = "closed"

[function.fee]
citation = "68 Ill. Adm. Code 1300.30"
words = "A late renewal costs more."

[code]
fee = "The fee is not on record."
`,
		"rules.star": `def fee(ctx, act):
    for f in facts(act.license, "bond"):
        if f.number >= parameter("late_fee", ctx.today):
            return []
    return reject("fee")
`,
		"parameters.toml": `[late_fee]
citation = "68 Ill. Adm. Code 1300.30"
words = "Cents."
values = [{ from = 2020-01-01, value = 5000 }, { from = 2026-01-01, value = 6000 }]
`,
		"scenarios/paid.txtar": `The fee of the day counts
-- registry --
license us-il.rn.041100100 from 2024-06-01 through 2026-05-31
fact us-il.rn.041100100 bond on 2025-01-01 number 5000
-- story --
2025-12-31 renew us-il.rn.041100100 from 2026-06-01 through 2028-05-31
2026-01-01 renew us-il.rn.041100100 from 2028-06-01 through 2030-05-31
  refused fee
`,
	}
	for name, text := range other {
		files[name] = text
	}
	m := fstest.MapFS{}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if files[name] != "" {
			m[name] = &fstest.MapFile{Data: []byte(files[name])}
		}
	}
	return m
}

func replaced(t *testing.T, file, old, by string) map[string]string {
	t.Helper()
	b, err := fs.ReadFile(small(nil), file)
	if err != nil || !strings.Contains(string(b), old) {
		t.Fatalf("%s lacks %q", file, old)
	}
	return map[string]string{file: strings.Replace(string(b), old, by, 1)}
}

// Each refusal says where, why, and what to write.
func TestProblems(t *testing.T) {
	for _, c := range []struct{ file, old, by, want string }{
		{"contract.toml", `version = 2`, `version = 2.5`, "contract.toml:2: This is not TOML as it is read here"},
		{"contract.toml", `title =`, `titel =`, "contract.toml:3: There is no key titel here. docs/contracts.md lists the keys."},
		{"contract.toml", `name = "fees"`, `name = "Fees"`, `contract.toml:1: "Fees" is no name of a contract. Write a–z, 0–9 and inner hyphens`},
		{"contract.toml", `"lex/1"`, `"lex/2"`, `contract.toml:4: There is no language "lex/2" here. Write "lex/1". (language)`},
		{"contract.toml", `"2/3"`, `"1/3"`, "contract.toml:5: Changes of parameters are delegated to a share of the boards, and this is none. Write more than a half, such as 2/3."},
		{"contract.toml", `fault = "closed"`, ``, `Nothing says what becomes of an act when fee faults. Write fault = "open"`},
		{"contract.toml", `"license.renew"`, `"license.discipline"`, `contract.toml:14: A hook of kind before cannot answer "license.discipline". It may answer `},
		{"contract.toml", `function = "fee"`, `function = "fees"`, `The source has no function "fees". Functions are fee.`},
		{"contract.toml", "citation = \"68 Ill. Adm. Code 1300.30\"\n", "", "contract.toml:18: Function fee answers something and cites nothing."},
		{"contract.toml", `[function.fee]`, `[function.free]`, "rules.star:1: Nothing says what function fee does. Write in the manifest: [function.fee]"},
		{"rules.star", `ctx, act`, `ctx, act, id`, "is called with 2 values, and fee takes 3. Write def fee(ctx, act)."},
		{"rules.star", `"late_fee"`, `"fee"`, `rules.star:3: There is no parameter "fee".`},
		{"rules.star", `"late_fee"`, `act.do`, `rules.star:3: A parameter is asked for by a name that stands in the source. Write its name`},
		{"rules.star", `f.number >=`, `1.5 *`, "rules.star:3: "},
		{"parameters.toml", `5000`, `50.5`, "parameters.toml:1: A value of late_fee is no integer, text, date or list of texts. Write numbers without fractions"},
		{"parameters.toml", `2026-01-01`, `2019-01-01`, "parameters.toml:1: The values of late_fee are not in order of their days."},
		{"parameters.toml", `6000`, `"6000"`, "parameters.toml:1: A value of late_fee is not of kind int."},
		{"parameters.toml", `[late_fee]`, "[early_fee]\ncitation = \"x\"\nwords = \"y\"\nvalues = [{ from = 2020-01-01, value = 1 }]\n[late_fee]", "parameters.toml:1: No rule asks for parameter early_fee."},
		{"scenarios/paid.txtar", `renew`, `renw`, `scenarios/paid.txtar:6: Nothing is done by "renw". Steps are `},
		{"scenarios/paid.txtar", `2026-01-01 renew`, `2025-01-01 renew`, "scenarios/paid.txtar:7: The story goes back in time."},
		{"scenarios/paid.txtar", `-- story --`, `-- tale --`, `scenarios/paid.txtar:5: A scenario has no part "tale".`},
		{"scenarios/paid.txtar", `number 5000`, `numbers 5000`, `scenarios/paid.txtar:4: fact has no "numbers"`},
	} {
		_, err := Load(small(replaced(t, c.file, c.old, c.by)))
		var problems Problems
		if !errors.As(err, &problems) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s with %q: wanted\n\t%s\ngot\n\t%v", c.file, c.by, c.want, err)
		}
	}
	for _, c := range []struct{ file, text, want string }{
		{"rules.star", "", "rules.star: The file is missing."},
		{"law.star", "x", "law.star: This is no file of a pack."},
		{"scenarios/a.txt", "x", "scenarios/a.txt: This is no scenario. Scenarios end with .txtar."},
		{"contract.toml", strings.Repeat("#", contract.ManifestBytesMax+1), "contract.toml: The file has 65537 bytes; 65536 are the most."},
		{"contract.toml", "name = \"a\"\r\nversion = 1\r\n", "contract.toml: The file cannot be read"},
		{"scenarios/b.txtar", "A title\n", "scenarios/b.txtar:1: The scenario has no story."},
	} {
		_, err := Load(small(map[string]string{c.file: c.text}))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: wanted %s, got %v", c.file, c.want, err)
		}
	}
}

// A scenario that says otherwise fails, at its line and with what is so.
func TestScenarioFails(t *testing.T) {
	for _, c := range []struct{ old, by, want string }{
		{"  refused fee\n", "", "scenarios/paid.txtar:7: The act is refused: fee (The fee is not on record.). (scenario)"},
		{"refused fee", "refused other", "It is refused by another rule: fee (The fee is not on record.)."},
		{"refused fee", "refused fee\n  us-il.rn.041100100 is NOT RENEWED", "scenarios/paid.txtar:9: us-il.rn.041100100 on 2026-01-01 is ACTIVE."},
		{"refused fee", "refused fee\n  effect impose us-il.rn.041100100", "There is no such effect; there is {\"do\":\"reject\""},
		{"refused fee", "refused fee\n  fault", "There is no such fault."},
		{"refused fee", "refused fee\n2026-01-02 wait\n  effect notify us-il.rn.041100100", "There is no such effect: no rule intended anything in this step."},
		{"refused fee", "refused fee\n  is so", "is is no license of this scenario. Write what must be so"},
	} {
		p, err := Load(small(replaced(t, "scenarios/paid.txtar", c.old, c.by)))
		if err != nil {
			t.Fatal(err)
		}
		r := p.Test()
		if r.Passed || len(r.Played[0].Problems) == 0 || !strings.Contains(r.Played[0].Problems.Error(), c.want) {
			t.Errorf("%q: wanted %s, got %v", c.by, c.want, r.Played[0].Problems)
		}
	}
	p, err := Load(small(map[string]string{"scenarios/paid.txtar": ""}))
	if err != nil || p.Test().Passed {
		t.Errorf("a contract without scenarios passes (%v)", err)
	}
}
