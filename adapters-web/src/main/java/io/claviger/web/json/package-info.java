/**
 * JSON (RFC 8259) in requests and answers. Bodies are read strictly, and all their faults are
 * reported together. Secrets in a body never become a String.
 */
package io.claviger.web.json;
