/**
 * HTTP routes for the shares of an LLM service, and the code that they have in common with the
 * routes for the shares of projects and definitions.
 */
package io.claviger.web.sharing;
