/**
 * Builders of domain objects with ordinary values. A test sets only the values that it is about.
 */
package io.claviger.application.builders;
