/**
 * Wires the program's objects. Each feature has its own configuration. There is no scan of the
 * class path for components.
 */
package io.claviger.wiring;
