// The world that scripts run in, as every child evaluates it at its start; `__host` is what the worker calls.

import { INSIDES } from 'world:insides';
import { handle, next } from './bridge.js';
import { installWorld } from './globals.js';
import { addLibrary } from './host/libraries.js';
import { addPart, keepInsides } from './host/parts.js';
import { G } from './lang/natives.js';

keepInsides(INSIDES);
installWorld();
Object.defineProperty(G, '__host', { value: { handle, next, addPart, addLibrary }, configurable: true });
