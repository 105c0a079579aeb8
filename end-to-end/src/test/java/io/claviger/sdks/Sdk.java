package io.claviger.sdks;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** An SDK: how it is pointed to a service, and what it makes of its errors. */
enum Sdk {
  OPENAI_JAVA(
      "openai",
      "/v1",
      Map.of(
          401, "UnauthorizedException",
          402, "UnexpectedStatusCodeException",
          403, "PermissionDeniedException",
          404, "NotFoundException",
          429, "RateLimitException",
          502, "InternalServerException"),
      "SseException"),
  OPENAI_NODE("openai", "/v1", Errors.ofStainless("APIError"), "APIError"),
  ANTHROPIC_NODE("anthropic", "", Errors.ofStainless("PaymentRequiredError"), "APIError"),
  /**
   * This SDK ignores events that state errors, so the gateway has to break off the connection to
   * show the error.
   */
  COHERE_NODE(
      "cohere",
      "",
      Map.of(
          401, "UnauthorizedError",
          402, "CohereError",
          403, "ForbiddenError",
          404, "NotFoundError",
          429, "TooManyRequestsError",
          502, "CohereError"),
      "TypeError"),
  GEMINI_NODE(
      "gemini",
      "",
      Map.of(
          401, "ApiError",
          402, "ApiError",
          403, "ApiError",
          404, "ApiError",
          429, "ApiError",
          502, "ApiError"),
      "ApiError");

  /** The common names of several SDKs. */
  private static final class Errors {
    /**
     * Returns the names in what Stainless generates.
     *
     * @param of402 the name for the status 402, which not every SDK knows
     */
    static Map<Integer, String> ofStainless(String of402) {
      return Map.of(
          401, "AuthenticationError",
          402, of402,
          403, "PermissionDeniedError",
          404, "NotFoundError",
          429, "RateLimitError",
          502, "InternalServerError");
    }
  }

  private final String standard;
  private final String path;
  private final Map<Integer, String> exceptions;
  private final String exceptionOfBrokenStream;

  Sdk(
      String standard,
      String path,
      Map<Integer, String> exceptions,
      String exceptionOfBrokenStream) {
    this.standard = standard;
    this.path = path;
    this.exceptions = exceptions;
    this.exceptionOfBrokenStream = exceptionOfBrokenStream;
  }

  static Stream<Sdk> forNode() {
    return Arrays.stream(values()).filter(sdk -> sdk != OPENAI_JAVA);
  }

  /** The API standard of the services that the SDK can call. */
  String standard() {
    return standard;
  }

  /** The path after the provider's host in a service's endpoint. */
  String path() {
    return path;
  }

  /** Returns the file of this SDK's script among the Node SDKs. */
  String script() {
    return standard + ".js";
  }

  /** Returns the SDK's name as a part of handles. */
  String handle() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Returns the SDK's own class of the error for a status. */
  String exception(int status) {
    return exceptions.getOrDefault(status, "");
  }

  String exceptionOfBrokenStream() {
    return exceptionOfBrokenStream;
  }

  /** Whether the SDK has its own class of error for a stream that breaks. */
  boolean tellsBrokenStreams() {
    return this != COHERE_NODE;
  }

  Set<SdkCase> cases() {
    return this == ANTHROPIC_NODE ? SdkCase.withoutEmbeddings() : SdkCase.all();
  }

  /** Whether code that catches an error can read the headers of the answer. */
  boolean showsHeadersOfErrors() {
    return this != GEMINI_NODE;
  }

  /** How often the SDK tries a call that may be repeated, with the SDK's default settings. */
  int tries() {
    return this == GEMINI_NODE ? 1 : 3;
  }

  /** The behaviour of a provider that rejects the key in its own manner. */
  String rejecting() {
    return this == GEMINI_NODE ? "stub-gemini-key-invalid" : "stub-unauthorized";
  }
}
