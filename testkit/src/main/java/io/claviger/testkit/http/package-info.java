/**
 * HTTP/1.1 for tests: a client with assertions, a strict reader of messages, and generators of
 * messages that are well-formed or not. Reader and generators follow RFC 9112 without a library, so
 * that they have no fault in common with the code under test.
 */
package io.claviger.testkit.http;
