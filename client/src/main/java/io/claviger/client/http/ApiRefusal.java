package io.claviger.client.http;

import io.claviger.client.faults.ClientFault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Thrown if the server refuses a request. */
public final class ApiRefusal extends RuntimeException {
  private static final int UNAUTHORIZED = 401;

  private final int status;
  private final String code;
  private final String message;
  private final List<String> faults;
  private final Optional<Duration> waiting;

  /**
   * @param waiting the time for which the server tells the client to wait before repeating the
   *     request; empty if the server does not say
   */
  ApiRefusal(
      int status, String code, String message, List<String> faults, Optional<Duration> waiting) {
    super(message);
    this.status = status;
    this.code = code;
    this.message = message;
    this.faults = List.copyOf(faults);
    this.waiting = waiting;
  }

  public int status() {
    return status;
  }

  /** The stable code of the problem in the server's answer, such as {@code not_found}. */
  public String code() {
    return code;
  }

  /**
   * Whether the server does not know the access token: the token never existed or has ended.
   * Refusals with 401 and another code mean that the token exists, for example a token that is
   * bound to another network.
   */
  public boolean isOfUnknownToken() {
    return status == UNAUTHORIZED && code.equals("unauthorized");
  }

  /**
   * The time for which the server tells the client to wait before repeating the request; empty if
   * the server does not say.
   */
  public Optional<Duration> waiting() {
    return waiting;
  }

  /**
   * Returns the fault to show to the user: a line about the problem, followed by a line for each
   * fault and each hint.
   */
  public ClientFault fault(String... hints) {
    List<String> lines = new ArrayList<>(faults);
    lines.addAll(List.of(hints));
    if (status == UNAUTHORIZED && hints.length == 0 && !code.equals("token_bound")) {
      lines.add("Sign in again: claviger login URL");
    }
    return ClientFault.of(
        "%s (%d %s)".formatted(message, status, code), lines.toArray(String[]::new));
  }
}
