// Looks at reports in a real browser, in both themes: pictures of them, what screen readers and keyboards need, their
// script, and their paper. Usage: node browser.mjs TOOLS FOLDER NAME=PAGE...; writes NAME-THEME.png, NAME-narrow.png
// and NAME.pdf into the folder. The pages "quickstart", "long" and "hostile"
// are tried in ways of their own.
import { createRequire } from "node:module";
import { copyFile, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [tools, folder, ...named] = process.argv.slice(2);
const require = createRequire(join(resolve(tools), "node_modules/"));
const { chromium } = require("playwright-core");
const axe = await readFile(require.resolve("axe-core/axe.min.js"), "utf8");

const check = (holds, message) => {
  if (!holds) throw new Error(message);
};

// Playwright gives every start a folder of its own for the profile.
const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
  ],
});

// Opens a page; `page.messages` are those of its console.
const open = async (path, options = {}) => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  page.messages = [];
  page.on("console", (it) => page.messages.push(it.text()));
  page.on("pageerror", (it) => page.messages.push(String(it)));
  page.on("dialog", (it) => page.messages.push(`dialog: ${it.message()}`) && it.dismiss());
  page.on("request", (it) => it.url().startsWith("file:") || page.messages.push(`request: ${it.url()}`));
  await page.goto(pathToFileURL(path).href);
  return page;
};

// How bright a picture is on average, from 0 to 255, and how many colours it has.
const look = async (png) => {
  const page = await open("/dev/null");
  const seen = await page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (it) => it.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes]));
    const context = new OffscreenCanvas(image.width, image.height).getContext("2d");
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, image.width, image.height);
    const colours = new Set();
    let sum = 0;
    for (let at = 0; at < data.length; at += 4) {
      sum += (data[at] + data[at + 1] + data[at + 2]) / 3;
      colours.add((data[at] << 16) | (data[at + 1] << 8) | data[at + 2]);
    }
    return { brightness: (4 * sum) / data.length, colours: colours.size };
  }, png.toString("base64"));
  await page.context().close();
  return seen;
};

const accessible = async (page, message) => {
  await page.evaluate(axe);
  const { violations, passes } = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
  const where = (it) => `${it.id}: ${it.help}: ${it.nodes.slice(0, 3).map((node) => node.html.slice(0, 200)).join(" | ")}`;
  check(violations.length === 0, `${message}: ${violations.map(where).join("\n")}`);
  check(passes.some((it) => it.id === "color-contrast"), `${message}: the contrast was not checked`);
};

const themes = async (name, path) => {
  for (const colorScheme of ["light", "dark"]) {
    const page = await open(path, { colorScheme });
    await page.evaluate(() => document.querySelectorAll("details").forEach((it) => (it.open = true)));
    await accessible(page, `${name}, ${colorScheme}`);
    await page.evaluate(() => document.querySelectorAll("details").forEach((it) => (it.open = false)));
    const png = await page.screenshot({ path: join(folder, `${name}-${colorScheme}.png`), fullPage: true });
    const { brightness, colours } = await look(png);
    check(colours > 20, `${name}, ${colorScheme}: the picture has ${colours} colours`);
    const fits = colorScheme === "dark" ? brightness < 64 : brightness > 192;
    check(fits, `${name}, ${colorScheme}: its brightness is ${brightness}`);
    check(page.messages.length === 0, `${name}, ${colorScheme}: ${page.messages.join("\n")}`);
    await page.context().close();
  }
};

// The words that are on several lines. A digest is longer than a line of a phone.
const brokenWords = (page) =>
  page.evaluate(() => {
    const found = [];
    const range = new Range();
    const isOnOneLine = () => {
      const lines = [...range.getClientRects()].filter((it) => it.width > 0).map((it) => Math.round(it.top));
      return new Set(lines).size < 2;
    };
    const nodes = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = nodes.nextNode(); node; node = nodes.nextNode()) {
      const element = node.parentElement;
      range.selectNodeContents(node);
      if (isOnOneLine() || element.closest("script, svg, .skip") || !element.checkVisibility()) continue;
      const head = element.closest("thead");
      if (head && getComputedStyle(head).position === "absolute") continue;
      for (const word of node.data.matchAll(/(?<![A-Za-z0-9])[A-Za-z0-9]{2,40}(?![A-Za-z0-9])/g)) {
        range.setStart(node, word.index);
        range.setEnd(node, word.index + word[0].length);
        if (!isOnOneLine()) found.push(`${word[0]} in ${node.data.slice(0, 80)}`);
      }
    }
    return found;
  });

const narrow = async (name, path) => {
  for (const width of [1101, 801, 600, 360]) {
    const page = await open(path, { viewport: { width, height: 800 } });
    if (width === 360) {
      await page.screenshot({ path: join(folder, `${name}-narrow.png`), fullPage: true });
      await accessible(page, `${name}, narrow`);
    }
    await page.evaluate(() => document.querySelectorAll("details").forEach((it) => (it.open = true)));
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    check(wide <= width, `${name}: ${wide} pixels wide on a screen of ${width}`);
    const broken = await brokenWords(page);
    check(broken.length === 0, `${name}: broken words on a screen of ${width}: ${broken.slice(0, 9).join("; ")}`);
    await page.context().close();
  }
};

