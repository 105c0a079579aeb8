package io.claviger.console.instances;

import io.claviger.application.credentials.CredentialFailure;
import io.claviger.application.credentials.port.CredentialMinter.CheckStep;
import io.claviger.application.gateway.CallRefusal;
import io.claviger.application.gateway.ConnectionChecks;
import io.claviger.application.gateway.ConnectionChecks.ConnectionCheck;
import io.claviger.domain.policy.NoKeyReason;
import io.claviger.web.pages.PageProblem;
import io.claviger.web.problems.Problems;
import java.util.List;

/**
 * The result of a connection check, described in words.
 *
 * @param tone the CSS class that gives the result its colour
 * @param passed whether the provider answered, and accepted the key or the token
 * @param steps the steps of obtaining a token and of calling the provider with it; empty if no
 *     token is needed
 */
public record CheckLine(String sentence, String tone, boolean passed, List<CheckStep> steps) {
  private static final String UNKNOWN = "warn";

  public CheckLine {
    steps = List.copyOf(steps);
  }

  /** Describes the result of a check in words. */
  public static CheckLine of(ConnectionChecks.CheckOutcome outcome) {
    return switch (outcome) {
      case ConnectionChecks.CheckOutcome.Checked checked -> of(checked.check());
      case ConnectionChecks.CheckOutcome.Limited limited ->
          unknown(Problems.rateLimited(limited.retryAfter(), limited.perMinute()).detail());
      case ConnectionChecks.CheckOutcome.Refused refused ->
          unknown(Problems.refusal(refused.why()).problem().detail());
    };
  }

  /** Says that there is no result, and why. */
  static CheckLine unknown(String why) {
    return new CheckLine("The service was not checked. " + why, UNKNOWN, false, List.of());
  }

  /** Whether the service was checked, so that it is known whether calls to it fail. */
  public boolean isKnown() {
    return !tone.equals(UNKNOWN);
  }

  private static CheckLine of(ConnectionCheck check) {
    CheckLine line = inOneSentence(check);
    return new CheckLine(line.sentence, line.tone, line.passed, check.steps());
  }

  private static CheckLine inOneSentence(ConnectionCheck check) {
    String credential = check.steps().isEmpty() ? "key" : "token";
    return switch (check.status()) {
      case OK ->
          new CheckLine(
              "The provider answers and accepts the "
                  + credential
                  + check.latency().map(time -> " (" + time.toMillis() + " ms)").orElse("")
                  + ".",
              "good",
              true,
              List.of());
      case UNAUTHORIZED -> failed("The provider rejects the " + credential + status(check) + ".");
      case UNREACHABLE ->
          failed(
              check.destinationNotAllowed()
                  ? "Claviger may not connect to this endpoint. Ask Claviger's operator to allow"
                      + " it."
                  : "Nothing answers at the endpoint. Check its address.");
      case TIMEOUT -> failed("The provider did not answer in time.");
      case ERROR ->
          check
              .beyondLimits()
              .map(CallRefusal::message)
              .map(CheckLine::unknown)
              .orElseGet(
                  () -> failed("The provider answers, but with an error" + status(check) + "."));
      case NO_KEY ->
          failed(
              check
                  .reason()
                  .map(CheckLine::without)
                  .or(() -> check.withoutToken().map(CheckLine::without))
                  .orElse("There is no key."));
    };
  }

  private static CheckLine failed(String sentence) {
    return new CheckLine(sentence, "bad", false, List.of());
  }

  private static String status(ConnectionCheck check) {
    return check.httpStatus().isPresent() ? " (status " + check.httpStatus().getAsInt() + ")" : "";
  }

  private static String without(CredentialFailure why) {
    return "There is no token for calls. The step " + why.step() + " failed: " + why.detail();
  }

  /**
   * The check can't tell whether other nodes can decrypt the key, so its advice depends on that.
   */
  private static String without(NoKeyReason reason) {
    return reason == NoKeyReason.KEY_UNUSABLE
        ? "A stored key, credential or header can't be decrypted on this node. If every node has all"
            + " encryption keys, store it again."
        : PageProblem.words(reason.message());
  }
}
