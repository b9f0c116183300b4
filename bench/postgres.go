package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// The peer PostgreSQL: a server of its own in a new directory, with the settings
// that initdb writes (every commit is synced), reached over a Unix socket on one
// connection. It takes batches of 500 rows, each batch a transaction.

const peerBatchRows = 500

type postgres struct {
	cmd *exec.Cmd
	dir string
	end func()
}

// startPostgres starts a server; nil, and says so, where there is none.
func startPostgres(b *bench) *postgres {
	bin, err := postgresPrograms()
	if err != nil {
		fmt.Printf("  peer PostgreSQL skipped: %v\n", err)
		return nil
	}
	as, err := unprivileged()
	if err != nil {
		fmt.Printf("  peer PostgreSQL skipped: %v\n", err)
		return nil
	}
	p := &postgres{dir: b.store("postgres")}
	check(os.Mkdir(p.dir, 0o700))
	if as != nil { // who may not read what else the bench makes
		check(os.Chmod(b.dir, 0o711))
		check(os.Chown(p.dir, int(as.Uid), int(as.Gid)))
	}
	data := filepath.Join(p.dir, "data")
	command := func(name string, args ...string) *exec.Cmd {
		c := exec.Command(filepath.Join(bin, name), args...)
		c.Dir, c.SysProcAttr = p.dir, &syscall.SysProcAttr{Credential: as}
		return c
	}
	if text, err := command("initdb", "-D", data, "-A", "trust", "-U", "bench", "-E", "UTF8", "--no-locale").CombinedOutput(); err != nil {
		fmt.Printf("  peer PostgreSQL skipped: initdb: %v\n%s", err, text)
		return nil
	}
	p.cmd = command("postgres", "-D", data, "-k", p.dir, "-c", "listen_addresses=")
	var said bytes.Buffer
	p.cmd.Stdout, p.cmd.Stderr = &said, &said
	p.end = start(p.cmd)
	if err := p.wait(); err != nil {
		p.stop()
		panic(fmt.Sprintf("PostgreSQL: %v\n%s", err, said.Bytes()))
	}
	return p
}

// postgresPrograms returns where initdb and postgres are.
func postgresPrograms() (dir string, err error) {
	path, err := exec.LookPath("initdb")
	if err != nil {
		return "", errors.New("initdb and postgres are not in the path")
	}
	if path, err = filepath.EvalSymlinks(path); err != nil {
		return "", err
	}
	return filepath.Dir(path), nil
}

// unprivileged is who runs the server when the bench runs as root, whom it refuses;
// nil: whoever runs the bench.
func unprivileged() (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return nil, errors.New("it does not run as root, and there is no user postgres")
	}
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, err
}

func (p *postgres) connect(ctx context.Context) (*pgx.Conn, error) {
	return pgx.Connect(ctx, "host="+p.dir+" user=bench database=postgres")
}

func (p *postgres) wait() (err error) {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	for ctx.Err() == nil {
		var c *pgx.Conn
		if c, err = p.connect(ctx); err == nil {
			return c.Close(ctx)
		}
		time.Sleep(50 * time.Millisecond)
	}
	return err
}

// stop ends the server as "pg_ctl stop -m fast" does.
func (p *postgres) stop() {
	check(p.cmd.Process.Signal(os.Interrupt))
	_ = p.cmd.Wait()
	p.end()
	check(os.RemoveAll(p.dir))
}

// The tables hold what a record and its entries tell, in the columns that a board's
// database would have, with their primary keys and no other index. Commitments,
// salts and hashes have no place there. Lists, which are mostly of one row, are jsonb.
const (
	peerTables = `
CREATE TABLE license (
	id text PRIMARY KEY, board text NOT NULL, profession text NOT NULL, number text NOT NULL,
	licensee text NOT NULL, subject text NOT NULL, issued date, copied date,
	name jsonb, city text, state text, zip text,
	terms jsonb, lifecycles jsonb, orders jsonb
);
CREATE TABLE history (
	license text NOT NULL, seq integer NOT NULL, recorded timestamptz NOT NULL, act text NOT NULL, effective date,
	file bytea, file_row bigint, file_day date, importer text, changes jsonb NOT NULL,
	PRIMARY KEY (license, seq)
)`
	peerLicense = "INSERT INTO license VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)"
	peerHistory = "INSERT INTO history VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"

	peerLicenseColumns = 15
	peerHistoryColumns = 10
)

// take has the rows of a file inserted, and says how long that took and how many
// they were.
func (p *postgres) take(file string) (took time.Duration, licenses, history int) {
	ctx := context.Background()
	c := must(p.connect(ctx))
	defer func() { check(c.Close(ctx)) }()
	must(c.Exec(ctx, peerTables))
	rows := openRows(file)
	defer rows.close()
	began, said := time.Now(), time.Now()
	for {
		var batch pgx.Batch
		for batch.Len() < peerBatchRows {
			fields := rows.next()
			if fields == nil {
				break
			}
			if len(fields) == peerLicenseColumns {
				licenses++
				batch.Queue(peerLicense, fields...)
			} else {
				history++
				batch.Queue(peerHistory, fields...)
			}
		}
		if batch.Len() == 0 {
			return time.Since(began), licenses, history
		}
		check(c.SendBatch(ctx, &batch).Close())
		if time.Since(said) > sayEvery {
			said = time.Now()
			fmt.Printf("    PostgreSQL has %d rows\n", licenses+history)
		}
	}
}
