/**
 * The console: pages on which people can do everything that the API can do. The pages are served on
 * the port of the API.
 */
package io.claviger.console;
