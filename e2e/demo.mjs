// The program under test: a node of the demo network, with its home in a
// temporary directory, on a port that was free.

import { execFile, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const readyWithin = 60_000; // milliseconds; founding and the demo's story take a few seconds
const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Starts a demo node and waits until it serves. stop() ends it as Ctrl-C does. */
export async function startDemo() {
  const dir = mkdtempSync(join(tmpdir(), 'licet-e2e-'));
  try {
    const program = process.env.LICET_BIN || build(dir);
    const args = ['up', '--demo', '--home', join(dir, 'home'), '--listen', 'localhost:0'];
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    // Whatever ends the tests, the node does not stay behind.
    const kill = () => child.kill('SIGKILL');
    process.once('exit', kill);
    const node = watch(child);
    const url = await node.url;
    const env = { ...process.env, LICET_HOME: join(dir, 'home'), LICET_SERVER: url, LICET_PASSPHRASE: 'demo passphrase' };
    return {
      url,
      dir,
      key: (name) => join(dir, 'home', 'keys', `${name}.key`),
      /** Runs a command of the program in the demo's home, in a directory of its own. */
      licet: (...args) => promisify(execFile)(program, args, { cwd: dir, env }),
      async stop() {
        child.kill('SIGINT');
        const code = await node.ended;
        process.removeListener('exit', kill);
        rmSync(dir, { recursive: true, force: true });
        if (code !== 0) throw new Error(`licet up ended with ${code}:\n${node.said()}`);
      },
    };
  } catch (err) {
    rmSync(dir, { recursive: true, force: true });
    throw err;
  }
}

/** Builds the program that this tree holds; returns its path. */
function build(dir) {
  const program = join(dir, 'licet');
  execFileSync('go', ['build', '-o', program, './cmd/licet'], { cwd: root, stdio: 'inherit' });
  return program;
}

/** Promises the address at which a node serves, and its exit code. */
function watch(child) {
  let said = '';
  const ended = new Promise((resolve) => child.once('close', resolve));
  const url = new Promise((resolve, reject) => {
    const late = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`licet up did not serve within ${readyWithin / 1000} seconds:\n${said}`));
    }, readyWithin);
    const hear = (text) => {
      said += text;
      const serves = /^Licet serves .* at (http\S+)\n/m.exec(said);
      if (!serves) return;
      clearTimeout(late);
      resolve(serves[1]);
    };
    child.stdout.setEncoding('utf8').on('data', hear);
    child.stderr.setEncoding('utf8').on('data', hear);
    child.once('error', (err) => {
      clearTimeout(late);
      reject(err);
    });
    ended.then((code) => {
      clearTimeout(late);
      reject(new Error(`licet up ended with ${code} before it served:\n${said}`));
    });
  });
  return { url, ended, said: () => said };
}
