package keys

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"filippo.io/age/armor"

	"licet/tx"
)

const phrase = "correct horse battery"

var born = time.Date(2026, 5, 31, 23, 30, 0, 0, time.FixedZone("CDT", -5*3600))

func newKey(t testing.TB, purpose string) Key {
	t.Helper()
	key, err := Generate(purpose, born)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func wantError(t *testing.T, err error, parts ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, want one that says %q", parts)
	}
	for _, part := range parts {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("error %q does not say %q", err, part)
		}
	}
}

func noPassphrase(t testing.TB) func(File) (string, error) {
	return func(File) (string, error) { t.Error("asked for a passphrase"); return "", nil }
}

func TestEncryptedRoundTrip(t *testing.T) {
	WeakenForTest(t)
	path := filepath.Join(t.TempDir(), "home", "mreyes.key")
	key := newKey(t, "officer us-il/mreyes")
	if err := Save(path, key, phrase); err != nil {
		t.Fatal(err)
	}
	var asked File
	loaded, err := Load(path, func(f File) (string, error) { asked = f; return phrase, nil })
	if err != nil {
		t.Fatal(err)
	}
	if !loaded.Private().Equal(key.Private()) {
		t.Error("another key came back")
	}
	want := File{Path: path, For: "officer us-il/mreyes", Public: key.Public, Created: "2026-06-01", Encrypted: true}
	inspected, err := Inspect(path)
	if err != nil || loaded.File != want || asked != want || inspected != want {
		t.Errorf("loaded %+v, asked for %+v, inspected %+v (%v), want %+v", loaded.File, asked, inspected, err, want)
	}
	header := []byte(`{"version":1}`)
	by, err := loaded.By()
	if err != nil {
		t.Fatal(err)
	}
	if err := tx.SignEd25519(by, loaded.Private(), header).Verify(header); err != nil {
		t.Error(err)
	}
}

func TestPlainRoundTrip(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log.key")
	key := newKey(t, "log")
	if err := SavePlain(path, key); err != nil {
		t.Fatal(err)
	}
	loaded, err := Load(path, noPassphrase(t))
	if err != nil || loaded.Encrypted || !loaded.Private().Equal(key.Private()) {
		t.Errorf("loaded %+v, %v", loaded, err)
	}
}

