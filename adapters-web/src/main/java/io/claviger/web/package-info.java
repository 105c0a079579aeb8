/**
 * The REST API over HTTP. It reads requests strictly, calls the use cases, and renders their
 * results. It makes no decisions about permissions. The contract is {@code openapi.yaml}.
 */
package io.claviger.web;
