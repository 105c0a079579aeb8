/**
 * HTTP/1.1 for tests: a client with assertions, a strict reader of messages, and generators of
 * well-formed and malformed messages. The reader and the generators follow RFC 9112 without a
 * library. So the reader and the generators have no fault in common with the code under test.
 */
package io.claviger.testkit.http;