func TestFileModeAndNoLeftovers(t *testing.T) {
	WeakenForTest(t)
	dir := t.TempDir()
	for name, save := range map[string]func(string) error{
		"a": func(p string) error { return Save(p, newKey(t, "board us-il root"), phrase) },
		"b": func(p string) error { return SavePlain(p, newKey(t, "log")) },
	} {
		if err := save(filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("mode %v, %v", info.Mode(), err)
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 2 {
		t.Errorf("directory holds %v, %v", entries, err)
	}
}

func TestNeverOverwrites(t *testing.T) {
	WeakenForTest(t)
	dir := t.TempDir()
	path, target := filepath.Join(dir, "a.key"), filepath.Join(dir, "nowhere")
	if err := os.WriteFile(path, []byte("precious"), 0o600); err != nil {
		t.Fatal(err)
	}
	wantError(t, Save(path, newKey(t, "log"), phrase), path, "never overwritten")
	wantError(t, SavePlain(path, newKey(t, "log")), path, "never overwritten")
	// The name may be taken between the first look and the end.
	temp := filepath.Join(dir, "temp")
	if err := os.WriteFile(temp, []byte("new"), 0o600); err != nil {
		t.Fatal(err)
	}
	wantError(t, publish(temp, path), path, "never overwritten")
	if b, _ := os.ReadFile(path); string(b) != "precious" {
		t.Errorf("file now holds %q", b)
	}
	dangling := filepath.Join(dir, "link")
	if err := os.Symlink(target, dangling); err != nil {
		t.Skip(err)
	}
	wantError(t, SavePlain(dangling, newKey(t, "log")), "never overwritten")
}

func TestWrongPassphrase(t *testing.T) {
	WeakenForTest(t)
	path := filepath.Join(t.TempDir(), "a.key")
	if err := Save(path, newKey(t, "board us-il root"), phrase); err != nil {
		t.Fatal(err)
	}
	for _, wrong := range []string{"", "correct horse battery ", "Correct horse battery"} {
		_, err := Load(path, Fixed(wrong))
		if !errors.Is(err, ErrPassphrase) || errors.Is(err, ErrGarbled) {
			t.Errorf("%q: %v", wrong, err)
		}
		wantError(t, err, path, "board us-il root", "try again")
	}
	mine := errors.New("canceled")
	if _, err := Load(path, func(File) (string, error) { return "", mine }); !errors.Is(err, mine) {
		t.Errorf("got %v", err)
	}
	wantError(t, Save(filepath.Join(t.TempDir(), "b"), newKey(t, "log"), ""), "must not be empty")
}

func TestMissingFile(t *testing.T) {
	_, err := Load(filepath.Join(t.TempDir(), "none"), noPassphrase(t))
	if !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v", err)
	}
}

// Every byte of an encrypted file matters, and every byte of a plain one except those that say what
// the key is for and since when, to which nothing binds it: changed, it loads no more.
func TestEveryByteMatters(t *testing.T) {
	WeakenForTest(t)
	dir := t.TempDir()
	plain, locked := filepath.Join(dir, "plain"), filepath.Join(dir, "locked")
	if err := errors.Join(SavePlain(plain, newKey(t, "log")), Save(locked, newKey(t, "log"), phrase)); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{plain, locked} {
		good, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		free := func(i int) bool {
			line := string(good[bytes.LastIndexByte(good[:i], '\n')+1:])
			return path == plain && (strings.HasPrefix(line, "for: ") || strings.HasPrefix(line, "created: "))
		}
		for i := range good {
			if free(i) {
				continue
			}
			bad := bytes.Clone(good)
			bad[i] ^= 1
			expectRefused(t, path, bad, fmt.Sprintf("byte %d changed", i))
		}
		for _, cut := range []int{0, 1, 30, len(good) / 2, len(good) - 2} {
			expectRefused(t, path, good[:cut], fmt.Sprintf("cut at %d", cut))
		}
		expectRefused(t, path, append(bytes.Clone(good), 'x'), "longer")
		expectRefused(t, path, bytes.ReplaceAll(good, []byte("\n"), []byte("\r\n")), "other line ends")
		expectRefused(t, path, bytes.Repeat(good, 100), "too large")
	}
}

func expectRefused(t *testing.T, path string, content []byte, what string) {
	t.Helper()
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Load(path, Fixed(phrase))
	if !errors.Is(err, ErrGarbled) && !errors.Is(err, ErrPassphrase) {
		t.Errorf("%s, %s: %v", filepath.Base(path), what, err)
		return
	}
	wantError(t, err, path)
}

// The readable lines of an encrypted file can be edited by anybody; a key under a false name is refused.
func TestFalseNameRefused(t *testing.T) {
	WeakenForTest(t)
	path := filepath.Join(t.TempDir(), "a.key")
	if err := Save(path, newKey(t, "officer us-il/mreyes"), phrase); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, bytes.Replace(content, []byte("mreyes"), []byte("dchair"), 1), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = Load(path, Fixed(phrase))
	wantError(t, err, path, "somebody changed them", "backup")
}

func TestPlainKeyReadableByOthersRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log.key")
	if err := SavePlain(path, newKey(t, "log")); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	_, err := Load(path, noPassphrase(t))
	wantError(t, err, path, "chmod 600")
}

// A file may not demand gigabytes and minutes before its passphrase is found wrong.
func TestWorkFactorIsBounded(t *testing.T) {
	header := "age-encryption.org/v1\n-> scrypt " + base64.RawStdEncoding.EncodeToString(make([]byte, 16)) + " 21\n" +
		base64.RawStdEncoding.EncodeToString(make([]byte, 32)) + "\n--- " + base64.RawStdEncoding.EncodeToString(make([]byte, 32)) + "\n"
	var armored bytes.Buffer
	w := armor.NewWriter(&armored)
	if _, err := io.WriteString(w, header); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	_, err := decrypt(armored.String(), phrase)
	wantError(t, err, "work factor too large")
}

