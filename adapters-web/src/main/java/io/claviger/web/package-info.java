/**
 * The REST API over HTTP. It reads requests strictly, calls the use cases, and renders their
 * results. It does not decide who may do what. The contract is {@code openapi.yaml}.
 */
package io.claviger.web;
