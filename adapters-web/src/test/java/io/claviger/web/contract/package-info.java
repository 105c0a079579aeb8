/**
 * Holds the server to openapi.yaml: what an exchange must look like, and that the document itself
 * is sound. It knows the document and HTTP, and nothing of the server.
 */
package io.claviger.web.contract;
