package keys

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// at is Passphrases with this environment and, at the terminal, these answers in turn.
func at(env map[string]string, answers ...string) (p Passphrases, prompts *[]string) {
	prompts = new([]string)
	p.Getenv = func(name string) string { return env[name] }
	p.Ask = func(prompt string) (string, error) {
		*prompts = append(*prompts, prompt)
		if len(answers) == 0 {
			return "", ErrNoPassphrase
		}
		answer := answers[0]
		answers = answers[1:]
		return answer, nil
	}
	return p, prompts
}

func TestAsksForExisting(t *testing.T) {
	p, prompts := at(nil, "abc")
	got, err := p.For(File{For: "board us-il root"})
	if got != "abc" || err != nil || len(*prompts) != 1 || !strings.Contains((*prompts)[0], "board us-il root") {
		t.Errorf("%q, %v, prompts %q", got, err, *prompts)
	}
}

func TestNewAsksTwice(t *testing.T) {
	for _, c := range []struct {
		answers []string
		want    string
		asked   int
	}{
		{[]string{"long enough", "long enough"}, "long enough", 2},
		{[]string{"long enough", "long enougH", "another one", "another one"}, "another one", 4},
		{[]string{"short", "long enough", "long enough"}, "long enough", 3},
		{[]string{"short", "short", "short"}, "", 3},
		{[]string{"long enough", "1", "long enough", "2", "long enough", "3"}, "", 6},
	} {
		p, prompts := at(nil, c.answers...)
		got, err := p.New("log")
		if got != c.want || (err == nil) != (c.want != "") || len(*prompts) != c.asked {
			t.Errorf("%q: got %q, %v after %d questions", c.answers, got, err, len(*prompts))
		}
	}
}

func TestNobodyToAsk(t *testing.T) {
	p := Passphrases{Getenv: func(string) string { return "" }}
	if _, err := p.For(File{}); !errors.Is(err, ErrNoPassphrase) {
		t.Errorf("got %v", err)
	}
	if _, err := p.New("log"); !errors.Is(err, ErrNoPassphrase) {
		t.Errorf("got %v", err)
	}
	wantError(t, ErrNoPassphrase, EnvPassphrase, EnvPassphraseFile)
}

func TestTooLongAnAnswer(t *testing.T) {
	p, _ := at(nil, strings.Repeat("x", passphraseMax+1))
	_, err := p.For(File{})
	wantError(t, err, "at most 1024 bytes")
}

func TestPassphraseFromEnvironment(t *testing.T) {
	dir := t.TempDir()
	write := func(name, content string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for name, content := range map[string]string{"bare": "from a file", "lf": "from a file\n", "crlf": "from a file\r\n"} {
		p, prompts := at(map[string]string{EnvPassphraseFile: write(name, content)})
		for _, get := range []func() (string, error){func() (string, error) { return p.For(File{}) }, func() (string, error) { return p.New("log") }} {
			if got, err := get(); got != "from a file" || err != nil || len(*prompts) != 0 {
				t.Errorf("%s: %q, %v", name, got, err)
			}
		}
	}
	for name, content := range map[string]string{"empty": "", "newline": "\n", "two": "a\nb\n", "long": strings.Repeat("x", 2000)} {
		p, _ := at(map[string]string{EnvPassphraseFile: write(name, content)})
		_, err := p.For(File{})
		wantError(t, err, filepath.Join(dir, name), "one line")
	}
	p, _ := at(map[string]string{EnvPassphraseFile: filepath.Join(dir, "none")})
	_, err := p.For(File{})
	wantError(t, err, EnvPassphraseFile, "none")

	p, _ = at(map[string]string{EnvPassphrase: "from a variable"})
	if got, err := p.New("log"); got != "from a variable" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	p, _ = at(map[string]string{EnvPassphrase: "a", EnvPassphraseFile: "b"})
	_, err = p.For(File{})
	wantError(t, err, "unset one")
	p, _ = at(map[string]string{EnvPassphrase: "short"})
	_, err = p.New("log")
	wantError(t, err, "shorter than 8")
}
