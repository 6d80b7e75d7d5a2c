// The scripts' world, which every child evaluates at its start; the worker calls the functions of `__host`.

import { INSIDES } from 'world:insides';
import { handle, next } from './bridge.js';
import { installWorld } from './globals.js';
import { addLibrary } from './host/libraries.js';
import { addPart, keepInsides } from './host/parts.js';
import { G } from './lang/natives.js';

keepInsides(INSIDES);
installWorld();
Object.defineProperty(G, '__host', { value: { handle, next, addPart, addLibrary }, configurable: true });
