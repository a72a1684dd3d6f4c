// node scripts/assets.mjs <root> <node_modules> <cache> <out>
// Bundles, fingerprints and compresses what the browser gets, and writes <out>/assets.rs for src/kit/assets.rs.

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const [root, modules, cache, out] = process.argv.slice(2);
const FONTS = ['latin', 'latin-ext', 'cyrillic', 'greek'];
const TYPES = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

mkdirSync(cache, { recursive: true });
const assets = [];

for (const subset of FONTS) {
  const file = `@fontsource-variable/inter/files/inter-${subset}-wght-normal.woff2`;
  add(`inter-${subset}.woff2`, readFileSync(join(modules, file)));
}
add('icons.svg', sprite());
add('favicon.svg', own('icons/favicon.svg'));
add('app.css', styles());
add('htmx.js', packaged('htmx.org/dist/htmx.min.js'));
add('idiomorph.js', packaged('idiomorph/dist/idiomorph-ext.min.js'));
add('theme.js', own('js/theme.js'));
add('app.js', scripts());
writeFileSync(join(out, 'assets.rs'), rust());

// The framework sits in a layer, so that every rule of ours beats it without fights over specificity.
function styles() {
  const tabler = packaged('@tabler/core/dist/css/tabler.min.css').replace('@charset "UTF-8";', '');
  const first = ['fonts.css', 'tokens.css', 'base.css'];
  const rest = readdirSync(join(root, 'static/css')).filter(name => !first.includes(name)).sort();
  const ours = [...first, ...rest].map(name => own(`css/${name}`)).join('\n');
  const linked = ours.replace(/asset:([a-z0-9.-]+)/g, (_, name) => url(name));
  return `@layer tabler {${tabler}}\n${linked}`;
}

// One module out of many: each in its own block, so none sees another's names.
function scripts() {
  const files = readdirSync(join(root, 'static/js')).filter(name => name !== 'theme.js').sort();
  return files.map(name => `{ // ${name}\n${own(`js/${name}`)}}\n`).join('');
}

// Only the icons that templates name as icon("…") are sent.
function sprite() {
  const names = new Set();
  for (const file of walk(join(root, 'templates'))) {
    for (const [, name] of readFileSync(file, 'utf8').matchAll(/\bicon\("([a-z0-9-]+)"\)/g)) names.add(name);
  }
  const line = 'fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round"';
  const symbols = [...names].sort().map(name =>
    `<symbol id="${name}" viewBox="0 0 24 24" ${line}>${drawing(name)}</symbol>`);
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join('')}</svg>`;
}

function drawing(name) {
  const svg = readFileSync(join(modules, `@tabler/icons/icons/outline/${name}.svg`), 'utf8');
  return svg.replace(/<!--.*?-->/gs, '').replace(/^.*?<svg[^>]*>|<\/svg>\s*$/gs, '').replace(/\s*\n\s*/g, '');
}

function packaged(file) {
  const text = readFileSync(join(modules, file), 'utf8');
  return text.replace(/\n?\/[/*]# sourceMappingURL=.*?(\*\/)?\s*$/s, '\n'); // browsers would ask for the map
}

function own(file) {
  return readFileSync(join(root, 'static', file), 'utf8');
}

function walk(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap(entry =>
    entry.isDirectory() ? walk(join(folder, entry.name)) : [join(folder, entry.name)]);
}

function add(name, content) {
  const raw = Buffer.from(content);
  const hash = createHash('sha256').update(raw).digest('hex');
  const extension = extname(name);
  const file = `${basename(name, extension)}-${hash.slice(0, 12)}${extension}`;
  assets.push({ name, file, type: TYPES[extension], hash, raw });
}

function url(name) {
  const asset = assets.find(asset => asset.name === name);
  if (!asset) throw new Error(`static/css names asset:${name}, which does not exist`);
  return `/assets/${asset.file}`;
}

// Compressing is slow and its input rarely changes, so results are kept by hash.
function kept(asset, suffix, make) {
  const path = join(cache, asset.hash + suffix);
  if (!existsSync(path)) writeFileSync(path, make(asset.raw));
  return `include_bytes!(${JSON.stringify(path)})`;
}

function rust() {
  const brotli = raw => brotliCompressSync(raw, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
  const names = assets.map(asset =>
    `pub const ${asset.name.toUpperCase().replace(/[^A-Z0-9]/g, '_')}: &str = "/assets/${asset.file}";`);
  const sorted = [...assets].sort((a, b) => (a.file < b.file ? -1 : 1));
  const rows = sorted.map(asset => `    Asset { name: "${asset.file}", media_type: "${asset.type}", `
    + `raw: ${kept(asset, '.raw', raw => raw)}, brotli: ${kept(asset, '.br', brotli)}, `
    + `gzip: ${kept(asset, '.gz', raw => gzipSync(raw, { level: 9 }))} },`);
  return `${names.join('\n')}\n\npub static ALL: &[Asset] = &[\n${rows.join('\n')}\n];\n`;
}
