/**
 * The REST API on HTTP: it reads requests strictly, calls the use cases, and renders what they
 * answer. No rule of who may do what is here; the contract is {@code openapi.yaml}.
 */
@NullMarked
package io.claviger.web;

import org.jspecify.annotations.NullMarked;
