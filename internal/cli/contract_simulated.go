package cli

import (
	"encoding/csv"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"licet/internal/contract"
	"licet/internal/rehearse"
	"licet/license"
	"licet/strict"
)

func (c contractSimulateCmd) print(e *env, r *rehearsed) error {
	switch {
	case e.JSON:
		e.printf("%s\n", strict.Encode(&struct {
			Report rehearse.Report `json:"report,required"`
			Hash   license.Hash    `json:"hash,required"`
			Final  bool            `json:"final"` // the last day is over
			Note   string          `json:"note"`
		}{*r.Report, r.Sum(), r.final, r.note}))
		return nil
	case c.Csv:
		fmt.Fprint(e.stderr, r.last())
		return e.printRehearsedCSV(r.Report)
	}
	e.printScope(r.Report, len(c.Board) > 0)
	e.printFindings(r.Report)
	e.printf("%s", r.last())
	return nil
}

// last are the lines that end what is printed.
func (r *rehearsed) last() (s string) {
	if r.note != "" {
		s = r.note + "\n"
	}
	if !r.final {
		s += string(r.To) + " is not over on this network: give the command again later, before you compare the hash.\n"
	}
	return s + "Hash: " + r.Sum().String() + "\n"
}

// printScope says what was simulated, and for whom.
func (e *env) printScope(r *rehearse.Report, chosen bool) {
	e.printf("%s %d on %s, %s through %s: %s, %s.\n", r.Contract, r.Version, r.Origin, r.From, r.To, many(int(r.Triggers), "trigger"), many(int(r.Calls), "call"))
	if r.Begins != "" {
		e.printf("The network begins on %s: nothing was recorded before.\n", r.Begins)
	}
	if len(r.New) > 0 {
		e.printf("It would be new for %s.\n", strings.Join(r.New, ", "))
	}
	if len(r.New) > 1 && !chosen {
		e.printf("No board has it, so it is simulated for all; --board %s simulates it for that one alone.\n", r.New[0])
	}
	if len(r.InPlace) > 0 {
		e.printf("It takes the place of what is in force for %s.\n", strings.Join(r.InPlace, ", "))
	}
	for _, b := range r.Later {
		had := "in these days"
		if b.From != "" {
			had = "before " + string(b.From)
		}
		e.printf("%s had no version of it %s, and then nothing is simulated there; --board %s simulates all days.\n", b.Board, had, b.Board)
	}
	if len(r.Off) > 0 {
		e.printf("Not confirmed, and so switched off on this network: %s.\n", strings.Join(r.Off, ", "))
	}
	if r.Triggers == 0 && len(r.NotReplayed) == 0 {
		e.printf("Nothing happened in these days that it answers.\n")
	}
}

// printFindings prints a line for each finding.
func (e *env) printFindings(r *rehearse.Report) {
	if len(r.Differ) == 0 {
		e.printf("No license's standing would differ.\n")
	}
	for i := range r.Differ {
		d := &r.Differ[i]
		span := "from " + string(d.From) + " on"
		if d.Through != "" {
			span = "from " + string(d.From) + " through " + string(d.Through)
		}
		e.printf("%s %s: %s instead of %s. %s.\n", d.License, span, stands(&d.Would), stands(&d.Was), ruled(&d.By))
	}
	for i := range r.Refused {
		x := &r.Refused[i]
		why := x.Code
		if x.Words != "" {
			why += ": " + strings.TrimSuffix(x.Words, ".")
		}
		e.printf("%s: %s of entry %d would be refused (%s). %s.\n", x.License, x.Act, x.Trigger, why, placeOf(x.Function, x.Line, x.Citation))
	}
	for i := range r.NotReplayed {
		x := &r.NotReplayed[i]
		why := "what it is about is sealed"
		if x.Why == rehearse.WhyWithheld {
			why = "the contract reads what is not for the public; whoever runs a node simulates with --offline"
		}
		e.printf("%s: not replayed: %s: %s.\n", x.License, happened(x.Trigger, x.Day, x.Answers, ""), why)
	}
	for i := range r.Faults {
		x := &r.Faults[i]
		e.printf("%s: the rule fails (%s) in %s, line %d, and nothing of it takes place: %s.\n", x.License, x.Code, x.Function, x.Line, happened(x.Trigger, x.Day, x.Answers, ""))
	}
	if r.Notices > 0 || r.NoticesWere > 0 {
		e.printf("It would write %s", many(int(r.Notices), "notice"))
		if len(r.InPlace) > 0 {
			e.printf("; what was in force wrote %d", r.NoticesWere)
		}
		e.printf(".\n")
	}
}

