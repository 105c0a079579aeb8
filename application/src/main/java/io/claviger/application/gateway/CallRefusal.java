package io.claviger.application.gateway;

import io.claviger.application.budgets.SpendingRefusal;
import io.claviger.domain.accounts.TokenBar;
import io.claviger.domain.policy.NoKeyReason;
import java.util.Collection;
import java.util.Locale;
import java.util.stream.Collectors;

/** The reasons for which the gateway refuses a call. */
public enum CallRefusal {
  /** The access token is missing, malformed, unknown, expired or revoked. */
  BAD_TOKEN(
      "The access token is not valid here. Present one of Claviger's own (clv_…) as the API key."),
  /**
   * The token is invalid, and many invalid tokens came from the same address before. Valid tokens
   * from this address are still accepted.
   */
  TOO_MANY_BAD_TOKENS(
      "Too many access tokens that are not valid here came from your address. Present a valid one,"
          + " or wait."),
  USER_SUSPENDED(TokenBar.USER_SUSPENDED.sentence()),
  SIGN_IN_REQUIRED(TokenBar.SIGN_IN_REQUIRED.sentence()),
  TOKEN_BOUND(TokenBar.TOKEN_BOUND.sentence()),
  /**
   * The service or project does not exist or is not visible to the caller, or the token is
   * restricted to another service or project.
   */
  NOT_FOUND("There is no such service or project that you can see with this access token."),
  NOT_PERMITTED(NoKeyReason.NOT_PERMITTED.message()),
  PROJECT_UNBOUND("This project uses no service. Its owner has to bind one."),
  INSTANCE_REVOKED("The project's owner can no longer use the project's service."),
  NOT_PASSED_ON(
      "This project's owner may not pass its service on to members who have no access of their own."
          + " The project's owner has to ask the service's owner for may_reshare."),
  DISABLED(NoKeyReason.DISABLED.message()),
  OPERATION_NOT_ALLOWED("This operation is not lent by this service."),
  /** The call creates or uses a provider object of a kind that is not lent to the caller. */
  STORAGE_NOT_LENT(
      "You may not store this at the provider through this service. To let you store this, the"
          + " service's owner sets storage in the service's settings and in the limits of your"
          + " share."),
  /**
   * The maximum use of a batch can't be computed, or Claviger can't read what the batch requests.
   */
  BATCH_NOT_BOUNDED(
      "Your access token has limits or budgets, but Claviger does not read the requests of a batch"
          + " that you make with your own API key. Send the requests one by one, or use a token"
          + " without limits."),
  OPERATION_BEYOND_LIMITS(
      "Your limits on this service do not allow this operation. Ask the person who shared the"
          + " service with you or issued your token to change the limits."),
  MODEL_NOT_ALLOWED(
      "Your limits on this service do not allow this model. Ask the person who shared the service"
          + " with you or issued your token to change the limits."),
  MODEL_NOT_READABLE(
      "The limits that apply to this call allow only certain models, so the request must"
          + " be JSON or a plain multipart form that names a single model, once."),
  RATE_LIMITED("Your limit of requests is used up for now."),
  /** The call needs more tokens than a limit allows in a full minute, so it can never be made. */
  REQUEST_EXCEEDS_LIMIT("This call is expected to use more tokens than one of its limits allows."),
  BUDGET_EXHAUSTED("A budget here is used up, or does not leave enough for this call."),
  MODEL_HAS_NO_PRICE("A budget here counts dollars, and this model has no price."),
  OUTPUT_UNBOUNDED("The request has to state its output maximum."),
  /**
   * A limit or budget needs the maximum size of the input, but the size of a part of the input is
   * unknown.
   */
  INPUT_UNBOUNDED("The maximum size of the request's input is unknown."),
  OUTPUT_TOO_LARGE("The request asks for more output than the limits of this call allow."),
  USE_NOT_READABLE(
      "Limits that apply to this call depend on the body of the request, but the body can't"
          + " be read."),
  SERVICE_CHANGED("This service was changed while the call was under way."),
  USER_API_KEY_REQUIRED(NoKeyReason.USER_API_KEY_REQUIRED.message()),
  MISSING_API_KEY(NoKeyReason.MISSING_API_KEY.message()),
  KEY_UNUSABLE(NoKeyReason.KEY_UNUSABLE.message()),
  /**
   * This node lacks the encryption key of a stored value. Other nodes can decrypt the value, and so
   * can this node after a restart with the right encryption keys.
   */
  SERVICE_UNAVAILABLE(
      "This node of the gateway can't decrypt the key of this service at the moment. Try again."),
  CREDENTIAL_UNCONFIRMED(NoKeyReason.CREDENTIAL_UNCONFIRMED.message());

  /** The maximum number of models or operations in a message. */
  private static final int MOST_NAMED = 8;

  private final String message;

  CallRefusal(String message) {
    this.message = message;
  }

  static CallRefusal of(SpendingRefusal.Reason reason) {
    return switch (reason) {
      case BUDGET_EXHAUSTED -> BUDGET_EXHAUSTED;
      case MODEL_HAS_NO_PRICE -> MODEL_HAS_NO_PRICE;
      case OUTPUT_UNBOUNDED -> OUTPUT_UNBOUNDED;
      case INPUT_UNBOUNDED -> INPUT_UNBOUNDED;
      case OUTPUT_TOO_LARGE -> OUTPUT_TOO_LARGE;
      case BATCH_NOT_BOUNDED -> BATCH_NOT_BOUNDED;
      case USE_NOT_READABLE -> USE_NOT_READABLE;
    };
  }

  static CallRefusal of(NoKeyReason reason) {
    return switch (reason) {
      case NOT_PERMITTED -> NOT_PERMITTED;
      case DISABLED -> DISABLED;
      case USER_API_KEY_REQUIRED -> USER_API_KEY_REQUIRED;
      case MISSING_API_KEY -> MISSING_API_KEY;
      case KEY_UNUSABLE -> KEY_UNUSABLE;
      case CREDENTIAL_UNCONFIRMED -> CREDENTIAL_UNCONFIRMED;
    };
  }

  public static CallRefusal of(TokenBar bar) {
    return switch (bar) {
      case USER_SUSPENDED -> USER_SUSPENDED;
      case SIGN_IN_REQUIRED -> SIGN_IN_REQUIRED;
      case TOKEN_BOUND -> TOKEN_BOUND;
    };
  }

  /**
   * Returns the stable code of this refusal for programs, such as {@code user_api_key_required}.
   */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Returns the message of this refusal, followed by the allowed models or operations.
   *
   * @param allowed the models or operations that the limits allow
   */
  public String naming(Collection<String> allowed) {
    int more = allowed.size() - MOST_NAMED;
    String names = allowed.stream().sorted().limit(MOST_NAMED).collect(Collectors.joining(", "));
    return names.isEmpty()
        ? message
        : message
            + " The limits allow "
            + names
            + (more > 0 ? " and %d more.".formatted(more) : ".");
  }

  /** Returns the message, which tells people what to do. */
  public String message() {
    return message;
  }
}
