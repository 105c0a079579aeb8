/**
 * {@code /oauth}, and the metadata of the authorization server (RFC 6749, RFC 8414, RFC 8628):
 * where programs get access tokens. Requests are forms, and errors have the form that OAuth
 * defines, not that of problems.
 */
package io.claviger.web.oauth;
