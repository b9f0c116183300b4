package synthetic

import (
	_ "embed"
	"fmt"
	"strings"
)

//go:embed mapping.toml
var mapping string

// Board is whose licenses the mapping brings in.
const Board = "us-il-synthetic"

// Mapping is how "licet import" reads a roster: a profession for each description.
func Mapping() []byte {
	var b strings.Builder
	b.WriteString(mapping)
	for _, d := range Descriptions() {
		fmt.Fprintf(&b, "\n[[profession]]\ncode = %q\nid = %q\ntitle = %q\npattern = %q\n", d.Name, professionID(d.Name), title(d.Name), d.Class+"######")
	}
	return []byte(b.String())
}

func professionID(description string) string {
	return strings.ToLower(strings.NewReplacer(" ", "-", ".", "").Replace(description))
}

// title is how the profession reads on every page: it says that it is made up.
func title(description string) string {
	words := strings.Split(strings.ToLower(description), " ")
	for i, w := range words {
		if w == "aprn" || w == "ce" {
			words[i] = strings.ToUpper(w)
		}
	}
	t := strings.Join(words, " ")
	return strings.ToUpper(t[:1]) + t[1:] + " (synthetic)"
}
