/**
 * Access reviews: who has access to a service or is in a group, and what reviewers decided about
 * each grant.
 */
@NullMarked
package io.claviger.domain.reviews;

import org.jspecify.annotations.NullMarked;
