/** Builders of domain objects that differ from a plain one only in what a test is about. */
@NullMarked
package io.claviger.testkit.build;

import org.jspecify.annotations.NullMarked;
