package importer

import (
	"strings"

	"licet/license"
)

// foreignStates are codes that stand in columns of states and are none of the United
// States: Canada's provinces, and what files write for abroad.
const foreignStates = " AB BC MB NB NL NS NT NU ON PE QC PQ SK YT UK MX AA AE AP AS FM MH MP PW "

// holder looks at how the holder's name and address are written.
func (e *examiner) holder(r Row) {
	m := e.src.mapper
	cell := func(column string) string {
		if column == "" {
			return ""
		}
		v := strings.TrimSpace(r.record.fields[m.at[column]])
		for _, none := range m.File.Missing {
			if v == none {
				return ""
			}
		}
		return v
	}
	state, zip := strings.ToUpper(cell(m.Address.State)), cell(m.Address.Zip)
	home := strings.Contains(states, " "+state+" ")
	if home && zip != "" && !isZip(zip) && !isPlaceholder[zip] {
		e.add("zip", m.Address.Zip, exampleOf(r, zip), "The ZIP code is not five or nine digits", "Zeros at the front are often lost in spreadsheets.")
	}
	if r.Subject != license.SubjectPerson {
		return
	}
	given, legal := cell(m.Name.Given), foldName(cell(m.Name.Legal))
	if m.Name.Middle != "" && cell(m.Name.Middle) == "" && strings.ContainsAny(given, " ") {
		e.add("given-holds-middle", m.Name.Given, exampleOf(r, given), "The first name holds several names, and the middle name none", "It is left as it is; a search for the first name alone still finds it.")
	}
	if r.family != "" && m.Name.Legal != m.Name.Family && strings.Contains(legal, foldName(r.family)) && strings.Contains(legal, foldName(given)) {
		e.add("name-repeated", m.Name.Legal, exampleOf(r, cell(m.Name.Legal)), "The business name repeats the person's name", "Of persons it is not taken.")
	}
}

// isZip says whether a ZIP code is written as one, with or without the four digits.
func isZip(s string) bool {
	s = strings.Replace(s, "-", "", 1)
	return (len(s) == 5 || len(s) == 9) && strings.Trim(s, "0123456789") == ""
}
