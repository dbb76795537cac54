import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/** The size of a file and of a function. A longer one has two reasons to change, and is split. */
const BUDGET = {
  'max-lines': ['error', 200],
  'max-lines-per-function': ['error', { max: 40, skipComments: true }],
  // ESLint counts each "??" and "?." as a branch, of which a parser of optional fields has many.
  complexity: ['error', 16],
};

export default tseslint.config(
  { ignores: ['dist', 'node_modules', 'reports', '*.config.js'] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      // A callback of one call needs no braces.
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      'max-params': ['error', 3],
      ...BUDGET,
    },
  },
  {
    // Tables of what tools print or reporters write, of situations and of leaks: one row follows another, and a split would only
    // spread a table. In those of `real`, all cases share one engine or one set of namespaces, which takes seconds to create.
    files: [
      'test/diagnosis/situation.ts',
      'test/engine/real/engine.test.ts',
      'test/evidence/redaction/redact.test.ts',
      'test/probes/outcomes.test.ts',
      'test/probes/real/{harmless,look}.test.ts',
      'test/report/reporters/formats.test.ts',
    ],
    rules: { 'max-lines': 'off' },
  },
  {
    files: ['test/**'],
    rules: {
      // Assertions of chai are expressions.
      '@typescript-eslint/no-unused-expressions': 'off',
      // A test fails where a value that it needs is absent, and an index that it wrote itself is in range.
      '@typescript-eslint/no-non-null-assertion': 'off',
      // A test restores environment variables, and removes any key to see what happens then.
      '@typescript-eslint/no-dynamic-delete': 'off',
      // What a test parsed from JSON may differ from its type.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      // "describe" takes one function, which holds all of a subject.
      'max-lines-per-function': 'off',
    },
  },
);
