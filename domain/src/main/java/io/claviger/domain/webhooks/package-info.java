/** Webhooks: where a user is told that a budget has been used up to a threshold. */
@NullMarked
package io.claviger.domain.webhooks;

import org.jspecify.annotations.NullMarked;
