/**
 * Contains the console: HTML pages on which people can do everything that programs can do with the
 * API. The same port serves the pages and the API.
 */
package io.claviger.console;
