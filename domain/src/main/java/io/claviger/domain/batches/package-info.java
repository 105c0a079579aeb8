/** Batches: files of calls that a provider processes later, and the use that the calls request. */
package io.claviger.domain.batches;
