// The browser, and what every page must keep.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const axeTags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'];

/** Widths in CSS pixels: a desk, and a phone or a desk at 400 percent (WCAG 1.4.10). */
const desk = { width: 1280, height: 900 };
const narrow = { width: 320, height: 640 };

/** What WCAG 1.4.12 lets a reader set, without loss. */
const spaced = `* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }
p { margin-bottom: 2em !important; }`;

/** Launches the machine's own Chromium, with an empty profile that goes when it closes. */
export function launch() {
  const places = ['chromium', 'chromium-browser', 'google-chrome'].map((name) => `/usr/bin/${name}`);
  const executablePath = process.env.CHROMIUM || places.find(existsSync);
  assert.ok(executablePath, 'no Chromium: install it, or set CHROMIUM to its path');
  return chromium.launch({
    executablePath,
    args: [
      '--headless=new', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
      '--disable-background-networking', '--disable-component-update', '--disable-sync',
    ],
  });
}

/**
 * Opens a tab, with scripts or without. All that it asks for must be on
 * the node, and nothing may be blocked by the pages' own policy.
 */
export async function openTab(browser, baseURL, { scripts }) {
  const context = await browser.newContext({ baseURL, javaScriptEnabled: scripts, locale: 'en-US', viewport: desk });
  context.setDefaultTimeout(10_000);
  const tab = await context.newPage();
  tab.faults = [];
  tab.on('request', (request) => {
    if (new URL(request.url()).origin !== baseURL) tab.faults.push(`asked ${request.url()}`);
  });
  tab.on('console', (message) => {
    // That a page is not found is said by its status, which the tests look at.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) tab.faults.push(message.text());
  });
  return tab;
}

/** Checks what every page must keep, whatever it shows. */
export async function checkPage(tab) {
  await checkFrame(tab);
  await checkReading(tab);
}

/** Checks what every reader needs, also of a page that no node serves. */
export async function checkReading(tab) {
  await tab.setViewportSize(desk);
  await tab.evaluate(() => document.querySelectorAll('details').forEach((d) => { d.open = true; }));
  await checkAxe(tab, 'at 1280 px');
  await checkFocus(tab);
  await tab.setViewportSize(narrow);
  await checkWidth(tab, 'at 320 px');
  await checkAxe(tab, 'at 320 px');
  await tab.evaluate((css) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    document.adoptedStyleSheets = [sheet];
  }, spaced);
  await checkWidth(tab, 'at 320 px with wide spacing');
}

async function checkFrame(tab) {
  const frame = await tab.evaluate(() => ({
    lang: document.documentElement.lang,
    headings: document.querySelectorAll('h1').length,
    heading: document.querySelector('h1')?.textContent.trim(),
    title: document.title,
    banners: [...document.querySelectorAll('.test')].map((b) => b.textContent),
    styled: getComputedStyle(document.querySelector('.test')).backgroundColor !== 'rgba(0, 0, 0, 0)',
  }));
  assert.equal(frame.lang, 'en-US', 'language');
  assert.equal(frame.headings, 1, 'number of h1');
  assert.ok(frame.heading, 'the h1 is empty');
  assert.match(frame.title, /^TEST: .+ – Licet$/, 'title');
  assert.equal(frame.banners.length, 2, 'banners of a test network');
  for (const banner of frame.banners) assert.match(banner, /TEST NETWORK/);
  assert.ok(frame.styled, 'the style sheet was not applied');
}

/** Evaluated from outside, axe-core runs under the pages' policy, which lets no script in. */
async function checkAxe(tab, when) {
  await tab.evaluate(axeSource);
  const violations = await tab.evaluate(async (tags) => {
    const found = await globalThis.axe.run(document, { runOnly: tags, resultTypes: ['violations'] });
    return found.violations.map((v) => `${v.id}: ${v.help}\n` + v.nodes.map((n) => `  ${n.target}: ${n.failureSummary}`).join('\n'));
  }, axeTags);
  assert.deepEqual(violations, [], `axe-core ${when}:\n${violations.join('\n')}`);
}

async function checkWidth(tab, when) {
  const wide = await tab.evaluate(() => {
    const limit = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= limit) return [];
    const past = [...document.querySelectorAll('body *')].filter((e) => e.getBoundingClientRect().right > limit + 0.5);
    return [`${document.documentElement.scrollWidth} px wide`, ...past.map((e) => e.outerHTML.slice(0, 120))];
  });
  assert.deepEqual(wide, [], `scrolls sideways ${when}`);
}

/** What a reader must reach by keyboard. */
const controls = 'a[href], button, input, select, summary';

/** Tabs through the page from its top: each stop must be on screen and outlined. */
async function checkFocus(tab) {
  const expected = await tab.locator(controls).count();
  const seen = new Set();
  for (let presses = 0; seen.size < expected; presses++) {
    assert.ok(presses < 100, `only ${seen.size} of ${expected} controls can be reached by Tab`);
    await tab.keyboard.press('Tab');
    const stop = await tab.evaluate(async (controls) => {
      const e = document.activeElement;
      const style = getComputedStyle(e);
      const onScreen = () => {
        const box = e.getBoundingClientRect();
        return box.width > 0 && box.left >= 0 && box.top >= 0 && box.right <= innerWidth && box.bottom <= innerHeight;
      };
      // The browser scrolls to what has the focus with one of its next frames.
      for (let frames = 0; frames < 60 && !onScreen(); frames++) await new Promise(requestAnimationFrame);
      return {
        which: [...document.querySelectorAll(controls)].indexOf(e),
        what: e.outerHTML.slice(0, 120),
        outlined: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
        inside: onScreen(),
      };
    }, controls);
    if (stop.which < 0) continue; // past the last control, and around
    assert.ok(stop.outlined, `no outline on focus: ${stop.what}`);
    assert.ok(stop.inside, `focused off screen: ${stop.what}`);
    seen.add(stop.which);
  }
}

/** Moves the focus by Tab alone until it is on a control. */
export async function tabTo(tab, control) {
  for (let presses = 0; presses < 100; presses++) {
    if (await tab.locator(control).evaluate((e) => e === document.activeElement)) return;
    await tab.keyboard.press('Tab');
  }
  assert.fail(`Tab does not reach ${control}`);
}
