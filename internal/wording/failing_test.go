package wording

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"testing"

	"licet/license"
)

func TestFailing(t *testing.T) {
	cause := license.Cause{Contract: "late", Function: "hook", Line: 4, Citation: "Act 1"}
	for want, f := range map[string]*Failed{
		"": nil,
		"Its newest call failed on May 4, 2026, in function hook, line 4 (Act 1), for license us-il.nurse.1: it divided by zero (division).": {
			Fault: license.Fault{Faults: 1, Code: "division"}, Cause: cause, License: "us-il.nurse.1", At: "May 4, 2026", Since: "May 4, 2026",
		},
		"Its newest two calls failed, since May 1, 2026; the last on May 4, 2026: it failed with new-one.": {
			Fault: license.Fault{Faults: 2, Code: "new-one"}, At: "May 4, 2026", Since: "May 1, 2026",
		},
		"Its newest five calls failed: it took more steps than a call may (out-of-steps). It is suspended for this board: it is called no more, until a newer edition is in force or a call that is held runs well.": {
			Fault: license.Fault{Faults: 5, Code: "out-of-steps", Suspended: true},
		},
	} {
		if got := Failing(f); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
	const held = "Failed on May 4, 2026, in function hook, line 4 (Act 1): it divided by zero (division)."
	if got := Held(&cause, "division", "May 4, 2026"); got != held {
		t.Error(got)
	}
	if got := Held(&license.Cause{}, "", ""); got != "Failed." {
		t.Error(got)
	}
	if got := RetryCommand("late", "us-il", "held-1"); got != "licet contract retry late --board us-il --call held-1" {
		t.Error(got)
	}
}

// Whatever a call can fail with is said in plain words.
func TestFaultWords(t *testing.T) {
	codes := map[string]bool{"depth": true}
	for path, first := range map[string]string{"../../lex/machine.go": "OutOfSteps", "../contract/run.go": "BadEffect"} {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			block, ok := n.(*ast.GenDecl)
			if !ok || block.Tok != token.CONST || block.Specs[0].(*ast.ValueSpec).Names[0].Name != first {
				return true
			}
			for _, s := range block.Specs {
				code, err := strconv.Unquote(s.(*ast.ValueSpec).Values[0].(*ast.BasicLit).Value)
				if err != nil {
					t.Fatal(err)
				}
				codes[code] = true
			}
			return false
		})
	}
	if len(codes) < 20 {
		t.Fatalf("%d codes were found", len(codes))
	}
	for c := range codes {
		if faultWords[c] == "" {
			t.Errorf("%s has no words", c)
		}
	}
	for c := range faultWords {
		if !codes[c] {
			t.Errorf("nothing fails with %s", c)
		}
	}
}

func TestNotMade(t *testing.T) {
	if got := NotMade("April 1, 2026"); got != "Not made on April 1, 2026: its contract was suspended for the board before its turn came." {
		t.Error(got)
	}
}

func TestComing(t *testing.T) {
	if got := Coming(0, nil); got != nil {
		t.Error(got)
	}
	got := Coming(2, &license.DayCalls{Day: "2026-04-01"})
	if len(got) != 2 || got[0] != "Two calls of contracts found no room yet: they come by themselves, in the next blocks." ||
		got[1] != "The contracts have not come to all licenses of this board yet for April 1, 2026: they go on by themselves, license by license." {
		t.Error(got)
	}
}
