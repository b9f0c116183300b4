package answer

import (
	"strconv"
	"strings"

	"licet/internal/contract"
	"licet/internal/ledger"
	"licet/license"
)

// NoticesMax bounds how many notices one answer lists.
const NoticesMax = 100

// A Notice is something that a contract wants a board to be told.
type Notice struct {
	ID string
	license.Notice
	Words string // what the code means, as the contract says it; "" unknown
}

// A NoticePage is a part of what a board has been told, in order of ids.
type NoticePage struct {
	Items []Notice
	Next  string // after which id the next part begins; "" at the end
	AsOf  AsOf
}

// Notices lists notices of contracts to a board, those after an id.
func (r *Registry) Notices(board, after string) (*NoticePage, error) {
	s, err := r.state()
	if err != nil {
		return nil, err
	}
	defer s.Release()
	if ok, err := s.Record(license.KindBoard, board, new(license.Board)); err != nil {
		return nil, err
	} else if !ok {
		return nil, problem("unknown-board", "There is no board %q.", board)
	}
	prefix := board + "/"
	if after != "" && !strings.HasPrefix(after, prefix) {
		return nil, problem("bad-after", "%q is the id of no notice to board %s.", after, board)
	}
	ids, err := s.IDs(license.KindNotice, max(prefix, after), NoticesMax+1)
	if err != nil {
		return nil, err
	}
	p := &NoticePage{AsOf: asOf(s)}
	said := coded{s, map[string]*contract.Manifest{}}
	for _, id := range ids {
		if !strings.HasPrefix(id, prefix) {
			break
		}
		if len(p.Items) == NoticesMax {
			p.Next = p.Items[NoticesMax-1].ID
			break
		}
		n := Notice{ID: id}
		if _, err := s.Record(license.KindNotice, id, &n.Notice); err != nil {
			return nil, err
		}
		if n.Words, err = said.words(&n.Notice); err != nil {
			return nil, err
		}
		p.Items = append(p.Items, n)
	}
	return p, nil
}

// coded reads what codes of contracts mean, each contract once.
type coded struct {
	*ledger.State
	manifests map[string]*contract.Manifest // by name and version
}

func (c *coded) words(n *license.Notice) (string, error) {
	key := n.Contract + " " + strconv.FormatInt(n.Version, 10)
	m, ok := c.manifests[key]
	if !ok {
		var err error
		if m, err = c.manifestOf(n.Contract, n.Version); err != nil {
			return "", err
		}
		c.manifests[key] = m
	}
	if m == nil {
		return "", nil
	}
	return m.CodeWords(n.Code), nil
}

// manifestOf reads the manifest of a version of a contract, whatever its amendment: they
// have the same codes. It is nil when there is none.
func (c *coded) manifestOf(name string, version int64) (*contract.Manifest, error) {
	var k license.Contract
	if _, err := c.Record(license.KindContract, name, &k); err != nil {
		return nil, err
	}
	for _, e := range k.Editions {
		if e.Version != version {
			continue
		}
		o, err := c.Opening(e.Manifest)
		if o == nil || err != nil {
			return nil, err
		}
		return contract.ReadManifest(o.Bytes)
	}
	return nil, nil
}
