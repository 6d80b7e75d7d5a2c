// The Node globals that packages use without asking for them; esbuild adds one only to the bundle that names it.
export { Buffer } from 'buffer';
export * as process from './process.js';
