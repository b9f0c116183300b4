package host

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"strings"
)

// Peers say where a node listens for other members' nodes, and where those are.
// They are the operator's to change, in the file "peers" of the home; the next start
// reads it. A node is known by its ID, which is made of its key: a wrong address
// reaches nobody else.
type Peers struct {
	Listen string // host:port; "": a network of one, which listens to nobody else
	Nodes  []Peer
}

// A Peer is another member's node.
type Peer struct {
	Member  string // whose it is
	Address string // ID@host:port
}

const (
	peersFile     = "peers"
	peersBytesMax = 256 << 10
	peersHead     = `# Where this node listens for other members' nodes, and where theirs are:
#   listen HOST:PORT
#   MEMBER ID@HOST:PORT
# It is read at the node's start.
`
)

// Peers reads the home's file; when there is none, there are no peers.
func (h *Home) Peers() (Peers, error) {
	b, err := os.ReadFile(h.Path(peersFile))
	if errors.Is(err, fs.ErrNotExist) {
		return Peers{}, nil
	}
	if err != nil {
		return Peers{}, err
	}
	if len(b) > peersBytesMax {
		return Peers{}, fmt.Errorf("%s has more than %d bytes", h.Path(peersFile), peersBytesMax)
	}
	p, err := parsePeers(string(b))
	if err != nil {
		err = fmt.Errorf("%s, %w", h.Path(peersFile), err)
	}
	return p, err
}

// SetPeers writes the home's file.
func (h *Home) SetPeers(p Peers) error {
	var b strings.Builder
	b.WriteString(peersHead)
	if p.Listen != "" {
		fmt.Fprintf(&b, "listen %s\n", p.Listen)
	}
	for _, n := range p.Nodes {
		fmt.Fprintf(&b, "%s %s\n", n.Member, n.Address)
	}
	return writeWhole(h.Path(peersFile), []byte(b.String()))
}

func parsePeers(text string) (p Peers, err error) {
	line := 0
	for l := range strings.Lines(text) {
		line++
		l, _, _ = strings.Cut(l, "#")
		words := strings.Fields(l)
		switch {
		case len(words) == 0:
			continue
		case len(words) != 2:
			err = errors.New(`write "listen HOST:PORT" or "MEMBER ID@HOST:PORT"`)
		case words[0] == "listen" && p.Listen != "":
			err = errors.New("a second listen; a node listens at one address")
		case words[0] == "listen":
			_, _, err = net.SplitHostPort(words[1])
			p.Listen = words[1]
		default:
			_, err = parsePeer(words[1])
			p.Nodes = append(p.Nodes, Peer{words[0], words[1]})
		}
		if err != nil {
			return Peers{}, fmt.Errorf("line %d: %w", line, err)
		}
	}
	if len(p.Nodes) > 0 && p.Listen == "" {
		return Peers{}, errors.New(`there are nodes of others, and no line "listen HOST:PORT"`)
	}
	return p, nil
}

// parsePeer returns host:port of ID@host:port.
func parsePeer(s string) (string, error) {
	id, address, ok := strings.Cut(s, "@")
	if !ok || len(id) != 40 || strings.Trim(id, "0123456789abcdef") != "" {
		return "", fmt.Errorf("%q is no node; write ID@HOST:PORT, the ID 40 lower-case hex digits", s)
	}
	if _, _, err := net.SplitHostPort(address); err != nil {
		return "", fmt.Errorf("%q: %w", s, err)
	}
	return address, nil
}
