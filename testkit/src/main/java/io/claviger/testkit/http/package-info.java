/**
 * HTTP/1.1 for tests: a client with assertions, a strict reader of messages, and generators of
 * messages, which are well-formed or not. The reader and the generators follow RFC 9112 and do not
 * use a library, so that they have no fault in common with the code under test.
 */
package io.claviger.testkit.http;
