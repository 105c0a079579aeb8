package io.claviger.bootstrap.cli;

public final class ExitCode {
  public static final int DONE = 0;
  public static final int FAILED = 1;
  public static final int SOMETHING_LEFT_OUT = 3;

  /**
   * The exit code that tells a supervisor not to restart the program until the operator has changed
   * something.
   */
  public static final int DO_NOT_RESTART = 5;

  private ExitCode() {}
}
