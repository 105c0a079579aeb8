/**
 * The destination and the format of the log. Only the stand-alone program configures the log. An
 * application that runs Claviger in its own process keeps its own log configuration.
 */
package io.claviger.bootstrap.logging;
