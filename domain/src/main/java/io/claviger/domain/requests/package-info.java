/**
 * Requests to borrow: users ask owners of services for more use, and owners grant it with a share.
 */
package io.claviger.domain.requests;
