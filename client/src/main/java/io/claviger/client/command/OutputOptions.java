package io.claviger.client.command;

import picocli.CommandLine.Option;

/** The options for the format in which a command prints its result. */
public final class OutputOptions {
  @Option(names = "--json", description = "Print JSON in the form of the API.")
  private boolean json;

  @Option(
      names = {"-q", "--quiet"},
      description = "Print only names or ids, one per line.")
  private boolean quiet;

  public boolean json() {
    return json;
  }

  public boolean quiet() {
    return quiet && !json;
  }
}
