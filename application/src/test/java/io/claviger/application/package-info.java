/**
 * Tests of the use cases, which run on the in-memory ports in {@code fakes}. The adapters' tests
 * use {@code fakes}, {@code contracts} and {@code builders} too.
 */
@NullMarked
package io.claviger.application;

import org.jspecify.annotations.NullMarked;
