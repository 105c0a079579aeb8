package io.claviger.application.credentials;

import io.claviger.application.credentials.port.CredentialMinter.CheckStep;
import io.claviger.application.credentials.port.CredentialMinter.MintFailure;
import java.time.Duration;
import java.util.List;

/**
 * Why a service has no token.
 *
 * @param step the failed step
 * @param detail a short line that contains no secret, and that quotes the token server's answer or
 *     says what to change
 * @param retryAfter the time to wait before a token is requested again
 * @param steps the attempted steps, in the order of the attempts
 */
public record CredentialFailure(
    Reason reason, String step, String detail, Duration retryAfter, List<CheckStep> steps) {
  private static final int LONGEST = 300;
  private static final int MOST_STEPS = 16;

  /** The kind of a failure. */
  public enum Reason {
    /** The token server refuses to issue a token, or the settings can't be used. */
    REFUSED("credential_refused"),
    /** The token server can't be reached, or too many tokens are being made. */
    UNAVAILABLE("credential_unavailable"),
    /** The gateway must not connect to the address. */
    NOT_ALLOWED("destination_not_allowed"),
    /** The owner has not confirmed the destination. */
    UNCONFIRMED("credential_unconfirmed"),
    /** The stored secret can't be opened. */
    UNUSABLE("key_unusable");

    private final String code;

    Reason(String code) {
      this.code = code;
    }

    /** Returns the code of the gateway's error. */
    public String code() {
      return code;
    }
  }

  public CredentialFailure {
    detail = line(detail);
    steps =
        steps.stream()
            .limit(MOST_STEPS)
            .map(each -> new CheckStep(each.step(), each.ok(), line(each.detail())))
            .toList();
  }

  static CredentialFailure of(MintFailure failure, Duration retryAfter) {
    Reason reason =
        switch (failure.cause()) {
          case REFUSED, MISCONFIGURED -> Reason.REFUSED;
          case UNAVAILABLE -> Reason.UNAVAILABLE;
          case NOT_ALLOWED -> Reason.NOT_ALLOWED;
        };
    return new CredentialFailure(
        reason, failure.step(), failure.reason(), retryAfter, failure.steps());
  }

  /** Describes a failure that happened on this node before any request was sent. */
  static CredentialFailure here(Reason reason, String step, String detail, Duration retryAfter) {
    return new CredentialFailure(
        reason, step, detail, retryAfter, List.of(new CheckStep(step, false, detail)));
  }

  CredentialFailure retryingAfter(Duration other) {
    return new CredentialFailure(reason, step, detail, other, steps);
  }

  /**
   * Returns a text as a short line. Another server's answer can contain any characters and have any
   * length.
   */
  private static String line(String text) {
    StringBuilder line = new StringBuilder(Math.min(text.length(), LONGEST));
    text.codePoints()
        .limit(LONGEST)
        .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? ' ' : c)
        .forEach(line::appendCodePoint);
    return line.toString().strip();
  }
}
