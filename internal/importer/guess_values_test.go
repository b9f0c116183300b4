package importer

import (
	"fmt"
	"strings"
	"testing"
)

// unknownTongue makes a roster whose headers and words are of no language: columns k1 to
// k13, in an order of their own.
func unknownTongue() string {
	var b strings.Builder
	b.WriteString("k1|k2|k3|k4|k5|k6|k7|k8|k9|k10|k11|k12|k13\n")
	families := []string{"Vorbax", "Quillent", "Zemdrow", "Harpax", "Ondrell", "Mirvask", "Taldeen"}
	givens := []string{"Oru", "Belk", "Simmo", "Dax", "Welp", "Anka", "Tove", "Rild", "Gamo"}
	cities := []string{"Ostrad", "Nembury", "Fallow Kirk", "Drosten", "Velm"}
	for i := range 300 {
		kind := []string{"zupra", "melit", "horda"}[i%3]
		year := 2023 + i%3
		status, since := "plenik", ""
		switch {
		case i%11 == 0:
			status, since = "grazot", fmt.Sprintf("%d/%02d/14", 2023+i%2, 1+i%12)
		case i%17 == 0:
			status, since = "truvol", fmt.Sprintf("%d/%02d/15", 2022+i%3, 1+i%9)
		}
		done, day := "", ""
		if i%23 == 0 {
			done, day = []string{"sark", "unsark"}[i%2], fmt.Sprintf("2024/%02d/03", 1+i%12)
		}
		issued := fmt.Sprintf("%d/%02d/%02d", 1985+i%30, 1+i%12, 1+i%28)
		born := fmt.Sprintf("%d/%02d/%02d", 1950+i%15, 1+i%12, 1+i%27)
		number := fmt.Sprintf("%s-%05d", strings.ToUpper(kind[:2]), 10000+7*i)
		note := []string{"", "---", "n.d.", "lorpa"}[i%4]
		fmt.Fprintf(&b, "%s|%s|%s|%s, %s|%d/12/31|%s|%d/01/01|%s|%s|%s|%s|%s|%s\n",
			day, cities[i%5], status, families[i%7], givens[i%9], year+2, born, year, number, note, kind, issued, done, since)
	}
	return b.String()
}

// Cells tell what headers do not, and all that they tell is a doubt.
func TestGuessesByValuesAlone(t *testing.T) {
	file := unknownTongue()
	g, err := GuessMapping(strings.NewReader(file), int64(len(file)), "roster-2025-06-30.txt")
	if err != nil {
		t.Fatal(err)
	}
	text := string(g.Text)
	for _, want := range []string{
		"separator = \"|\"\n", "dates = [\"YYYY/MM/DD\"]\n", "missing = [\"---\", \"n.d.\"]\n", "(by its name, --day 2025-06-30)",
		"subject = \"person\"\n",
		"number = \"k8\"\n# DOUBT: its name is not known, it is taken by its values only: 300 of its 300 values differ",
		"profession = \"k10\"\n# DOUBT: its name is not known, it is taken by its values only: its 3 words go with the letters with which numbers begin\n",
		"issued = \"k11\"\n# DOUBT: its name is not known, it is taken by its values only: never after \"k7\"\n",
		"from = \"k7\"\n# DOUBT:", "through = \"k5\"\n# DOUBT: its name is not known, it is taken by its values only: never before \"k7\", and 12-31 in 100% of the rows\n",
		"full = \"k4\"\n# DOUBT:", "form = \"family, given\"\n", "city = \"k2\"\n# DOUBT:",
		"column = \"k3\"\n# DOUBT: its name is not known, it is taken by its values only: its words say in which rows \"k13\" is filled\nsince = \"k13\"\n# DOUBT:",
		"# DOUBT: what does this word do? Rows with it (28) are refused until the line below says it\n# \"grazot\" = { }\n", "# \"plenik\" = { }\n", "# \"truvol\" = { }\n",
		"[order]\naction = \"k12\"\n# DOUBT: its name is not known, it is taken by its values only: it is blank in most rows, and filled with \"k1\"\nsince = \"k1\"\n# DOUBT:",
		"# \"sark\" = { }\n", "# \"unsark\" = { }\n",
		"pattern = \"ZU-#####\"\n", "pattern = \"ME-#####\"\n", "pattern = \"HO-#####\"\n",
		"# DOUBT: column \"k6\" is not used: ", "# DOUBT: column \"k9\" is not used: \"---\" (75), \"lorpa\" (75), \"n.d.\" (75); blank in 75\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("missing: %s", want)
		}
	}
	if t.Failed() {
		t.Log(text)
	}
	// What only a clerk can say, said.
	for from, to := range map[string]string{
		"id = \"us-xx\"": "id = \"xx-tongue\"", `# "grazot" = { }`: `"grazot" = { lifecycle = "canceled" }`, `# "plenik" = { }`: `"plenik" = { says = "current" }`, `# "truvol" = { }`: `"truvol" = { lifecycle = "inactive" }`,
		`# "sark" = { }`: `"sark" = { authority = "barred", action = "suspension" }`, `# "unsark" = { }`: `"unsark" = { }`,
	} {
		text = strings.ReplaceAll(text, from, to)
	}
	m, err := ParseMapping("finished", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	src, err := source(m, file)
	if err != nil {
		t.Fatal(err)
	}
	rows, refused := 0, 0
	for r, err := range src.Rows() {
		if err != nil {
			t.Fatal(err)
		}
		rows++
		if len(r.Flaws) > 0 {
			refused++
			t.Log(r.Flaws)
		}
	}
	if rows != 300 || refused != 0 {
		t.Errorf("%d rows, %d refused", rows, refused)
	}
}

