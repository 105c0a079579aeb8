/**
 * Builders of domain objects with ordinary values. A test sets only the values that it is about.
 */
@NullMarked
package io.claviger.application.builders;

import org.jspecify.annotations.NullMarked;
