package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"licet/internal/digest"
	"licet/internal/keys"
	"licet/internal/wording"
	"licet/license"
	"licet/strict"
	"licet/tx"
)

type actCmds struct {
	Draft  actDraftCmd  `cmd:"" help:"Make an unsigned transaction of a JSON file with acts and openings."`
	Show   actShowCmd   `cmd:"" help:"Show what a transaction does, who signed it, and its six words."`
	Sign   actSignCmd   `cmd:"" help:"Add signatures to a transaction."`
	Submit actSubmitCmd `cmd:"" help:"Send a signed transaction to the network."`
	Status actStatusCmd `cmd:"" help:"Ask what became of a payload."`
}

// transactionFile is a transaction that waits for signatures.
type transactionFile struct {
	File string `arg:"" help:"Transaction, as \"licet act draft\" or --draft writes it." type:"path"`
}

func (f transactionFile) read() (*tx.Transaction, error) {
	b, err := readLimited(f.File, tx.TransactionBytesMax)
	if err != nil {
		return nil, err
	}
	t, r := tx.Parse(bytes.TrimSpace(b))
	if r != nil {
		return nil, fmt.Errorf("%s: %s", f.File, r.Sentence)
	}
	return t, nil
}

type actDraftCmd struct {
	File      string `arg:"" help:"JSON with \"acts\" and \"openings\" as docs/spec writes them; white space is free." type:"path"`
	Out       string `required:"" short:"o" help:"File to write." placeholder:"FILE" type:"path"`
	Each      bool   `help:"Every act stands for itself: one that is refused does not hold the others back."`
	ValidDays int    `help:"Days within which the acts must be recorded." default:"1" placeholder:"N"`
}

// Run makes a transaction of a file.
func (c actDraftCmd) Run(e *env) error {
	b, err := readLimited(c.File, 4*tx.TransactionBytesMax)
	if err != nil {
		return err
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, b); err != nil {
		return usage("%s is no JSON: %w", c.File, err)
	}
	var f struct {
		Acts     []strict.Raw      `json:"acts,required"`
		Openings []license.Opening `json:"openings"`
	}
	if err := strict.Decode(compact.Bytes(), &f, 4*tx.TransactionBytesMax); err != nil {
		return usage("%s: %w", c.File, err)
	}
	var acts []license.Act
	for i, raw := range f.Acts {
		a, err := license.ParseAct(raw)
		if err != nil {
			return usage("%s: act %d: %w", c.File, i+1, err)
		}
		acts = append(acts, a)
	}
	t, err := e.payload(signing{ValidDays: c.ValidDays}, !c.Each, acts, f.Openings)
	if err != nil {
		return err
	}
	if _, r := tx.Parse(t.Encode()); r != nil {
		return usage("%s: %s", c.File, r.Sentence)
	}
	if err := writeNew(c.Out, t.Encode()); err != nil {
		return err
	}
	e.printf("Draft written to %s. Its words: %s.\n", c.Out, digest.Words(t.HeaderHash))
	return nil
}

type actShowCmd struct{ transactionFile }

// Run shows a transaction.
func (c actShowCmd) Run(e *env) error {
	t, err := c.read()
	if err != nil {
		return err
	}
	if e.JSON {
		e.printf("%s\n", t.Encode())
		return nil
	}
	e.printf("Words:      %s\n", digest.Words(t.HeaderHash))
	e.printf("Payload:    %s\n", t.HeaderHash)
	e.printf("Network:    %s\n", t.Header.Origin)
	e.printf("Recordable: %s to %s\n", wording.Moment(t.Header.SignedAt, nil), wording.Moment(t.Header.NotAfter, nil))
	if !t.Header.All {
		e.printf("Every act stands for itself.\n")
	}
	for i, a := range t.Acts {
		kind, id := a.Target()
		e.printf("\nAct %d: %s, %s %s\n", i+1, a.Verb(), kind, id)
		e.printIndentedRaw(t.ActBytes[i])
	}
	for _, o := range t.Openings {
		e.printf("\n%s:\n", strings.ToUpper(o.Kind[:1])+o.Kind[1:])
		switch {
		case json.Valid(o.Bytes) && o.Bytes[0] == '{':
			e.printIndentedRaw(o.Bytes)
		case o.Kind == license.OpeningContract:
			e.printText("%s", "  "+strings.ReplaceAll(strings.TrimSuffix(string(o.Bytes), "\n"), "\n", "\n  "))
		default:
			e.printf("  %s\n", printable(o.Bytes))
		}
	}
	e.printf("\n")
	e.printSignatures(t)
	e.tellQuorum(t)
	return nil
}

// printIndentedRaw prints one JSON value, moved in by two spaces. Text that could
// steer a terminal is escaped.
func (e *env) printIndentedRaw(b []byte) {
	var out bytes.Buffer
	if err := json.Indent(&out, b, "  ", "  "); err != nil {
		out.Write(b)
	}
	for line := range strings.Lines(out.String()) {
		e.printf("  %s\n", printable([]byte(strings.TrimSpace(line))))
	}
}

