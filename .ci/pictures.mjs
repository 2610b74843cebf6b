// Draws pictures of terminals, pages, paper and graphs. Usage: node pictures.mjs TOOLS FOLDER; reads *.ansi, *.html and
// *.svg in the folders of FOLDER, and writes a PNG or a PDF beside each.
import { createRequire } from "node:module";
import { readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [tools, folder] = process.argv.slice(2);
const require = createRequire(join(resolve(tools), "node_modules/"));
const { chromium } = require("playwright-core");

// Chromium draws no picture that is higher.
const MAX_HEIGHT = 12000;
const COLOURS = ["#666", "#ff7b72", "#3fb950", "#d29922", "#58a6ff", "#bc8cff", "#39c5cf", "#e6edf3"];

const escapeHtml = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;");

// Returns the style of an escape sequence that selects one.
const styleOf = (codes) =>
  codes.map((code) => {
    if (code === 1) return "font-weight:bold;";
    if (code === 2) return "opacity:.7;";
    if (code === 3) return "font-style:italic;";
    if (code === 4) return "text-decoration:underline;";
    if (code >= 30 && code < 38) return `color:${COLOURS[code - 30]};`;
    if (code >= 90 && code < 98) return `color:${COLOURS[code - 90]};`;
    return "";
  }).join("");

// Returns a page that looks as a terminal of so many columns.
const terminalPage = (text, columns) => {
  const lines = text.replace(/\r/g, "").split("\n").slice(0, 400).join("\n");
  let html = "";
  let style = "";
  for (const part of lines.split(/(\x1b\[[0-9;]*[A-Za-z]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\))/)) {
    const codes = /^\x1b\[([0-9;]*)m$/.exec(part)?.[1].split(";").map(Number);
    if (codes) style = codes.includes(0) ? "" : style + styleOf(codes);
    else if (!part.startsWith("\x1b")) html += `<span style="${style}">${escapeHtml(part)}</span>`;
  }
  return `<!doctype html><meta charset="utf-8"><body style="margin:0;background:#0d1117;color:#e6edf3">
    <pre style="font:14px/1.25 'DejaVu Sans Mono','Noto Sans Mono CJK SC',monospace;width:calc(${columns}ch + 1px);margin:8px;
    border-right:1px dashed #30363d;white-space:pre-wrap;overflow-wrap:anywhere">${html}</pre>`;
};

const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"],
});

const picture = async (path, options, show) => {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  await show(page);
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  const { width } = options.viewport;
  await page.setViewportSize({ width, height: Math.min(height, MAX_HEIGHT) });
  await page.screenshot({ path, timeout: 120_000 });
  await context.close();
};

for (const name of await readdir(folder)) {
  const inside = join(resolve(folder), name);
  for (const file of await readdir(inside)) {
    const path = join(inside, file);
    const base = path.replace(/\.[a-z]+$/, "");
    if (file.endsWith(".ansi")) {
      const columns = Number(/-(\d+)\.ansi$/.exec(file)[1]);
      const html = terminalPage(await readFile(path, "utf8"), columns);
      await picture(`${base}.png`, { viewport: { width: columns * 9 + 30, height: 200 } }, (page) => page.setContent(html));
    } else if (file.endsWith(".svg")) {
      const open = (page) => page.goto(pathToFileURL(path).href);
      for (const colorScheme of ["light", "dark"]) {
        await picture(`${base}-${colorScheme}.png`, { colorScheme, viewport: { width: 1280, height: 900 } }, open);
      }
    } else if (file.endsWith(".html")) {
      const open = (page) => page.goto(pathToFileURL(path).href);
      for (const width of [360, 1280]) {
        for (const colorScheme of ["light", "dark"]) {
          await picture(`${base}-${width}-${colorScheme}.png`, { colorScheme, viewport: { width, height: 900 } }, open);
        }
      }
      const context = await browser.newContext();
      const page = await context.newPage();
      await open(page);
      await page.pdf({ path: `${base}.pdf`, preferCSSPageSize: true });
      await context.close();
    }
  }
}
await browser.close();
