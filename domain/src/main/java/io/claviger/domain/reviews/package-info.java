/** Access reviews: who holds a service or is in a group, and what somebody decided about each. */
package io.claviger.domain.reviews;
