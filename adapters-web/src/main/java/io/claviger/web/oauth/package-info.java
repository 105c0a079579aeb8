/**
 * {@code /oauth}, where programs get access tokens, and the metadata of the authorization server
 * (RFC 6749, RFC 8414, RFC 8628). Requests are forms. Errors have the format of OAuth, not the
 * format of problem documents (RFC 9457).
 */
package io.claviger.web.oauth;
