/**
 * The command line: arguments, output and exit codes. {@link io.claviger.bootstrap.cli.Programs}
 * supplies what the commands do.
 */
@NullMarked
package io.claviger.bootstrap.cli;

import org.jspecify.annotations.NullMarked;
