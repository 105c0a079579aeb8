/** Batches: files of calls that a provider makes later, and the use that the calls request. */
package io.claviger.domain.batches;
