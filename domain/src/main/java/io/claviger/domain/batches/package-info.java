/** Batches: files of calls that a provider makes later, and the use for which the calls ask. */
package io.claviger.domain.batches;
