// Package demo founds the network test/demo, tells it a small history and copies
// a synthetic roster into it, so that a newcomer has something to look at. Every
// name in it is made up.
package demo

import (
	"crypto/rand"
	"encoding/hex"
	"time"

	"licet/internal/keys"
	"licet/license"
)

// Names of the demo network.
const (
	Network    = "test/demo"
	MemberID   = "idfpr-demo"
	MemberName = "Illinois Department of Financial and Professional Regulation (demo)"
	Board      = "us-il"
	Clerk      = "us-il/demo-clerk"
	Director   = "us-il/demo-director"

	// Passphrase opens every key of the demo. It is printed, and no secret.
	Passphrase = "demo passphrase"
)

// historyDays is how long ago the demo's history begins; issuedAgo, how long ago
// most licenses came in. A nurse's whole term lies in between.
const (
	historyDays = 800
	issuedAgo   = 790
)

// Offset is the offset of legal time with which the demo begins: negative, so that
// its history lies in the past. The history ends with offset zero.
const Offset = -historyDays * 86400

// Passphrases answers with the demo's passphrase.
func Passphrases() keys.Passphrases {
	return keys.Passphrases{
		Getenv: func(string) string { return "" },
		Ask:    func(string) (string, error) { return Passphrase, nil },

		Published: true,
	}
}

// Acts are the acts of the founding payload: the board, its calendar, professions,
// officers and policy.
func Acts(root, clerk, director keys.Key) []license.Act {
	coverage := &license.Coverage{IssuedFrom: "1998-01-01"}
	return []license.Act{
		&license.BoardCreate{
			Board: Board, Name: MemberName, Member: MemberID, Jurisdiction: "us-il", Root: string(root.Public),
			Audiences: audiences(),
		},
		&license.BoardCalendar{Board: Board, Rows: license.CentralTime()},
		&license.BoardProfession{Profession: physician, Title: "Physician and surgeon", Pattern: "036######", Coverage: coverage},
		&license.BoardProfession{Profession: nurse, Title: "Registered professional nurse", Pattern: "041######", Coverage: coverage},
		&license.BoardProfession{Profession: registrant, Title: "Digital asset registrant", Pattern: "DA-######", Coverage: coverage},
		&license.BoardProfession{Profession: branch, Title: "Branch of a digital asset registrant", Pattern: "DA-######-##", Coverage: coverage},
		&license.OfficerAppoint{Officer: Clerk, Title: "Licensing clerk (demo)", Key: string(clerk.Public), Roles: []string{"clerk"}},
		&license.OfficerAppoint{Officer: Director, Title: "Director (demo)", Key: string(director.Public), Roles: []string{"director"}},
		&license.PolicySet{Board: Board, Rules: Policy()},
	}
}

// audiences let everybody see what the demo says of its made-up people.
func audiences() (as []license.Audience) {
	for _, k := range []string{license.OpeningName, license.OpeningCity, license.OpeningState, license.OpeningOrder, license.OpeningFact} {
		as = append(as, license.Audience{Kind: k, Who: license.AudiencePublic})
	}
	return as
}

// Policy is the demo board's: severe acts take two officers, one of them a
// director; daily work takes one. The first rule that covers an act counts.
func Policy() []license.Rule {
	both := []string{"clerk", "director"}
	return []license.Rule{
		{
			Acts: []string{
				"license.discipline", "license.stay", "license.unstay", "license.lift", "license.void",
				"license.correct", "license.seal", "license.surrender", "privilege.discipline", "privilege.lift",
			},
			From: both, Signers: 2, Roles: []license.RoleNeed{{Role: "director", Count: 1}},
		},
		{Acts: []string{"officer.suspend"}, From: []string{"director"}, Signers: 1},
		{Acts: []string{"license.*", "licensee.*", "privilege.*", "fact.*"}, From: both, Signers: 1},
	}
}

const (
	physician  = Board + ".physician"
	nurse      = Board + ".nurse"
	registrant = Board + ".digital-asset-registrant"
	branch     = Board + ".digital-asset-branch"
)

// randomID draws the id of a licensee or an order.
func randomID() string {
	b := make([]byte, 16)
	_, _ = rand.Read(b) // it never fails: it ends the process first
	return hex.EncodeToString(b)
}

func opening(kind string, content []byte) (license.Opening, license.OpeningRef) {
	o := license.Opening{Kind: kind, Salt: make([]byte, license.SaltBytes), Bytes: content}
	_, _ = rand.Read(o.Salt)
	return o, license.OpeningRef{Kind: kind, Commitment: o.Commit()}
}

// A calendarDay helps to write dates that are always the same time ago.
type calendarDay struct{ today time.Time }

// ago returns the day n days before today.
func (c calendarDay) ago(n int) license.Day { return license.Day(c.today.Format("2006-01-02")).Add(-n) }

// renewal returns the first day from today on, of this month and day, in a year
// that the cycle reaches; cycles back give earlier ones.
func (c calendarDay) renewal(month time.Month, day, phase, years, cycles int) license.Day {
	y := c.today.Year()
	for (y-phase)%years != 0 || time.Date(y, month, day, 23, 0, 0, 0, time.UTC).Before(c.today) {
		y++
	}
	return license.Day(time.Date(y+cycles*years, month, day, 0, 0, 0, 0, time.UTC).Format("2006-01-02"))
}
