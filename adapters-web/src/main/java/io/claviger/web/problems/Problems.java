package io.claviger.web.problems;

import io.claviger.application.shared.ConcurrencyConflict;
import io.claviger.application.shared.MissingEncryptionKey;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.QueryTimeout;
import io.claviger.application.shared.Refusal;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.shared.StillReferenced;
import io.claviger.application.shared.StoreUnavailable;
import io.claviger.domain.Fault;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.TokenBar;
import io.claviger.web.json.InvalidInput;
import io.claviger.web.json.NotJson;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Maps refusals and exceptions to problems. No other class contains such mappings. */
public final class Problems {
  public static final Problem NOT_FOUND =
      new Problem(
          404, "not_found", "There is no such resource, or you are not permitted to see it.");

  public static final Problem NO_SUCH_PATH =
      new Problem(404, "not_found", "The API has no such path. /docs shows the API's paths.");

  /** The path would be a path of the API if it did not end with a slash. */
  public static final Problem SLASH_AT_THE_END =
      new Problem(
          404, "not_found", "The API has no such path. Remove the slash at the end of the path.");

  private Problems() {}

  /** Only a trusted proxy may state the caller's certificate, and only once in a request. */
  public static final Problem CERTIFICATE_UNCLEAR =
      new Problem(
          400,
          "certificate_header_refused",
          "The header with the caller's certificate must be sent by a trusted proxy, and only"
              + " once.");

  /**
   * Returns the value of an outcome.
   *
   * @throws ProblemException if the outcome is a refusal
   */
  public static <T> T valueOf(Outcome<T> outcome) {
    return outcome.orThrow(Problems::refusal);
  }

  /**
   * Throws an exception if an outcome is a refusal; otherwise, ignores the outcome's value.
   *
   * @throws ProblemException if the outcome is a refusal
   */
  public static void throwIfRefused(Outcome<?> outcome) {
    Object unused = valueOf(outcome);
  }

  /** Returns the exception that a handler throws if the application has refused a request. */
  public static ProblemException refusal(Refusal why) {
    return new ProblemException(of(why));
  }

  private static Problem of(Refusal why) {
    return switch (why) {
      case Refusal.NotFound r -> NOT_FOUND;
      case Refusal.Forbidden r -> new Problem(403, r.code(), r.why()).lacking(r.missing());
      case Refusal.Invalid r -> invalid(r.code(), r.faults());
      case Refusal.PreconditionFailed r ->
          new Problem(
              412,
              r.code(),
              "The stored resource is not as this request expects: it has another version, exists"
                  + " already, or does not exist. Read it again.");
      case Refusal.Conflict r -> new Problem(409, r.code(), r.detail());
      case Refusal.Waiting r -> new Problem(202, r.code(), r.sentence()).waiting(r);
      case Refusal.TooMany r ->
          new Problem(429, r.code(), r.detail()).with("Retry-After", seconds(r.retryAfter()));
    };
  }

  /**
   * Returns the problem that an exception reports. An exception that reports no problem is thrown
   * again.
   */
  public static Problem orThrow(RuntimeException thrown) {
    return of(thrown).orElseThrow(() -> thrown);
  }

  /** Returns the problem for an exception, or empty if the exception is unexpected. */
  public static Optional<Problem> of(Throwable thrown) {
    return switch (thrown) {
      case ProblemException e -> Optional.of(e.problem());
      case InvalidInput e -> Optional.of(of(new Refusal.Invalid(e.faults())));
      case InvalidValue e -> Optional.of(of(new Refusal.Invalid(e.fault())));
      case NotJson e -> Optional.of(new Problem(400, "malformed_json", e.where()));
      case RefusedException e -> Optional.of(of(e.refusal()));
      case StillReferenced e ->
          Optional.of(
              new Problem(409, "in_use", "Another resource still refers to this resource."));
      case ConcurrencyConflict e -> Optional.of(of(Refusal.Conflict.CONCURRENT_CHANGE));
      case StoreUnavailable e ->
          Optional.of(
              unavailable(
                  "The database can't be reached or used. Try again. The server's log says why."));
      case QueryTimeout e ->
          Optional.of(unavailable("The database took too long to answer. Try again."));
      case MissingEncryptionKey e ->
          Optional.of(
              unavailable(
                  "This server lacks an encryption key that other servers have. Try again, so that"
                      + " another server can answer."));
      default -> Optional.empty();
    };
  }

