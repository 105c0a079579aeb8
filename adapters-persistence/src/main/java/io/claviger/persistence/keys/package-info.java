/** The ids and sentinels of encryption keys in PostgreSQL. */
@NullMarked
package io.claviger.persistence.keys;

import org.jspecify.annotations.NullMarked;
