/** Batches: files of calls that a provider makes later, and what such a file would ask for. */
@NullMarked
package io.claviger.domain.batches;

import org.jspecify.annotations.NullMarked;
