/**
 * Wires the objects of the program; each feature has its own configuration. There is no component
 * scanning.
 */
package io.claviger.wiring;
