/** Browsers' sessions, and what leads to one. */
@NullMarked
package io.claviger.persistence.sessions;

import org.jspecify.annotations.NullMarked;
