/**
 * Helpers for the tests of several modules, such as clocks, races between threads, and other
 * processes. This module depends on no other module.
 */
package io.claviger.testkit;
