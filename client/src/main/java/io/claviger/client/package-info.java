/** The commands for people. These commands send requests to a server over its API. */
package io.claviger.client;
