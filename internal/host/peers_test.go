package host

import (
	"slices"
	"strings"
	"testing"
)

func TestPeers(t *testing.T) {
	const id = "0123456789abcdef0123456789abcdef01234567"
	h := open(t, t.TempDir())
	if p, err := h.Peers(); err != nil || p.Listen != "" || p.Nodes != nil {
		t.Fatalf("without a file: %+v, %v", p, err)
	}
	want := Peers{Listen: "0.0.0.0:26656", Nodes: []Peer{{"us-wi", id + "@node.wi.example:26656"}, {"us-mn", id + "@[2001:db8::1]:26656"}}}
	if err := h.SetPeers(want); err != nil {
		t.Fatal(err)
	}
	if got, err := h.Peers(); err != nil || got.Listen != want.Listen || !slices.Equal(got.Nodes, want.Nodes) {
		t.Errorf("read back: %+v, %v", got, err)
	}
	for text, says := range map[string]string{
		"listen 0.0.0.0":                                     "line 1",
		"# here\nlisten a:1\nlisten b:2":                     "line 3: a second listen",
		"listen a:1\n\nus-wi node.example:1":                 "line 3: \"node.example:1\" is no node",
		"us-wi " + id + "@wi.example:1":                      "no line \"listen",
		"listen a:1 b":                                       "line 1: write",
		"listen a:1\nus-wi " + strings.ToUpper(id) + "@wi:1": "line 2",
	} {
		if _, err := parsePeers(text); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v, not %q", text, err, says)
		}
	}
}
