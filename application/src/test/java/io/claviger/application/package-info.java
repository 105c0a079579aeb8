/**
 * Tests of the use cases, which run on the in-memory ports in {@code fakes}. The adapters' tests
 * use {@code fakes}, {@code contracts} and {@code builders} too.
 */
package io.claviger.application;
