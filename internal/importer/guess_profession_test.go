package importer

import (
	"fmt"
	"strings"
	"testing"
)

// A file of several professions whose column nobody recognizes is taken for one of a
// single profession, and says which columns may tell of more.
func TestGuessNamesColumnsThatMayBeProfessions(t *testing.T) {
	var b strings.Builder
	b.WriteString("License Number,Last Name,First Name,Start Date,End Date,Grot,Wim,Zul\n")
	for i := range 60 {
		fmt.Fprintf(&b, "%d,Vorbax%c,Ann,2024-01-01,2027-12-31,%s,%s,%d\n", 7100+i*13, 'a'+rune(i%26), []string{"Krankel", "Hebrana", "Doktra"}[i%3], []string{"Yes", "No"}[i%2], i%4)
	}
	g, err := GuessMapping(strings.NewReader(b.String()), int64(b.Len()), "few.csv")
	if err != nil {
		t.Fatal(err)
	}
	text := string(g.Text)
	if !strings.Contains(text, "profession = \"profession\"\n# DOUBT: column \"Grot\" holds few words; are they professions? \"Doktra\" (20), ") ||
		!strings.Contains(text, "write a [[profession]] with code, id and title for each of its words, and take the next line away") ||
		strings.Count(text, "are they professions?") != 1 {
		t.Error(text)
	}
}