func TestPurposes(t *testing.T) {
	for purpose, by := range map[string]string{
		"officer us-il/mreyes": "officer/us-il/mreyes", "board us-il root": "board/us-il", "member idfpr root": "member/idfpr",
		"cosign il": "", "log": "", "board us-il": "", "officer us-il": "",
	} {
		got, err := newKey(t, purpose).By()
		if got != by || (err == nil) != (by != "") {
			t.Errorf("%s: by %q, %v", purpose, got, err)
		}
	}
	for _, bad := range []string{"", " ", "log ", " log", "a  b", "a\nb", "a\tb", "lög", strings.Repeat("x", 201)} {
		if _, err := Generate(bad, born); err == nil {
			t.Errorf("made a key for %q", bad)
		}
	}
}

func TestPrintingKeepsTheSecret(t *testing.T) {
	key := newKey(t, "log")
	for _, text := range []string{fmt.Sprint(key), fmt.Sprintf("%v %+v %#v %s %q", key, key, key, key, key)} {
		for _, secret := range []string{base64.StdEncoding.EncodeToString(key.Private().Seed()), fmt.Sprint([]byte(key.Private().Seed())), fmt.Sprintf("%x", key.Private().Seed())} {
			if strings.Contains(text, secret) {
				t.Errorf("%q holds the key", text)
			}
		}
	}
}

func TestKeyFromEnvironment(t *testing.T) {
	key := newKey(t, "cosign il")
	env := func(text string) func(string) string {
		return func(name string) string {
			if name == EnvKey {
				return text
			}
			return ""
		}
	}
	got, found, err := FromEnvironment("cosign il", born, env(base64.StdEncoding.EncodeToString(key.Private().Seed())))
	if err != nil || !found || got.Public != key.Public {
		t.Errorf("%v, %v, %v", got, found, err)
	}
	if _, found, err := FromEnvironment("log", born, env("")); found || err != nil {
		t.Errorf("%v, %v", found, err)
	}
	for _, bad := range []string{"c2VjcmV0", "s3cret!", base64.StdEncoding.EncodeToString(key.Private())} {
		_, found, err := FromEnvironment("log", born, env(bad))
		if found || strings.Contains(fmt.Sprint(err), bad) {
			t.Errorf("found %v, error %v", found, err)
		}
		wantError(t, err, EnvKey)
	}
}

func FuzzParse(f *testing.F) {
	key := newKey(f, "log")
	f.Add(key.plain())
	f.Add(key.head() + "-----BEGIN AGE ENCRYPTED FILE-----\n")
	f.Fuzz(func(t *testing.T, text string) {
		if file, rest, err := parseHead(text); err == nil && file.head()+rest != text {
			t.Fatal("the head does not write back as it was read")
		}
		if key, err := parsePlain(text); err == nil && key.plain() != text {
			t.Fatal("the file does not write back as it was read")
		}
	})
}

// A key whose passphrase is printed for all opens at once; every other one takes the
// work that keeps guessers out.
func TestPublished(t *testing.T) {
	dir := t.TempDir()
	key := newKey(t, "officer us-il/demo-clerk")
	path := filepath.Join(dir, "published.key")
	if err := SavePublished(path, key, phrase); err != nil {
		t.Fatal(err)
	}
	if got, err := Load(path, Fixed(phrase)); err != nil || !bytes.Equal(got.Private(), key.Private()) {
		t.Errorf("%v, %v", got, err)
	}
	for factor, of := range map[string]func(string, Key, string) error{" 10\n": SavePublished, " 18\n": Save} {
		path := filepath.Join(dir, "factor"+strings.TrimSpace(factor))
		if err := of(path, key, phrase); err != nil {
			t.Fatal(err)
		}
		if got := stanza(t, path); !strings.HasSuffix(got, factor) {
			t.Errorf("the file asks for %q, not for %q", got, factor)
		}
	}
}

// stanza returns the line of a key file that says how much work its passphrase takes.
func stanza(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	armored := string(b[bytes.Index(b, []byte("-----BEGIN")):])
	plain, err := io.ReadAll(armor.NewReader(strings.NewReader(armored)))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(plain), "-> scrypt ")
	line, _, _ := strings.Cut(rest, "\n")
	return line + "\n"
}
