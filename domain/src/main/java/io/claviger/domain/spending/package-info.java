/**
 * What a call requests, how much of a budget is reserved for it, and how much is charged for it.
 */
package io.claviger.domain.spending;
