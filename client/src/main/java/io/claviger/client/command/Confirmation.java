package io.claviger.client.command;

import io.claviger.client.faults.ClientFault;
import io.claviger.client.terminal.Terminal;
import java.util.Locale;
import java.util.Optional;

/**
 * Asks for confirmation before something irreversible.
 *
 * @param given whether the user has agreed in advance, for example with an option
 */
public record Confirmation(Terminal terminal, boolean given) {
  public static Confirmation of(Terminal terminal, boolean given) {
    return new Confirmation(terminal, given);
  }

  /**
   * Asks a question unless the user has agreed in advance. Continues only if the user agrees.
   *
   * @throws ClientFault if the user does not agree, or if nobody can be asked
   */
  public void require(String question) {
    if (given) {
      return;
    }
    String answer =
        asked(terminal, question)
            .orElseThrow(
                () ->
                    ClientFault.of(
                        "nothing was changed: this command asks first, and there is no terminal",
                        "Use --yes to do it without a question."));
    if (!isYes(answer)) {
      throw ClientFault.of("nothing is done");
    }
  }

  /** Asks a question. Returns whether the user agrees; false if there is nobody to ask. */
  public static boolean agrees(Terminal terminal, String question) {
    return asked(terminal, question).filter(Confirmation::isYes).isPresent();
  }

  private static Optional<String> asked(Terminal terminal, String question) {
    return terminal.ask(question + " [y/N] ");
  }

  private static boolean isYes(String answer) {
    return answer.strip().toLowerCase(Locale.ROOT).matches("y|yes");
  }
}
