/**
 * What all use cases share: who acts, what a refusal can be, pages, and how an attempt becomes a
 * transaction with its audit event.
 */
@NullMarked
package io.claviger.application.shared;

import org.jspecify.annotations.NullMarked;
