/**
 * The command line, with the arguments, the output and the exit codes of the commands. Each command
 * runs one of the {@link io.claviger.bootstrap.cli.Programs}, which tests replace.
 */
package io.claviger.bootstrap.cli;