  /** Returns the answer to an unexpected error. The log contains details under the request id. */
  public static Problem unexpected() {
    return new Problem(
        500, "internal_error", "Something went wrong here. Report the request id in instance.");
  }

  /**
   * Returns the answer to an unauthenticated caller.
   *
   * @param presented whether the request contained an invalid access token; false if it contained
   *     none
   */
  public static Problem unauthorized(boolean presented) {
    return new Problem(
            401,
            "unauthorized",
            presented
                ? "This access token is unknown, expired or revoked."
                : "Send an access token as Authorization: Bearer <token>.")
        .with(
            "WWW-Authenticate",
            "Bearer realm=\"claviger\"" + (presented ? ", error=\"invalid_token\"" : ""));
  }

  /** The answer if a SCIM token was made for an identity provider that is no longer in use. */
  public static Problem formerIssuer() {
    return new Problem(
            401,
            "unauthorized",
            "This SCIM token is not accepted: it was made for another issuer than the one with which"
                + " people sign in now. An administrator has to make a new one.")
        .with("WWW-Authenticate", "Bearer realm=\"claviger\", error=\"invalid_token\"");
  }

  /** The answer if a valid access token is not accepted. */
  public static Problem barred(TokenBar bar) {
    return new Problem(401, bar.code(), bar.sentence())
        .with("WWW-Authenticate", "Bearer realm=\"claviger\", error=\"invalid_token\"");
  }

  /**
   * Returns the answer to a user who makes too many requests. The answer is the same if too many
   * requests without an access token come from one address.
   */
  public static Problem rateLimited(Duration wait) {
    return rateLimited(wait, OptionalInt.empty());
  }

  /**
   * Returns the answer to a caller who has made too many requests.
   *
   * @param perMinute the exceeded rate, in requests per minute; empty if no rate was exceeded
   */
  public static Problem rateLimited(Duration wait, OptionalInt perMinute) {
    String detail =
        perMinute.isPresent()
            ? "The limit of " + perMinute.getAsInt() + " requests per minute is used up."
            : "Your limit of requests is used up for now.";
    return new Problem(
            429, "rate_limited", detail + " Try again in " + seconds(wait) + " s, more slowly.")
        .with("Retry-After", seconds(wait));
  }

  /** Returns the answer to a request that might succeed later, or at another node. */
  public static Problem unavailable(String detail) {
    return new Problem(503, "unavailable", detail).with("Retry-After", "5");
  }

  /** The answer if this node already serves its maximum number of concurrent requests. */
  public static Problem busy() {
    return new Problem(503, "unavailable", "This server is busy. Try again.")
        .with("Retry-After", "1");
  }

  /** The answer to an invalid access token from an address that sent many invalid tokens before. */
  public static Problem tooManyBadTokens(Duration wait) {
    return new Problem(
            429,
            "too_many_bad_tokens",
            "Too many invalid access tokens came from your address. Present a valid token, or"
                + " wait.")
        .with("Retry-After", seconds(wait));
  }

  /** Returns a duration in whole seconds, rounded up, and at least 1. */
  public static String seconds(Duration wait) {
    return Long.toString(Math.max(1, wait.plusNanos(999_999_999).toSeconds()));
  }

  private static Problem invalid(String code, List<Fault> faults) {
    String detail =
        faults.size() == 1
            ? only(faults.get(0))
            : faults.size()
                + " things in the request can't be accepted; errors says which and why.";
    return new Problem(422, code, detail, faults, Map.of());
  }

  /** Returns a text about a single fault. */
  private static String only(Fault fault) {
    return fault.pointer().isEmpty() || fault.standsWithoutField()
        ? fault.detail()
        : fault.pointer().substring(1) + ": " + fault.detail();
  }
}
