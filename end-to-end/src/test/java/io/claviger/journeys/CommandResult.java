package io.claviger.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/**
 * The result of a command.
 *
 * @param output everything that the command printed to standard output
 * @param errors everything that the command printed to standard error
 */
record CommandResult(int exitCode, String output, String errors) {
  CommandResult ended(int expected) {
    assertThat(exitCode).as("exit code; standard error: %s", errors).isEqualTo(expected);
    return this;
  }

  /** The lines of standard output. */
  List<String> printed() {
    return output.lines().toList();
  }
}
