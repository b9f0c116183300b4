package cli

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"licet/internal/api"
	"licet/internal/ledgertest"
	"licet/license"
)

// A node whose program takes any signature, and whose members cosign what it writes:
// the audit names the first decision that nobody made, and ends with 1.
func TestAuditOfAForgedStore(t *testing.T) {
	r := ledgertest.NewLax(t)
	mux := http.NewServeMux()
	api.New(api.Backend{Ledger: r, Node: ledgertest.Node{Registry: r}, Bundles: api.LedgerBundles}).Register(mux)
	s := httptest.NewServer(mux)
	defer s.Close()
	audit := func() (int, string) {
		var out, errs strings.Builder
		code := Run(t.Context(), []string{"audit", s.URL, "--dir", t.TempDir()}, strings.NewReader(""), &out, &errs)
		return code, out.String() + errs.String()
	}
	id := r.Issue("041000001", license.Name{Given: "Mara", Family: "Voss"}, "2026-05-31")
	if code, said := audit(); code != exitOK || !strings.Contains(said, "10 signed acts decided again") {
		t.Errorf("an honest log: %d, %s", code, said)
	}
	r.Forged = true
	r.Discipline(id, license.AuthorityBarred, license.OrderDocument{Entity: "Nobody", Text: "Forged."}, "2026-01-10")
	r.Forged = false
	r.Issue("041000002", license.Name{Given: "Jo", Family: "Ito"}, "2026-05-31")
	code, said := audit()
	for _, want := range []string{"ALARM: entry 12 (license.discipline, license " + id, "is false: the signature of officer/us-il/clerk does not hold", "alarm-now.txt"} {
		if code != exitNo || !strings.Contains(said, want) {
			t.Errorf("exit code %d, and it does not say %q:\n%s", code, want, said)
		}
	}
}
