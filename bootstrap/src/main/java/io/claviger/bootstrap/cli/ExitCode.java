package io.claviger.bootstrap.cli;

public final class ExitCode {
  public static final int DONE = 0;
  public static final int FAILED = 1;
  public static final int WRONG_USAGE = 2;
  public static final int SOMETHING_LEFT_OUT = 3;

  private ExitCode() {}
}
