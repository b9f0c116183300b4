package importer

import (
	"bytes"
	"slices"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// Encodings of a file, as mappings name them.
const (
	UTF8        = "utf-8"
	Windows1252 = "windows-1252" // what many say who say Latin-1
	Latin1      = "iso-8859-1"
)

var encodings = []string{UTF8, Windows1252, Latin1}

// A form is how the file is written: what stands between fields, and which
// character each byte is; no table: UTF-8.
type form struct {
	separator byte
	table     *[256]rune
}

// bytesTable returns the characters of an encoding of one byte each, or nil for
// UTF-8. Bytes that are no character are utf8.RuneError.
func bytesTable(encoding string) *[256]rune {
	var c *charmap.Charmap
	switch encoding {
	case Windows1252:
		c = charmap.Windows1252
	case Latin1:
		c = charmap.ISO8859_1
	default:
		return nil
	}
	t := new([256]rune)
	for i := range t {
		t[i] = c.DecodeByte(byte(i))
		if encoding == Windows1252 && t[i] >= 0x80 && t[i] <= 0x9f { // five bytes stand for nothing
			t[i] = utf8.RuneError
		}
	}
	return t
}

// decode writes a field in UTF-8; ok is false when its bytes are not what the form
// says, and the text is then as it was.
func (f form) decode(field []byte) (text string, ok bool) {
	if f.table == nil {
		return string(field), utf8.Valid(field)
	}
	if !slices.ContainsFunc(field, func(c byte) bool { return c >= utf8.RuneSelf }) {
		return string(field), true
	}
	out := make([]byte, 0, len(field)+16)
	for _, c := range field {
		r := f.table[c]
		if r == utf8.RuneError {
			return string(field), false
		}
		out = utf8.AppendRune(out, r)
	}
	return string(out), true
}

// disguises are files that are no tables, by how they begin, and what to do with them.
var disguises = []struct{ begins, what string }{
	{"\x1f\x8b", "the file is compressed with gzip; unpack it first (gunzip)"},
	{"PK\x03\x04", "the file is a ZIP archive or an Excel workbook (.xlsx); unpack it, or save the sheet as CSV (UTF-8)"},
	{"PK\x05\x06", "the file is an empty ZIP archive"},
	{"\xd0\xcf\x11\xe0", "the file is an old Excel workbook (.xls); save the sheet as CSV (UTF-8)"},
	{"\xff\xfe", "the file is written in UTF-16; save it as UTF-8 (iconv -f UTF-16 -t UTF-8)"},
	{"\xfe\xff", "the file is written in UTF-16; save it as UTF-8 (iconv -f UTF-16 -t UTF-8)"},
	{"BZh", "the file is compressed with bzip2; unpack it first"},
	{"\xfd7zXZ", "the file is compressed with xz; unpack it first"},
	{"7z\xbc\xaf", "the file is a 7-Zip archive; unpack it first"},
	{"\x28\xb5\x2f\xfd", "the file is compressed with zstd; unpack it first"},
	{"%PDF-", "the file is a PDF, not a table"},
	{"<", "the file is a web page or XML, not a table; was it a sign-in or error page that was saved?"},
	{"{\"", "the file is JSON, not a table; ask for it as CSV"},
	{"[{", "the file is JSON, not a table; ask for it as CSV"},
}

// checkBeginning says whether the first bytes of a file are those of a table.
func checkBeginning(b []byte) error {
	text := bytes.TrimPrefix(b, byteOrderMark)
	for _, d := range disguises {
		if bytes.HasPrefix(text, []byte(d.begins)) {
			return fileError(0, "%s", d.what)
		}
	}
	if n := bytes.Count(b, []byte{0}); n > 0 && n >= len(b)/4 {
		return fileError(0, "the file is written in UTF-16 or UTF-32; save it as UTF-8 (iconv -f UTF-16 -t UTF-8)")
	}
	return nil
}
