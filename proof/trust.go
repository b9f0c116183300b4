package proof

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"sort"
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
			t.Logs = append(t.Logs, LogVKey(origin, m.Log))
		}
	}
	slices.Sort(t.Logs)
	// sort.Slice is one routine for all types; slices.SortFunc makes one for each,
	// which browsers would load.
	sort.Slice(t.Members, func(i, j int) bool { return t.Members[i].Name < t.Members[j].Name })
	sort.Slice(t.Boards, func(i, j int) bool { return t.Boards[i].ID < t.Boards[j].ID })
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
	sort.Slice(weights, func(i, j int) bool { return weights[i] < weights[j] })
	var signed int64
	for i, w := range weights {
		if signed += w; exceedsTwoThirds(signed, t.Total()) {
			return i + 1
		}
	}
	return len(weights)
}
