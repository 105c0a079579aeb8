/** Wires the program, with one configuration for each feature. There is no component scanning. */
package io.claviger.wiring;
