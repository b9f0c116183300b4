package proof

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"licet/phrase"
)

// maxNameBytes bounds origins and key names. 255 is also the longest name that
// the ML-DSA cosignature format can carry.
const maxNameBytes = 255

// maxSize is the most entries a log may have: JSON readers that keep numbers as
// binary64 must see the same index, and no arithmetic on indexes overflows.
const maxSize = 1<<53 - 1

// A Checkpoint says what a network's log was at one size.
type Checkpoint struct {
	Origin string    // the network, such as "midwest-licensing/3f2a9c0d11223344"
	Size   int64     // number of entries
	Root   tlog.Hash // RFC 6962 root over them, SHA-256
}

// A Flaw says what is wrong with something that was checked.
type Flaw struct {
	Code   string // for machines: stable, named in docs/spec and the vectors
	Detail string // for people: what, where, what to do
}

func (f *Flaw) Error() string { return f.Detail }

// FlawCode returns the code of the first Flaw in err's chain, or "" when there is none.
func FlawCode(err error) string {
	var f *Flaw
	if errors.As(err, &f) {
		return f.Code
	}
	return ""
}

func flawf(code, format string, args ...any) error {
	return &Flaw{Code: code, Detail: phrase.Sprintf(format, args...)}
}

// Text is what the members sign: three lines, and no extension line, since
// monitors cannot audit those.
func (c Checkpoint) Text() string {
	return c.Origin + "\n" + strconv.FormatInt(c.Size, 10) + "\n" + c.Root.String() + "\n"
}

// ParseCheckpoint reads a checkpoint's text and accepts only what Text writes.
func ParseCheckpoint(text string) (Checkpoint, error) {
	// Three lines and their newlines; a longer text cannot be ours.
	if len(text) > maxNameBytes+1+20+45 {
		return Checkpoint{}, flawf("checkpoint-form", "the checkpoint's text has %d bytes, more than three lines can hold", len(text))
	}
	lines := strings.Split(text, "\n")
	if len(lines) != 4 || lines[3] != "" {
		return Checkpoint{}, flawf("checkpoint-form",
			"a checkpoint's text is three lines, each ending in a newline (extension lines are not used); this has %d", len(lines)-1)
	}
	if err := checkName(lines[0]); err != nil {
		return Checkpoint{}, flawf("checkpoint-origin", "line 1: the origin: %v", err)
	}
	size, err := parseDecimal(lines[1])
	if err != nil {
		return Checkpoint{}, flawf("checkpoint-size", "line 2: the tree size: %v", err)
	}
	if size > maxSize {
		return Checkpoint{}, flawf("checkpoint-size", "line 2: the tree size is above 2^53-1")
	}
	root, err := parseHash64(lines[2])
	if err != nil {
		return Checkpoint{}, flawf("checkpoint-root", "line 3: the root hash: %v", err)
	}
	if size == 0 && root != emptyRoot {
		return Checkpoint{}, flawf("checkpoint-root", "line 3: size 0 has one root, the SHA-256 of nothing")
	}
	return Checkpoint{Origin: lines[0], Size: size, Root: root}, nil
}

// checkName checks an origin or a key's name. C2SP forbids Unicode spaces and
// plus signs; ours are printable ASCII only, so that no verifier needs tables
// of what Unicode calls a space.
func checkName(name string) error {
	switch {
	case name == "":
		return errors.New("is empty")
	case len(name) > maxNameBytes:
		return phrase.Errorf("has %d bytes; at most %d are allowed", len(name), maxNameBytes)
	}
	for i := range len(name) {
		if c := name[i]; c <= ' ' || c >= 0x7f || c == '+' {
			return phrase.Errorf("%q has %s at byte %d; only printable ASCII without space and plus is allowed", name, strconv.QuoteRune(rune(c)), i)
		}
	}
	return nil
}

// parseDecimal reads what strconv.FormatInt writes for integers from 0 to 2^63-1.
func parseDecimal(s string) (int64, error) {
	if len(s) > 19 {
		return 0, phrase.Errorf("a number of %d digits is too long", len(s))
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 0 || strconv.FormatInt(n, 10) != s {
		return 0, phrase.Errorf("%q is not a decimal number from 0 to 2^63-1 without sign and leading zeros", s)
	}
	return n, nil
}

// parseHash64 reads a SHA-256 hash in canonical padded base64.
func parseHash64(s string) (tlog.Hash, error) {
	// The length goes first, so that a long line is not decoded.
	if len(s) == base64.StdEncoding.EncodedLen(tlog.HashSize) {
		if b, err := parseBase64(s); err == nil && len(b) == tlog.HashSize {
			return tlog.Hash(b), nil
		}
	}
	return tlog.Hash{}, phrase.Errorf("%.60q is not 32 bytes in canonical padded base64", s)
}

// parseBase64 reads canonical padded base64 (RFC 4648, section 4); the caller
// bounds s.
func parseBase64(s string) ([]byte, error) {
	// The standard decoder skips newlines inside its input.
	if strings.ContainsAny(s, "\r\n") {
		return nil, errors.New("base64 with a line break in it")
	}
	b, err := base64.StdEncoding.Strict().DecodeString(s)
	if err != nil {
		return nil, errors.New("not canonical padded base64")
	}
	return b, nil
}

// emptyRoot is the root of a log without entries: the SHA-256 of nothing.
var emptyRoot = tlog.Hash(sha256.Sum256(nil))
