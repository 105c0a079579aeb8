/** The example that the documentation shows, compiled and run. */
@NullMarked
package io.claviger.examples;

import org.jspecify.annotations.NullMarked;
