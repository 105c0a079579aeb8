/**
 * The REST API over HTTP. It reads requests strictly, calls the use cases, and writes the results
 * of the use cases as JSON. This package makes no decisions about permissions. The contract of the
 * API is {@code openapi.yaml}.
 */
package io.claviger.web;
