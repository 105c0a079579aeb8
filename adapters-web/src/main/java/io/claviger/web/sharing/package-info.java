/**
 * HTTP routes for the shares of an LLM service. These routes share code with the routes for the
 * shares of projects and definitions.
 */
package io.claviger.web.sharing;
