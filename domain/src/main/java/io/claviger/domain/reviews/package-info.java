/** Access reviews: who holds a service or is in a group, and what somebody decided about each. */
@NullMarked
package io.claviger.domain.reviews;

import org.jspecify.annotations.NullMarked;