// A name is never proposed as a day, nor any column in the place of one that is not known.
func TestGuessLeavesOpenWhatNothingTells(t *testing.T) {
	file := "q1,q2\nVorbax,7\nQuillent,9\n"
	g, err := GuessMapping(strings.NewReader(file), int64(len(file)), "small.csv")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"# from = \"\"\n", "# number = \"\"\n", "# full = \"\"\n", "# DOUBT: column \"q1\" is not used: \"Quillent\" (1), \"Vorbax\" (1)\n", "say it with --day at each import\n"} {
		if !strings.Contains(string(g.Text), want) {
			t.Errorf("missing: %s\n%s", want, g.Text)
		}
	}
}

// An invented Italian roster: cells and words together.
func TestGuessItalian(t *testing.T) {
	file := "Cognome e nome;Stato dell'iscrizione;Variazione dello stato dal;Comune;Prov.;N. d'ordine;Albo;Prima iscrizione;Periodo dal;Periodo al;Provvedimento;Decorrenza;Annotazioni\n"
	for i := range 60 {
		state, since, order := "ISCRITTO", "", ";"
		if i%10 == 0 {
			state, since, order = "RADIATO", "03.05.2025", "Radiazione;01.05.2025"
		}
		albo := []string{"Infermiere", "Assistente sanitario"}[i%2]
		file += fmt.Sprintf("INVENTATA, Nessuna;%s;%s;Como;CO;%s/%06d;%s;%02d.03.1999;01.01.2025;31.12.2027;%s;---\n", state, since, []string{"INF", "AST"}[i%2], 1000+i, albo, 1+i%28, order)
	}
	g, err := GuessMapping(strings.NewReader(file), int64(len(file)), "albo.csv")
	if err != nil {
		t.Fatal(err)
	}
	m, err := ParseMapping("proposal", g.Text)
	if err != nil {
		t.Fatalf("%v\n%s", err, g.Text)
	}
	for key, want := range map[string]string{
		"file.dates": "DD.MM.YYYY", "file.missing": "---", "license.number": "N. d'ordine", "license.profession": "Albo", "license.issued": "Prima iscrizione", "term.from": "Periodo dal", "term.through": "Periodo al",
		"name.full": "Cognome e nome", "name.form": FormFamilyGiven, "constants.subject": "person", "address.city": "Comune", "address.state": "", "status.column": "Stato dell'iscrizione",
		"status.since": "Variazione dello stato dal", "order.action": "Provvedimento", "order.since": "Decorrenza", "profession": "Assistente sanitario assistente-sanitario Assistente sanitario",
	} {
		if got := m.told(key); got != want {
			t.Errorf("%s is %q, not %q", key, got, want)
		}
	}
	if w, _ := m.toldWord("RADIATO"); w != "barred revocation" {
		t.Error(w)
	}
	if !strings.Contains(string(g.Text), "it takes 60 of 60 rows") || !strings.Contains(string(g.Text), `column "Prov." is not used: "CO" (60)`) {
		t.Errorf("%s", g.Text)
	}
}

// Where a roster has a column of discipline and the words of its terms are unknown, it is
// still a roster; tabs are written as such, and letters that are no accented ones as plain.
func TestGuessRosterWithOrders(t *testing.T) {
	file := "Lp.\tStatus wpisu\tZmiana\tWażne do\tData wpisu\tNr rejestru\tZawód\tImię\tNazwisko\tKara\tKara od\n"
	for i := range 60 {
		status, since, order := "czynny", "", "\t"
		if i%10 == 0 {
			status, since, order = "zawieszony", "03.05.2025", "zawieszenie prawa\t03.05.2025"
		}
		file += fmt.Sprintf("%d\t%s\t%s\t30.06.%d\t%02d.03.%d\t%s-%06d\t%s\tAla\tNiktowska\t%s\n", i+1, status, since, 2025+i%3, 1+i%28, 1990+i%20, []string{"P", "O"}[i%2], 4000+3*i, []string{"pielęgniarka", "położna"}[i%2], order)
	}
	g, err := GuessMapping(strings.NewReader(file), int64(len(file)), "rejestr.tsv")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"it takes 60 of 60 rows", "separator = \"\\t\"\n", "issued = \"Data wpisu\"\n", "from = \"Data wpisu\"\n", "through = \"Ważne do\"\n", "extends = true\n", "since = \"Zmiana\"\n", "since = \"Kara od\"\n",
		"id = \"polozna\"\n", "# DOUBT: if \"Kara\" tells of the same orders, map that column alone", "column \"Lp.\" is not used",
	} {
		if !strings.Contains(string(g.Text), want) {
			t.Errorf("missing: %s\n%s", want, g.Text)
		}
	}
}

// Days as they are written elsewhere are known too.
func TestGuessesLayouts(t *testing.T) {
	for day, want := range map[string]string{
		"2022.03.01.": "YYYY.MM.DD.", "2022. 03. 01.": "YYYY. MM. DD.", "2022.03.01": "YYYY.MM.DD", "2022/03/01": "YYYY/MM/DD", "01.03.2022": "DD.MM.YYYY", "13-03-2022": "DD-MM-YYYY",
	} {
		c := newColumn()
		c.add(day)
		if got, _ := c.layout(); got != want {
			t.Errorf("%s: %q, not %q", day, got, want)
		}
	}
}
