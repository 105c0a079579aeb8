/** A real PostgreSQL for tests, wherever they run. */
@NullMarked
package io.claviger.testkit.postgres;

import org.jspecify.annotations.NullMarked;