// stands says a standing in words.
func stands(s *rehearse.Standing) string {
	if s.Status == rehearse.NotThere {
		return "no license"
	}
	return s.Status + before("; ", s.Besides) + " (" + strings.ReplaceAll(s.Authority, "-", " ") + ")"
}

func before(lead, s string) string {
	if s == "" {
		return ""
	}
	return lead + s
}

// placeOf names a place in the rules.
func placeOf(function string, line int64, citation string) string {
	return fmt.Sprintf("%s, line %d%s", function, line, before(", ", citation))
}

// ruled says which rule it is.
func ruled(r *rehearse.Rule) string {
	rule := placeOf(r.Function, r.Line, r.Citation)
	switch r.Do {
	case "void":
		return "What the effect in force rested on is not there"
	case "without":
		return fmt.Sprintf("What was in force did this in %s: entry %d", rule, r.Trigger)
	case "refuse":
		return rule + ", would refuse " + happened(r.Trigger, r.Day, r.Answers, "")
	}
	return rule + ", because of " + happened(r.Trigger, r.Day, r.Answers, r.About)
}

// happened names a trigger: an act or effect by its entry, or what came with a day.
func happened(index int64, day license.Day, answers, about string) string {
	what := answers + before(" of ", about)
	switch {
	case day == "":
		return fmt.Sprintf("%s (entry %d)", what, index)
	case !slices.Contains(contract.Days, answers):
		what = "timer " + what
	}
	return what + " on " + string(day)
}

var rehearsedColumns = []string{
	"what", "license", "from", "through", "was", "would_be", "was_authority", "would_be_authority", "function", "line", "citation", "trigger", "day", "answers", "about", "reason",
}

// printRehearsedCSV prints a line for each finding.
func (e *env) printRehearsedCSV(r *rehearse.Report) error {
	w := csv.NewWriter(e.stdout)
	number := func(n int64) string {
		if n == 0 {
			return ""
		}
		return strconv.FormatInt(n, 10)
	}
	rows := [][]string{rehearsedColumns}
	for _, d := range r.Differ {
		rows = append(rows, []string{
			"differs", d.License, string(d.From), string(d.Through), d.Was.Status + before("; ", d.Was.Besides), d.Would.Status + before("; ", d.Would.Besides),
			d.Was.Authority, d.Would.Authority, d.By.Function, number(d.By.Line), d.By.Citation, number(d.By.Trigger), string(d.By.Day), d.By.Answers, d.By.About, d.By.Do,
		})
	}
	for _, x := range r.Refused {
		rows = append(rows, []string{"would be refused", x.License, "", "", "", "", "", "", x.Function, number(x.Line), x.Citation, number(x.Trigger), "", x.Act, "", x.Code})
	}
	for _, x := range r.NotReplayed {
		rows = append(rows, []string{"not replayed", x.License, "", "", "", "", "", "", "", "", "", number(x.Trigger), string(x.Day), x.Answers, "", x.Why})
	}
	for _, x := range r.Faults {
		rows = append(rows, []string{"fault", x.License, "", "", "", "", "", "", x.Function, number(x.Line), "", number(x.Trigger), string(x.Day), x.Answers, "", x.Code})
	}
	return w.WriteAll(rows)
}
