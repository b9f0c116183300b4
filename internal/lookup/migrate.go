package lookup

import (
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
)

//go:embed migrations/*.sql
var migrations embed.FS

// migrate brings the copy to the newest edition of its tables. PRAGMA
// user_version counts the migrations that were applied, in the order of their names.
func migrate(db *sql.DB) error {
	files, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return err
	}
	var done int
	if err := db.QueryRow("PRAGMA user_version").Scan(&done); err != nil {
		return err
	}
	if done > len(files) {
		return fmt.Errorf("the copy was made by a newer program: it has edition %d, this one knows %d", done, len(files))
	}
	for i := done; i < len(files); i++ {
		if err := apply(db, files[i], i+1); err != nil {
			return fmt.Errorf("%s: %w", files[i], err)
		}
	}
	return nil
}

func apply(db *sql.DB, file string, edition int) error {
	text, err := migrations.ReadFile(file)
	if err != nil {
		return err
	}
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // after Commit it does nothing
	if _, err := tx.Exec(string(text)); err != nil {
		return err
	}
	if _, err := tx.Exec(fmt.Sprintf("PRAGMA user_version = %d", edition)); err != nil {
		return err
	}
	return tx.Commit()
}
