package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

const readmePath = "../../README.md"

// refusedInReadme are the commands of README that it says are refused.
var refusedInReadme = []string{
	`licet license discipline us-il.nurse.041000999 --authority barred --action suspension --indefinite --text 'Made-up order.' --key $CLERK`,
}

// readme runs every command of README, as it stands there and in its order, against
// the demo that runs: those of its blocks, and those in its sentences that have
// arguments. What README leaves to the reader, DAY and INSTANT, is read in the history
// that was printed before. The directory becomes what a reader's is.
func readme(ts *testscript.TestScript, _ bool, _ []string) {
	text, err := os.ReadFile(readmePath)
	ts.Check(err)
	asCheckout(ts)
	checkTargets(ts, string(text))
	setup, commands := commandsOf(string(text))
	if len(setup) == 0 || len(commands) < 15 {
		ts.Fatalf("README has %d lines of setup and %d commands: is it read right?", len(setup), len(commands))
	}
	for i, line := range setup {
		setup[i] = strings.ReplaceAll(line, "http://localhost:8080", ts.Getenv("LICET_SERVER"))
	}
	var day, instant string
	for _, command := range commands {
		line := strings.NewReplacer(" DAY", " "+day, " INSTANT", " "+instant).Replace(command)
		out, err := shell(ts, append(slices.Clone(setup), line))
		ts.Logf("> %s\n%s", line, out)
		if refused := slices.Contains(refusedInReadme, command); refused != (err != nil) {
			ts.Fatalf("README: %s: %v", line, err)
		}
		if m := suspension.FindStringSubmatch(out); m != nil {
			day, instant = m[1], m[2]
		}
	}
	if day == "" {
		ts.Fatalf("no history shows DAY and INSTANT")
	}
}

// suspension finds the line of a suspension in a history.
var suspension = regexp.MustCompile(`effective (\S+)  Order \(SUSPENDED\).*\n.*--known (\S+)`)

// commandsOf takes the commands out of a text: the block that sets a shell up, and
// all others in their order.
func commandsOf(text string) (setup, commands []string) {
	inline := regexp.MustCompile("`(licet [^`]* -[^`]*)`")
	block := false
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		switch {
		case strings.HasPrefix(line, "```"):
			block = !block
		case !block:
			for _, m := range inline.FindAllStringSubmatch(line, -1) {
				commands = append(commands, m[1])
			}
		case strings.HasPrefix(line, "licet "):
			commands = append(commands, line)
		case strings.HasPrefix(line, "alias "), strings.HasPrefix(line, "export "), regexp.MustCompile(`^[A-Z]+=`).MatchString(line):
			setup = append(setup, line)
		}
	}
	for i := range commands {
		commands[i] = strings.ReplaceAll(commands[i], "COMMAND", "license issue")
	}
	return setup, commands
}

// checkTargets checks that the Makefile has what README has made, and that it runs the
// demo where README looks for it.
func checkTargets(ts *testscript.TestScript, text string) {
	b, err := os.ReadFile(filepath.Join(filepath.Dir(readmePath), "Makefile"))
	ts.Check(err)
	makefile := "\n" + string(b)
	for _, m := range regexp.MustCompile("(?m)(?:^|`)make (\\w+)").FindAllStringSubmatch(text, -1) {
		if !strings.Contains(makefile, "\n"+m[1]+":") {
			ts.Fatalf("README: make %s: the Makefile has no such target", m[1])
		}
	}
	for _, line := range []string{"LISTEN ?= localhost:8080", "DEMO_HOME ?= ./.licet", "\t./bin/licet up --demo --home $(DEMO_HOME) --listen $(LISTEN)"} {
		if !strings.Contains(makefile, "\n"+line+"\n") {
			ts.Fatalf("README rests on this line of the Makefile, which is not there: %s", line)
		}
	}
}

// asCheckout puts into the script's directory what a reader has there: the program,
// and the files that README names.
func asCheckout(ts *testscript.TestScript) {
	ts.Check(os.Mkdir(ts.MkAbs("bin"), 0o700))
	ts.Check(os.Symlink(lookPath(ts, "licet"), ts.MkAbs("bin/licet")))
	const testdata = "internal/importer/testdata"
	ts.Check(os.CopyFS(ts.MkAbs(testdata), os.DirFS(filepath.Join("../..", testdata))))
}

// shell gives lines to a shell, as they would be typed.
func shell(ts *testscript.TestScript, lines []string) (string, error) {
	bash, err := exec.LookPath("bash")
	if err != nil {
		return "", fmt.Errorf("README is written for bash: %w", err)
	}
	cmd := exec.Command(bash, "-s")
	cmd.Dir = ts.Getenv("WORK")
	cmd.Env = environment(ts)
	cmd.Stdin = strings.NewReader("shopt -s expand_aliases\nset -u\n" + strings.Join(lines, "\n") + " </dev/null\n")
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err = cmd.Run()
	return out.String(), err
}
