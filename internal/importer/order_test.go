package importer

import (
	"os"
	"strings"
	"testing"

	"licet/license"
)

const illinoisHeader = "_id,License Type,Description,License Number,License Status,Business,Title,First Name,Middle,Last Name,Prefix,Suffix,Business Name,BusinessDBA,Original Issue Date,Effective Date,Expiration Date,City,State,Zip,County,Specialty/Qualifier,Controlled Substance Schedule,Delegated Controlled Substance Schedule,Ever Disciplined,LastModifiedDate,Case Number,Action,Discipline Start Date,Discipline End Date,Discipline Reason\n"

// Invented rows as Illinois writes them: one for each license and action.
const illinoisRows = illinoisHeader +
	`1,NURSING BOARD,REGISTERED NURSE,041900001,ACTIVE,N,,EXAMPLE A,,SAMPLESON,,,EXAMPLE A SAMPLESON RN,,01/25/1994 00:00:00,06/01/2024 00:00:00,05/31/2026 00:00:00,CAIRO,IL,62914,ALEXANDER,None,None,None,Y,08/03/2024 00:00:00,2001-00001,PROBATION,11/04/2024 00:00:00,11/03/2025 00:00:00,INVENTED
2,NURSING BOARD,REGISTERED NURSE,041900001,ACTIVE,N,,EXAMPLE A,,SAMPLESON,,,EXAMPLE A SAMPLESON RN,,01/25/1994 00:00:00,06/01/2024 00:00:00,05/31/2026 00:00:00,CAIRO,IL,62914,ALEXANDER,None,None,None,Y,08/03/2024 00:00:00,2001-00002,REPRIMAND,12/04/2024 00:00:00,/ /,OTHER
3,NURSING BOARD,REGISTERED NURSE,041900002,NOT RENEWED,N,,INVENTA,,NOBODY,,,INVENTA NOBODY,,01/25/1994 00:00:00,06/01/2020 00:00:00,05/31/2028 00:00:00,CAIRO,IL,00000,FLORIDA,None,None,None,N,08/03/2022 00:00:00,None,None,/ /,/ /,None
4,MEDICAL CORP,REGISTERED MEDICAL CORPORATION,042900001,INACTIVE,Y,,,,,,,NOBODYS MEDICAL SC,,01/25/1996 00:00:00,06/01/2020 00:00:00,01/01/2099 00:00:00,ALTON,IL,62002,MADISON,None,None,None,N,08/03/2022 00:00:00,None,None,/ /,/ /,None
5,VETERINARY,LICENSED VETERINARIAN,39*****99,NOT RENEWED,N,,EXAMPLE,,INVENTA,,DVM,EXAMPLE INVENTA,,01/25/1996 00:00:00,06/01/2020 00:00:00,01/31/2022 00:00:00,ALTON,IL,62002,MADISON,None,None,None,N,08/03/2022 00:00:00,None,None,/ /,/ /,None
6,NURSING BOARD,REGISTERED NURSE,None,ACTIVE,N,,EXAMPLE,,INVENTA,,,EXAMPLE INVENTA,,01/25/1996 00:00:00,06/01/2020 00:00:00,01/31/2022 00:00:00,ALTON,IL,62002,MADISON,None,None,None,N,08/03/2022 00:00:00,None,None,/ /,/ /,None
7,NURSING BOARD,REGISTERED NURSE,041900003,ODD WORD,N,,EXAMPLE,,INVENTA,,,EXAMPLE INVENTA,,01/25/1996 00:00:00,06/01/2020 00:00:00,01/31/2022 00:00:00,ALTON,IL,62002,MADISON,None,None,None,N,08/03/2022 00:00:00,None,None,/ /,/ /,None
`

