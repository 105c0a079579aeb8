/** Batches: files of calls that a provider processes later, and the use that the calls request. */
@NullMarked
package io.claviger.domain.batches;

import org.jspecify.annotations.NullMarked;
