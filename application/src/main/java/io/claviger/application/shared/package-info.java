/**
 * What all use cases share: the actor, refusals, pages, and the way an attempt becomes a
 * transaction with its audit events.
 */
package io.claviger.application.shared;