func shippedMap(t *testing.T, name string) *Mapping {
	t.Helper()
	m, err := ReadMapping(name)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestIllinois(t *testing.T) {
	m := shippedMap(t, "illinois")
	m.Board.ID = "us-il-file" // us-il is the test's own board
	d := newDesk(t, m)
	r := d.imports([]byte(illinoisRows))
	if got := counts(r.Summary); got != [5]int64{7, 3, 4, 0, 3} {
		t.Fatalf("%v: %+v", got, r.refused)
	}
	for i, rule := range []string{"number-pattern", "number-missing", "status-unknown"} {
		if r.refused[i].Flaws[0].Rule != rule {
			t.Errorf("%+v", r.refused[i])
		}
	}
	if len(r.noted) != 3 || r.noted[0].Notes[0].Rule != "day-future" || r.noted[2].Row != 3 || r.noted[2].Notes[0].Rule != "status-contradicts-days" {
		t.Errorf("%+v", r.noted)
	}
	h := d.held("us-il-file.nurse.041900001")
	if l := h.Record; len(l.Terms) != 1 || len(l.Orders) != 2 || l.Orders[0].Start != "2024-11-04" || l.Orders[0].End != "2025-11-03" || l.Orders[0].Authority != license.AuthorityConditions || l.Orders[1].Authority != license.AuthorityNone || l.Issued != "1994-01-25" || l.Subject != license.SubjectPerson {
		t.Errorf("%+v", l)
	}
	doc, err := license.ParseOrderDocument(newStanding(h, license.Hash{}).texts[h.Record.Orders[0].Commitment])
	if err != nil || !strings.Contains(doc.Text, "Case Number 2001-00001") || !strings.Contains(doc.Text, "INVENTED") {
		t.Errorf("%+v, %v", doc, err)
	}
	if got := h.names(t); len(got) != 1 || got[0] != "1994-01-25 EXAMPLE A SAMPLESON" && got[0] != "2024-06-01 EXAMPLE A SAMPLESON" {
		t.Errorf("%q", got)
	}
	corp := d.held("us-il-file.medical-corporation.042900001").Record
	if corp.Subject != license.SubjectOrganization || corp.Terms[0].Through != "" || len(corp.Lifecycles) != 1 || corp.Lifecycles[0].From != "2024-08-03" {
		t.Errorf("%+v", corp)
	}
	if r := d.imports([]byte(illinoisRows)); counts(r.Summary) != [5]int64{7, 3, 0, 4, 3} {
		t.Errorf("again: %v", counts(r.Summary))
	}
}

// A word that nobody knows since when holds from the day of the file in which it came.
func TestInactiveAndActiveAgain(t *testing.T) {
	m := shippedMap(t, "illinois")
	m.Board.ID = "us-il-file"
	d := newDesk(t, m)
	row := func(status, modified string) []byte {
		return []byte(illinoisHeader + "1,NURSING BOARD,REGISTERED NURSE,041900001," + status + ",N,,EXAMPLE,,SAMPLESON,,,EXAMPLE SAMPLESON,,01/25/1994,06/01/2024,05/31/2026,CAIRO,IL,62914,ALEXANDER,None,None,None,N," + modified + ",None,None,/ /,/ /,None\n")
	}
	for _, c := range []struct {
		status, modified string
		lifecycles       int
	}{
		{"ACTIVE", "08/03/2024", 0}, {"INACTIVE", "09/03/2024", 1}, {"INACTIVE", "10/03/2024", 1}, {"ACTIVE", "11/03/2024", 2}, {"ACTIVE", "12/03/2024", 2},
	} {
		d.imports(row(c.status, c.modified))
		if l := d.held("us-il-file.nurse.041900001").Record; len(l.Lifecycles) != c.lifecycles {
			t.Errorf("%s of %s: %+v", c.status, c.modified, l.Lifecycles)
		}
	}
	for day, want := range map[license.Day]string{"2024-09-02": license.RegistrationActive, "2024-09-03": license.RegistrationInactive, "2024-11-03": license.RegistrationActive} {
		if s := d.standing("us-il-file.nurse.041900001", day); s.Registration != want {
			t.Errorf("on %s: %s", day, s.Registration)
		}
	}
}

const alertRows = `alert_issue_date,name,city_state,license_number,type_of_action,date_of_action
2022-01-03,"Sampleson, Example","Fresno, CA",A 90001,Accusation,2021-12-01
2022-02-04,"Sampleson, Example","Fresno, CA",A90001,Surrendered,2022-01-02
2022-01-05,"Inventa, Example, Jr.","Fresno, CA",A  90002,Public Reprimand,2021-12-03
2022-01-06,"Nobody, Example","Fresno, CA",G 900003,Decision,2021-12-03
2022-01-07,"Nobody, Example","Fresno, CA",C 900004,Accusation ,2021-12-03
2022-01-07,"Inventa, Example","Fresno, CA",C 900004,Accusation,2021-12-03
2022-01-08,"Resting, Example","Fresno, CA",G 900005,Automatic Inactive Status,2022-01-04
`

// rosterOf is a roster of the board whose alerts those are.
func rosterOf(t *testing.T) *Mapping {
	return mapping(t, strings.NewReplacer(`"us-xx"`, `"us-ca-medical"`, `"@-###"`, `"A#+|C#+|G#+"`, `"nurse"`, `"physician"`).Replace(small))
}

// A file of orders speaks about licenses that came from a roster, and about others
// only where its mapping says so.
func TestOrdersOnLicensesThatTheFileDoesNotDescribe(t *testing.T) {
	m := shippedMap(t, "california-alerts")
	m.File.Undescribed = false
	d := newDesk(t, rosterOf(t))
	if r := d.imports([]byte("no,from,last,since\nA90001,2020-01-01,Sampleson,2022-01-01\n")); r.Asserted != 1 {
		t.Fatalf("%+v", r)
	}
	d.m = m
	r := d.imports([]byte(alertRows))
	if r.Asserted != 1 || r.Unchanged != 1 || r.Refused != 3 || r.Quarantined != 2 {
		t.Fatalf("%+v", r)
	}
	for i, rule := range []string{"order-not-told", "license-unknown", "license-unknown"} {
		if r.refused[i].Flaws[0].Rule != rule {
			t.Errorf("%+v", r.refused[i])
		}
	}
	s := d.held("us-ca-medical.physician.A90001").Record
	if len(s.Orders) != 1 || s.Orders[0].Start != "2022-01-02" || s.Orders[0].Authority != license.AuthorityBarred {
		t.Errorf("%+v", s)
	}
	if r := d.imports([]byte(alertRows)); r.Asserted != 0 || r.Unchanged != 2 {
		t.Errorf("again: %+v", r.Summary)
	}
}

// An order brings in the license that it is on with no more than it tells; a roster
// describes it, and an order that comes after it adds nothing of the holder.
func TestOrdersBringLicensesIn(t *testing.T) {
	d := newDesk(t, shippedMap(t, "california-alerts"))
	r := d.imports([]byte(alertRows))
	if r.Asserted != 3 || r.Unchanged != 1 || r.Refused != 1 || r.Quarantined != 2 || r.refused[0].Flaws[0].Rule != "order-not-told" {
		t.Fatalf("%+v", r)
	}
	const id = "us-ca-medical.physician.A90002"
	held := d.held(id)
	if l := held.Record; l.Issued != "" || len(l.Terms) != 0 || l.Subject != license.SubjectPerson || len(l.Orders) != 1 || len(l.Openings) != 1 {
		t.Errorf("%+v", l)
	}
	if n := string(held.Openings[0].Bytes); n != `{"family":"Inventa","given":"Example","suffix":"Jr."}` {
		t.Errorf("%s", n)
	}
	for id, want := range map[string][2]string{
		"us-ca-medical.physician.A90001":  {license.RegistrationNotTold, license.MayNotPractice},
		id:                                {license.RegistrationNotTold, license.MayIsNotKnown},
		"us-ca-medical.physician.G900005": {license.RegistrationInactive, license.MayNotPractice},
	} {
		if s := d.standing(id, "2022-03-01"); s.Registration != want[0] || s.Authority != want[1] {
			t.Errorf("%s: %s, %s", id, s.Registration, s.Authority)
		}
	}
	if r := d.imports([]byte(alertRows)); r.Asserted != 0 || r.Unchanged != 4 {
		t.Errorf("again: %+v", r.Summary)
	}
	newer := strings.Replace(alertRows, "2022-02-04", "2022-02-05", 1)
	if r := d.imports([]byte(newer)); r.Asserted != 0 || r.Unchanged != 4 {
		t.Errorf("a newer file: %+v", r.Summary)
	}

	alerts := d.m
	d.m = rosterOf(t)
	const roster = "no,from,last,since\nA90002,2020-01-01,Inventa,2022-04-01\nA90009,2020-01-01,Nobody,2022-04-01\n"
	if r := d.imports([]byte(roster)); r.Asserted != 2 {
		t.Errorf("the roster: %+v", r)
	}
	if l := d.held(id).Record; l.Issued != "2020-01-01" || len(l.Terms) != 1 || len(l.Orders) != 1 {
		t.Errorf("%+v", l)
	}
	if s := d.standing(id, "2022-04-01"); s.Registration != license.RegistrationActive || s.Discipline != "noted" || s.Authority != license.MayPractice {
		t.Errorf("%+v", s)
	}
	if r := d.imports([]byte(strings.Replace(roster, "A90009", "A90010", 1))); r.Asserted != 1 || r.Unchanged != 1 {
		t.Errorf("the roster again: %+v", r.Summary)
	}
	d.m = alerts
	later := alertRows + "2022-05-08,\"Inventa, Other\",\"Fresno, CA\",A 90002,Revoked,2022-05-01\n"
	if r := d.imports([]byte(later)); r.Asserted != 1 || r.Unchanged != 4 {
		t.Errorf("a later order: %+v", r.Summary)
	}
	if l := d.held(id).Record; len(l.Orders) != 2 || len(l.Openings) != 2 {
		t.Errorf("%+v", l)
	}
}

// Where a file tells the last day only, a later one is a renewal.
func TestLaterLastDayAddsATerm(t *testing.T) {
	m := mapping(t, strings.Replace(small, "from = \"from\"", "from = \"from\"\nthrough = \"to\"\nextends = true", 1))
	d := newDesk(t, m)
	const head = "no,from,to,last,since\n"
	for _, c := range []struct {
		to    string
		want  [5]int64
		terms int
	}{
		{"2021-12-31", [5]int64{1, 1, 1, 0, 0}, 1},
		{"2021-12-31", [5]int64{1, 1, 0, 1, 0}, 1},
		{"2023-12-31", [5]int64{1, 1, 1, 0, 0}, 2},
		{"2023-12-31", [5]int64{1, 1, 0, 1, 0}, 2},
		{"2025-12-31", [5]int64{1, 1, 1, 0, 0}, 3},
		{"2024-06-30", [5]int64{1, 0, 0, 0, 1}, 3}, // earlier than what stands
	} {
		r := d.imports([]byte(head + "A-001,2020-01-01," + c.to + ",Sampleson," + c.to + "\n"))
		if got := counts(r.Summary); got != c.want {
			t.Errorf("%s: %v, %+v", c.to, got, r.refused)
		}
		if l := d.held("us-xx.nurse.A-001").Record; len(l.Terms) != c.terms {
			t.Errorf("%s: %+v", c.to, l.Terms)
		}
	}
	if l := d.held("us-xx.nurse.A-001").Record; l.Terms[1].From != "2022-01-01" || l.Terms[2].From != "2024-01-01" {
		t.Errorf("%+v", l.Terms)
	}
}

// The board's alerts of two years, without its roster: charges change nothing, and
// orders bring in the licenses that they are on.
func TestAlertsOfTheRealFile(t *testing.T) {
	b, err := os.ReadFile("../../../shared/data/ca_mbc_disciplinary_alert_actions_masked.csv")
	if err != nil {
		t.Skip("the real file is not in the repository, since real people stand in it: ", err)
	}
	d := newDesk(t, shippedMap(t, "california-alerts"))
	r := d.imports(b)
	rules := map[string]int{}
	for _, x := range r.refused {
		rules[x.Flaws[0].Rule]++
	}
	t.Logf("%v, %v", &r.Summary, rules)
	if r.Rows != 1572 || r.Asserted == 0 || rules["order-not-told"] < 300 || rules["action-unknown"]+rules["license-unknown"] != 0 {
		t.Errorf("%v, %v", &r.Summary, rules)
	}
	if again := d.imports(b); again.Asserted != 0 || again.Unchanged != r.Asserted+r.Unchanged || again.Refused != r.Refused || again.Quarantined != r.Quarantined {
		t.Errorf("again: %v", &again.Summary)
	}
}
