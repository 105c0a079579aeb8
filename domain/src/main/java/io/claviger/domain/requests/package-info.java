/**
 * Requests to borrow: users ask the owner of a service for more than they have, and get it by a
 * share.
 */
@NullMarked
package io.claviger.domain.requests;

import org.jspecify.annotations.NullMarked;
