/** Batches: files of calls that a provider makes later, and the use that such a file requests. */
package io.claviger.domain.batches;
