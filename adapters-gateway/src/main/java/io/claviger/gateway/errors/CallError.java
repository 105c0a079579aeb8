package io.claviger.gateway.errors;

import io.claviger.application.gateway.CallAuthorization;
import io.claviger.application.gateway.CallRefusal;
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.requests.MissingTerms;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * An error that the gateway returns to a caller in place of a provider's answer.
 *
 * @param code a stable code for programs, such as {@code provider_timeout}
 * @param message a text that tells people what to do about the error. The message never repeats
 *     text from a caller or provider, with two exceptions: the id of a previous response, because
 *     OpenAI repeats the id too, and a token URL's answer about a credential
 * @param retryAfter the number of seconds after which to try again; only used with {@link
 *     Retry#SOON}
 * @param model the requested name of the model whose limits refuse the call; empty if the refusal
 *     has another reason
 * @param missing the terms that the caller's share would need to permit the call; empty if no share
 *     would permit the call
 * @param member the invalid member of the request; only for formats whose errors name a member, and
 *     empty in most errors
 */
public record CallError(
    int status,
    String code,
    String message,
    Retry retry,
    int retryAfter,
    Optional<String> model,
    Optional<MissingTerms> missing,
    Optional<String> member) {

  public CallError(int status, String code, String message, Retry retry, int retryAfter) {
    this(
        status,
        code,
        message,
        retry,
        retryAfter,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  public CallError(int status, String code, String message, Retry retry) {
    this(status, code, message, retry, 1);
  }

  /** Whether the same call might succeed later. */
  public enum Retry {
    NEVER,
    SOON,
    /**
     * It is unknown whether the same call might succeed later. SDKs ignore this value, and decide
     * by the status of the error whether to try again.
     */
    UNSAID
  }

  private static final Pattern PARAMETER = Pattern.compile("\\$?[A-Za-z][A-Za-z_.-]{0,30}");

  public static final CallError BAD_TOKEN = of(CallRefusal.BAD_TOKEN);
  public static final CallError NO_TOKEN =
      BAD_TOKEN.saying(
          "The request has no access token. Give the client an access token of Claviger (clv_…)"
              + " as its API key, or send the token as Authorization: Bearer <token>.");
  public static final CallError SIGNED =
      BAD_TOKEN.saying(
          "The request is signed with keys of AWS, which are not needed here. Set"
              + " AWS_BEARER_TOKEN_BEDROCK to an access token of Claviger's (clv_…): SDKs then send"
              + " it as a bearer token and sign nothing.");
  public static final CallError NOT_FOUND = of(CallRefusal.NOT_FOUND);
  public static final CallError NO_SUCH_PATH =
      never(
          404,
          "not_found",
          "The gateway serves /gateway/services/{owner}/{handle}/…,"
              + " /gateway/projects/{owner}/{handle}/…, /gateway/openai/v1/…, /gateway/anthropic/…,"
              + " /gateway/gemini/…, /gateway/cohere/…, /gateway/bedrock/… and"
              + " /gateway/vertex/… only. The API and the console have another address.");
  public static final CallError MODEL_REQUIRED =
      never(
          400,
          "model_required",
          "The request names no model, but this URL needs a model to find the service. Name a model"
              + " as a text: GET models lists the models that you may use.");
  public static final CallError MODEL_INVALID =
      never(
          400,
          "model_invalid",
          "Name the model once in the request, as a text that is not too long.");
  public static final CallError BODY_NOT_READABLE =
      never(
          400,
          "body_not_readable",
          "This URL finds the service by the model that the body names, so the body has to be JSON"
              + " in UTF-8 or a plain multipart form.");
  public static final CallError HELD_BODY_ENCODED =
      never(
          415,
          "body_encoded",
          "This URL finds the service by the model that the body names: send the body without a"
              + " content encoding.");
  public static final CallError BACKGROUND_NOT_READABLE =
      never(
          400,
          "background_not_readable",
          "An answer made in the background has to be fetched later by its id, and fetching"
              + " answers is not lent here. Leave background out, or set stream to true and read"
              + " the stream.");

  /**
   * The error for a request that asks the provider to work in the background. Limits would count
   * that work until its end, but the gateway can't notice the end.
   */
  public static final CallError BACKGROUND_NOT_COUNTED =
      of(CallRefusal.USE_NOT_READABLE)
          .saying(
              "Limits here count a call until the provider has finished its work, but the"
                  + " gateway can't notice when work in the background ends. Leave background"
                  + " out, or set it to false.");

  public static final CallError BAD_PAGE =
      badRequest(
          "A query parameter that selects the page of the list is out of range, or was taken from"
              + " another list.");
  public static final CallError TWO_TOKENS =
      badRequest("The request carries two different access tokens. Send one.");

  /**
   * The error for a request that names the caller's certificate more than once, or that names the
   * certificate but does not come from a trusted proxy.
   */
  public static final CallError CERTIFICATE_UNCLEAR =
      never(
          400,
          "certificate_header_refused",
          "The header with the caller's certificate must be sent by a trusted proxy, and only"
              + " once.");

  public static final CallError MALFORMED =
      badRequest("The request is malformed, or its length is ambiguous.");
  public static final CallError BODY_TOO_LARGE =
      never(413, "body_too_large", "The body is larger than this gateway permits.");
  public static final CallError BODY_NOT_A_FORM =
      never(
          415,
          "body_not_a_form",
          "This service takes its key in a form: send the body as"
              + " application/x-www-form-urlencoded, without a content encoding.");
  public static final CallError BODY_ENCODED =
      never(
          415,
          "body_encoded",
          "Your models or budgets are limited here, so the gateway has to read the body: send it"
              + " without a content encoding.");
  public static final CallError CALLER_NOT_READABLE =
      never(
          400,
          "body_not_readable",
          "Others use the same key, so the gateway adds to the body a name for the caller and the"
              + " instruction to store nothing: send a JSON object in UTF-8.");
  public static final CallError BODY_NOT_AN_OBJECT =
      never(400, "body_not_readable", "The body has to be a JSON object.");
  public static final CallError CALLER_UNCLEAR =
      never(
          400,
          "body_not_readable",
          "Others use the same key, so the gateway reads who calls and what is stored. State"
              + " store, background, deferred and metadata at most once, with the documented"
              + " types. State prompt_cache_key, prompt_cache_isolation_key, cache_salt,"
              + " extra_key, session_id, safety_identifier, user, user_id and metadata.user_id"
              + " as texts. Spell all these names exactly like this, and don't put them into"
              + " extra_body, fallbacks or providerOptions.");
  public static final CallError CALLER_IN_FORM =
      never(
          400,
          "body_not_readable",
          "Others use the same key, so the gateway would have to replace the field user, but it"
              + " can't change a form of this kind. Leave the field user out.");
  public static final CallError CALLER_TOO_LONG =
      never(
          400,
          "identifier_too_long",
          "prompt_cache_key, prompt_cache_isolation_key, cache_salt, extra_key, session_id,"
              + " continuation_id, safety_identifier, user, user_id and metadata.user_id may have at"
              + " most 512 characters here.");
  public static final CallError OBJECT_NOT_RECORDED =
      never(
          502,
          "object_not_recorded",
          "The provider stored something, but Claviger could not record whose it is, so nobody can"
              + " use it. Claviger deletes it at the provider. If you try again, the provider might"
              + " charge for both calls.");
  public static final CallError UPLOAD_ENDED =
      never(
          403,
          "upload_ended",
          "The upload can't continue at this address. Either the address is older than 24 hours; or"
              + " the access token that began the upload may no longer upload here; or that token"
              + " now uses a different API key; or this request has another user's token. Begin the"
              + " upload again.");
  public static final CallError TOO_MANY_OBJECTS =
      never(
          403,
          "too_many_objects",
          "Nothing more can be stored here. Either max_objects or max_bytes is used up; or you are"
              + " not a member of the open project, so at least as much must stay free as you have"
              + " stored; or you have 1,000,000 objects at all services together; or you have added"
              + " 1,000,000 records of objects in this hour. Delete what you no longer need, or ask the"
              + " owner of the service to raise max_objects or max_bytes, or wait for the next hour.");
  public static final CallError URI_TOO_LONG =
      never(414, "uri_too_long", "The request line is too long.");
  public static final CallError HEADERS_TOO_LARGE =
      never(431, "headers_too_large", "The request headers are too large.");
  public static final CallError TOO_MANY_HEADERS =
      never(431, "headers_too_large", "The request has too many header fields.");
  public static final CallError NO_ROOM_FOR_HEAD =
      new CallError(
          503,
          "service_unavailable",
          "The gateway holds too many large request heads at the moment. Send fewer or shorter"
              + " headers, or try again.",
          Retry.SOON);
  public static final CallError ORIGIN_NOT_ALLOWED =
      never(
          403,
          "origin_not_allowed",
          "Scripts of web pages of this origin may not call this gateway. The gateway's operator"
              + " can list the origin in CLAVIGER_GATEWAY_ALLOWED_ORIGINS.");
  public static final CallError EXPECTATION_FAILED =
      never(
          417,
          "expectation_failed",
          "The gateway supports no expectation other than 100-continue.");
  public static final CallError NO_WEB_SOCKETS =
      never(
          426,
          "upgrade_required",
          "The gateway does not support WebSocket at this URL. Make the same call over HTTP/1.1:"
              + " its answer can be streamed as server-sent events.");
  public static final CallError WEB_SOCKET_NOT_OPENED =
      never(
          502,
          "web_socket_not_opened",
          "The provider did not open a WebSocket. Make the same call over HTTP/1.1.");
  public static final CallError TOO_MANY_WEB_SOCKETS =
      new CallError(
          429,
          "too_many_connections",
          "Too many WebSockets are open. Close one, or wait until one ends.",
          Retry.SOON,
          30);
  public static final CallError PAST_THE_GATEWAY =
      never(
          403,
          CallRefusal.OPERATION_NOT_ALLOWED.code(),
          "The media of such a call would bypass the gateway, which could neither limit nor end it."
              + " Open a WebSocket at realtime.");
  public static final CallError SHOWS_OTHERS =
      never(
          403,
          CallRefusal.OPERATION_NOT_ALLOWED.code(),
          "The answer would show what others do with the service, so only the service's owners may"
              + " call this operation.");
  public static final CallError BAD_CLIENT_SECRET =
      never(
          401,
          CallRefusal.BAD_TOKEN.code(),
          "A client secret opens one WebSocket, at the URL of the service or project where it was"
              + " made. This client secret was used, has expired, or was made at another URL.");
  public static final CallError TOO_MANY_CLIENT_SECRETS =
      new CallError(
          429,
          "too_many_client_secrets",
          "Too many client secrets are valid. Use a client secret, or wait until one expires.",
          Retry.SOON,
          60);
  public static final CallError CONNECTION_ENDED =
      never(403, "connection_ended", "Somebody who may end this WebSocket has ended it.");
  public static final CallError WEB_SOCKET_ORIGIN_NOT_ALLOWED =
      never(
          403,
          "origin_not_allowed",
          "Web pages of this origin may not open a WebSocket with this service. The service's owner"
              + " can list the origin in allowed_origins.");
  public static final CallError REQUEST_INCOMPLETE =
      never(400, "request_incomplete", "The rest of the request did not arrive in time.");
  public static final CallError DESTINATION_NOT_ALLOWED =
      never(
          403,
          "destination_not_allowed",
          "This service's endpoint is at an address that the gateway does not connect to, or"
              + " connects to only with TLS. The service's owner has to change the endpoint, or"
              + " the operator has to list the address in CLAVIGER_ALLOWED_PRIVATE_HOSTS.");
  public static final CallError PROVIDER_REJECTED_KEY =
      never(
          403,
          "provider_rejected_key",
          "The provider rejected the API key. The header X-Claviger-Key-Source says whose key it"
              + " is.");
  public static final CallError LOOP_DETECTED =
      never(
          403,
          "loop_detected",
          "This call has already passed through a Claviger gateway. The service's owner has to set"
              + " the endpoint of a provider.");
  public static final CallError TOO_MANY_LOOK_UPS =
      new CallError(
          503,
          "service_unavailable",
          "Too many connections for services of this owner are being set up at the moment.",
          Retry.SOON);
  public static final CallError PROVIDER_REDIRECTED =
      never(
          403,
          "provider_redirected",
          "The provider answered with a redirect. The gateway neither follows redirects nor"
              + " passes them on. The service's owner has to correct the endpoint.");
  public static final CallError PROVIDER_UNREACHABLE =
      new CallError(502, "provider_unreachable", "The provider could not be reached.", Retry.SOON);
  public static final CallError PROVIDER_BROKE_OFF =
      new CallError(
          502,
          "provider_broke_off",
          "The provider broke the connection off before its answer was complete.",
          Retry.UNSAID);
  public static final CallError PROVIDER_ANSWER_UNUSABLE =
      never(
          502,
          "provider_answer_unusable",
          "The provider's answer is malformed, too large, or in an encoding that was not"
              + " requested.");

  /**
   * The provider might still be processing the call, so the caller might pay twice if somebody sent
   * the call again.
   */
  public static final CallError PROVIDER_TIMEOUT =
      never(
          504,
          "provider_timeout",
          "The provider was silent for longer than this service allows. The service's owner can"
              + " raise timeout_ms.");

  public static final CallError SERVICE_UNAVAILABLE =
      new CallError(
          503,
          "service_unavailable",
          "The gateway can't find out at the moment whether this call is permitted.",
          Retry.SOON);
  public static final CallError BUSY =
      new CallError(
          503,
          "service_unavailable",
          "The gateway is busy: you, or all callers together, have too many calls running at once."
              + " Try again.",
          Retry.SOON);

  /**
   * The provider has processed the call and might charge for it. SDKs must not repeat the call by
   * themselves, because the caller might pay twice.
   */
  public static final CallError ANSWER_LOST =
      never(
          503,
          "answer_lost",
          "The provider has answered, but the gateway was too busy to read the answer or had no"
              + " memory for it. The provider might charge for this call, and charge again if you"
              + " repeat it.");

  public static final CallError NODE_STOPPED =
      new CallError(
          503,
          "service_unavailable",
          "This node of the gateway was stopped before the answer was complete. Try again, but note"
              + " that the provider might charge for both calls.",
          Retry.SOON);
  public static final CallError INTERNAL =
      new CallError(
          500,
          "internal_error",
          "The gateway failed. The gateway's log has the reason under the request id.",
          Retry.UNSAID);

  /**
   * The HTTP status. A header of the answer tells SDKs whether to try again after a wait or to give
   * up.
   */
  private static int status(CallRefusal refusal) {
    return switch (refusal) {
      case BAD_TOKEN, USER_SUSPENDED, SIGN_IN_REQUIRED, TOKEN_BOUND -> 401;
      case NOT_FOUND -> 404;
      // Clients would interpret 403 as a sign of a wrong key, and some would sign their user out.
      case BUDGET_EXHAUSTED -> 402;
      case TOO_MANY_BAD_TOKENS, RATE_LIMITED -> 429;
      case NOT_PERMITTED,
          PROJECT_UNBOUND,
          INSTANCE_REVOKED,
          NOT_PASSED_ON,
          DISABLED,
          OPERATION_NOT_ALLOWED,
          STORAGE_NOT_LENT,
          BATCH_NOT_BOUNDED,
          OPERATION_BEYOND_LIMITS,
          MODEL_NOT_ALLOWED,
          MODEL_NOT_READABLE,
          MODEL_HAS_NO_PRICE,
          OUTPUT_UNBOUNDED,
          INPUT_UNBOUNDED,
          OUTPUT_TOO_LARGE,
          REQUEST_EXCEEDS_LIMIT,
          USE_NOT_READABLE,
          SERVICE_CHANGED,
          USER_API_KEY_REQUIRED,
          MISSING_API_KEY,
          KEY_UNUSABLE,
          CREDENTIAL_UNCONFIRMED ->
          403;
      case SERVICE_UNAVAILABLE -> 503;
    };
  }

  /**
   * Returns the error for a model that no service serves for the caller. If the model exists but
   * the caller is not permitted to know about the model, the error is the same.
   *
   * @param assumed the model that the gateway looked for because the request names none
   * @param usable the names that the caller may use
   * @param elsewhere the base URL at which the caller can use the model; empty if there is none
   * @param why the reason why a rule stopped the search, as a sentence; not stated if the caller
   *     can use the model elsewhere
   */
  public static CallError modelNotFound(
      Optional<String> assumed,
      List<String> usable,
      Optional<String> elsewhere,
      Optional<String> why) {
    String instead =
        usable.isEmpty()
            ? " No model of this API is lent to you."
            : " You may use, for example: %s.".formatted(String.join(", ", usable));
    return never(
        404,
        "model_not_found",
        assumed
                .map(
                    ("The request names no model, so the model is %s, and you may not use that"
                            + " model here.")
                        ::formatted)
                .orElse("There is no such model that you may use here.")
            + elsewhere
                .map("A service of another API offers it: use the base URL %s."::formatted)
                .or(() -> why)
                .map(" "::concat)
                .orElse("")
            + instead);
  }

  /**
   * @param name the name in the request. The error repeats the name only if it is a plain word,
   *     because a query might contain secrets
   * @param isListed whether the API standard lists the parameter; a listed parameter is refused
   *     because it contains a semicolon
   */
  public static CallError queryParameterNotAllowed(String name, boolean isListed) {
    String which =
        PARAMETER.matcher(name).matches()
            ? "the query parameter " + name
            : "one of the request's query parameters";
    return never(
        400,
        "query_parameter_not_allowed",
        isListed
            ? "A character in %s has to be percent-encoded.".formatted(which)
            : "This service does not pass on %s. Leave it out.".formatted(which));
  }

  /**
   * @param name the name of a query parameter
   * @param values the values that the parameter may have
   */
  public static CallError queryValueNotAllowed(String name, Set<String> values) {
    return never(
        400,
        "query_parameter_not_allowed",
        "The query parameter %s can only be %s here, because the gateway has to read the answer."
            .formatted(name, String.join(" or ", values.stream().sorted().toList())));
  }

  /**
   * Returns the error for a request whose result the provider would store, although the service
   * does not lend storage.
   *
   * @param service the name of the service; if a project is called, the name of the project
   */
  public static CallError storeNotLent(String service) {
    return of(CallRefusal.STORAGE_NOT_LENT)
        .saying(
            ("%s does not lend responses, so the provider may not store any for you. Leave store"
                    + " and background out, or set them to false. Whoever manages the service can add"
                    + " responses to its storage.")
                .formatted(service));
  }

  public static CallError deferredNotLent(String service) {
    return of(CallRefusal.STORAGE_NOT_LENT)
        .saying(
            ("The provider would keep the answer for everybody who asks for it with the key of %s."
                    + " No service can lend that: omit deferred, or set it to false.")
                .formatted(service));
  }

  /**
   * @param most the maximum number of bytes of a body that the gateway buffers
   */
  public static CallError heldBodyTooLarge(long most) {
    return never(
        BODY_TOO_LARGE.status(),
        BODY_TOO_LARGE.code(),
        ("This URL finds the service by the model that the body names, so a body may have at most"
                + " %d bytes. Send less. If you store a key of your own for the service, you can send"
                + " larger bodies to the service's own URL: /gateway/services/{owner}/{handle}/ and"
                + " then the same path.")
            .formatted(most));
  }

  /**
   * Whether the caller, or somebody who grants the caller access, caused the error. If the result
   * is false, the provider or the node caused the error.
   */
  public boolean isOfCaller() {
    return status < 500;
  }

  /**
   * Returns {@link #PROVIDER_REJECTED_KEY} with a message that says who owns the key and who has to
   * replace it.
   */
  public static CallError providerRejectedKey(KeySource whose) {
    return never(
        PROVIDER_REJECTED_KEY.status(),
        PROVIDER_REJECTED_KEY.code(),
        switch (whose) {
          case USER ->
              "The provider rejected the API key, which is your own: store another with"
                  + " PUT /v1/llm-services/{owner}/{handle}/user-key.";
          case CENTRAL ->
              "The provider rejected the API key of this service. The service's owner has to"
                  + " replace it.";
          case DEPLOYMENT ->
              "The provider rejected the API key of this Claviger. Its operator has to replace it.";
          case KEYLESS ->
              "The provider requires an API key, but this service is called without a key. The"
                  + " service's owner has to correct the service.";
        });
  }

  /**
   * @param after the time for which the caller has to wait until the same call might be permitted
   */
  public static CallError of(CallRefusal refusal, Optional<Duration> after) {
    return of(new CallAuthorization.AuthorizationOutcome.Refused(refusal, Optional.empty(), after));
  }

  public static CallError of(CallRefusal refusal) {
    return plain(refusal, refusal.message());
  }

  public static CallError of(CallAuthorization.AuthorizationOutcome.Refused refused) {
    CallRefusal why = refused.why();
    return refused
        .retryAfter()
        .map(
            after ->
                new CallError(
                    status(why),
                    why.code(),
                    message(refused, seconds(after)),
                    Retry.SOON,
                    seconds(after)))
        .orElseGet(() -> plain(why, refused.detail().orElseGet(why::message)))
        .lacking(refused.missing());
  }

  /** Returns an error without a known waiting time. */
  private static CallError plain(CallRefusal why, String message) {
    int status = status(why);
    return status == 503
        ? new CallError(status, why.code(), message, Retry.SOON)
        : never(status, why.code(), message);
  }

  public static CallError modelNotAllowed(String model) {
    CallError why = of(CallRefusal.MODEL_NOT_ALLOWED);
    return new CallError(
        why.status,
        why.code,
        why.message,
        why.retry,
        why.retryAfter,
        Optional.of(model),
        Optional.empty(),
        Optional.empty());
  }

  /**
   * Returns a copy of this error that also states the terms that a share would have to give the
   * caller.
   */
  public CallError lacking(Optional<MissingTerms> terms) {
    return new CallError(status, code, message, retry, retryAfter, model, terms, member);
  }

  /**
   * Returns the message, which names the limit that is used up and says how long the caller has to
   * wait.
   */
  private static String message(
      CallAuthorization.AuthorizationOutcome.Refused refused, int seconds) {
    String why =
        refused.perMinute().isPresent()
            ? "The limit of %d requests per minute is used up."
                .formatted(refused.perMinute().getAsInt())
            : refused.detail().orElseGet(refused.why()::message);
    return why + " Try again in %d s.".formatted(seconds);
  }

  /**
   * Returns the waiting time in seconds, rounded up, so that the caller does not try again too
   * early.
   */
  static int seconds(Duration after) {
    return Math.clamp(after.plusNanos(999_999_999).toSeconds(), 1, 3600);
  }

  /** Returns the same error with another message. */
  public CallError saying(String sentence) {
    return new CallError(status, code, sentence, retry, retryAfter, model, missing, member);
  }

  /** Returns the same error with the name of the member that it is about. */
  CallError about(String name) {
    return new CallError(
        status, code, message, retry, retryAfter, model, missing, Optional.of(name));
  }

  /** Returns the same error with a status that causes clients to show the message. */
  public CallError withStatus(int other) {
    return new CallError(other, code, message, retry, retryAfter, model, missing, member);
  }

  public static CallError badRequest(String message) {
    return never(400, "bad_request", message);
  }

  static CallError never(int status, String code, String message) {
    return new CallError(status, code, message, Retry.NEVER);
  }
}
