package lookup

import (
	"context"
	_ "embed"
	"fmt"
)

//go:embed schema.sql
var schema string

// edition counts the changes of the tables, and of what stands in them. A copy of
// another edition is dropped and made anew from the ledger: nothing is ever
// converted.
const edition = 6

// prepare makes the tables of an empty file, and refuses one of another edition.
func prepare(ctx context.Context, s *session) error {
	var have, tables int
	if err := s.row(ctx, "SELECT user_version, (SELECT count(*) FROM sqlite_schema) FROM pragma_user_version").Scan(&have, &tables); err != nil {
		return err
	}
	switch {
	case have == edition:
		return nil
	case tables > 0:
		return fmt.Errorf("the copy is of edition %d, and this program keeps edition %d", have, edition)
	}
	// One transaction, so that no copy is half made.
	_, err := s.conn.ExecContext(ctx, fmt.Sprintf("BEGIN IMMEDIATE;\n%s\nPRAGMA user_version = %d;\nCOMMIT;", schema, edition))
	return err
}
