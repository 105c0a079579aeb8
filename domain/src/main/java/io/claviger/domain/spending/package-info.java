/**
 * The use that a call requests, the amount of a budget that is reserved, and the amount that is
 * charged.
 */
package io.claviger.domain.spending;
