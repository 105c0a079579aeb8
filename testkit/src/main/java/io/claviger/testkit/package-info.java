/**
 * Contains helpers that the tests of several modules use, such as clocks, races between threads,
 * and other processes. This module depends on no other module.
 */
package io.claviger.testkit;
