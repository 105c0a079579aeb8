package io.claviger.bootstrap.cli;

import io.claviger.bootstrap.settings.StartRefused;

/** Where the program begins. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    Programs programs =
        new Programs(
            settings -> {
              throw new StartRefused("serve is not wired yet");
            },
            (environment, out) -> {
              throw new StartRefused("demo is not wired yet");
            },
            settings -> {
              throw new StartRefused("admin-token is not wired yet");
            });
    System.exit(ClavigerCommandLine.of(programs, System.getenv()).execute(args));
  }
}
