// Package cli is the command line of licet: one file for each group of commands.
//
// Commands that decide something fetch what they need from a node, sign here,
// and send the signed transaction; the keys never leave this machine.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/alecthomas/kong"

	"licet/internal/importer"
	"licet/internal/synthetic"
	"licet/license"
)

// Exit codes. The verify command has further meanings for them.
const (
	exitOK    = 0
	exitNo    = 1 // refused, failed, does not hold
	exitUsage = 2 // a flag or a file is missing
)

// Globals are the flags that every command takes.
type Globals struct {
	Server string `help:"Node to talk to." default:"http://localhost:8080" env:"LICET_SERVER" placeholder:"URL"`
	Home   string `help:"Directory for keys and a node's data. Default: ~/.licet." env:"LICET_HOME" placeholder:"DIR" type:"path"`
	JSON   bool   `help:"Print JSON, for machines." name:"json"`
}

type commands struct {
	Globals

	Up        upCmd         `cmd:"" help:"Run a node: registry, pages and API. The first start founds a network of one."`
	Init      initCmds      `cmd:"" help:"Found a network of several agencies: a home and keys for each, and a founding file that goes round."`
	Status    statusCmd     `cmd:"" help:"How a node and its network fare: newest block and checkpoint, peers, and who has not cosigned."`
	License   licenseCmds   `cmd:"" help:"Issue, renew, discipline and look at licenses."`
	Privilege privilegeCmds `cmd:"" help:"Grant, renew, end and discipline privileges: permissions that rest on another board's license."`
	Fact      factCmds      `cmd:"" help:"Record dated facts about a license."`
	Act       actCmds       `cmd:"" help:"Draft, sign and submit acts that need several signatures."`
	Keys      keysCmds      `cmd:"" help:"Make and look at key files."`
	Board     boardCmds     `cmd:"" help:"Boards, their calendars and professions."`
	Officer   officerCmds   `cmd:"" help:"Appoint officers, suspend them, end appointments."`
	Policy    policyCmds    `cmd:"" help:"Who must sign what."`
	Member    memberCmds    `cmd:"" help:"The agencies that run the network."`
	Clock     clockCmds     `cmd:"" help:"Advance legal time on test networks."`
	Rules     rulesCmds     `cmd:"" help:"Under which rules the network runs, and from which block on the next ones decide."`
	Prove     proveCmd      `cmd:"" help:"Fetch a proof that can be checked offline."`
	Verify    verifyCmd     `cmd:"" help:"Check a proof, offline."`
	Bundle    bundleCmds    `cmd:"" help:"Refresh proofs that were fetched earlier."`
	Audit     auditCmd      `cmd:"" help:"Follow a node's log and recompute everything in it."`
	Trust     trustCmds     `cmd:"" help:"Fetch and show trust files."`
	Import    importCmds    `cmd:"" help:"Copy a board's file into the registry, row by row, or take a file back."`
	Claims    claimsCmd     `cmd:"" help:"Show which licenses the holder of an NPI claims in a copied file. It decides nothing."`
	Match     matchCmd      `cmd:"" help:"Say which licenses could be of people on a list, such as the OIG's exclusions. Records nothing."`
	Contract  contractCmds  `cmd:"" help:"Write, test and adopt contracts: rules by which boards let the registry keep itself current."`
	Notice    noticeCmds    `cmd:"" help:"What contracts want boards to be told."`
	Export    exportCmd     `cmd:"" help:"Take licenses away, as comma-separated values or JSON lines."`
	Demo      demoDataCmd   `cmd:"" name:"demo-data" help:"Write a made-up roster in the columns of Illinois' open data."`
	Version   versionCmd    `cmd:"" help:"Print the version."`
}

// An env is what a command works with.
type env struct {
	Globals
	ctx            context.Context
	stdin          io.Reader
	stdout, stderr io.Writer
}

func (e *env) printf(format string, a ...any) { fmt.Fprintf(e.stdout, format, a...) }

// home returns the home directory.
func (e *env) home() (string, error) {
	if e.Home != "" {
		return e.Home, nil
	}
	user, err := os.UserHomeDir()
	if err != nil {
		return "", usage("there is no home directory here (%v); name one with --home", err)
	}
	return filepath.Join(user, ".licet"), nil
}

// A failure ends a command with an exit code of its own.
type failure struct {
	code int
	err  error
}

func (f *failure) Error() string { return f.err.Error() }
func (f *failure) Unwrap() error { return f.err }

// errSaid ends a command whose answer is no: it stands on standard output already.
var errSaid = errors.New("the answer is no")

func usage(format string, a ...any) error { return &failure{exitUsage, fmt.Errorf(format, a...)} }

// exited carries an exit code out of the parser, which ends the process by itself
// when it has shown help.
type exited int

// Run runs one command and returns the process's exit code. ctx ends what runs
// until it is stopped.
func Run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) (code int) {
	defer func() {
		if r := recover(); r != nil {
			c, ok := r.(exited)
			if !ok {
				panic(r)
			}
			code = int(c)
		}
	}()
	var c commands
	parser, err := kong.New(&c,
		kong.Name("licet"),
		kong.Description("A license registry that state boards run together, and whose answers anyone can check."),
		kong.Writers(stdout, stderr),
		kong.Vars{"actions": strings.Join(license.ActionCodes, ", "), "facts": strings.Join(license.FactCodes, ", "), "maps": strings.Join(importer.Shipped(), ", "), "rosterday": string(synthetic.DefaultDay)},
		kong.ValueFormatter(helpText),
		kong.Exit(func(code int) { panic(exited(code)) }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, NoExpandSubcommands: true}),
	)
	if err != nil {
		return report(stderr, err)
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	parsed, err := parser.Parse(args)
	if err != nil {
		var p *kong.ParseError
		fmt.Fprintf(stderr, "licet: %s", full(strings.TrimSuffix(err.Error(), ", ....")))
		see := "licet"
		if errors.As(err, &p) && p.Context != nil && p.Context.Selected() != nil {
			see += " " + p.Context.Selected().Path()
		}
		fmt.Fprintf(stderr, " See: %s --help\n", see)
		return exitUsage
	}
	e := &env{Globals: c.Globals, ctx: ctx, stdin: stdin, stdout: stdout, stderr: stderr}
	if err := parsed.Run(e); err != nil {
		return report(stderr, err)
	}
	return exitOK
}

// helpText is a flag's help, with its default and environment variable.
func helpText(v *kong.Value) string {
	help := v.Help
	if v.HasDefault && v.Default != "" {
		help += " Default: " + v.Default + "."
	}
	if len(v.Tag.Envs) > 0 {
		help += " Environment: " + strings.Join(v.Tag.Envs, ", ") + "."
	}
	return help
}

// report prints an error as one sentence and returns its exit code.
func report(stderr io.Writer, err error) int {
	var f *failure
	switch {
	case errors.Is(err, errSaid) && errors.As(err, &f):
		return f.code
	case errors.Is(err, errSaid):
		return exitNo
	}
	fmt.Fprintf(stderr, "licet: %s\n", sentence(err))
	switch {
	case errors.As(err, &f):
		return f.code
	case errors.Is(err, fs.ErrNotExist):
		return exitUsage
	}
	return exitNo
}
