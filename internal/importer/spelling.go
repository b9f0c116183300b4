package importer

import (
	"fmt"
	"strings"

	"licet/internal/spelling"
	"licet/license"
)

// spellings looks for words of a column that are likely the same word.
func (e *examiner) spellings() {
	for i := range e.words {
		w := &e.words[i]
		words := byCount(w.counts)
		if strings.EqualFold(w.column, e.src.Mapping.Order.Action) && len(words) > len(license.ActionCodes) {
			e.add("spellings", w.column, Example{}, fmt.Sprintf("The column writes actions in %d ways", len(words)), "There are fewer kinds of action. A board needs a list of them, and a form that offers no others.")
		}
		for j, rare := range words {
			for _, frequent := range words[:j] {
				why := sameWord(frequent, rare)
				if why == "" {
					continue
				}
				x := w.first[rare]
				x.Note = fmt.Sprintf("%d times; %q stands %d times: %s.", w.counts[rare], shown(frequent), w.counts[frequent], why)
				e.add("spelling", w.column, x, "A word is likely another spelling of a more frequent one", "Counted are spellings. Nothing is changed by itself; the mapping says what each does.")
				break
			}
		}
	}
}

// sameWord says why two different words may be one, or "".
func sameWord(frequent, rare string) string {
	if strings.Join(strings.Fields(frequent), " ") == strings.Join(strings.Fields(rare), " ") {
		return "only spaces differ"
	}
	if foldName(frequent) == foldName(rare) {
		return "only case, accents or punctuation differ"
	}
	a, b := strings.Fields(strings.ToUpper(frequent)), strings.Fields(strings.ToUpper(rare))
	if len(a) != len(b) {
		return ""
	}
	letters := 0
	for i := range a {
		x, y := []rune(foldName(a[i])), []rune(foldName(b[i]))
		if string(x) == string(y) {
			continue
		}
		most := 0 // letters that may differ in a word of this length
		switch n := min(len(x), len(y)); {
		case n >= 8:
			most = 2
		case n >= 5:
			most = 1
		}
		d := spelling.Apart(x, y, 2)
		if d > most || x[0] != y[0] || strings.ContainsAny(a[i]+b[i], "0123456789") {
			return ""
		}
		letters += d
	}
	if letters == 0 || letters > 3 {
		return ""
	}
	return "few letters differ"
}
