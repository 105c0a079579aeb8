/** How callers who share what a provider allows in a minute take turns. */
package io.claviger.domain.fairness;
