/**
 * The parts that all use cases share: the actor, refusals, pages, and the way in which an attempt
 * becomes a transaction with its audit events.
 */
package io.claviger.application.shared;