const paper = async (name, path) => {
  const page = await open(path);
  await page.pdf({ path: join(folder, `${name}.pdf`), preferCSSPageSize: true });
  await page.context().close();
};

// Presses Tab until what has the focus fulfils a condition.
const tabTo = async (page, message, condition) => {
  for (let presses = 0; presses < 200; presses += 1) {
    if (await page.evaluate(condition)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`the keyboard does not reach ${message}`);
};

// The table of changes, by its rows.
const changes = (page, value) =>
  page.evaluate((value) => {
    const rows = [...document.querySelectorAll(".rows[aria-labelledby=changes] tbody tr")];
    return rows.map((row) => (value === "text" ? row.cells[0].textContent : row.querySelector("[data-copy]").dataset.copy));
  }, value);

// The quick start's filter and table of changes, by keyboard alone.
const keyboard = async (path) => {
  const page = await open(path);
  const rowCount = () => page.evaluate(() => document.querySelector(".bar output").textContent);
  const all = await changes(page);
  check(all.length > 3 && /^(\d+) of \1 rows shown$/.test(await rowCount()), `rows: ${all}: ${await rowCount()}`);

  await page.keyboard.press("Tab");
  check(await page.evaluate(() => document.activeElement.className === "skip"), "the first stop is not the skip link");
  await page.keyboard.press("Enter");
  check(page.url().endsWith("#main"), `the skip link leads to ${page.url()}`);

  await tabTo(page, "the filter", () => document.activeElement.type === "search");
  await page.keyboard.type(all[1].slice(0, -1).toUpperCase());
  const found = await changes(page);
  check(found.includes(all[1]) && found.length < all.length, `the filter leaves ${found}`);
  check(page.url().includes("#q="), `the address is ${page.url()}`);
  const before = await rowCount();
  await page.reload();
  check((await rowCount()) === before, `the address keeps ${await rowCount()}, not ${before}`);
  await tabTo(page, "the filter", () => document.activeElement.type === "search");
  await page.keyboard.press("Control+A");
  await page.keyboard.press("Delete");
  check(!page.url().includes("#"), `the address is still ${page.url()}`);

  await tabTo(page, "the states", () => document.activeElement.name === "state");
  await page.keyboard.press("ArrowDown");
  const first = await changes(page);
  check(first.length < all.length, `the first state leaves ${first}`);
  await page.keyboard.press("Home");
  check((await changes(page)).length === all.length, "every state does not show every row");

  await tabTo(page, "a number of the summary", () => document.activeElement.dataset.filter === "state=missing");
  await page.keyboard.press("Enter");
  const missing = await changes(page);
  check(missing.length === 1 && page.url().endsWith("#state=missing"), `missing: ${missing}: ${page.url()}`);
  await tabTo(page, "the button that clears", () => document.activeElement.closest("[role=search] > button"));
  await page.keyboard.press("Enter");
  check((await changes(page)).length === all.length, "not everything is shown again");

  await tabTo(page, "the head of the names", () => document.activeElement.closest("th[scope=col]")?.cellIndex === 0);
  for (const [key, order] of [["Enter", "ascending"], ["Space", "descending"]]) {
    await page.keyboard.press(key);
    const texts = await changes(page, "text");
    const sorted = [...texts].sort(new Intl.Collator("en", { numeric: true }).compare);
    if (order === "descending") sorted.reverse();
    check(texts.join() === sorted.join(), `${order}: ${texts}`);
    const state = await page.evaluate(() => document.activeElement.closest("th").ariaSort);
    check(state === order, `aria-sort is ${state}, not ${order}`);
  }
  check(page.messages.length === 0, page.messages.join("\n"));
  await page.context().close();
};

// Each rule has a link of its own, also one in a closed table, and a button that copies.
const links = async (path) => {
  const page = await open(path, { permissions: ["clipboard-read", "clipboard-write"] });
  const hidden = await page.evaluate(() => document.querySelector("details.in-sync-rules tbody tr").id);
  await page.goto(`${pathToFileURL(path).href}#${hidden}`);
  await page.waitForFunction((id) => document.getElementById(id).checkVisibility(), hidden);
  const button = page.locator(".rows[aria-labelledby=changes] .copy").first();
  await button.click();
  await page.waitForFunction(() => document.querySelector(".copy").textContent === "Copied");
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  check(copied === (await changes(page))[0], `copied: ${copied}`);
  await page.locator("a.code").first().click();
  check(await page.evaluate(() => document.querySelector(":target").checkVisibility()), "the explanation stays closed");
  check(page.messages.length === 0, page.messages.join("\n"));
  await page.context().close();
};

// A table so long that it is several: what is filtered and sorted moves from one to the other.
const long = async (path) => {
  const start = performance.now();
  const page = await open(path);
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
  const took = Math.round(performance.now() - start);
  const rows = () =>
    page.evaluate(() =>
      [...document.querySelectorAll("[aria-labelledby=changes] .block")]
        .filter((it) => !it.hidden)
        .map((it) => [...it.querySelectorAll("tbody tr")].map((row) => row.querySelector("[data-copy]").dataset.copy)),
    );
  const before = await rows();
  check(before.length === 3 && before[0].length === 500, `rows: ${before.map((it) => it.length)}`);
  await tabTo(page, "the head of the names", () => document.activeElement.closest("th[scope=col]")?.cellIndex === 0);
  await page.keyboard.press("Enter");
  await page.keyboard.press("Enter");
  const sorted = await rows();
  const expected = [...before.flat()].sort(new Intl.Collator("en", { numeric: true }).compare).reverse();
  check(sorted.flat().join() === expected.join(), `sorted: ${sorted[0].slice(0, 9)}`);
  await page.locator(".bar input").focus();
  await page.keyboard.type("rule-100");
  const found = await rows();
  check(found.length === 1 && found[0].length === 11, `found: ${found}`);
  await page.context().close();
  console.log(`long: ready after ${took} ms`);
};

// The picture of the topology: it fits the page, and zooms, moves and opens by keyboard alone.
const picture = async (path, width) => {
  const page = await open(path, { viewport: { width, height: 800 } });
  const state = () =>
    page.evaluate(() => {
      const figure = document.querySelector(".picture figure");
      const { scrollLeft } = figure;
      const { width } = figure.getBoundingClientRect(); // clientWidth is rounded
      const drawn = figure.querySelector("svg").getBoundingClientRect().width;
      return { fits: drawn <= width, drawn, scrollLeft, full: document.querySelector(".picture dialog")?.open };
    });
  const press = async (...keys) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  const fitted = await state();
  check(fitted.fits, `the picture is ${fitted.drawn} pixels wide on a screen of ${width}`);
  await tabTo(page, "the picture", () => document.activeElement.matches(".picture figure"));
  await press(..."+".repeat(8));
  const zoomed = await state();
  check(!zoomed.fits && zoomed.drawn > 2 * fitted.drawn, `zoomed from ${fitted.drawn} to ${zoomed.drawn}`);
  await press("-", "ArrowRight", "ArrowRight", "ArrowRight");
  const before = (await state()).scrollLeft;
  await page.waitForFunction((left) => document.querySelector(".picture figure").scrollLeft > left, before);
  await press("0");
  check((await state()).drawn === fitted.drawn, `0 leaves the picture ${(await state()).drawn} wide`);
  await press("Enter");
  check((await state()).full === true, "Enter does not open the full size");
  await accessible(page, "the picture in full size");
  await press("Escape");
  // The picture goes back by an event behind the closing.
  await page.waitForFunction(() => !document.querySelector("dialog figure"));
  const closed = await state();
  check(closed.full === false && closed.drawn === fitted.drawn, `closed: ${JSON.stringify(closed)}`);
  check(page.messages.length === 0, page.messages.join("\n"));
  await page.context().close();
};

// Without a script there is everything but the controls.
const scriptless = async (path) => {
  const page = await open(path, { javaScriptEnabled: false });
  for (const part of ["input", "select", "button", "output"]) {
    check((await page.locator(part).count()) === 0, `there is a dead ${part} without the script`);
  }
  check((await page.locator(".rows tbody tr:visible").count()) > 3, "rows are hidden without the script");
  await page.context().close();
};

// Values that mean harm make the page do nothing: no script of theirs, no request, no word on the console.
const calm = async (path) => {
  const page = await open(path);
  await page.screenshot({ path: join(folder, "hostile.png") });
  await accessible(page, "hostile");
  check(page.messages.length === 0, `hostile: ${page.messages.join("\n")}`);
  await page.context().close();
};

// What got through as markup would not run: the page forbids it, and its console shows the attempt.
const forbids = async (path) => {
  const page = await readFile(path, "utf8");
  const evil = "<script>window.ran = 1</script><img src=x onerror='window.ran = 1'><a id=js href='javascript:window.ran=1'>x</a>";
  const broken = join(folder, "broken-into.html");
  await writeFile(broken, page.replace("<main id=\"main\"", `${evil}$&`));
  const opened = await open(broken);
  await opened.click("#js");
  check((await opened.evaluate(() => window.ran)) === undefined, "a foreign script ran");
  check(opened.messages.filter((it) => it.includes("Content Security Policy")).length >= 3, `no message of the policy: ${opened.messages}`);
  await opened.context().close();
};

try {
  for (const it of named) {
    const [name, path] = it.split("=");
    const page = join(resolve(folder), `${name}.html`);
    if (resolve(path) !== page) await copyFile(path, page);
    if (name === "long") {
      await long(page);
    } else if (name === "hostile") {
      await calm(page);
      await forbids(page);
    } else {
      await themes(name, page);
      await narrow(name, page);
      await paper(name, page);
    }
    if (name === "quickstart") {
      await keyboard(page);
      await picture(page, 1280);
      await picture(page, 360);
      await links(page);
      await scriptless(page);
    }
    console.log(`${name}: fine, ${Math.round(performance.now() / 1000)} s`);
  }
} finally {
  await browser.close();
}
