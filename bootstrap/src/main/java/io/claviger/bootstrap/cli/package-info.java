/**
 * The command line: arguments, output and exit codes. Each command has its program, which {@link
 * io.claviger.bootstrap.cli.Programs} replaces in tests.
 */
@NullMarked
package io.claviger.bootstrap.cli;

import org.jspecify.annotations.NullMarked;
