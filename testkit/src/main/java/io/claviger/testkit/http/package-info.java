/**
 * HTTP/1.1 on the wire: a strict reader of messages, and generators of messages that are
 * well-formed or not. Written from RFC 9112 alone, so that what it reads does not depend on any
 * library that is under test.
 */
@NullMarked
package io.claviger.testkit.http;

import org.jspecify.annotations.NullMarked;