// printable escapes control characters.
func printable(b []byte) string {
	var s strings.Builder
	for _, r := range string(b) {
		if r < 0x20 || r >= 0x7f && r < 0xa0 || r == '\u2028' || r >= '\u202a' && r <= '\u202e' {
			fmt.Fprintf(&s, `\u%04x`, r)
		} else {
			s.WriteRune(r)
		}
	}
	return s.String()
}

func (e *env) printSignatures(t *tx.Transaction) {
	if len(t.Signatures) == 0 {
		e.printf("Nobody has signed yet.\n")
	}
	for _, s := range t.Signatures {
		state := "holds"
		if err := s.Verify(t.HeaderBytes); err != nil {
			state = "DOES NOT HOLD: " + err.Error()
		}
		e.printf("Signed by %s with %s: %s\n", s.By, s.Key, state)
	}
}

type actSignCmd struct {
	transactionFile
	Key  []string `short:"k" help:"Key file to sign with; repeat it for several signers. Absent: what the members decide together is signed with the member's root key in --home." placeholder:"FILE" sep:"none"`
	As   []string `help:"Who signs, once for each --key. Absent: what the key files are for." placeholder:"WHO" sep:"none"`
	With []string `help:"Another copy of the same transaction, whose signatures are taken over. Repeat it." placeholder:"FILE" type:"path" sep:"none"`
}

// Run adds signatures.
func (c actSignCmd) Run(e *env) error {
	t, err := c.read()
	if err != nil {
		return err
	}
	if err := c.takeOver(t); err != nil {
		return err
	}
	before := len(t.Signatures)
	if len(c.Key) == 0 && membersDecide(t) && os.Getenv(keys.EnvKey) == "" {
		if c.Key, err = e.memberRoots(); err != nil {
			return err
		}
	}
	if err := (signing{Key: c.Key, As: c.As}).sign(t); err != nil {
		return err
	}
	if _, r := tx.Parse(t.Encode()); r != nil {
		return fmt.Errorf("%s", r.Sentence)
	}
	if err := replaceFile(c.File, t.Encode()); err != nil {
		return err
	}
	for _, s := range t.Signatures[before:] {
		e.printf("Signed as %s. ", s.By)
	}
	e.printf("Its words: %s.\n", digest.Words(t.HeaderHash))
	e.tellQuorum(t)
	return nil
}

// takeOver adds the signatures of other copies, for members who signed at the same time.
func (c actSignCmd) takeOver(t *tx.Transaction) error {
	for _, path := range c.With {
		o, err := (transactionFile{path}).read()
		if err != nil {
			return err
		}
		if o.HeaderHash != t.HeaderHash {
			return fmt.Errorf("%s is another transaction than %s: its words are %s", path, c.File, digest.Words(o.HeaderHash))
		}
		for _, s := range o.Signatures {
			if !slices.ContainsFunc(t.Signatures, func(have tx.Signature) bool { return have.By == s.By }) {
				t.Sign(s)
			}
		}
	}
	return nil
}

// memberRoots finds the member's root key in the home.
func (e *env) memberRoots() ([]string, error) {
	dir, err := e.home()
	if err != nil {
		return nil, err
	}
	found, err := filepath.Glob(filepath.Join(dir, "keys", "member-*-root.key"))
	if err == nil && len(found) == 0 {
		err = usage("there is no member's root key in %s; name the file with --key", filepath.Join(dir, "keys"))
	}
	return found, err
}

// replaceFile puts new content in the place of a file, whole or not at all.
func replaceFile(path string, content []byte) error {
	temp, err := os.CreateTemp(filepath.Dir(path), ".licet-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(temp.Name()) }() // gone already after the rename
	_, err = temp.Write(content)
	if err == nil {
		err = temp.Sync()
	}
	if closed := temp.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(temp.Name(), path)
	}
	return err
}

type actSubmitCmd struct{ transactionFile }

// Run sends a transaction.
func (c actSubmitCmd) Run(e *env) error {
	t, err := c.read()
	if err != nil {
		return err
	}
	if len(t.Signatures) == 0 {
		return fmt.Errorf("nobody has signed %s yet; sign it with \"licet act sign\"", c.File)
	}
	return e.submit(t.Encode())
}

type actStatusCmd struct {
	Payload string `arg:"" help:"Payload hash, as \"licet act show\" prints it."`
}

// Run asks what became of a payload.
func (c actStatusCmd) Run(e *env) error {
	if _, err := license.ParseHash(c.Payload); err != nil {
		return usage("%w", err)
	}
	b, err := e.get("/v1/acts/" + c.Payload)
	if err != nil {
		return err
	}
	return e.printOutcome(b)
}
