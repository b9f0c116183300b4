// Licet's pages as people use them: by keyboard, without scripts, on a narrow
// screen, with a screen reader's needs checked by axe-core.

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { checkPage, checkReading, launch, openTab, tabTo } from './browser.mjs';
import { startDemo } from './demo.mjs';

const day = 86_400_000; // milliseconds
const board = 'America/Chicago'; // where the demo's board keeps its calendar

let demo;
let browser;
const tabs = new Map(); // with scripts and without

before(async () => {
  demo = await startDemo();
  await tellMore();
  browser = await launch();
  for (const scripts of [true, false]) tabs.set(scripts, await openTab(browser, demo.url, { scripts }));
});

after(async () => {
  await browser?.close();
  await demo?.stop();
});

/** Records what the demo's own story does not have: namesakes, and an order on a license that nothing is told of. */
async function tellMore() {
  const clerk = ['--key', demo.key('officer-us-il-demo-clerk')];
  const member = ['--key', demo.key('member-idfpr-demo-root')];
  for (const number of ['041000901', '041000902']) {
    await demo.licet('license', 'issue', `us-il.nurse.${number}`, '--family', 'Namesake', '--given', 'Nora', '--city', 'Cairo', '--through', '2098-05-31', ...clerk);
  }
  const [, alert] = /^-- alert\.json --\n([^]*?)(?=^-- |$(?![^]))/m.exec(readFileSync(alerts, 'utf8'));
  writeFileSync(join(demo.dir, 'alert.json'), alert);
  await demo.licet('board', 'create', 'us-ca', '--import', '--name', 'Medical Board of California', '--member', 'idfpr-demo', '--root', member[1], '--public', 'name', '--public', 'order', ...member);
  await demo.licet('board', 'profession', 'us-ca.physician', '--title', 'Physician and surgeon', '--pattern', '@##***', ...member, '--as', 'board/us-ca');
  await demo.licet('act', 'draft', 'alert.json', '-o', 'alert');
  await demo.licet('act', 'sign', 'alert', ...member, '--as', 'board/us-ca');
  await demo.licet('act', 'submit', 'alert');
  await tellContract(clerk, member);
}

/** Adopts a contract that suspends a license when it is issued, and issues one; and one that fails until it is suspended. */
async function tellContract(clerk, member) {
  const root = ['--key', demo.key('board-us-il-root')];
  const { rules } = JSON.parse((await demo.licet('rules', 'show', '--json')).stdout);
  if (rules < 2) {
    await demo.licet('rules', 'adopt', '2', '--in', '5', ...member);
    for (let i = 0; i < 5; i++) await demo.licet('clock', 'advance', '--by', '1s', ...member);
  }
  const contracts = { first: [manifest, rule], faulty: [faultyManifest, faultyRule] };
  for (const [name, [toml, star]] of Object.entries(contracts)) {
    mkdirSync(join(demo.dir, name));
    writeFileSync(join(demo.dir, name, 'contract.toml'), toml);
    writeFileSync(join(demo.dir, name, 'rules.star'), star);
    await demo.licet('contract', 'adopt', name, '--board', 'us-il', '--yes', '--untested', ...root);
  }
  await demo.licet('license', 'issue', 'us-il.physician.036000901', '--family', 'Rule', '--given', 'Robin', '--through', '2098-07-31', '--route', 'trial', ...clerk);
  for (const n of [1, 2, 3, 4, 5]) {
    await demo.licet('license', 'issue', `us-il.nurse.04100095${n}`, '--family', 'Fault', '--given', 'Fay', '--through', '2098-05-31', '--route', 'faulty', ...clerk);
  }
}

const faultyManifest = `name = "faulty"
version = 1
title = "A rule that fails"
language = "lex/1"

[[role]]
role = "board"
words = "Whoever licenses nurses."
professions = ["nurse"]

[[hook]]
kind = "on"
answers = ["license.issue"]
function = "first_fact"

[function.first_fact]
citation = "Trial Act 8"
words = "It asks for a fact that is not there."
unconfirmed = true
`;

const faultyRule = `def first_fact(ctx, act):
    if act.route != "faulty":
        return []
    return [set_lifecycle(act.license, "inactive", facts(act.license, "none")[0].day)]
`;

