package io.claviger.client.http;

import io.claviger.client.faults.ClientFault;
import java.util.List;
import java.util.Optional;

/**
 * The server answered, and refused.
 *
 * @param status the status of the answer
 * @param code the stable code of the problem
 */
public final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String code;
  private final String message;
  private final List<String> faults;

  Refusal(int status, String code, String message, List<String> faults) {
    super(message);
    this.status = status;
    this.code = code;
    this.message = message;
    this.faults = List.copyOf(faults);
  }

  public int status() {
    return status;
  }

  /** The stable code of the problem, such as {@code not_found}. */
  public String code() {
    return code;
  }

  /** What to tell people: the problem in one line, each fault in one, and a hint. */
  public ClientFault told() {
    java.util.ArrayList<String> lines = new java.util.ArrayList<>(faults);
    hint().ifPresent(lines::add);
    return ClientFault.of(
        "%s (%d %s)".formatted(message, status, code), lines.toArray(String[]::new));
  }

  private Optional<String> hint() {
    return switch (status) {
      case 401 -> Optional.of("Sign in again: claviger login URL");
      case 403 ->
          code.equals("insufficient_scope") || code.equals("scope")
              ? Optional.of("Sign in to manage: claviger login URL --manage")
              : Optional.empty();
      default -> Optional.empty();
    };
  }
}
