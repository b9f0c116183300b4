package proof

import (
	"encoding/base64"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

const (
	tlogProofHeader   = "c2sp.org/tlog-proof@v1"
	maxTlogProofBytes = 1 << 20
)

// A TlogProof is a C2SP tlog-proof: that an entry stands in a cosigned log.
type TlogProof struct {
	Extra []byte // not authenticated; nil when absent
	Index int64
	Path  []tlog.Hash // from the entry's sibling to the root's child
	Note  []byte      // the cosigned checkpoint. Other verifiers ask for a log's signature in it
}

// Bytes writes the proof as a .tlog-proof file.
func (p TlogProof) Bytes() []byte {
	var b strings.Builder
	b.WriteString(tlogProofHeader + "\n")
	if len(p.Extra) > 0 {
		b.WriteString("extra " + base64.StdEncoding.EncodeToString(p.Extra) + "\n")
	}
	b.WriteString("index " + strconv.FormatInt(p.Index, 10) + "\n")
	for _, h := range p.Path {
		b.WriteString(h.String() + "\n")
	}
	b.WriteByte('\n')
	b.Write(p.Note)
	return []byte(b.String())
}

// ParseTlogProof reads a proof and accepts only what Bytes writes. It checks the
// note's form, and nothing of what the proof claims.
func ParseTlogProof(data []byte) (TlogProof, error) {
	if len(data) > maxTlogProofBytes {
		return TlogProof{}, flawf("tlog-proof-size", "the tlog-proof has %d bytes; at most %d are allowed", len(data), maxTlogProofBytes)
	}
	var p TlogProof
	header, rest, ok := strings.Cut(string(data), "\n")
	if !ok || header != tlogProofHeader {
		return p, flawf("tlog-proof-form", "line 1 of a tlog-proof is %s, not %.60q", tlogProofHeader, header)
	}
	rest, err := p.parseHead(rest)
	if err != nil {
		return TlogProof{}, err
	}
	for {
		line, after, ok := strings.Cut(rest, "\n")
		if rest = after; !ok {
			return TlogProof{}, flawf("tlog-proof-form", "the tlog-proof ends before its checkpoint")
		}
		if line == "" {
			break
		}
		h, err := parseHash64(line)
		if err != nil || len(p.Path) == maxPathHashes {
			return TlogProof{}, flawf("tlog-proof-path", "hash %d of the tlog-proof: %.60q is not a hash in base64, or one too many", len(p.Path), line)
		}
		p.Path = append(p.Path, h)
	}
	p.Note = []byte(rest)
	n, err := parseNote(p.Note)
	if err != nil {
		return TlogProof{}, err
	}
	if _, err := ParseCheckpoint(n.text); err != nil {
		return TlogProof{}, err
	}
	return p, nil
}

// parseHead reads the lines "extra", if it stands there, and "index".
func (p *TlogProof) parseHead(rest string) (string, error) {
	line, after, _ := strings.Cut(rest, "\n")
	if text, ok := strings.CutPrefix(line, "extra "); ok {
		extra, err := parseBase64(text)
		if err != nil || len(extra) == 0 {
			return "", flawf("tlog-proof-extra", "the tlog-proof's extra line is not canonical base64, or empty and should be absent")
		}
		p.Extra = extra
		line, after, _ = strings.Cut(after, "\n")
	}
	text, ok := strings.CutPrefix(line, "index ")
	index, err := parseDecimal(text)
	if !ok || err != nil {
		return "", flawf("tlog-proof-index", "the tlog-proof has %.60q where \"index\" and a decimal number belong", line)
	}
	p.Index = index
	return after, nil
}

// Verify checks that entry stands in the network's log, under a checkpoint that
// t's members have cosigned. asOf is as VerifyNote gives it.
func (p TlogProof) Verify(t Trust, entry []byte) (c Checkpoint, asOf int64, err error) {
	c, _, asOf, err = t.VerifyNote(p.Note)
	if err != nil {
		return Checkpoint{}, 0, err
	}
	if err := CheckInclusion(p.Path, c.Size, p.Index, c.Root, tlog.RecordHash(entry)); err != nil {
		return Checkpoint{}, 0, err
	}
	return c, asOf, nil
}
