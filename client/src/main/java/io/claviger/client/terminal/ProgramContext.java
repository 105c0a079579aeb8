package io.claviger.client.terminal;

import io.claviger.client.faults.ClientFault;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;

/**
 * The process in which a command runs, and its user.
 *
 * @param version the version of this program
 */
public record ProgramContext(
    Map<String, String> environment, Terminal terminal, Clock clock, String version) {

  /** Returns the value of an environment variable; empty if the variable is not set or is blank. */
  public Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
  }

  /**
   * Returns the home directory of the user.
   *
   * @throws ClientFault if the user has no home directory. Java states the path {@code ?} for an
   *     unknown user. This path counts as no home directory, because its files would be in the
   *     working directory
   */
  public Path home() {
    Path home = Path.of(variable("HOME").orElseGet(() -> System.getProperty("user.home", "")));
    if (!home.isAbsolute()) {
      throw ClientFault.of(
          "this user has no home directory for settings",
          "Set HOME to the absolute path of a directory.");
    }
    return home;
  }

  /**
   * Whether commands print in colour. Colours are used if the output is a terminal and the user has
   * not disabled them.
   */
  public boolean colours() {
    return variable("NO_COLOR").isEmpty()
        && !variable("TERM").orElse("").equals("dumb")
        && terminal.isOutput();
  }
}
