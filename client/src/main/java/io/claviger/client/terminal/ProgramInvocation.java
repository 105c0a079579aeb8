package io.claviger.client.terminal;

/** The way in which other programs start this program. */
public final class ProgramInvocation {
  /** Set by the script that starts the program. */
  private static final String PROPERTY = "claviger.program";

  private ProgramInvocation() {}

  /** Returns the path of the program, or its name if the path is not known. */
  public static String path() {
    return System.getProperty(PROPERTY, "claviger");
  }

  /** Returns a text as one word of a shell's command. */
  public static String quoted(String text) {
    return text.matches("[\\w@%+=:,./-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
  }
}
