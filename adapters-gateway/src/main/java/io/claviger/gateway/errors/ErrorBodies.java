package io.claviger.gateway.errors;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.claviger.domain.standards.WireFormat;
import java.util.Optional;
import tools.jackson.core.io.JsonStringEncoder;

/**
 * Errors in the format of each API, so that its SDKs raise their own exceptions with a readable
 * message.
 */
public final class ErrorBodies {
  private ErrorBodies() {}

  /** The JSON body of an error answer. */
  public static byte[] body(WireFormat format, CallError error) {
    return json(format, error).getBytes(UTF_8);
  }

  /**
   * The event that reports an error within a stream of events. Empty where the SDKs ignore such
   * events: there only the broken stream shows the error.
   */
  public static Optional<byte[]> event(WireFormat format, CallError error) {
    String json = json(format, error);
    return switch (format) {
      case OPENAI, GEMINI -> Optional.of(("data: " + json + "\n\n").getBytes(UTF_8));
      case ANTHROPIC -> Optional.of(("event: error\ndata: " + json + "\n\n").getBytes(UTF_8));
      case OLLAMA -> Optional.of((json + "\n").getBytes(UTF_8));
      case COHERE -> Optional.empty();
    };
  }

  /** The same within a stream of OpenAI's Responses, whose events have types. */
  public static byte[] responsesEvent(CallError error) {
    return "event: error\ndata: {\"type\":\"error\",\"sequence_number\":0,\"code\":%s,\"message\":%s,\"param\":null}\n\n"
        .formatted(quoted(error.code()), quoted(error.message()))
        .getBytes(UTF_8);
  }

  private static String json(WireFormat format, CallError error) {
    String message = quoted(error.message());
    return switch (format) {
      case OPENAI ->
          "{\"error\":{\"message\":%s,\"type\":%s,\"param\":null,\"code\":%s}}"
              .formatted(message, quoted(openAiType(error.status())), quoted(error.code()));
      case ANTHROPIC ->
          "{\"type\":\"error\",\"error\":{\"type\":%s,\"message\":%s}}"
              .formatted(quoted(anthropicType(error.status())), message);
      case GEMINI ->
          "{\"error\":{\"code\":%d,\"message\":%s,\"status\":%s}}"
              .formatted(error.status(), message, quoted(googleStatus(error.status())));
      case OLLAMA -> "{\"error\":%s}".formatted(message);
      case COHERE -> "{\"message\":%s}".formatted(message);
    };
  }

  private static String openAiType(int status) {
    return switch (status) {
      case 401 -> "authentication_error";
      case 403 -> "permission_error";
      case 404 -> "not_found_error";
      case 429 -> "rate_limit_error";
      default -> status < 500 ? "invalid_request_error" : "api_error";
    };
  }

  private static String anthropicType(int status) {
    return switch (status) {
      case 401 -> "authentication_error";
      case 403 -> "permission_error";
      case 404 -> "not_found_error";
      case 413 -> "request_too_large";
      case 429 -> "rate_limit_error";
      case 503 -> "overloaded_error";
      case 504 -> "timeout_error";
      default -> status < 500 ? "invalid_request_error" : "api_error";
    };
  }

  /** The names of google.rpc.Code. */
  private static String googleStatus(int status) {
    return switch (status) {
      case 401 -> "UNAUTHENTICATED";
      case 403 -> "PERMISSION_DENIED";
      case 404 -> "NOT_FOUND";
      case 429 -> "RESOURCE_EXHAUSTED";
      case 500 -> "INTERNAL";
      case 502, 503 -> "UNAVAILABLE";
      case 504 -> "DEADLINE_EXCEEDED";
      default -> "INVALID_ARGUMENT";
    };
  }

  private static String quoted(String text) {
    return '"' + new String(JsonStringEncoder.getInstance().quoteAsCharArray(text)) + '"';
  }
}
