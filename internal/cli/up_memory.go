package cli

import (
	"os"
	"runtime/debug"
)

// boundMemory keeps a node that takes in a large file from growing to twice what it
// holds: the runtime is asked to collect garbage sooner rather than to hold more.
// What the store's caches and SQLite take from C comes on top. GOMEMLIMIT in the
// environment says another bound.
func boundMemory() {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryWanted)
	}
}
