/**
 * The command line: arguments, output and exit codes of the commands. Each command runs one of the
 * {@link io.claviger.bootstrap.cli.Programs}, which tests replace.
 */
package io.claviger.bootstrap.cli;
