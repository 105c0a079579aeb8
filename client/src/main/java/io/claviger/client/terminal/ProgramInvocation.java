package io.claviger.client.terminal;

/** How other programs start this program. */
public final class ProgramInvocation {
  /** The name of the property that the script which starts the program sets. */
  private static final String PROPERTY = "claviger.program";

  private ProgramInvocation() {}

  /** Returns the path of the program, or its name if the path is not known. */
  public static String path() {
    return System.getProperty(PROPERTY, "claviger");
  }

  /** Returns a text in a form in which a shell reads it as a single word. */
  public static String quoted(String text) {
    return text.matches("[\\w@%+=:,./-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
  }
}
