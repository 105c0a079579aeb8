/**
 * Tests of the use cases, on the in-memory ports. They live here because the module application
 * cannot depend on testkit, not even for its tests: testkit depends on it.
 */
@NullMarked
package io.claviger.application;

import org.jspecify.annotations.NullMarked;
