package proof

import (
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Limits of a trust file. At 128 members, all with a log key, a note that
// carries every line still has no more than maxNoteLines.
const (
	maxTrustBytes = 1 << 20
	maxMembers    = 128
	maxURLBytes   = 512
	maxWeight     = 1<<53 - 1 // of all members together
)

// groupName is the policy's only group. Members cannot have this name, nor
// "none", which policies predefine.
const groupName = "members"

// A Trust is what a verifier believes without proof: a network, the member set
// whose cosignatures count, and the boards' root keys.
type Trust struct {
	Origin  string
	Set     int64         // number of the member set
	Logs    []string      // vkeys of type 0x01, key name = Origin, ascending; they count for no quorum
	Members []TrustMember // ascending by name
	Boards  []TrustBoard  // ascending by id
}

// A TrustMember is an agency whose cosignature counts.
type TrustMember struct {
	Name   string // the member's id, such as "il"
	VKey   string // cosignature key, type 0x04
	Weight int64  // 1 for each when all weights are equal
	URL    string // of the member's node, or ""
}

// A TrustBoard is a board and the root key that appoints its officers.
type TrustBoard struct {
	ID  string // such as "us-il"
	Key string // ed25519: or es256: and base64
}

// TrustOf makes the trust in a member set. Members without weight, observers,
// have no part in it. The caller checks the result with Check when ms comes
// from elsewhere.
func TrustOf(origin string, ms MemberSet, boards []TrustBoard) Trust {
	t := Trust{Origin: origin, Set: ms.Set, Boards: slices.Clone(boards)}
	for _, m := range ms.Members {
		if m.Weight == 0 {
			continue
		}
		t.Members = append(t.Members, TrustMember{Name: m.ID, VKey: m.Cosign, Weight: m.Weight, URL: m.URL})
		if m.Log != "" {
			t.Logs = append(t.Logs, m.Log)
		}
	}
	slices.Sort(t.Logs)
	slices.SortFunc(t.Members, func(a, b TrustMember) int { return cmp.Compare(a.Name, b.Name) })
	slices.SortFunc(t.Boards, func(a, b TrustBoard) int { return cmp.Compare(a.ID, b.ID) })
	if !t.weighted() {
		for i := range t.Members {
			t.Members[i].Weight = 1
		}
	}
	return t
}

// Succeed returns the trust in the next member set. The caller has proved, under
// t, that ms stands in the map.
func (t Trust) Succeed(ms MemberSet) (Trust, error) {
	if ms.Set != t.Set+1 {
		return Trust{}, flawf("trust-succession", "member set %d does not follow set %d; walk through every set in between", ms.Set, t.Set)
	}
	next := TrustOf(t.Origin, ms, t.Boards)
	if err := next.Check(); err != nil {
		return Trust{}, err
	}
	return next, nil
}

// String writes the trust file: a C2SP tlog-policy, with what policies cannot
// say in comment lines before it.
func (t Trust) String() string {
	var b strings.Builder
	line := func(words ...string) { b.WriteString(strings.Join(words, " ") + "\n") }
	line("# licet-trust 1")
	line("# origin", t.Origin)
	line("# set", strconv.FormatInt(t.Set, 10))
	if t.weighted() {
		for _, m := range t.Members {
			line("# weight", m.Name, strconv.FormatInt(m.Weight, 10))
		}
	}
	for _, d := range t.Boards {
		line("# board", d.ID, d.Key)
	}
	for _, l := range t.Logs {
		line("log", l)
	}
	group := []string{"group", groupName, strconv.Itoa(t.threshold())}
	for _, m := range t.Members {
		words := []string{"witness", m.Name, m.VKey}
		if m.URL != "" {
			words = append(words, m.URL)
		}
		line(words...)
		group = append(group, m.Name)
	}
	line(group...)
	line("quorum", groupName)
	return b.String()
}

// Fingerprint is the first half of the SHA-256 of the file that String writes,
// in groups of four hexadecimal digits. It changes with every member set.
func (t Trust) Fingerprint() string {
	sum := sha256.Sum256([]byte(t.String()))
	digits := hex.EncodeToString(sum[:16])
	var groups []string
	for group := range slices.Chunk([]byte(digits), 4) {
		groups = append(groups, string(group))
	}
	return strings.Join(groups, " ")
}

// Total is the weight of all members.
func (t Trust) Total() (total int64) {
	for _, m := range t.Members {
		total += m.Weight
	}
	return total
}

// exceedsTwoThirds is the quorum rule. Weights are at most maxWeight in total,
// so nothing overflows.
func exceedsTwoThirds(signed, total int64) bool { return 3*signed > 2*total }

func (t Trust) weighted() bool {
	return slices.ContainsFunc(t.Members, func(m TrustMember) bool { return m.Weight != t.Members[0].Weight })
}

// threshold is the smallest k such that any k members have a quorum: as many of
// the lightest as it takes. A policy cannot say weights; with this number its
// readers are never laxer than the weights, only stricter.
func (t Trust) threshold() int {
	var weights []int64
	for _, m := range t.Members {
		weights = append(weights, m.Weight)
	}
	slices.Sort(weights)
	var signed int64
	for i, w := range weights {
		if signed += w; exceedsTwoThirds(signed, t.Total()) {
			return i + 1
		}
	}
	return len(weights)
}

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
		return fmt.Errorf("%s: %w", whose, err)
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
		return fmt.Errorf("%.40q has other characters than a-z, 0-9 and inner hyphens, or not 1 to 32", s)
	}
	return nil
}

