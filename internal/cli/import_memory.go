package cli

import (
	"fmt"
	"iter"
	"net/url"
	"os"
	"path/filepath"
	"slices"

	"licet/internal/importer"
	"licet/license"
	"licet/proof"
	"licet/strict"
)

// knownBefore is what an import knows of those before it, and keeps for the next.
type knownBefore struct {
	origin string
	begin  int64   // entries of the log when it began
	own    []int64 // entries that it made
	day    license.Day
	memory *importer.Memory
	draft  *importer.Draft
}

func (k *knownBefore) close() {
	if k.memory != nil {
		_ = k.memory.Close()
	}
	if k.draft != nil {
		k.draft.Drop()
	}
}

// refused takes a license of which a row was refused when it was sent.
func (k *knownBefore) refused(id string) {
	if k.draft != nil {
		k.draft.Forget(id)
	}
}

// lookBack finds out what earlier imports left, in the registry and in the memory.
func (r *importRun) lookBack(m *importer.Mapping, opts *importer.Options) (err error) {
	k := &r.known
	if k.origin, k.begin, err = r.position(); err != nil {
		return err
	}
	if opts.Newest, err = r.newestFile(m); err != nil {
		return err
	}
	opts.Copied = r.copiedLicenses(m.Board.ID)
	opts.Dated = func(d license.Day) { k.day = d }
	path := r.memoryPath(m)
	if path == "" {
		return nil
	}
	if err := r.openMemory(path, m.Board.ID, opts); err != nil {
		return err
	}
	if r.DryRun || r.ForceOlder { // what an older file says is not the last word
		return nil
	}
	if k.draft, err = importer.NewDraft(path); err != nil {
		fmt.Fprintf(r.stderr, "What is imported cannot be remembered, so that the next file takes as long as this one: %v\n", err)
		k.draft = nil
	}
	opts.Draft = k.draft
	return nil
}

// memoryPath names the file of the memory, "" where there is no place for one.
func (r *importRun) memoryPath(m *importer.Mapping) string {
	if r.Memory != "" {
		return r.Memory
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	return filepath.Join(cache, "licet", url.PathEscape(r.known.origin), m.MemoryName())
}

// openMemory opens the memory, if it is of this network and this log.
func (r *importRun) openMemory(path, board string, opts *importer.Options) error {
	m, why := importer.OpenMemory(path)
	if why != nil {
		fmt.Fprintf(r.stderr, "All rows are compared with the registry: %v\n", why)
	}
	if m == nil {
		return nil
	}
	r.known.memory = m
	ok, err := r.remembers(m.Mark)
	if err != nil || !ok {
		return err
	}
	opts.Memory, opts.Newest = m, max(opts.Newest, m.Mark.Day)
	opts.Changed, err = r.changedSince(m.Mark.Size, board)
	return err
}

// remembers says whether a memory is of this network's log: the last entry that it
// knows stands where it stood.
func (r *importRun) remembers(m importer.Mark) (bool, error) {
	if m.Origin != r.known.origin || m.Size < 1 || m.Size > r.known.begin {
		return false, nil
	}
	h, err := r.entryHash(m.Size - 1)
	return h == m.Last, err
}

func (e *env) entryHash(index int64) (string, error) {
	b, err := e.get(fmt.Sprintf("/v1/entries/%d", index))
	return license.LeafHash(b).String(), err
}

// position returns which network this is, and how long its log is.
func (e *env) position() (string, int64, error) {
	var network struct {
		Origin string `json:"origin"`
		Size   int64  `json:"size"`
	}
	err := e.getJSON("/v1/network", &network)
	return network.Origin, network.Size, err
}

// newestFile returns the day of the newest file from which the registry holds
// licenses that the mapping describes, "" when it holds none.
func (e *env) newestFile(m *importer.Mapping) (newest license.Day, err error) {
	var files struct {
		Items []struct {
			Profession string      `json:"profession"`
			Day        license.Day `json:"day"`
		} `json:"items"`
	}
	err = e.getJSON("/v1/boards/"+idPath(m.Board.ID)+"/files", &files)
	if notThere(err) {
		return "", nil
	}
	for _, f := range files.Items {
		if slices.ContainsFunc(m.Profession, func(p importer.ProfessionRules) bool { return m.Board.ID+"."+p.ID == f.Profession }) {
			newest = max(newest, f.Day)
		}
	}
	return newest, err
}

// copiedLicenses lists the licenses of a board that were copied from rosters.
func (e *env) copiedLicenses(board string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for after := ""; ; {
			var part struct {
				Licenses []string `json:"licenses"`
				Next     string   `json:"next"`
			}
			err := e.getJSON("/v1/boards/"+idPath(board)+"/copied?"+url.Values{"after": {after}}.Encode(), &part)
			if notThere(err) {
				return
			}
			if err != nil {
				yield("", err)
				return
			}
			for _, id := range part.Licenses {
				if !yield(id, nil) {
					return
				}
			}
			if after = part.Next; after == "" {
				return
			}
		}
	}
}

// changedSince returns the licenses of a board about which there are entries from an
// index on.
func (r *importRun) changedSince(from int64, board string) (map[string]bool, error) {
	changed := map[string]bool{}
	for n := from / proof.TileWidth; n*proof.TileWidth < r.known.begin; n++ {
		entries, err := r.entryBundle(r.known.begin, n)
		if err != nil {
			return nil, err
		}
		for i, b := range entries {
			if n*proof.TileWidth+int64(i) < from {
				continue
			}
			id, err := licenseOf(b, board)
			if err != nil {
				return nil, err
			}
			if id != "" {
				changed[id] = true
			}
		}
	}
	return changed, nil
}

// licenseOf returns which license of a board an entry is about, in whatever way.
func licenseOf(entry []byte, board string) (string, error) {
	var e license.Entry
	if err := strict.Decode(entry, &e, license.EntryBytesMax); err != nil {
		return "", fmt.Errorf("an entry cannot be read: %w", err)
	}
	id, err := license.ParseID(e.ID)
	if err != nil || id.Board != board {
		return "", nil
	}
	return e.ID, nil
}

// remember keeps what was imported for the next import. That it cannot is no failure
// of this one.
func (r *importRun) remember(m *importer.Mapping) {
	if r.known.draft == nil {
		return
	}
	err := r.keep(m)
	r.known.draft = nil
	if err != nil {
		fmt.Fprintf(r.stderr, "What was imported cannot be remembered, so that the next file takes as long as this one: %v\n", err)
	}
}

func (r *importRun) keep(m *importer.Mapping) error {
	k := &r.known
	defer k.draft.Drop()
	_, end, err := r.position()
	if err != nil {
		return err
	}
	if err := r.forgetOthers(m.Board.ID, end); err != nil {
		return err
	}
	mark := importer.Mark{Origin: k.origin, Mapping: m.Digest(), Day: k.day, Size: end}
	if mark.Last, err = r.entryHash(end - 1); err != nil {
		return err
	}
	return k.draft.Keep(mark)
}

// forgetOthers has the rows compared again of licenses about which somebody else
// recorded something while this import ran.
func (r *importRun) forgetOthers(board string, end int64) error {
	slices.Sort(r.known.own)
	next := r.known.begin
	for _, own := range append(r.known.own, end) {
		for ; next < own; next++ {
			b, err := r.get(fmt.Sprintf("/v1/entries/%d", next))
			if err != nil {
				return err
			}
			id, err := licenseOf(b, board)
			if err != nil {
				return err
			}
			if id != "" {
				r.known.draft.Forget(id)
			}
		}
		next = own + 1
	}
	return nil
}
