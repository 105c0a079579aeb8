package io.claviger.client.terminal;

import java.util.HashMap;
import java.util.Map;

/**
 * Says how other programs start this program, and with which environment this program starts other
 * programs.
 */
public final class ProgramInvocation {
  /**
   * The name of the property with the program's path. The script that starts the program sets this
   * property.
   */
  private static final String PROPERTY = "claviger.program";

  /**
   * The name of the property with the former value of {@code LC_ALL}, if the script has replaced
   * the locale. The value is empty if {@code LC_ALL} was not set.
   */
  private static final String FORMER_LOCALE = "claviger.lc_all";

  private static final String LOCALE = "LC_ALL";

  private ProgramInvocation() {}

  /** Returns the path of the program, or its name if the path is unknown. */
  public static String path() {
    return System.getProperty(PROPERTY, "claviger");
  }

  /**
   * Adds this program's variables to the environment of another program, which this program will
   * start.
   *
   * @param environment the environment that the program would inherit. Variables that already have
   *     the right values are not written again, because their values might contain bytes that are
   *     not text
   * @param variables the variables of this program
   */
  public static void giveVariables(Map<String, String> environment, Map<String, String> variables) {
    Map<String, String> former = new HashMap<>(variables);
    String locale = System.getProperty(FORMER_LOCALE);
    if (locale != null && locale.isEmpty()) {
      former.remove(LOCALE);
    } else if (locale != null) {
      former.put(LOCALE, locale);
    }
    environment.keySet().retainAll(former.keySet());
    former.forEach(
        (name, value) -> {
          if (!value.equals(environment.get(name))) {
            environment.put(name, value);
          }
        });
  }

  /** Returns a text in a form that a shell reads as a single word. */
  public static String quoted(String text) {
    return text.matches("[\\w@%+=:,./-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
  }
}
