package export

import (
	"encoding/base64"
	"strconv"
	"strings"

	"licet/internal/answer"
	"licet/license"
)

// A Cursor says where a part of an export begins.
type Cursor struct {
	Origin string // of the network
	Size   int64  // entries of the log that the export is of
	Count  int64  // licenses before this part
	Prefix string // of the ids that are exported
	After  string // id of the last license before this part; "": the first part
}

// String writes the cursor for a URL or a command line.
func (c Cursor) String() string {
	return base64.RawURLEncoding.EncodeToString([]byte(strings.Join([]string{
		c.Origin, strconv.FormatInt(c.Size, 10), strconv.FormatInt(c.Count, 10), c.Prefix, c.After,
	}, "\x00")))
}

// cursorBytesMax is the length that no cursor passes.
const cursorBytesMax = 4096

// ParseCursor reads what String wrote, for a node of the network origin.
func ParseCursor(s, origin string) (c Cursor, err error) {
	no := &answer.Problem{Code: "bad-cursor", Detail: "The cursor is not one that a part of an export ended with; begin anew."}
	if len(s) > cursorBytesMax {
		return c, no
	}
	b, err := base64.RawURLEncoding.DecodeString(s)
	f := strings.Split(string(b), "\x00")
	if err != nil || len(f) != 5 || f[4] == "" || !strings.HasPrefix(f[4], f[3]) {
		return c, no
	}
	c = Cursor{Origin: f[0], Prefix: f[3], After: f[4]}
	if c.Size, err = strconv.ParseInt(f[1], 10, 64); err != nil || c.Size < 1 {
		return c, no
	}
	if c.Count, err = strconv.ParseInt(f[2], 10, 64); err != nil || c.Count < 0 {
		return c, no
	}
	if c.Origin != origin {
		return c, &answer.Problem{Code: "bad-cursor", Detail: "The cursor is of network " + c.Origin + ", and this is " + origin + "."}
	}
	return c, nil
}

// Prefix is how the ids of a board's or a profession's licenses begin; "" of "".
func Prefix(only string) (string, error) {
	if only == "" {
		return "", nil
	}
	id := only + ".profession.1"
	if strings.Contains(only, ".") {
		id = only + ".1"
	}
	if p, err := license.ParseID(id); err != nil || p.ProfessionID() != only && p.Board != only {
		return "", &answer.Problem{Code: "bad-only", Detail: "Name a board, such as us-il, or a profession, such as us-il.nurse, and not " + strconv.Quote(only) + "."}
	}
	return only + ".", nil
}
