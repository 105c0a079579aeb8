/** How callers who share a provider's limits take turns. */
@NullMarked
package io.claviger.domain.fairness;

import org.jspecify.annotations.NullMarked;
