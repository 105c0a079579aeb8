/**
 * The console: pages on which people can do everything that the API can do. They are on the port of the API.
 */
package io.claviger.console;
