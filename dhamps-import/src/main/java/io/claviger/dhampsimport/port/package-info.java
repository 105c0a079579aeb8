/**
 * What moving in needs from outside: the old database, its sealing, and many rows written at once.
 */
@NullMarked
package io.claviger.dhampsimport.port;

import org.jspecify.annotations.NullMarked;
