/** How callers who share a provider's limits take turns. */
package io.claviger.domain.fairness;
