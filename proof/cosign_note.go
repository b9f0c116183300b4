package proof

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"slices"
	"strings"
	"unicode/utf8"
)

const (
	maxNoteBytes = 64 << 10
	maxNoteLines = 256 // signature lines
)

// SignatureLine writes one signature line of a note, newline included.
func SignatureLine(name string, ext []byte) string {
	return "— " + name + " " + base64.StdEncoding.EncodeToString(ext) + "\n"
}

// AssembleNote puts signature lines under a text. Lines are sorted by their
// bytes and each stands once, so the same lines give the same note.
func AssembleNote(text string, lines []string) []byte {
	sorted := slices.Clone(lines)
	slices.Sort(sorted)
	return []byte(text + "\n" + strings.Join(slices.Compact(sorted), ""))
}

// MergeNotes joins the signature lines of two notes over the same text. It
// checks no signature: one bad line under a known key fails a note, so merge
// what Trust.Prune has cleaned. When a and b differ in text, or b is no note, a
// is returned as it is.
func MergeNotes(a, b []byte) []byte {
	noteA, errA := parseNote(a)
	noteB, errB := parseNote(b)
	if errA != nil || errB != nil || noteA.text != noteB.text {
		return a
	}
	var lines []string
	for _, l := range append(noteA.lines, noteB.lines...) {
		lines = append(lines, l.text)
	}
	return AssembleNote(noteA.text, lines)
}

// A signedNote is a note taken apart; nothing in it is verified.
type signedNote struct {
	text  string
	lines []signatureLine
}

type signatureLine struct {
	text string // as SignatureLine writes it
	name string
	ext  []byte // key id, then the signature; at least 5 bytes
	key  string // name and key id, as lineKey writes them
}

func (l signatureLine) keyID() uint32 { return binary.BigEndian.Uint32(l.ext) }

// parseNote takes a signed note apart as C2SP signed-note says, within our limits.
func parseNote(msg []byte) (signedNote, error) {
	if len(msg) > maxNoteBytes {
		return signedNote{}, flawf("note-size", "the note has %d bytes; at most %d are allowed", len(msg), maxNoteBytes)
	}
	if err := checkNoteBytes(msg); err != nil {
		return signedNote{}, err
	}
	at := bytes.LastIndexByte(msg, '\n')
	for at > 0 && msg[at-1] != '\n' {
		at = bytes.LastIndexByte(msg[:at], '\n')
	}
	at-- // the first of two newlines
	if at < 0 || at+2 == len(msg) {
		return signedNote{}, flawf("note-form", "the note has no empty line with signature lines after it")
	}
	n := signedNote{text: string(msg[:at+1])}
	signatures := string(msg[at+2:])
	if !strings.HasSuffix(signatures, "\n") {
		return signedNote{}, flawf("note-form", "the note's last line does not end in a newline")
	}
	if c := strings.Count(signatures, "\n"); c > maxNoteLines {
		return signedNote{}, flawf("note-size", "the note has %d signature lines; at most %d are allowed", c, maxNoteLines)
	}
	for text := range strings.Lines(signatures) {
		l, err := parseSignatureLine(text)
		if err != nil {
			return signedNote{}, flawf("note-form", "signature line %d: %v", len(n.lines)+1, err)
		}
		n.lines = append(n.lines, l)
	}
	return n, nil
}

func checkNoteBytes(msg []byte) error {
	if !utf8.Valid(msg) {
		return flawf("note-form", "the note is not valid UTF-8")
	}
	for i, c := range msg {
		if c < ' ' && c != '\n' {
			return flawf("note-form", "the note has control character 0x%02x at byte %d; only newlines are allowed", c, i)
		}
	}
	return nil
}

func parseSignatureLine(line string) (signatureLine, error) {
	rest, ok := strings.CutPrefix(strings.TrimSuffix(line, "\n"), "— ")
	if !ok {
		return signatureLine{}, errors.New(`does not begin with an em dash and a space`)
	}
	name, sig, ok := strings.Cut(rest, " ")
	if !ok || name == "" || strings.Contains(name, "+") {
		return signatureLine{}, errors.New("has no key name without plus sign, followed by a space")
	}
	ext, err := parseBase64(sig)
	if err != nil {
		return signatureLine{}, err
	}
	if len(ext) < 5 {
		return signatureLine{}, errors.New("is too short for a key id and a signature")
	}
	return signatureLine{line, name, ext, lineKey(name, binary.BigEndian.Uint32(ext))}, nil
}
