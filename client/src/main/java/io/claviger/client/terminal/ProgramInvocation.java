package io.claviger.client.terminal;

/** How this program is started by others. */
public final class ProgramInvocation {
  /** Set by the script that starts it. */
  private static final String PROPERTY = "claviger.program";

  private ProgramInvocation() {}

  /** The path of the program, or its name where that is not known. */
  public static String path() {
    return System.getProperty(PROPERTY, "claviger");
  }

  /** A text as one word of a shell's command. */
  public static String quoted(String text) {
    return text.matches("[\\w@%+=:,./-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
  }
}
