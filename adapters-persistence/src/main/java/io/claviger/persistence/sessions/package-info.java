/** Sessions of browsers, and how they begin without an identity provider, in PostgreSQL. */
@NullMarked
package io.claviger.persistence.sessions;

import org.jspecify.annotations.NullMarked;
