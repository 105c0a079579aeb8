/** Identities, sign-ins under way and synced groups in PostgreSQL. */
@NullMarked
package io.claviger.persistence.identity;

import org.jspecify.annotations.NullMarked;
