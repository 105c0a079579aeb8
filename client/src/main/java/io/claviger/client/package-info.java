/** The commands for people, which talk to a server over its API. */
package io.claviger.client;
