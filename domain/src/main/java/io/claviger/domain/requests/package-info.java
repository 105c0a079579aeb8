/**
 * Requests to borrow: users ask owners of services for more use, which an owner grants by a share.
 */
package io.claviger.domain.requests;
