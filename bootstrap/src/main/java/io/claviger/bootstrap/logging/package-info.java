/**
 * Where the log is written, and in which format. Only the stand-alone program sets the
 * configuration of the log. An application that runs Claviger in its own process keeps its own
 * configuration of the log.
 */
package io.claviger.bootstrap.logging;
