/**
 * The audit trail: the records of changes and of refused attempts. These records contain the names
 * and values of changed fields, but no secrets and no e-mail addresses.
 */
@NullMarked
package io.claviger.domain.audit;

import org.jspecify.annotations.NullMarked;
