/**
 * What a call asks for, how much of a budget is reserved for it, and what it was charged in the
 * end.
 */
@NullMarked
package io.claviger.domain.spending;

import org.jspecify.annotations.NullMarked;
