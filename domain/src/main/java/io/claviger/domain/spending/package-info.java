/** What a call asks for, how much of a budget is reserved for it, and what it is charged. */
@NullMarked
package io.claviger.domain.spending;

import org.jspecify.annotations.NullMarked;
