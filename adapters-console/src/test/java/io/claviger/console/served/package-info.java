/** The console on a socket, for tests. */
package io.claviger.console.served;
