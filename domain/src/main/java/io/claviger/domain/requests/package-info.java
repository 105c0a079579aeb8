/** Requests to borrow: users ask owners of services for more, and get it by a share. */
package io.claviger.domain.requests;
