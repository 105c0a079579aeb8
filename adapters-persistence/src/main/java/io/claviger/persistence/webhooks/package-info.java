/** Webhooks and their outbox in PostgreSQL. */
@NullMarked
package io.claviger.persistence.webhooks;

import org.jspecify.annotations.NullMarked;
