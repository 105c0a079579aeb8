package io.claviger.application.gateway.port;

import io.claviger.domain.ModelName;
import io.claviger.domain.WireNamed;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.standards.WireFormat;
import io.claviger.domain.usage.TokenUsage;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/** Calls this node's gateway through its listener, as a user's program would. */
public interface GatewayClient {
  /**
   * Sends a short text, and waits for the whole answer.
   *
   * @param limit the time limit of the call
   */
  GatewayResponse call(GatewayRequest question, Duration limit);

  /**
   * The test request.
   *
   * @param endpoint the service's endpoint, which decides the paths of the provider's API
   * @param embeds whether the model creates embeddings instead of text
   * @param mostTokens the maximum number of tokens in the answer
   */
  record GatewayRequest(
      TokenText token,
      Instance.Ref service,
      WireFormat format,
      Provider provider,
      Endpoint endpoint,
      ModelName model,
      boolean embeds,
      int mostTokens) {}

  /** The way in which a call ended. */
  enum Ending implements WireNamed {
    OK,
    /** The gateway refused or aborted the call. */
    REFUSED,
    /** The provider answered with an error. */
    ERROR,
    /** The answer did not arrive completely within the time limit. */
    TIMEOUT,
    /** This node's gateway can't be reached. */
    UNREACHABLE
  }

  /**
   * An answer.
   *
   * @param httpStatus the status of the gateway's answer; empty if there was no answer
   * @param code the code of the gateway's refusal
   * @param text the text of the model's answer, or the error message: at most {@link #MOST_TEXT}
   *     untrusted characters
   * @param numbers the number of the embedding's dimensions
   * @param usage the tokens that the provider states
   * @param receipt the gateway's statements about the call
   */
  record GatewayResponse(
      Ending ending,
      OptionalInt httpStatus,
      Optional<String> code,
      String text,
      OptionalInt numbers,
      TokenUsage usage,
      Receipt receipt) {
    /** The maximum length of an answer's text. Longer text is truncated. */
    public static final int MOST_TEXT = 2_000;

    /** Creates the result of a call without any answer. */
    public static GatewayResponse none(Ending ending) {
      return new GatewayResponse(
          ending,
          OptionalInt.empty(),
          Optional.empty(),
          "",
          OptionalInt.empty(),
          TokenUsage.NONE,
          Receipt.NONE);
    }
  }

  /**
   * The gateway's statements about a call.
   *
   * @param keySource the source of the API key that the provider received
   * @param requestId the id of the request in the log
   * @param providerRequestId the provider's id of the request
   */
  record Receipt(
      Optional<String> keySource, Optional<String> requestId, Optional<String> providerRequestId) {
    public static final Receipt NONE =
        new Receipt(Optional.empty(), Optional.empty(), Optional.empty());
  }
}
