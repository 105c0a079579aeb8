package io.claviger.stub;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Sends responses that refuse a call. */
final class Refusals {
  private Refusals() {}

  static Consumer<StubExchange> status(int status, @Nullable String retryAfter) {
    return exchange -> {
      StubResponse refusal =
          exchange.call().format().refusal(status, "the stub was asked for " + status);
      exchange.send(retryAfter == null ? refusal : refusal.with("retry-after", retryAfter));
    };
  }

  static void unauthorized(StubExchange exchange) {
    exchange.send(exchange.call().format().refusal(401, "Incorrect API key provided."));
  }

  static Consumer<StubExchange> unknown(String name) {
    return exchange ->
        exchange.send(exchange.call().format().refusal(400, "no behaviour is called " + name));
  }

  /** Refuses a key as Gemini does: with 400 instead of 401. */
  static void geminiKeyInvalid(StubExchange exchange) {
    exchange.send(
        StubResponse.json(
            400,
            """
            {"error": {"code": 400,
              "message": "API key not valid. Please pass a valid API key.",
              "status": "INVALID_ARGUMENT",
              "details": [{"@type": "type.googleapis.com/google.rpc.ErrorInfo",
                "reason": "API_KEY_INVALID", "domain": "googleapis.com",
                "metadata": {"service": "generativelanguage.googleapis.com"}}]}}
            """));
  }

  /** Refuses an expired key as AWS does: with 403 instead of 401, and a name in a header. */
  static void awsKeyExpired(StubExchange exchange) {
    exchange.send(
        StubResponse.json(
                403, "{\"message\": \"The security token included in the request is expired\"}")
            .with("x-amzn-errortype", "ExpiredTokenException:http://internal.amazon.com/coral/"));
  }

  /** Refuses a prompt as Azure's content filter does. Azure bills this prompt. */
  static void contentFilter(StubExchange exchange) {
    exchange.send(
        StubResponse.json(
            400,
            """
            {"error": {"message": "The response was filtered due to the prompt.", "type": null,
              "param": "prompt", "code": "content_filter", "status": 400,
              "innererror": {"code": "ResponsibleAIPolicyViolation",
                "content_filter_result": {"violence": {"filtered": true, "severity": "high"}}}}}
            """));
  }

  /**
   * Sends a redirect to the stub itself. The recorded requests show whether a client follows the
   * redirect.
   */
  static void redirect(StubExchange exchange) {
    exchange.send(StubResponse.json(302, "{}").with("location", "/redirected"));
  }
}
