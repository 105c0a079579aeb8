/**
 * {@code /oauth} and its metadata (RFC 6749, RFC 8414, RFC 8628): where programs get access tokens.
 * Requests are forms, and errors are those of OAuth, not problems.
 */
package io.claviger.web.oauth;
