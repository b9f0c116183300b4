package importer

// Offset is where the row stands in the file, in bytes.
func (r Row) Offset() int64 { return r.record.offset }

// Text is what the row holds of a kind of opening; nil: nothing.
func (r Row) Text(kind string) []byte {
	for _, t := range r.Texts {
		if t.Kind == kind {
			return t.Bytes
		}
	}
	return nil
}
