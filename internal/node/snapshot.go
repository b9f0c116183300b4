package node

// A Snapshot is a state that a new node can take over.
type Snapshot struct {
	Height   int64
	Format   uint32
	Chunks   uint32   // each at most 4 MiB: the engine's limit is 16 MB a message
	Hash     [32]byte // over the chunks' hashes
	Metadata []byte   // the chunks' SHA-256 one after the other, and what else is needed
}

// Snapshots is what a Machine has besides when its state can be carried to a new node.
type Snapshots interface {
	// Snapshots are the complete ones, newest first.
	Snapshots() []Snapshot
	Chunk(height int64, format, chunk uint32) ([]byte, error)
	// Restore begins to take over a snapshot, over an empty store. appHash is what was proved of it
	// before: Finish refuses a state that has another.
	Restore(s Snapshot, appHash [32]byte) (Restoring, error)
}

// A Restoring is a snapshot on its way into an empty store.
type Restoring interface {
	// Apply takes one chunk and checks its hash. A wrong one is an error that names it, and the chunk
	// may be given again.
	Apply(chunk uint32, data []byte) error
	// Finish checks everything after the last chunk: the log's root, the map's root, the app hash,
	// and openings against commitments. Only afterwards does the store count as begun.
	Finish() (Head, error)
	Abandon() error
}
