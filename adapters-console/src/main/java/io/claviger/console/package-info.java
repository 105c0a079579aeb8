/**
 * The console: pages on which people can do everything that the API can do. The same port serves the pages and the API.
 */
package io.claviger.console;
