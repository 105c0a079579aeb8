/** Batches: files of calls that a provider makes later, and the use for which such a file asks. */
package io.claviger.domain.batches;
