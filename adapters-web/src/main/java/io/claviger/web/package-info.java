/**
 * The REST API over HTTP. The package reads requests strictly, calls the use cases, and writes
 * their results as JSON. The package makes no decisions about permissions. The contract of the API
 * is {@code openapi.yaml}.
 */
package io.claviger.web;
