/** What users and {@code _system} chose as their default service, in PostgreSQL. */
@NullMarked
package io.claviger.persistence.defaults;

import org.jspecify.annotations.NullMarked;
