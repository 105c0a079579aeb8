package io.claviger.gateway.errors;

import io.claviger.application.credentials.CredentialFailure;
import io.claviger.application.credentials.CredentialFailure.Reason;
import io.claviger.application.gateway.CallRefusal;

/** The errors of calls to services for which no token could be obtained. */
public final class CredentialErrors {
  private CredentialErrors() {}

  public static CallError of(CredentialFailure why) {
    String code = why.reason().code();
    return switch (why.reason()) {
      case REFUSED ->
          CallError.never(
              403,
              code,
              "Claviger can't get a token for this service at the step %s: %s Whoever manages the service has to correct its credential."
                  .formatted(why.step(), sentence(why)));
      case NOT_ALLOWED ->
          CallError.never(
              403,
              code,
              "Claviger can't get a token for this service at the step %s: %s The service's owner has to change the address, or the operator has to list the address in CLAVIGER_ALLOWED_PRIVATE_HOSTS."
                  .formatted(why.step(), sentence(why)));
      case UNCONFIRMED ->
          CallError.never(
              403,
              code,
              "This service was changed, and its owner has not yet confirmed the new"
                  + " destination.");
      case UNUSABLE -> CallError.of(CallRefusal.KEY_UNUSABLE);
      case UNAVAILABLE -> {
        int seconds = CallError.seconds(why.retryAfter());
        yield new CallError(
            503,
            code,
            "Claviger can't get a token for this service at the moment, at the step %s: %s Try again in %d s."
                .formatted(why.step(), sentence(why), seconds),
            CallError.Retry.SOON,
            seconds);
      }
    };
  }

  /**
   * Whether the error concerns only one target of the model, because no token for this target could
   * be obtained. A token for another target of the model might still be obtainable.
   */
  public static boolean isOfOneTarget(CallError why) {
    // The error about the endpoint has the same code as the error about a token URL.
    boolean isOfEndpoint = why.equals(CallError.DESTINATION_NOT_ALLOWED);
    return why.code().equals(Reason.REFUSED.code())
        || why.code().equals(Reason.UNAVAILABLE.code())
        || (why.code().equals(Reason.NOT_ALLOWED.code()) && !isOfEndpoint);
  }

  private static String sentence(CredentialFailure why) {
    String said = why.detail();
    return said.isEmpty() || ".!?".indexOf(said.charAt(said.length() - 1)) >= 0 ? said : said + ".";
  }
}
