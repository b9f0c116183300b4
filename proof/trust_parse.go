package proof

import (
	"strconv"
	"strings"

	"licet/phrase"
)

// ParseTrust reads a trust file. Apart from lines that begin with ##, which it
// skips, it accepts only what Trust.String writes.
func ParseTrust(data []byte) (Trust, error) {
	if len(data) > maxTrustBytes {
		return Trust{}, flawf("trust-size", "the trust file has %d bytes; at most %d are allowed", len(data), maxTrustBytes)
	}
	p := trustParser{weights: map[string]int64{}}
	var kept []string
	for text := range strings.Lines(string(data)) {
		p.line++
		if strings.HasPrefix(text, "##") {
			continue
		}
		kept = append(kept, text)
		if err := p.read(text); err != nil {
			return Trust{}, phrase.Wrap(err, "trust file, line %d", p.line)
		}
	}
	return p.finish(kept)
}

// A trustParser reads the lines of a trust file in their order.
type trustParser struct {
	trust   Trust
	weights map[string]int64
	line    int // of the file, from 1
	next    int // index in trustOrder of the earliest keyword that may follow
}

// trustOrder is the order of lines. A keyword's number says how often it stands.
var trustOrder = []struct {
	keyword string
	many    bool
}{
	{"# licet-trust", false},
	{"# origin", false},
	{"# set", false},
	{"# weight", true},
	{"# board", true},
	{"log", true},
	{"witness", true},
	{"group", false},
	{"quorum", false},
}

func (p *trustParser) read(text string) error {
	line, ended := strings.CutSuffix(text, "\n")
	if !ended {
		return flawf("trust-form", "does not end in a newline")
	}
	keyword, words, err := p.keyword(line)
	if err != nil {
		return err
	}
	count := func(low, high int) error {
		if len(words) < low || len(words) > high {
			return flawf("trust-form", "%q has %d words after it", keyword, len(words))
		}
		return nil
	}
	switch keyword {
	case "# licet-trust":
		if len(words) != 1 || words[0] != "1" {
			return flawf("trust-version", "is not \"# licet-trust 1\"; this version reads no other trust file")
		}
	case "# origin":
		err = count(1, 1)
		p.trust.Origin = words[0]
	case "# set":
		if err = count(1, 1); err == nil {
			p.trust.Set, err = trustNumber("trust-set", words[0])
		}
	case "# weight":
		if err = count(2, 2); err == nil {
			err = p.weight(words[0], words[1])
		}
	case "# board":
		if err = count(2, 2); err == nil {
			p.trust.Boards = append(p.trust.Boards, TrustBoard{words[0], words[1]})
		}
	case "log":
		err = count(1, 1)
		p.trust.Logs = append(p.trust.Logs, words[0])
	case "witness":
		if err = count(2, 3); err == nil {
			words = append(words, "")
			p.trust.Members = append(p.trust.Members, TrustMember{Name: words[0], VKey: words[1], URL: words[2]})
		}
	}
	return err
}

// keyword splits a line and checks that its keyword may stand here. At least one
// word follows the keyword.
func (p *trustParser) keyword(line string) (string, []string, error) {
	for i := p.next; i < len(trustOrder); i++ {
		o := trustOrder[i]
		rest, ok := strings.CutPrefix(line, o.keyword+" ")
		if !ok {
			if o.many {
				continue
			}
			break
		}
		if p.next = i; !o.many {
			p.next++
		}
		words := strings.Split(rest, " ")
		for _, w := range words {
			if w == "" {
				return "", nil, flawf("trust-form", "has two spaces in a row, or one at its end")
			}
		}
		return o.keyword, words, nil
	}
	return "", nil, flawf("trust-form", "%.60q is not expected here; lines stand in the order %s", line, trustKeywords())
}

func trustKeywords() string {
	var words []string
	for _, o := range trustOrder {
		words = append(words, strconv.Quote(o.keyword))
	}
	return strings.Join(words, ", ")
}

func (p *trustParser) weight(name, number string) error {
	if _, ok := p.weights[name]; ok {
		return flawf("trust-weight", "weight of %.40q stands twice", name)
	}
	w, err := trustNumber("trust-weight", number)
	p.weights[name] = w
	return err
}

func trustNumber(code, s string) (int64, error) {
	n, err := parseDecimal(s)
	if err != nil {
		return 0, flawf(code, "%v", err)
	}
	return n, nil
}

func (p *trustParser) finish(kept []string) (Trust, error) {
	if p.next != len(trustOrder) {
		return Trust{}, flawf("trust-form", "the trust file ends after line %d, before %q", p.line, trustOrder[p.next].keyword)
	}
	t := p.trust
	for i, m := range t.Members {
		w, ok := p.weights[m.Name]
		if !ok && len(p.weights) > 0 {
			return Trust{}, flawf("trust-weight", "trust file: member %.40q has no weight line; weights stand for all members or for none", m.Name)
		}
		if !ok {
			w = 1
		}
		t.Members[i].Weight = w
	}
	if err := t.Check(); err != nil {
		return Trust{}, phrase.Wrap(err, "trust file")
	}
	return t, t.checkWriting(kept)
}

// checkWriting catches what is left: weights of nobody, equal weights written,
// and a group that another rule than ours has made.
func (t Trust) checkWriting(kept []string) error {
	var want []string
	for text := range strings.Lines(t.String()) {
		want = append(want, text)
	}
	for i := range want {
		if i >= len(kept) || kept[i] != want[i] {
			got := "the end"
			if i < len(kept) {
				got = kept[i]
			}
			return flawf("trust-writing", "trust file: has %.200q where %.200q belongs", got, want[i])
		}
	}
	return nil
}
