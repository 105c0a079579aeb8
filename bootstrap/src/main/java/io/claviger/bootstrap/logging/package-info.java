/**
 * The destination and format of the log. Only the stand-alone program configures the log. An
 * application that runs Claviger in process keeps its own logging.
 */
package io.claviger.bootstrap.logging;
