/**
 * Helpers for the tests of several modules: clocks, races between threads, other processes. Nothing
 * here depends on another module.
 */
package io.claviger.testkit;