const manifest = `name = "first-days"
version = 1
title = "The first days of a trial"
language = "lex/1"

[[role]]
role = "board"
words = "Whoever licenses physicians."
professions = ["physician"]

[[hook]]
kind = "on"
answers = ["license.issue"]
function = "trial"

[function.trial]
citation = "Trial Act 7"
words = "Who is licensed for a trial begins after ten days."
unconfirmed = true
`;

const rule = `def trial(ctx, act):
    if act.route != "trial":
        return []
    return [impose(act.license, "first", "barred", "summary-suspension", ctx.today, until = ctx.today + 9)]
`;

/** The order on a license that its file does not describe, as cmd/licet's story of it has it. */
const alerts = new URL('../cmd/licet/testdata/script/alerts.txtar', import.meta.url);

/** Opens a path in a tab, and hands the tab to a test. */
async function visit(path, scripts, status, use) {
  const tab = tabs.get(scripts);
  tab.faults = [];
  const answer = await tab.goto(path);
  assert.equal(answer.status(), status);
  await use(tab);
  assert.deepEqual(tab.faults, []);
}

const license = (id) => `/licenses/us-il.${id}`;

// Every kind of page, and what it says. The demo tells its story back from today,
// so no date is written here.
const pages = [
  { name: 'home', path: '/', says: ['Look up a license', '036######', 'Registered professional nurse'] },
  { name: 'search by number', path: '/search?q=036-000-102', says: ['Boris Example', 'SUSPENDED'] },
  { name: 'search by name', path: '/search?q=sample', says: ['Ada Sample', 'Erin Sample', 'Ivan Sample', 'Sample Wallet'] },
  { name: 'search for a number that is not there', path: '/search?q=036999999', says: ['No license found', 'no such number'] },
  { name: 'search for what is no number here', path: '/search?q=999', says: ['No license found'] },
  { name: 'search for a name that is not there', path: '/search?q=nobody', says: ['No license found', 'proves nothing'] },
  { name: 'search by status and profession', path: '/search?status=SUSPENDED&profession=us-il.physician', says: ['Two licenses found for', 'Boris Example', 'Milo Testcase'] },
  { name: 'search by a name with a typing error', path: '/search?q=exmaple', says: ['written nearly so', 'Boris Example'] },
  { name: 'search by city', path: '/search?city=nowhere', says: ['No license found for city nowhere'] },
  { name: 'problem: no such status', path: '/search?status=happy', status: 400, says: ['no status here'] },
  { name: 'search for nothing', path: '/search', says: ['Nothing asked'] },
  { name: 'license, active', path: license('physician.036000101'), says: ['Ada Sample', 'may practice', 'ACTIVE'] },
  { name: 'license, suspended', path: license('physician.036000102'), says: ['Boris Example', 'may not practice', 'SUSPENDED', 'in force'] },
  { name: 'license, with conditions', path: license('physician.036000103'), says: ['Carla Testcase', 'PROBATION', 'practice monitor'] },
  { name: 'license, order stayed', path: license('physician.036000105'), says: ['Erin Sample', 'ORDER STAYED', 'stayed'] },
  { name: 'license, not renewed', path: license('nurse.041000202'), says: ['Gus Testcase', 'NOT RENEWED'] },
  { name: 'license, surrendered', path: license('nurse.041000204'), says: ['Ivan Sample', 'SURRENDERED'] },
  { name: 'license, order voided', path: license('nurse.041000205'), says: ['Jo Example', 'may practice', 'voided'] },
  { name: 'license, organization', path: license('digital-asset-registrant.DA-000302'), says: ['Placeholder Wallets, Inc.', 'Sample Wallet'] },
  { name: 'license, organization with branches and names of business', path: license('digital-asset-registrant.DA-000301'), says: ['Doing business as', 'Made-up Coin Counter', 'Bits and Pieces', 'License DA-000301-01', 'Responsible person'] },
  { name: 'license, copied', path: '/licenses/us-il-synthetic.registered-professional-nurse.041652360', says: ['MARK G TREMADER', 'Copied from a file of', 'synthetic'] },
  { name: 'license, untold', path: '/licenses/us-ca.physician.A48%252A%252A%252A', says: ['Jane Doe', 'not known to this network whether', 'REGISTRATION NOT TOLD', 'PROBATION'] },
  { name: 'license, changed by a contract', path: license('physician.036000901'), says: ['Robin Rule', 'may not practice: TEMPORARILY SUSPENDED', 'Changed automatically', 'Summarily suspended automatically on', 'under Trial Act 7, because Illinois Department', 'issued this license; ends', 'unless the board ends it earlier', 'contract first-days, version 1'] },
  { name: 'license, suspended by a compact’s contract', path: license('physician.036000107'), says: ['Milo Testcase', 'may not practice: SUSPENDED', 'Suspended automatically on', 'under IMLC 10(d), because Wisconsin Medical Examining Board (demo) suspended its license; ends', 'unless the board ends it earlier'] },
  { name: 'license, whose automatic suspension its board ended early', path: '/licenses/us-mn.physician.MD-40107', says: ['Milo Testcase', 'may practice', 'suspended its license; ended', 'before its last day'] },
  { name: 'privilege, deactivated by a compact’s contract', path: '/licenses/us-ia-nursing.rn-privilege.P-70301', says: ['Rae Specimen', 'may not practice: INACTIVE, by a privilege', 'Made inactive automatically on', 'under NLC Article V(b), because Wisconsin Board of Nursing (demo) suspended its license'] },
  { name: 'license, deactivated by a new home state', path: '/licenses/us-wi-nursing.rn.RN-70302', says: ['Tess Placeholder', 'INACTIVE', 'under NLC Article IV(c)', 'because Iowa Board of Nursing (demo) recorded a fact about its license'] },
  { name: 'license, to which a rule has still to be applied', path: license('nurse.041000951'), says: ['Fay Fault', 'A rule has still to be applied to this license: function first_fact of contract faulty', 'What failed or waits for this board'] },
  { name: 'contracts', path: '/contracts', says: ['first-days', 'imlc', 'Interstate Medical Licensure Compact', 'Iowa Board of Medicine (demo), Illinois', 'Fails for Illinois'] },
  { name: 'contract', path: '/contracts/first-days', says: ['The first days of a trial', 'Trial Act 7', 'In force since'] },
  { name: 'contract of several boards', path: '/contracts/imlc', says: ['Interstate Medical Licensure Compact', 'Wisconsin Medical Examining Board (demo): no changes', 'Five changes to licenses so far', 'In numbers', 'Values, each from its day on'] },
  { name: 'contract that is suspended', path: '/contracts/faulty', says: ['What failed, and what waits', 'Its newest five calls failed', 'in function first_fact, line 4 (Trial Act 8)', 'It is suspended for this board', '041000951', 'What the board does', 'licet contract retry faulty --board us-il --all'] },
  { name: 'problem: no such contract', path: '/contracts/nothing', status: 404, says: ['No such contract'] },
  { name: 'board, with a contract that failed', path: '/boards/us-il', says: ['Board us-il', 'Contract faulty', 'suspended', 'They run by themselves, in this order', 'Registered professional nurse'] },
  { name: 'board, with notices', path: '/boards/us-mn', says: ['Minnesota Board of Medical Practice (demo)', 'us-mn.physician.MD-40106', 'stays encumbered until its own board acts', 'under IMLC 10(b)'] },
  { name: 'board of nursing, with notices', path: '/boards/us-wi-nursing', says: ['Wisconsin Board of Nursing (demo)', 'us-wi-nursing.rn.RN-70302', "Another state has become this nurse's home state", 'End its qualification as multistate'] },
  { name: 'problem: no such board', path: '/boards/us-xx', status: 404, says: ['No such board'] },
  { name: 'search, changed by a contract', path: '/search?q=036000901', says: ['SUSPENDED', 'automatically'] },
  { name: 'search by a name of business', path: '/search?q=coin+counter', says: ['Example Coin Exchange LLC', 'also Made-up Coin Counter'] },
  { name: 'search by a name of several', path: '/search?q=namesake', says: ['Two licenses found', 'under the same name', '041000901', '041000902'] },
  { name: 'license, before it began', path: license('physician.036000102?on=1990-01-01'), says: ['January 1, 1990', 'NOT YET BEGUN'] },
  { name: 'license, before it was known', path: license('physician.036000102?known=2020-01-01T00:00'), says: ['not known', 'January 1, 2020'] },
  { name: 'no such number', path: license('physician.036999999'), status: 404, says: ['No such number', 'us-il.physician.036999999'] },
  { name: 'unknown board', path: '/licenses/us-xx.physician.1', status: 404, says: ['Unknown'] },
  { name: 'not a number of the profession', path: license('physician.12'), status: 422, says: ['036######'] },
  { name: 'problem: no such page', path: '/nowhere', status: 404, says: ['No such page'] },
  { name: 'problem: no such day', path: license('physician.036000102?on=2026-02-30'), status: 400, says: ['2026-02-30', 'Back to the license'] },
  { name: 'problem: no such time', path: license('physician.036000102?known=x'), status: 400, says: ['is not a time'] },
  { name: 'problem: no license id', path: '/licenses/%20bad', status: 400, says: ['not a license id'] },
];