// checkOrigin accepts a name, a slash and the first 8 bytes of the genesis hash.
// The name may have parts, as in test/demo.
func checkOrigin(origin string) error {
	parts := strings.Split(origin, "/")
	last := parts[len(parts)-1]
	if len(parts) < 2 || len(origin) > maxNameBytes || len(last) != 16 || strings.Trim(last, "0123456789abcdef") != "" {
		return fmt.Errorf("%.80q is not a network's name, a slash and 16 lower-case hexadecimal digits", origin)
	}
	for _, p := range parts[:len(parts)-1] {
		if p == "" || strings.Trim(p, "abcdefghijklmnopqrstuvwxyz0123456789.-") != "" {
			return fmt.Errorf("%.80q: a network's name has a-z, 0-9, dot, hyphen, and parts joined by slashes", origin)
		}
	}
	return nil
}

func checkURL(url string) error {
	if len(url) > maxURLBytes || !strings.HasPrefix(url, "https://") && !strings.HasPrefix(url, "http://") {
		return fmt.Errorf("%.80q is no http or https URL of at most %d bytes", url, maxURLBytes)
	}
	for i := range len(url) {
		if c := url[i]; c <= ' ' || c >= 0x7f || c == '#' {
			return fmt.Errorf("URL %.80q has %q; only printable ASCII without space and # is allowed", url, c)
		}
	}
	return nil
}

// checkRootKey checks the form of a root key; who uses it to check signatures
// checks that an es256 key lies on its curve.
func checkRootKey(key string) error {
	scheme, text, _ := strings.Cut(key, ":")
	if len(text) > base64.StdEncoding.EncodedLen(33) {
		return fmt.Errorf("root key %.80q is too long", key)
	}
	raw, err := parseBase64(text)
	switch {
	case scheme != "ed25519" && scheme != "es256":
		return fmt.Errorf("root key %.80q: only ed25519: and es256: are supported by this version", key)
	case err != nil:
		return fmt.Errorf("root key %.80q: %w", key, err)
	case scheme == "ed25519":
		return checkEd25519(raw)
	case len(raw) != 33 || raw[0] != 2 && raw[0] != 3:
		return fmt.Errorf("root key %.80q is not the 33 bytes of a compressed P-256 point", key)
	}
	return nil
}
