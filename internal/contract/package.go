package contract

import (
	"crypto/sha256"
	"fmt"

	"licet/lex"
	"licet/license"
	"licet/strict"
)

// A Package is a contract that was found to be sound. It may be run by several
// goroutines at once.
type Package struct {
	Manifest   Manifest
	Parameters Parameters
	Source     []byte
	Hash       license.Hash // what boards sign

	program *lex.Program
	off     map[string]bool // functions that rest on something unconfirmed
}

// Parts are a contract's texts, as they are hashed and stored.
type Parts struct {
	Manifest   []byte // in the one writing
	Parameters []byte // likewise; empty: none
	Source     []byte
}

// HashOf returns the hash by which boards adopt a contract:
// SHA-256("licet/contract/1" ‖ 0 ‖ the manifest's bytes). The manifest names the hashes of
// all else.
func HashOf(manifest []byte) license.Hash {
	h := sha256.New()
	h.Write([]byte("licet/contract/1\x00"))
	h.Write(manifest)
	return license.Hash(h.Sum(nil))
}

// Seal puts the hashes of the other texts into the manifest, and returns all as they
// are stored.
func Seal(m Manifest, ps Parameters, source []byte) Parts {
	var p Parts
	m.Source, m.Parameters = license.HashOf(source), license.Hash{}
	if len(ps.Rows) > 0 {
		p.Parameters = strict.Encode(&ps)
		m.Parameters = license.HashOf(p.Parameters)
	}
	p.Manifest, p.Source = strict.Encode(&m), source
	return p
}

// ReadManifest reads a manifest in the one writing, and nothing else of its contract.
func ReadManifest(b []byte) (*Manifest, error) {
	m := new(Manifest)
	if err := strict.Decode(b, m, ManifestBytesMax); err != nil {
		return nil, fmt.Errorf("manifest: %w", err)
	}
	return m, nil
}

// Parse reads a contract from its parts, and refuses what Check refuses.
func Parse(parts Parts) (*Package, error) {
	p := &Package{Source: parts.Source, Hash: HashOf(parts.Manifest)}
	if err := strict.Decode(parts.Manifest, &p.Manifest, ManifestBytesMax); err != nil {
		return nil, fmt.Errorf("manifest: %w", err)
	}
	if p.Manifest.Source != license.HashOf(parts.Source) {
		return nil, fmt.Errorf("the source is not the one that the manifest names")
	}
	if p.Manifest.Parameters != (license.Hash{}) || len(parts.Parameters) > 0 {
		if p.Manifest.Parameters != license.HashOf(parts.Parameters) {
			return nil, fmt.Errorf("the parameters are not those that the manifest names")
		}
		if err := strict.Decode(parts.Parameters, &p.Parameters, ParametersBytesMax); err != nil {
			return nil, fmt.Errorf("parameters: %w", err)
		}
		if len(p.Parameters.Rows) == 0 { // else one contract would have two hashes
			return nil, fmt.Errorf("the parameters are empty: a contract without any names none")
		}
	}
	if problems := p.check(); len(problems) > 0 {
		return nil, problems[0]
	}
	return p, nil
}

// Parts returns the texts of the package as they are stored.
func (p *Package) Parts() Parts { return Seal(p.Manifest, p.Parameters, p.Source) }

// IsOff says whether a hook is switched off on a network because it, a function that it
// calls, or a parameter that these read is unconfirmed. Test networks run all.
func (p *Package) IsOff(h *Hook, origin string) bool {
	return p.off[h.Function] && !isTest(origin)
}

// RestsOnUnconfirmed says whether a function, or what it calls or reads, is unconfirmed.
func (p *Package) RestsOnUnconfirmed(function string) bool { return p.off[function] }

// Hooks returns the hooks that answer something, in the order of the manifest.
func (p *Package) Hooks(kind, name string) (hs []*Hook) {
	for i := range p.Manifest.Hooks {
		if h := &p.Manifest.Hooks[i]; h.Kind == kind && h.answers(name) {
			hs = append(hs, h)
		}
	}
	return hs
}

func (h *Hook) answers(name string) bool {
	for _, a := range h.Answers {
		if a == name {
			return true
		}
	}
	return false
}

// Lines returns the lines of the source on which rules stand.
func (p *Package) Lines() []int { return p.program.Lines() }

// Returns says whether every way through a function of the source ends with a return.
func (p *Package) Returns(function string) bool { return p.program.Returns(function) }
