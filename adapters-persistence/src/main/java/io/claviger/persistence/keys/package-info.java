/** The ids and sentinels of encryption keys, and users' own keys, sealed, in PostgreSQL. */
@NullMarked
package io.claviger.persistence.keys;

import org.jspecify.annotations.NullMarked;
