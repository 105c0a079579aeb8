/**
 * The base of all use cases: the actor, refusals, pages, and attempts, which are transactions with
 * their audit events.
 */
@NullMarked
package io.claviger.application.shared;

import org.jspecify.annotations.NullMarked;
