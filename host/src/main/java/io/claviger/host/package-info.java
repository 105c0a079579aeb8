/**
 * What a node and its embedded database use of their machine: the data directory, secrets, database
 * addresses, and the exception that refuses a start.
 */
package io.claviger.host;
