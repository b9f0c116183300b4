package host

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"licet/internal/keys"
	"licet/internal/node"
	"licet/license"
	"licet/proof"
)

// cosignKeysMax is how many checkpoint keys a home holds, with those that were replaced.
const cosignKeysMax = 64

// cosignName names a checkpoint key of the home, counted from 1.
func cosignName(n int) string {
	if n == 1 {
		return keyCosign
	}
	return fmt.Sprintf("%s-%d", keyCosign, n)
}

// cosigners reads the node's checkpoint keys, the oldest first. While one is being
// replaced there are two, and the member set says which signs.
func (h *Home) cosigners() (cs []proof.Cosigner, err error) {
	for n := 1; n <= cosignKeysMax; n++ {
		k, err := keys.Load(h.KeyPath(cosignName(n)), nil)
		if n > 1 && errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		c, err := cosignerOf(k)
		if err != nil {
			return nil, err
		}
		cs = append(cs, c)
	}
	return cs, nil
}

// NodeOf says which member's node a home is of.
func NodeOf(dir string) (member string, err error) {
	h := Home{Dir: dir}
	f, err := keys.Inspect(h.KeyPath(keyCosign))
	if err != nil {
		return "", err
	}
	if _, err := fmt.Sscanf(f.For, "cosign %s", &member); err != nil {
		return "", fmt.Errorf("%s is a key for %q, not for cosigning", f.Path, f.For)
	}
	return member, nil
}

// Rotate makes new keys in the home of a member's node, also while the node runs, and
// returns the member as it would stand with them. The old keys stay, and go on deciding
// until the members have put the new ones into the set.
func Rotate(dir string, m license.Member, checkpoint, engine bool) (license.Member, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return m, err
	}
	h := Home{Dir: dir}
	if checkpoint {
		k, err := keys.Generate("cosign "+m.ID, time.Now())
		if err != nil {
			return m, err
		}
		path, err := h.newCosignPath()
		if err != nil {
			return m, err
		}
		c, err := cosignerOf(k)
		if err != nil {
			return m, err
		}
		if err := keys.SavePlain(path, k); err != nil {
			return m, err
		}
		m.Cosign = c.VKey().String()
	}
	if engine {
		public, err := node.NewEngineKey(h.Path("engine"))
		if err != nil {
			return m, err
		}
		m.Validator = base64.StdEncoding.EncodeToString(public)
	}
	return m, nil
}

func (h *Home) newCosignPath() (string, error) {
	for n := 2; n <= cosignKeysMax; n++ {
		path := h.KeyPath(cosignName(n))
		if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
			return path, nil
		}
	}
	return "", fmt.Errorf("%s holds %d checkpoint keys; move those away that no member set names any more", h.Path("keys"), cosignKeysMax)
}
