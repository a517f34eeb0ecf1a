import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';
import prettier from 'eslint-config-prettier';
import { rooms } from './eslint.rooms.mjs';

export default defineConfig(
  {
    ignores: [
      'dist/',
      'node_modules/',
      'coverage/',
      'demo-output/',
      'hear-output/',
      'test-output/',
      'training/',
      '.whl/',
    ],
  },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: { allowDefaultProject: ['eslint.config.mjs', 'eslint.rooms.mjs'] } },
    },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      'no-restricted-syntax': ['error', { selector: 'ExportDefaultDeclaration', message: 'Name what you export.' }],
    },
  },
  {
    files: ['src/**/*.ts', 'nodes/**/*.ts', 'editor/**/*.ts'],
    plugins: { rooms },
    rules: { 'rooms/imports': 'error' },
  },
  // Non-null assertions are how tests and index arithmetic state a bound that noUncheckedIndexedAccess cannot see.
  { rules: { '@typescript-eslint/no-non-null-assertion': 'off' } },
  { files: ['*.mjs', '*.mts'], rules: { 'no-restricted-syntax': 'off' } },
  // Rules read any kind of node, and tables without types.
  { files: ['eslint.rooms.mjs'], ...tseslint.configs.disableTypeChecked },
  prettier,
);
