package proof

import (
	"encoding/base64"
	"strconv"
	"strings"

	"licet/phrase"
	"licet/tx"
)

// Check tells whether t can be written as a trust file.
func (t Trust) Check() error {
	if err := checkOrigin(t.Origin); err != nil {
		return flawf("trust-origin", "origin: %v", err)
	}
	if t.Set < 1 || t.Set > maxWeight {
		return flawf("trust-set", "set: %d is not a number from 1 to 2^53-1", t.Set)
	}
	if len(t.Members) < 1 || len(t.Members) > maxMembers {
		return flawf("trust-members", "a trust file has 1 to %d members, not %d", maxMembers, len(t.Members))
	}
	if err := t.checkWeights(); err != nil {
		return err
	}
	seen := map[string]string{} // public key → whose
	for i, m := range t.Members {
		if i > 0 && m.Name <= t.Members[i-1].Name {
			return flawf("trust-order", "witness %s: members stand once each, in ascending order of their names", m.Name)
		}
		if err := m.check(seen); err != nil {
			return err
		}
	}
	if err := t.checkLogs(seen); err != nil {
		return err
	}
	return t.checkBoards()
}

func (t Trust) checkWeights() error {
	var total int64
	for _, m := range t.Members {
		if m.Weight < 1 || m.Weight > maxWeight-total {
			return flawf("trust-weight", "witness %s: weights are at least 1, and at most 2^53-1 together", m.Name)
		}
		total += m.Weight
	}
	if !t.weighted() && t.Members[0].Weight != 1 {
		return flawf("trust-weight", "all members have weight %d; equal weights are 1 and are not written", t.Members[0].Weight)
	}
	return nil
}

func (m TrustMember) check(seen map[string]string) error {
	if err := checkID(m.Name); err != nil || m.Name == "none" || m.Name == groupName {
		return flawf("trust-name", "witness %.40q: a member's name has 1 to 32 of a-z, 0-9 and inner hyphens, and is neither none nor %s", m.Name, groupName)
	}
	if err := checkTrustVKey(m.VKey, KeyCosign, "witness "+m.Name, seen); err != nil {
		return err
	}
	if m.URL == "" {
		return nil
	}
	if err := checkURL(m.URL); err != nil {
		return flawf("trust-url", "witness %s: %v", m.Name, err)
	}
	return nil
}

func (t Trust) checkLogs(seen map[string]string) error {
	if len(t.Logs) > maxMembers {
		return flawf("trust-members", "a trust file has at most %d logs, not %d", maxMembers, len(t.Logs))
	}
	for i, l := range t.Logs {
		if i > 0 && l <= t.Logs[i-1] {
			return flawf("trust-order", "log %s: log keys stand once each, in ascending order", l)
		}
		if err := checkTrustVKey(l, KeyLog, "log", seen); err != nil {
			return err
		}
		if name, _, _ := strings.Cut(l, "+"); name != t.Origin {
			return flawf("trust-key", "log %s: the key's name is not the origin %s", l, t.Origin)
		}
	}
	return nil
}

func (t Trust) checkBoards() error {
	for i, b := range t.Boards {
		if checkID(b.ID) != nil {
			return flawf("trust-name", "board %.40q: a board's id has 1 to 32 of a-z, 0-9 and inner hyphens", b.ID)
		}
		if i > 0 && b.ID <= t.Boards[i-1].ID {
			return flawf("trust-order", "board %s: boards stand once each, in ascending order", b.ID)
		}
		if err := checkRootKey(b.Key); err != nil {
			return flawf("trust-key", "board %s: %v", b.ID, err)
		}
	}
	return nil
}

// checkTrustVKey checks a key's form and that its public key is nobody else's:
// under two names, one machine would count as two members.
func checkTrustVKey(vkey string, keyType byte, whose string, seen map[string]string) error {
	v, err := ParseVKey(vkey)
	if err != nil {
		return phrase.Wrap(err, "%s", whose)
	}
	if v.Type != keyType {
		return flawf("key-type", "%s: key type 0x%02x where 0x%02x belongs", whose, v.Type, keyType)
	}
	if strings.Contains(v.Name, "#") {
		return flawf("trust-key", "%s: the key's name holds #, which some readers take for a comment", whose)
	}
	if other, ok := seen[string(v.Key)]; ok {
		return flawf("trust-duplicate", "%s: has the public key of %s; each key has one use", whose, other)
	}
	seen[string(v.Key)] = whose
	return nil
}

// checkID accepts what members and boards are called.
func checkID(s string) error {
	ok := len(s) >= 1 && len(s) <= 32 && s[0] != '-' && s[len(s)-1] != '-'
	for i := range len(s) {
		c := s[i]
		ok = ok && (c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-')
	}
	if !ok {
		return phrase.Errorf("%.40q has other characters than a-z, 0-9 and inner hyphens, or not 1 to 32", s)
	}
	return nil
}

// checkOrigin accepts a name, a slash and the first 8 bytes of the genesis hash.
// The name may have parts, as in test/demo.
func checkOrigin(origin string) error {
	parts := strings.Split(origin, "/")
	last := parts[len(parts)-1]
	if len(parts) < 2 || len(origin) > maxNameBytes || len(last) != 16 || strings.Trim(last, "0123456789abcdef") != "" {
		return phrase.Errorf("%.80q is not a network's name, a slash and 16 lower-case hexadecimal digits", origin)
	}
	for _, p := range parts[:len(parts)-1] {
		if p == "" || strings.Trim(p, "abcdefghijklmnopqrstuvwxyz0123456789.-") != "" {
			return phrase.Errorf("%.80q: a network's name has a-z, 0-9, dot, hyphen, and parts joined by slashes", origin)
		}
	}
	return nil
}

func checkURL(url string) error {
	scheme, rest, _ := strings.Cut(url, "://")
	if len(url) > maxURLBytes || rest == "" || scheme != "https" && scheme != "http" {
		return phrase.Errorf("%.80q is no http or https URL of at most %d bytes", url, maxURLBytes)
	}
	for i := range len(url) {
		if c := url[i]; c <= ' ' || c >= 0x7f || c == '#' {
			return phrase.Errorf("URL %.80q has %s; only printable ASCII without space and # is allowed", url, strconv.QuoteRune(rune(c)))
		}
	}
	return nil
}

// checkRootKey checks the form of a root key; who uses it to check signatures
// checks that an es256 key lies on its curve.
func checkRootKey(key string) error {
	scheme, text, _ := strings.Cut(key, ":")
	if len(text) > base64.StdEncoding.EncodedLen(33) {
		return phrase.Errorf("root key %.80q is too long", key)
	}
	raw, err := parseBase64(text)
	switch {
	case scheme != "ed25519" && scheme != "es256":
		return phrase.Errorf("root key %.80q: only ed25519: and es256: are supported by this version", key)
	case err != nil:
		return phrase.Wrap(err, "root key %.80q", key)
	case scheme == "ed25519":
		return tx.CheckEd25519(raw)
	case len(raw) != 33 || raw[0] != 2 && raw[0] != 3:
		return phrase.Errorf("root key %.80q is not the 33 bytes of a compressed P-256 point", key)
	}
	return nil
}
