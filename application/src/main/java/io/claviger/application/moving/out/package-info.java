/**
 * What moving in needs from outside: the old database, its sealing, and many rows written at once.
 */
@NullMarked
package io.claviger.application.moving.out;

import org.jspecify.annotations.NullMarked;
