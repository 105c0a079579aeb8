/**
 * The command line: what is typed, what is printed, which exit code. What the commands do is handed
 * in through {@link io.claviger.bootstrap.cli.Programs}.
 */
@NullMarked
package io.claviger.bootstrap.cli;

import org.jspecify.annotations.NullMarked;
