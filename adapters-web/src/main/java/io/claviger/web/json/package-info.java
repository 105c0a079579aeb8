/**
 * JSON (RFC 8259) in requests to the API and in its answers. Bodies are read strictly, and all
 * faults of a body are reported together. Secrets in a body never become a String.
 */
package io.claviger.web.json;
