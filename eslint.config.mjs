import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';
import prettier from 'eslint-config-prettier';

/**
 * Data flows one way: text -> prompt -> frames -> sound. Each room of the engine lists the rooms whose code it may call;
 * types may come from any room. Everything not listed is refused.
 */
const ROOMS = {
  text: [],
  pronunciation: ['text', 'checkpoint'],
  prompt: ['text', 'pronunciation'],
  frames: [],
  sound: [],
  voices: ['sound'],
  production: ['sound', 'voices'],
  'speech-cache': [],
  checkpoint: [],
  export: ['checkpoint', 'hub'],
  runtime: ['checkpoint', 'export'],
  child: [
    ...[
      'text',
      'pronunciation',
      'prompt',
      'frames',
      'sound',
      'voices',
      'checkpoint',
      'export',
      'runtime',
      'hub',
      'remote',
    ],
    'production',
  ],
  client: ['voices', 'text', 'sound', 'hub', 'remote', 'production', 'speech-cache'],
  hub: [],
  remote: ['prompt', 'sound'],
};

const roomRules = Object.entries(ROOMS).map(([room, allowed]) => ({
  files: [`src/engine/${room}/**/*.ts`],
  rules: {
    '@typescript-eslint/no-restricted-imports': [
      'error',
      {
        patterns: [
          ...Object.keys(ROOMS)
            .filter((other) => other !== room && !allowed.includes(other))
            .map((other) => ({
              group: [`../${other}/**`],
              allowTypeImports: true,
              message: `The ${room} room knows the ${other} room by its types alone (docs/architecture.md).`,
            })),
          ...(room === 'runtime' ? [] : [{ group: ['onnxruntime-*'], message: 'Only runtime/ talks to onnxruntime.' }]),
          { group: ['node-red', '@node-red/*'], message: 'The engine knows nothing of Node-RED.' },
        ],
      },
    ],
  },
}));

export default defineConfig(
  { ignores: ['dist/', 'node_modules/', 'coverage/', 'demo-output/', 'test-output/', 'training/', '.whl/'] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: { allowDefaultProject: ['eslint.config.mjs'] } } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      'no-restricted-syntax': ['error', { selector: 'ExportDefaultDeclaration', message: 'Name what you export.' }],
    },
  },
  ...roomRules,
  {
    files: ['nodes/**/*.ts', 'src/cli/**/*.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: 'src/engine/(?!index\\.js$)|^\\.\\./engine/(?!index\\.js$)',
              message: 'Nodes and the command line know the engine by its API, src/engine/index.ts.',
            },
            {
              regex: '(src|\\.\\.)/service/(?!index\\.js$)',
              message: 'Nodes and the command line know the services by src/service/index.ts.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['src/service/**/*.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            { regex: '/engine/(?!index\\.js$)', message: 'Services know the engine by its API, src/engine/index.ts.' },
            { group: ['node-red', '@node-red/*'], message: 'The services know nothing of Node-RED.' },
          ],
        },
      ],
    },
  },
  // Non-null assertions are how tests and index arithmetic state a bound that noUncheckedIndexedAccess cannot see.
  { rules: { '@typescript-eslint/no-non-null-assertion': 'off' } },
  { files: ['*.mjs', '*.mts'], rules: { 'no-restricted-syntax': 'off' } },
  prettier,
);
