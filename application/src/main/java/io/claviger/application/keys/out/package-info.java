/** What sealing needs from outside. */
@NullMarked
package io.claviger.application.keys.out;

import org.jspecify.annotations.NullMarked;
