package io.claviger.client.command;

import io.claviger.client.faults.ClientFault;
import io.claviger.client.terminal.Terminal;
import java.util.Locale;

/**
 * Asks before something is done that can't be taken back.
 *
 * @param given whether the user has agreed in advance
 */
public record Confirmation(Terminal terminal, boolean given) {
  public static Confirmation of(Terminal terminal, boolean given) {
    return new Confirmation(terminal, given);
  }

  /**
   * Asks a question unless the user has agreed in advance.
   *
   * @throws ClientFault if they do not agree, or there is nobody to ask
   */
  public void require(String question) {
    if (given) {
      return;
    }
    String answer =
        terminal
            .ask(question + " [y/N] ")
            .orElseThrow(
                () ->
                    ClientFault.of(
                        "nothing was changed: this command asks first, and there is no terminal",
                        "Use --yes to do it without a question."));
    if (!answer.toLowerCase(Locale.ROOT).matches("y|yes")) {
      throw ClientFault.of("nothing is done");
    }
  }
}
