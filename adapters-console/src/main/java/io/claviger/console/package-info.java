/**
 * Contains the console: HTML pages on which people can do everything that programs can do with the
 * API. The pages and the API are served on the same port.
 */
package io.claviger.console;
