/**
 * Wires the objects of the program; each feature has its own configuration. Components are not
 * found by scanning the class path.
 */
package io.claviger.wiring;
