/**
 * Requests to borrow: users ask owners of services for more use, and owners grant such a request
 * with a share.
 */
@NullMarked
package io.claviger.domain.requests;

import org.jspecify.annotations.NullMarked;