describe('each page is accessible and reflows', () => {
  for (const page of pages) {
    test(page.name, () => visit(page.path, true, page.status ?? 200, async (tab) => {
      const text = await tab.locator('main').innerText();
      for (const words of page.says) assert.ok(text.includes(words), `the page does not say ${words}:\n${text}`);
      await checkPage(tab);
    }));
  }
});

// The quality report is a file, so that a board can keep it where it keeps the rest.
test('the quality report is accessible and reflows', async () => {
  const page = join(demo.dir, 'quality.html');
  await demo.licet('import', chicago, '--map', 'chicago', '--quality', page);
  const tab = tabs.get(true);
  await tab.goto(pathToFileURL(page).href);
  tab.faults = [];
  const text = await tab.locator('main').innerText();
  for (const words of ['Data quality of chicago_invented.csv', 'of April 2, 2015', 'The term ends before it begins', 'How often']) {
    assert.ok(text.includes(words), `the page does not say ${words}:\n${text}`);
  }
  await checkReading(tab);
});

const chicago = fileURLToPath(new URL('../internal/importer/testdata/chicago_invented.csv', import.meta.url));

describe('without scripts, by keyboard', () => {
  const typed = async (tab, query) => {
    await tabTo(tab, '#q');
    await tab.keyboard.type(query);
    await tab.keyboard.press('Enter');
    await tab.waitForURL(/\/search\?/);
    return tab.locator('main tbody th').allInnerTexts();
  };

  for (const number of ['036000102', '036-000102', '036.000.102', '036 000 102', ' #036/000/102']) {
    test(`a number is found as ${JSON.stringify(number)}`, () => visit('/', false, 200, async (tab) => {
      assert.deepEqual(await typed(tab, number), ['Boris Example']);
    }));
  }

  test('a name is found by the beginnings of its words, in any order and case', () => visit('/', false, 200, async (tab) => {
    assert.deepEqual(await typed(tab, 'exam BOR'), ['Boris Example']);
  }));

  test('a search is narrowed by profession and status', () => visit('/search', false, 200, async (tab) => {
    await tabTo(tab, '#profession');
    await tab.keyboard.type('Physician');
    await tabTo(tab, '#status');
    await tab.keyboard.type('SUSP');
    await tab.keyboard.press('Tab');
    await tabTo(tab, 'main button');
    await tab.keyboard.press('Enter');
    await tab.waitForURL(/status=SUSPENDED/);
    assert.deepEqual(await tab.locator('main tbody th').allInnerTexts(), ['Boris Example', 'Milo Testcase']);
    assert.equal(await tab.locator('#status').inputValue(), 'SUSPENDED');
  }));

  test('a business name leads to the organization, and on to its branch', () => visit('/', false, 200, async (tab) => {
    assert.match((await typed(tab, 'bits pieces')).join(), /^Example Coin Exchange LLC\nalso .*Bits and Pieces/);
    await tabTo(tab, 'main tbody a');
    await tab.keyboard.press('Enter');
    await tab.waitForURL(/DA-000301$/);
    await tabTo(tab, 'main a[href$="DA-000301-01"]');
    await tab.keyboard.press('Enter');
    await tab.waitForURL(/DA-000301-01$/);
    assert.match(await tab.locator('h1').innerText(), /Loop branch/);
  }));

  test('from a name to the license, its history and its proof', () => visit('/', false, 200, async (tab) => {
    assert.deepEqual(await typed(tab, 'boris example'), ['Boris Example']);
    await tabTo(tab, 'main tbody a');
    await tab.keyboard.press('Enter');
    await tab.waitForURL(/\/licenses\//);
    assert.match(await tab.locator('.verdict').innerText(), /may not practice: SUSPENDED/);
    const history = await tab.locator('main table').last().locator('tbody tr').allInnerTexts();
    assert.match(history[0], /issued/i);
    assert.match(history.at(-1), /SUSPENDED[^]*Director \(demo\)/);
    await tabTo(tab, 'a[download$=".history.json"]');
    const [download] = await Promise.all([tab.waitForEvent('download'), tab.keyboard.press('Enter')]);
    assert.equal(download.suggestedFilename(), 'us-il.physician.036000102.history.json');
    JSON.parse(readFileSync(await download.path(), 'utf8'));
  }));

  test('the standing on another day', () => visit(license('physician.036000102'), false, 200, async (tab) => {
    await tabTo(tab, '#on');
    await tab.keyboard.type('06152025'); // month, day, year: each moves to the next by itself
    await tab.keyboard.press('Enter');
    await tab.waitForURL(/on=2025-06-15/);
    assert.match(await tab.locator('.verdict').innerText(), /for June 15, 2025:\s+may practice\./);
    assert.equal(await tab.locator('#on').inputValue(), '2025-06-15');
  }));

  // The order was on the wrong license for a day: 60 to 59 days ago.
  test('what was known before a mistake was voided', () => visit(license('nurse.041000205'), false, 200, async (tab) => {
    const then = localTime(Date.now() - 59.5 * day);
    await tabTo(tab, '#known');
    await tab.keyboard.type(`${then.month}${then.day}${then.year}${then.hour}${then.minute}${then.second}${then.dayPeriod}`);
    await tab.keyboard.press('Enter');
    await tab.waitForURL(new RegExp(`known=${then.year}-${then.month}-${then.day}T`));
    assert.doesNotMatch(await tab.locator('main').innerText(), /voided/i, 'known only later');
    await tabTo(tab, '#on');
    await tab.keyboard.type(`${then.month}${then.day}${then.year}`);
    await tab.keyboard.press('Enter');
    await tab.waitForURL(new RegExp(`on=${then.year}-${then.month}-${then.day}&known=`));
    assert.match(await tab.locator('.verdict').innerText(), /may not practice: SUSPENDED/);
  }));

  test('from a license that a rule suspended to the line of the rule', () => visit(license('physician.036000107'), false, 200, async (tab) => {
    await tabTo(tab, 'main article summary');
    await tab.keyboard.press('Enter');
    await tabTo(tab, 'main article a[href*="#line-"]');
    await tab.keyboard.press('Enter');
    await tab.waitForURL(/\/contracts\/imlc\?edition=[0-9a-f]{64}#line-\d+$/);
    assert.match(await tab.locator('.line:target').innerText(), /impose\(other\.id, .*cite = "IMLC 10\(d\)"/);
  }));

  test('from the front page to what failed, and to the license that waits', () => visit('/', false, 200, async (tab) => {
    await tabTo(tab, 'main a[href="/contracts"]');
    await tab.keyboard.press('Enter');
    await tab.waitForURL(/\/contracts$/);
    await tabTo(tab, 'main a[href="/contracts/faulty#failing"]');
    await tab.keyboard.press('Enter');
    await tab.waitForURL(/#failing$/);
    await tabTo(tab, 'main a[href$="nurse.041000951"]');
    await tab.keyboard.press('Enter');
    await tab.waitForURL(/041000951$/);
    await tabTo(tab, 'main a[href="/boards/us-il#failing"]');
    await tab.keyboard.press('Enter');
    await tab.waitForURL(/\/boards\/us-il#failing$/);
    assert.equal(await tab.locator('h1').count(), 1);
  }));

  test('the first Tab offers to skip to the content', () => visit('/', false, 200, async (tab) => {
    await tab.keyboard.press('Tab');
    await tab.keyboard.press('Enter');
    await tab.waitForURL(/#main$/);
    await tab.keyboard.press('Tab');
    assert.ok(await tab.locator('#q').evaluate((e) => e === document.activeElement), 'the search field comes next');
  }));
});

/** The parts of an instant (milliseconds) on the board's clocks, as a date field wants them typed. */
function localTime(instant) {
  const clock = new Intl.DateTimeFormat('en-US', {
    timeZone: board, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: true,
  });
  return Object.fromEntries(clock.formatToParts(instant).map((part) => [part.type, part.value]));
}
