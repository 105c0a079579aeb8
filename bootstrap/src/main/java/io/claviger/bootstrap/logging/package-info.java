/**
 * Where the log goes and how it looks. Only the program of its own sets this up; an application
 * that runs Claviger in process keeps its own logging.
 */
@NullMarked
package io.claviger.bootstrap.logging;

import org.jspecify.annotations.NullMarked;
