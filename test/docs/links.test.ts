/** Links between the pages: those of the README must lead somewhere in the package as npm has it. */
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../helpers/folders.js';

/** npm takes these along whatever `files` says. */
const ALWAYS_PACKED = ['README.md', 'LICENSE', 'package.json'];
const { files } = JSON.parse(fs.readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as { files: string[] };
const pages = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md'].concat(
  fs.readdirSync(path.join(ROOT, 'docs')).flatMap((name) => (name.endsWith('.md') ? [`docs/${name}`] : [])),
);

/** Where the relative links of a page lead, from the package's root. */
function targetsOf(page: string): string[] {
  const text = fs.readFileSync(path.join(ROOT, page), 'utf8');
  const targets = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target!.replace(/#.*$/, ''));
  return targets
    .filter((target) => target !== '' && !/^[a-z]+:/.test(target))
    .map((target) => path.posix.normalize(path.posix.join(path.posix.dirname(page), target)));
}

test.each(pages)('every link of %s leads to a file', (page) => {
  expect(targetsOf(page).filter((target) => !fs.existsSync(path.join(ROOT, target)))).toEqual([]);
});

test('every link of the README leads to a file that is in the package', () => {
  const packed = [...ALWAYS_PACKED, ...files];
  const isPacked = (target: string) => packed.some((entry) => target === entry || target.startsWith(`${entry}/`));
  expect(targetsOf('README.md').length).toBeGreaterThan(5);
  expect(targetsOf('README.md').filter((target) => !isPacked(target))).toEqual([]);
});
