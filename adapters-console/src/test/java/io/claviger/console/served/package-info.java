/** The console on a free port, for tests. */
@NullMarked
package io.claviger.console.served;

import org.jspecify.annotations.NullMarked;
