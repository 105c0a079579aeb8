/** Batches: files of calls that a provider makes later, and what such a file would ask for. */
package io.claviger.domain.batches;
