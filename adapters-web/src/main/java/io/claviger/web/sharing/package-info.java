/**
 * HTTP routes for the shares of an LLM service, and what they have in common with the shares of
 * projects and definitions.
 */
package io.claviger.web.sharing;
