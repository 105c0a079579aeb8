/**
 * The ports of the application kept in memory, honest enough to stand in for the real ones: the
 * contracts in {@code contract} run on both. For tests only.
 */
@NullMarked
package io.claviger.testkit;

import org.jspecify.annotations.NullMarked;
