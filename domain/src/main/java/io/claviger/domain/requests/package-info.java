/** Requests to borrow: users ask owners of services for more, and get it by a share. */
@NullMarked
package io.claviger.domain.requests;

import org.jspecify.annotations.NullMarked;
