/**
 * What the tests of several modules need: clocks, races between threads, other processes. Nothing
 * here depends on another module.
 */
@NullMarked
package io.claviger.testkit;

import org.jspecify.annotations.NullMarked;
