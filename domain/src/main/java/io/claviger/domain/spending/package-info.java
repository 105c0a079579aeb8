/**
 * The use that a call requests, the amount that is reserved of a budget, and the amount that is
 * charged.
 */
package io.claviger.domain.spending;
