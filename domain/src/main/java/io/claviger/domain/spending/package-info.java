/**
 * The use that a call requests, the amount of a budget that is reserved, and the amount that is
 * charged.
 */
@NullMarked
package io.claviger.domain.spending;

import org.jspecify.annotations.NullMarked;
