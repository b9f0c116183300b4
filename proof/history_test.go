package proof

import (
	"testing"

	"licet/license"
	"licet/strict"
)

// Members who collude can put any bytes where a record's body belongs, and name
// their hash. No body but an object can carry the member that names the entry.
func TestHistoryWithoutABody(t *testing.T) {
	for _, body := range []string{"", "5", "50", `"text"`, "[1]", "true"} {
		e := license.Recorded{Entry: license.Entry{V: 1, Kind: license.KindPolicy, ID: "us-il", Body: strict.Raw(body), Result: license.HashOf([]byte(body))}}
		if err := checkBody(&e); FlawCode(err) != "history-fold" {
			t.Errorf("body %q: %v", body, err)
		}
	}
}
